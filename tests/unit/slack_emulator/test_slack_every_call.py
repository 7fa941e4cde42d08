"""What holds for every call: tokens, scopes, bodies, limits, pages."""

from typing import Any

import pytest


def test_an_unknown_method_is_an_answer_not_a_missing_page(slack: Any) -> None:
    answer = slack.send("conversations.destroy")
    assert answer.status_code == 200
    assert answer.json() == {"ok": False, "error": "unknown_method", "req_method": "conversations.destroy"}


@pytest.mark.parametrize(
    ("headers", "error"),
    [({"Authorization": ""}, "not_authed"), ({"Authorization": "Bearer xoxb-other"}, "invalid_auth")],
)
def test_a_call_needs_a_token_that_slack_knows(slack: Any, headers: dict[str, str], error: str) -> None:
    answer = slack.send("auth.test", headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"ok": False, "error": error})


def test_the_token_may_be_a_parameter_of_a_form_or_query_but_not_of_json(slack: Any) -> None:
    bare = {"headers": {"Authorization": ""}}
    assert slack.send("auth.test", data={"token": slack.token}, **bare).json()["ok"]
    assert slack.send("auth.test", "GET", params={"token": slack.token}, **bare).json()["ok"]
    assert slack.send("auth.test", json={"token": slack.token}, **bare).json()["error"] == "not_authed"


def test_the_scopes_in_force_come_with_every_answer(slack: Any) -> None:
    headers = slack.send("conversations.setTopic").headers
    assert "channels:manage" in headers["x-oauth-scopes"].split(",")
    assert "groups:write" in headers["x-accepted-oauth-scopes"].split(",")


def test_a_token_without_the_scope_is_told_what_it_needs_and_has(slack: Any) -> None:
    narrow = slack.as_("reconciler", "channels:read", "users:read")
    answer = narrow.send("usergroups.list").json()
    assert answer["error"] == "missing_scope"
    assert (answer["needed"], answer["provided"]) == ("usergroups:read", "channels:read,users:read")


def test_public_and_private_channels_have_scopes_of_their_own(slack: Any) -> None:
    narrow = slack.as_("reconciler", "channels:manage", "channels:read")
    public = narrow.create("open")
    answer = narrow.send("conversations.create", data={"name": "closed", "is_private": "true"}).json()
    assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:write")
    private = slack.create("secret", is_private="true")
    assert narrow("conversations.info", channel=public)["channel"]["name"] == "open"
    assert narrow.error("conversations.info", channel=private) == "missing_scope"
    assert narrow.error("conversations.list", types="public_channel,private_channel") == "missing_scope"


def test_somebody_who_left_has_no_account(slack: Any, host: Any) -> None:
    host.seed({"slack": {"users": [{"name": "dora", "deleted": True}]}})
    assert slack.as_("dora").error("auth.test") == "account_inactive"


def test_forms_json_and_queries_carry_the_same_arguments(slack: Any) -> None:
    bodies: list[dict[str, Any]] = [
        {"data": {"name": "x0", "is_private": "1"}},
        {"json": {"name": "x1", "is_private": True}},
    ]
    for number, options in enumerate(bodies):
        channel = slack.send("conversations.create", **options).json()["channel"]
        assert (channel["name"], channel["is_private"]) == (f"x{number}", True)
    query = {"name": "x2", "is_private": "false"}
    assert slack.send("conversations.create", "GET", params=query).json()["channel"]["is_private"] is False
    assert slack.send("conversations.create", files={"name": (None, "x3")}).json()["channel"]["name"] == "x3"


def test_a_method_that_takes_forms_only_does_not_see_json(slack: Any) -> None:
    general = slack.channel("general")
    answer = slack.send("conversations.info", json={"channel": general}).json()
    assert answer["error"] == "invalid_arguments"
    assert answer["response_metadata"]["messages"] == ["[ERROR] missing required field: channel"]
    assert slack.send("conversations.info", data={"channel": general}).json()["ok"]
    assert len(slack.send("conversations.list", json={"limit": 1}).json()["channels"]) == 2


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        ("{", "application/json", "invalid_json"),
        ("[]", "application/json", "json_not_object"),
        ("<a/>", "application/xml", "invalid_post_type"),
        ("name=a", "", "missing_post_type"),
        ("users[]=U1", "application/x-www-form-urlencoded", "invalid_array_arg"),
        ('{"name": ["a"]}', "application/json; charset=utf-8", "invalid_arguments"),
        ('{"name": "a", "is_private": "maybe"}', "application/json", "invalid_arguments"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(slack: Any, body: str, content_type: str, error: str) -> None:
    answer = slack.send("conversations.create", content=body, headers={"Content-Type": content_type})
    assert answer.json()["error"] == error


def test_a_content_type_with_too_much_or_too_little_charset_is_a_warning(slack: Any) -> None:
    missing = slack.send("api.test", json={}).json()
    assert missing["warning"] == "missing_charset"
    form = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}
    superfluous = slack.send("api.test", content="a=b", headers=form).json()
    assert superfluous["response_metadata"] == {"warnings": ["superfluous_charset"]}
    assert "warning" not in slack("api.test")


def test_a_burst_passes_and_then_the_tier_is_enforced(slack: Any, clock: Any) -> None:
    for _ in range(20):
        assert slack.send("usergroups.list").status_code == 200
    refused = slack.send("usergroups.list")
    assert (refused.status_code, refused.json()) == (429, {"ok": False, "error": "ratelimited"})
    assert refused.headers["retry-after"] == "3"
    assert slack.send("conversations.list").status_code == 200, "each method has a limit of its own"
    clock.forward(2)
    assert slack.send("usergroups.list").headers["retry-after"] == "1"
    clock.forward(1)
    assert slack.send("usergroups.list").status_code == 200
    assert slack.send("usergroups.list").status_code == 429
    clock.forward(3600)
    assert [slack.send("usergroups.list").status_code for _ in range(21)] == [200] * 20 + [429]


def test_tokens_of_one_app_share_its_limits(slack: Any, owner: Any) -> None:
    for _ in range(20):
        slack("usergroups.list")
    assert owner.send("usergroups.list").status_code == 429


def test_posting_is_limited_channel_by_channel(slack: Any) -> None:
    first, second = slack.create("first"), slack.create("second")
    for number in range(60):
        slack("chat.postMessage", channel=first, text=str(number))
    assert slack.send("chat.postMessage", data={"channel": first, "text": "x"}).status_code == 429
    slack("chat.postMessage", channel=second, text="here it goes on")


def test_a_refused_call_changes_nothing(slack: Any, host: Any) -> None:
    before = host.show()
    for _ in range(21):
        slack.send("conversations.rename", data={"channel": slack.channel("general"), "name": "x"})
    assert host.show() == before


def test_a_seed_may_raise_the_limits_or_lift_them(slack: Any, host: Any) -> None:
    host.seed({"slack": {"limits": {"scale": 2}}})
    statuses = [slack.send("usergroups.list").status_code for _ in range(41)]
    assert statuses == [200] * 40 + [429]
    host.seed({"slack": {"limits": {"enforced": False}}})
    assert {slack.send("usergroups.list").status_code for _ in range(60)} == {200}


def _pages(slack: Any, method: str, field: str, **arguments: Any) -> list[list[Any]]:
    pages, cursor = [], ""
    while True:
        answer = slack(method, cursor=cursor, **arguments)
        pages.append(answer[field])
        cursor = answer["response_metadata"]["next_cursor"]
        if not cursor:
            return pages


def test_pages_may_be_short_though_more_follow_and_all_is_there(slack: Any, host: Any) -> None:
    names = [f"c{number:03}" for number in range(300)]
    host.seed({"slack": {"channels": [{"name": name} for name in names], "limits": {"scale": 10}}})
    pages = _pages(slack, "conversations.list", "channels", limit=40)
    assert [each["name"] for page in pages for each in page] == ["general", "random", *names]
    sizes = [len(page) for page in pages[:-1]]
    assert max(sizes) <= 40
    assert min(sizes) < 40
    again = _pages(slack, "conversations.list", "channels", limit=40)
    assert [len(page) for page in again] == [len(page) for page in pages], "the same every time"
    host.seed({"slack": {"limits": {"random_seed": 7}}})
    other = _pages(slack, "conversations.list", "channels", limit=40)
    assert [len(page) for page in other] != [len(page) for page in pages]
    host.seed({"slack": {"limits": {"short_pages": False}}})
    full = _pages(slack, "conversations.list", "channels", limit=40)
    assert [len(page) for page in full] == [40] * 7 + [22]


def test_a_page_is_never_empty_while_there_is_something(slack: Any, host: Any) -> None:
    host.seed({"slack": {"limits": {"scale": 10}}})
    for seed in range(10):
        host.seed({"slack": {"limits": {"random_seed": seed}}})
        assert [len(page) for page in _pages(slack, "conversations.list", "channels", limit=1)] == [1, 1]


@pytest.mark.parametrize("cursor", ["nonsense!", "bmV4dDpub3doZXJl", "b3RoZXI6QzE="])
def test_a_cursor_that_leads_nowhere_is_refused(slack: Any, cursor: str) -> None:
    assert slack.error("conversations.list", cursor=cursor) == "invalid_cursor"


@pytest.mark.parametrize("limit", ["0", "1000", "-1", "many"])
def test_the_limit_of_a_list_is_from_1_to_999(slack: Any, limit: str) -> None:
    assert slack.error("conversations.list", limit=limit) == "invalid_limit"
    assert slack("conversations.list", limit=999)["ok"]
