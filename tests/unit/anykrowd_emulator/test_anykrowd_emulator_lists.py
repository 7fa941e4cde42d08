"""Pages, and what the emulated tenant only shows: currencies, roles and events."""

from typing import Any

import httpx
import pytest


def seed_roles(host: Any, count: int) -> None:
    host.seed({"anykrowd": {"roles": [{"name": f"Role {number}"} for number in range(count)]}})


def names(answer: httpx.Response) -> list[str]:
    return [each["name"] for each in answer.json()["data"]]


def test_a_page_holds_ten(tenant: Any, host: Any) -> None:
    seed_roles(host, 23)
    answer = tenant("GET", "/roles/list")
    meta = answer.json()["meta"]
    assert len(names(answer)) == 10
    assert (meta["current_page"], meta["last_page"], meta["per_page"], meta["total"]) == (1, 3, 10, 25)
    assert (meta["from"], meta["to"]) == (1, 10)


def test_following_the_links_gives_each_object_once(tenant: Any, host: Any) -> None:
    seed_roles(host, 23)
    url, seen = "http://127.0.0.1/anykrowd/apix/v1/roles/list?limit=4", []
    while url:
        answer = tenant.client.get(url, headers={"Authorization": f"Bearer {tenant.key}"})
        seen += names(answer)
        url = answer.json()["links"]["next"]
    assert seen == ["Checkin", "Admin", *(f"Role {number}" for number in range(23))]
    links = answer.json()["links"]
    assert links["prev"].endswith("limit=4&page=6")
    assert links["last"].endswith("limit=4&page=7")
    assert links["first"].endswith("limit=4&page=1")


def test_the_links_of_a_page_name_the_pages_beside_it(tenant: Any, host: Any) -> None:
    seed_roles(host, 23)
    meta = tenant("GET", "/roles/list?limit=1&page=20").json()["meta"]
    labels = [link["label"] for link in meta["links"]]
    assert labels == ["Previous", "17", "18", "19", "20", "21", "22", "23", "Next"]
    assert [link["label"] for link in meta["links"] if link["active"]] == ["20"]
    assert meta["path"] == "http://127.0.0.1/anykrowd/apix/v1/roles/list"


def test_a_page_behind_the_last_one_is_empty(tenant: Any) -> None:
    page = tenant("GET", "/roles/list?page=3").json()
    assert page["data"] == []
    assert (page["meta"]["from"], page["meta"]["to"], page["meta"]["total"]) == (None, None, 2)
    assert page["links"]["next"] is None


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=-1", "limit=ten", "limit=", "page=0", "page=1.5", "page=٣"]
)
def test_a_page_that_cannot_be_is_refused(tenant: Any, query: str) -> None:
    assert tenant("GET", f"/roles/list?{query}").status_code == 400


def test_rights_are_an_object_or_if_there_are_none_an_empty_list(tenant: Any) -> None:
    roles = {role["name"]: role for role in tenant("GET", "/roles/list").json()["data"]}
    assert roles["Checkin"]["full_rights"] is False
    assert roles["Checkin"]["rights"] == {"scan_tickets": True, "top_up_wallets": False}
    assert roles["Admin"]["full_rights"] is True
    assert roles["Admin"]["rights"] == []


def test_one_currency_is_the_default_and_rates_are_text(tenant: Any) -> None:
    currencies = tenant("GET", "/currencies/list").json()["data"]
    assert [(each["name"], each["default"], each["exchange_rate"]) for each in currencies] == [
        ("Euro", 1, "1.00000"),
        ("Token", 0, "2.50000"),
    ]


def test_no_event_of_the_first_world_is_running(tenant: Any) -> None:
    events = tenant("GET", "/events/list").json()["data"]
    assert [(each["name"], each["is_running"]) for each in events] == [
        ("Opening Night", False),
        ("Century Festival", False),
    ]


def test_an_event_runs_from_its_start_until_its_end(tenant: Any, host: Any, clock: Any) -> None:
    times = {"start_datetime": "2026-01-02 04:00:00", "end_datetime": "2026-01-02 05:00:00"}
    host.seed({"anykrowd": {"events": [{"name": "Rehearsal", **times}]}})
    path = f"/events/show/{tenant.ids('events')['Rehearsal']}"
    running = []
    for seconds in (0, 3354, 1, 3599, 1):
        clock.forward(seconds)
        running.append(tenant("GET", path).json()["is_running"])
    assert running == [False, False, True, True, False]


def test_the_active_events_are_those_that_run(tenant: Any, host: Any, clock: Any) -> None:
    times = {"start_datetime": "2026-01-02 04:00:00", "end_datetime": "2026-01-02 05:00:00"}
    host.seed({"anykrowd": {"events": [{"name": "Rehearsal", **times}]}})
    assert names(tenant("GET", "/events/list?active=true")) == []
    clock.forward(3600)
    assert names(tenant("GET", "/events/list?active=true")) == ["Rehearsal"]
    assert len(names(tenant("GET", "/events/list?active=false"))) == 3
    assert tenant("GET", "/events/list?active=yes").status_code == 400
