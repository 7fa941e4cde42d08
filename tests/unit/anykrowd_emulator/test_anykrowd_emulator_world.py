"""The emulated tenant's first world, seeds, settings, what is shown and what lasts."""

import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.sandbox.emulator import SeedError
from reconciler.sandbox.host import Host
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World
from reconciler_anykrowd.sandbox import AnykrowdEmulator

TIMES = {"start_datetime": "2026-01-01 00:00:00", "end_datetime": "2026-01-31 00:00:00"}
SEED: dict[str, Any] = {
    "currencies": [
        {"name": "Drinks", "default": True, "suffix": "D", "exchange_rate": "3.0"},
        {"name": "Token", "prefix": "T"},
    ],
    "roles": [{"name": "Bar", "rights": {"sell": True}}, {"id": 500, "name": "Chef", "full_rights": True}],
    "events": [{"name": "Soft opening", "summary": "Friends only", **TIMES}],
    "users": [
        {
            "external_id": "s1",
            "first_name": "Sam",
            "last_name": "Staff",
            "external_qr_code": "QR1",
            "roles": [{"role": "Bar", "valid_until": "2026-02-01 00:00:00"}, {"role": "Chef"}],
        },
        {
            "external_id": 7,
            "first_name": "Uma",
            "last_name": "User",
            "topups": [{"currency": "Drinks", "amount": 2.5}, {"currency": "Euro", "amount": 1}],
        },
    ],
}


def test_the_connection_says_the_same_in_both_words(host: Any) -> None:
    connection = host.connections("http://127.0.0.1:99")["anykrowd"]
    assert connection["base_url"] == connection["tenant_url"] == "http://127.0.0.1:99/anykrowd"
    assert connection["api_key"] == connection["token"]


def test_settings_lead_to_the_sandbox_and_nowhere_else(host: Any) -> None:
    declared = {"tenant_url": "https://krowd-dev.anykrowd.dev", "api_key": "real", "timeout": 5}
    connection = host.connections()["anykrowd"]
    assert host.settings("anykrowd", declared) == {
        "tenant_url": connection["tenant_url"],
        "base_url": connection["base_url"],
        "api_key": connection["api_key"],
        "timeout": 5,
    }


def test_a_seed_plants_what_it_declares(tenant: Any, host: Any) -> None:
    host.seed({"anykrowd": SEED})
    shown = host.show()["anykrowd"]
    assert [(each["name"], each["default"]) for each in shown["currencies"]] == [
        ("Euro", 0),
        ("Token", 0),
        ("Drinks", 1),
    ]
    assert [each["prefix"] for each in shown["currencies"]] == ["€", "T", ""]
    assert tenant("GET", "/roles/show/500").json()["full_rights"] is True
    assert tenant("GET", "/events/list?active=true").json()["data"][0]["summary"] == "Friends only"
    (member,) = shown["staff_members"]
    assert [(role["role"], role["valid_until"]) for role in member["roles"]] == [
        ("Bar", "2026-02-01 00:00:00"),
        ("Chef", None),
    ]
    assert [each["current_balance"] for each in tenant.wallets("7")] == ["2.50", "1.00"]
    assert [each["currency"]["name"] for each in tenant.wallets("s1")] == ["Drinks"]


def test_a_seed_changes_what_is_there_and_adds_nothing_twice(tenant: Any, host: Any) -> None:
    checkin = tenant.ids("roles")["Checkin"]
    host.seed(
        {"anykrowd": {"roles": [{"name": "Checkin", "full_rights": True}, {"id": checkin, "name": "In"}]}}
    )
    role = tenant("GET", f"/roles/show/{checkin}").json()
    assert (role["name"], role["full_rights"], role["rights"]["scan_tickets"]) == ("In", True, True)
    assert list(tenant.ids("roles")) == ["In", "Admin"]


def test_an_id_that_a_seed_chose_is_not_given_again(tenant: Any, host: Any) -> None:
    highest = max(each["id"] for each in host.show()["anykrowd"]["transactions"])
    chosen = range(highest + 1, highest + 4)
    host.seed({"anykrowd": {"roles": [{"id": number, "name": f"R{number}"} for number in chosen]}})
    host.seed({"anykrowd": {"roles": [{"name": "Next"}]}})
    assert tenant.ids("roles")["Next"] not in chosen
    assert len(tenant.ids("roles")) == 6


@pytest.mark.parametrize(
    ("seed", "path", "said"),
    [
        ({"people": []}, "anykrowd.people", "is not known"),
        ({"roles": {}}, "anykrowd", "roles: must be a list"),
        ({"roles": ["Bar"]}, "anykrowd", "roles.0: must be an object"),
        ({"roles": [{"full_rights": True}]}, r"anykrowd.roles\[0\]", "name: is required"),
        ({"roles": [{"id": 0, "name": "A"}]}, r"anykrowd.roles\[0\]", "id: must be 1"),
        ({"roles": [{"id": 999}]}, r"anykrowd.roles\[0\]", "name: is required"),
        ({"roles": [{"name": "A", "rights": ["sell"]}]}, r"anykrowd.roles\[0\]", "must be a mapping"),
        ({"roles": [{"name": "A", "rights": {"sell": 1}}]}, r"anykrowd.roles\[0\]", "rights.sell: must be"),
        ({"currencies": [{"name": "A", "exchange_rate": "2"}]}, r"anykrowd.currencies\[0\]", "exchange_rate"),
        ({"currencies": [{"name": "Euro", "default": False}]}, r"anykrowd.currencies\[0\]", "default: there"),
        ({"events": [{"name": "A"}]}, r"anykrowd.events\[0\]", "start_datetime: is required"),
        (
            {"events": [{"name": "A", "is_running": True}]},
            r"anykrowd.events\[0\]",
            "is_running: is not known",
        ),
        (
            {"events": [{"name": "A", **TIMES, "end_datetime": "2020-01-01 00:00:00"}]},
            r"anykrowd.events\[0\]",
            "must not be before",
        ),
        ({"users": [{"first_name": "A"}]}, r"anykrowd.users\[0\]", "external_id: is required"),
        (
            {"users": [{"external_id": "a", "first_name": "A", "last_name": "B", "roles": []}]},
            r"anykrowd.users\[0\]",
            "external_qr_code: is required",
        ),
        (
            {"users": [{**SEED["users"][0], "roles": [{"role": "Nobody"}]}]},
            r"anykrowd.users\[0\]",
            "role: there is no role Nobody",
        ),
        (
            {"users": [{**SEED["users"][1], "topups": [{"currency": "Euro", "amount": "1"}]}]},
            r"anykrowd.users\[0\]",
            r"topups.0.amount: must be a number",
        ),
    ],
)
def test_a_wrong_seed_says_where_and_plants_nothing(
    host: Any, seed: dict[str, Any], path: str, said: str
) -> None:
    before = host.show()
    with pytest.raises(SeedError, match=path) as raised:
        host.seed({"anykrowd": {"currencies": [{"name": "Before"}], **seed}})
    assert said in raised.value.message
    assert raised.value.remedy
    assert host.show() == before


def test_what_is_shown_names_things_and_keeps_keys_to_itself(tenant: Any, host: Any) -> None:
    tenant.top_up("visitor-1", 1)
    shown = host.show()["anykrowd"]
    assert list(shown) == [
        "currencies",
        "roles",
        "events",
        "users",
        "staff_members",
        "wallets",
        "transactions",
    ]
    assert {each["currency"] for each in shown["wallets"] + shown["transactions"]} == {"Euro"}
    assert shown["wallets"][0]["external_id"] == shown["transactions"][-1]["external_id"] == "visitor-1"
    assert tenant.key not in str(shown)


def test_a_reset_brings_back_the_first_world(tenant: Any, host: Any) -> None:
    before = host.show()
    tenant.write_staff({"external_id": "s1"})
    tenant.top_up("visitor-1", 1)
    assert host.show() != before
    host.reset()
    assert host.show() == before
    assert tenant("GET", "/ping").headers["X-RateLimit-Remaining"] == "999"


def test_the_world_lasts_on_disk(tmp_path: Path) -> None:
    def host() -> Host:
        return Host(World(tmp_path / "world.db"), {"anykrowd": AnykrowdEmulator})

    first = host()
    first.seed({"anykrowd": SEED})
    shown = first.show()
    first.world.close()
    assert host().show() == shown


def test_top_ups_of_many_threads_over_a_socket_all_arrive(host: Any) -> None:
    with running(host) as origin:
        connection = host.connections(origin)["anykrowd"]
        headers = {"Authorization": f"Bearer {connection['api_key']}"}

        def top_up() -> None:
            body = {"external_id": "visitor-1", "currency_id": 1, "amount": 0.01}
            url = f"{connection['base_url']}/apix/v1/users/topup"
            for _ in range(5):
                statuses.append(httpx.post(url, json=body, headers=headers).status_code)

        statuses: list[int] = []
        threads = [threading.Thread(target=top_up) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert statuses == [200] * 20
    assert host.show()["anykrowd"]["wallets"][0]["current_balance"] == "37.70"
