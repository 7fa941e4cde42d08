"""What is looked up: roles, events, currencies and wallets, each kind with one list."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.provider import Unreadable, Wanted
from reconciler_anykrowd import AnykrowdProvider
from tests.unit.anykrowd.fake_tenant import FakeTenant

Make = Callable[..., Any]
ROLES, EVENTS, CURRENCIES = (f"GET /{kind}/list" for kind in ("roles", "events", "currencies"))


def event(number: int, name: str, is_running: bool = False) -> dict[str, Any]:
    times = {"start_datetime": "2026-06-01 12:00:00", "end_datetime": "2026-06-02 12:00:00"}
    return {"id": number, "name": name, "is_running": is_running, "summary": None, **times}


def find(provider: AnykrowdProvider, type_name: str, **arguments: Any) -> list[Any]:
    found = provider.find({"": Wanted(f"data.anykrowd_{type_name}", arguments)})[""]
    assert isinstance(found, tuple), found
    return [one.attributes for one in found]


@pytest.fixture
def stocked(tenant: FakeTenant, page: Make, currencies: Any) -> FakeTenant:
    roles = [
        {"id": 3, "name": "Checkin", "full_rights": False, "rights": {"scan": True}},
        {"id": 4, "name": "Admin", "full_rights": True, "rights": []},
    ]
    tenant.on(ROLES, page(roles)).on(CURRENCIES, page(currencies))
    return tenant.on(EVENTS, page([event(5, "Night"), event(6, "Day", is_running=True)]))


def test_a_role_is_found_by_name_and_by_id(provider: AnykrowdProvider, stocked: FakeTenant) -> None:
    checkin = {"id": 3, "name": "Checkin", "full_rights": False, "rights": {"scan": True}}
    assert find(provider, "role", name="Checkin") == find(provider, "role", id=3) == [checkin]
    assert find(provider, "role", name="Nobody") == []


def test_a_role_without_rights_has_an_empty_mapping(provider: AnykrowdProvider, stocked: FakeTenant) -> None:
    assert find(provider, "role", id=4)[0]["rights"] == {}


def test_one_list_serves_all_that_is_asked_of_a_kind(provider: AnykrowdProvider, stocked: FakeTenant) -> None:
    provider.find(
        {
            **{f"r{n}": Wanted("data.anykrowd_role", {"id": n}) for n in range(20)},
            **{f"c{n}": Wanted("data.anykrowd_currency", {"id": n}) for n in range(20)},
        }
    )
    assert sorted(stocked.calls) == [CURRENCIES, ROLES]


def test_a_currency_is_found_as_the_default(provider: AnykrowdProvider, stocked: FakeTenant) -> None:
    euro = {"id": 1, "name": "Euro", "default": True, "prefix": "€", "suffix": "", "exchange_rate": 1}
    assert find(provider, "currency", default=True) == [euro]
    assert find(provider, "currency", name="Token")[0]["exchange_rate"] == 2.5


def test_an_event_is_found_by_name_or_because_it_is_running(
    provider: AnykrowdProvider, stocked: FakeTenant
) -> None:
    night = find(provider, "event", name="Night")[0]
    assert night["is_running"] is False
    assert night["start_datetime"] == "2026-06-01 12:00:00"
    assert [found["name"] for found in find(provider, "event", running=True)] == ["Day"]


def test_all_events_are_one_answer_even_when_there_are_none(
    provider: AnykrowdProvider, stocked: FakeTenant, page: Make
) -> None:
    some = {"id": "events", "names": ["Day", "Night"], "running": ["Day"], "is_any_running": True}
    assert find(provider, "events") == [some]
    stocked.on(EVENTS, page([]))
    assert find(provider, "events") == [{"id": "events", "names": [], "running": [], "is_any_running": False}]


def test_a_wallet_is_found_by_its_id_or_by_owner_and_currency(
    provider: AnykrowdProvider, tenant: FakeTenant, wallet: Make, currencies: Any
) -> None:
    euro, token = wallet(15, currencies[0], "7.50"), wallet(16, currencies[1], "3.00")
    tenant.on("GET /users/wallets?external_id=ada", [euro, token]).on("GET /wallets/show/15", euro)
    assert find(provider, "wallet", id=15)[0]["current_balance"] == 7.5
    assert find(provider, "wallet", id=99) == []
    assert [one["id"] for one in find(provider, "wallet", external_id="ada", currency="Token")] == [16]
    assert [one["id"] for one in find(provider, "wallet", external_id="ada", currency_id=1)] == [15]
    assert len(find(provider, "wallet", external_id="ada")) == 2
    assert find(provider, "wallet", external_id="nobody") == []


def test_everything_told_is_an_attribute_of_its_type(
    provider: AnykrowdProvider, stocked: FakeTenant, wallet: Make
) -> None:
    stocked.on("GET /wallets/show/15", wallet())
    asked = {"role": {"id": 3}, "event": {"id": 5}, "events": {}, "currency": {"id": 1}, "wallet": {"id": 15}}
    types = AnykrowdProvider.resource_types()
    for kind, arguments in asked.items():
        (told,) = find(provider, kind, **arguments)
        assert (
            set(types[f"data.anykrowd_{kind}"].computed)
            <= set(told)
            <= set(types[f"data.anykrowd_{kind}"].attributes)
        )


@pytest.mark.parametrize(
    "answer", [{"data": []}, [], {"data": [{"id": 1}], "meta": {"last_page": 1, "total": 1}}]
)
def test_a_list_that_is_not_as_documented_is_unreadable(
    provider: AnykrowdProvider, tenant: FakeTenant, answer: Any
) -> None:
    tenant.on(ROLES, answer)
    found = provider.find({"": Wanted("data.anykrowd_role", {"name": "x"})})[""]
    assert isinstance(found, Unreadable)
    assert "not as documented" in found.error.cause


def test_what_fails_for_one_kind_leaves_the_others(
    provider: AnykrowdProvider, stocked: FakeTenant, fail: Callable[..., httpx.Response]
) -> None:
    stocked.on(ROLES, fail(403, "Access Denied"))
    wanted = {kind: Wanted(f"data.anykrowd_{kind}", {"id": 1}) for kind in ("role", "currency")}
    found = provider.find(wanted)
    assert isinstance(found["role"], Unreadable)
    assert isinstance(found["currency"], tuple)


def test_a_list_without_end_is_given_up(provider: AnykrowdProvider, tenant: FakeTenant, page: Make) -> None:
    endless = {"id": 1, "name": "x", "full_rights": True, "rights": []}
    tenant.on(ROLES, page([endless], 1, 10**9, 1))
    for number in range(2, 1001):
        tenant.on(f"{ROLES}?limit=100&page={number}", page([endless], number, 10**9, 1))
    found = provider.find({"": Wanted("data.anykrowd_role", {"name": "x"})})[""]
    assert isinstance(found, Unreadable)
    assert "more than 1000 pages" in found.error.cause
