"""What holds for every request: token, version, limits, the envelope of errors, pages of lists."""

import pytest

from reconciler_notion.sandbox.first_world import READ_ONLY_TOKEN
from tests.still_clock import Clock
from tests.unit.notion_emulator.conftest import Notion, said

NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize("version", ["2022-06-28", "2025-09-03", "2026-03-11"])
def test_three_versions_are_accepted(notion: Notion, version: str) -> None:
    notion.version = version
    assert notion.ok("GET", "/users/me")["type"] == "bot"


def test_an_unknown_version_is_refused_with_those_that_are_known(notion: Notion) -> None:
    notion.version = "2021-05-13"
    refusal = notion.refused("GET", "/users/me")
    assert refusal.startswith("400 validation_error: Notion-Version header failed validation")
    assert "2025-09-03" in refusal


def test_a_missing_version_has_a_code_of_its_own(notion: Notion) -> None:
    notion.version = None
    assert notion.refused("GET", "/users/me").startswith("400 missing_version")


def test_the_token_is_looked_at_before_the_version(notion: Notion) -> None:
    notion.version, notion.token = None, "wrong"
    assert notion.refused("GET", "/users/me") == "401 unauthorized: API token is invalid."


@pytest.mark.parametrize("value", ["", "Basic abc", "ntn_sandbox"])
def test_a_token_that_is_not_a_bearer_token_is_refused(notion: Notion, value: str) -> None:
    assert notion.refused("GET", "/users", headers={"Authorization": value}).startswith("401")


@pytest.mark.parametrize(("method", "path"), [("GET", "/nothing"), ("PUT", "/users/me"), ("GET", "/pages")])
def test_a_path_that_leads_nowhere_is_an_invalid_url(notion: Notion, method: str, path: str) -> None:
    assert notion.refused(method, path) == "400 invalid_request_url: Invalid request URL."


def test_what_is_not_json_is_refused(notion: Notion) -> None:
    refusal = notion.refused("POST", "/search", content=b"{")
    assert refusal == "400 invalid_json: Error parsing JSON body."


def test_a_body_of_more_than_500_kilobytes_is_refused(notion: Notion) -> None:
    assert "500000" in notion.refused("POST", "/search", {"query": "x" * 500_000})


def test_every_answer_has_a_request_id_of_its_own(notion: Notion) -> None:
    answers = [notion("GET", "/users/me"), notion("GET", f"/pages/{NOBODY}")]
    ids = [answer.json()["request_id"] for answer in answers]
    assert ids == [answer.headers["x-notion-request-id"] for answer in answers]
    assert len(set(ids)) == 2


def test_a_token_without_a_capability_is_refused_where_it_is_needed(notion: Notion) -> None:
    notion.token = READ_ONLY_TOKEN
    notion.ok("GET", f"/pages/{notion.root}")
    refusal = notion.refused("PATCH", f"/pages/{notion.root}", {"properties": {}})
    assert refusal.startswith("403 restricted_resource")


def test_what_is_not_shared_is_not_there(notion: Notion) -> None:
    private = next(each for each in notion.host.show()["notion"]["pages"] if each["title"] == "Private notes")
    assert notion.refused("GET", f"/pages/{private['id']}") == (
        f"404 object_not_found: Could not find page with ID: {private['id']}. Make sure the relevant pages "
        'and databases are shared with your integration "reconciler sandbox".'
    )
    body = {"parent": {"page_id": private["id"]}, "properties": {"title": {"title": said("x")}}}
    assert notion.refused("POST", "/pages", body).startswith("404 object_not_found")
    assert private["id"] not in [each["id"] for each in notion.ok("POST", "/search", {})["results"]]


def test_a_refusal_names_the_integration(notion: Notion) -> None:
    data = notion("GET", f"/databases/{NOBODY}").json()["additional_data"]
    assert data == {"integration_id": notion.ok("GET", "/users/me")["id"]}


def test_an_id_may_be_given_without_dashes(notion: Notion) -> None:
    assert notion.ok("GET", f"/pages/{notion.root.replace('-', '')}")["id"] == notion.root


def test_an_id_that_is_no_uuid_is_refused(notion: Notion) -> None:
    assert notion.refused("GET", "/pages/abc") == (
        "400 validation_error: path failed validation: "
        'path.page_id should be a valid uuid, instead was `"abc"`.'
    )


def test_lists_come_in_pages_that_begin_at_a_cursor(notion: Notion) -> None:
    first = notion.ok("GET", "/users?page_size=3")
    assert (first["has_more"], first["type"], first["user"]) == (True, "user", {})
    second = notion.ok("GET", f"/users?page_size=3&start_cursor={first['next_cursor']}")
    assert second["results"][0]["id"] == first["next_cursor"]
    assert (second["has_more"], second["next_cursor"]) == (False, None)
    assert len(first["results"] + second["results"]) == 4


@pytest.mark.parametrize(("size", "problem"), [("101", "≤ `100`"), ("0", "≥ `1`"), ("x", "a number")])
def test_a_page_holds_one_to_a_hundred(notion: Notion, size: str, problem: str) -> None:
    refusal = notion.refused("GET", f"/users?page_size={size}")
    assert "query failed validation: query.page_size should be" in refusal
    assert problem in refusal


def test_a_cursor_that_leads_nowhere_is_refused(notion: Notion) -> None:
    refusal = notion.refused("POST", "/search", {"start_cursor": NOBODY})
    assert refusal == f"400 validation_error: The start_cursor provided is invalid: {NOBODY}"


def test_the_elements_of_a_property_come_in_pages_too(notion: Notion) -> None:
    page = notion.page(properties={"title": {"title": [*said("a"), *said("b"), *said("c")]}})
    path = f"/pages/{page['id']}/properties/title?page_size=2"
    first = notion.ok("GET", path)
    rest = notion.ok("GET", f"{path}&start_cursor={first['next_cursor']}")
    read = [each["title"]["plain_text"] for each in first["results"] + rest["results"]]
    assert read == ["a", "b", "c"]


def test_too_many_requests_wait_as_long_as_they_are_told(notion: Notion, clock: Clock) -> None:
    notion.host.seed({"notion": {"limits": {"requests_per_second": 0.5, "burst": 2}}})
    for _ in range(2):
        notion.ok("GET", "/users/me")
    answer = notion("GET", "/users/me")
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert answer.headers["Retry-After"] == "2"
    clock.forward(1)
    assert notion("GET", "/users/me").headers["Retry-After"] == "1"
    clock.forward(1)
    notion.ok("GET", "/users/me")


def test_a_refusal_counts_as_well(notion: Notion) -> None:
    notion.host.seed({"notion": {"limits": {"burst": 1}}})
    notion("GET", f"/pages/{NOBODY}")
    assert notion("GET", "/users/me").status_code == 429


def test_at_first_three_hundred_reads_in_a_row_are_not_limited(notion: Notion) -> None:
    assert {notion("GET", "/users/me").status_code for _ in range(320)} == {200}
