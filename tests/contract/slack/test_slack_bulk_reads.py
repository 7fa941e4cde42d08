"""A large workspace is read with few calls, counted."""

import json
from collections import Counter
from typing import Any

import httpx

from reconciler.provider import Lookup, Object
from reconciler.provider.context import Context
from reconciler.testing import FakeClock
from reconciler_slack.provider import SlackProvider

CHANNELS, USERGROUPS, PEOPLE = 5000, 200, 30


def channel(n: int) -> dict[str, Any]:
    return {
        "id": f"C{n:08}",
        "name": f"channel-{n}",
        "is_private": n % 10 == 0,
        "is_archived": n % 7 == 0,
        "is_general": n == 1,
        "is_member": True,
        "creator": "U00000001",
        "created": 1767225600,
        "topic": {"value": f"topic {n}"},
        "purpose": {"value": ""},
        "previous_names": [],
    }


def usergroup(n: int) -> dict[str, Any]:
    return {
        "id": f"S{n:08}",
        "team_id": "T00000001",
        "handle": f"group-{n}",
        "name": f"Group {n}",
        "description": "",
        "date_create": 1767225600,
        "date_delete": 0,
        "prefs": {"channels": [f"C{n:08}"], "groups": []},
        "users": [f"U{m:08}" for m in range(n, n + PEOPLE)],
    }


class LargeSlack:
    """5,000 channels, archived ones among them, and 200 user groups."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition("/")[2]
        self.calls[method] += 1
        asked = dict(request.url.params) or json.loads(request.content or b"{}")
        return httpx.Response(200, json={"ok": True, **self.answer(method, asked)})

    def answer(self, method: str, asked: dict[str, Any]) -> dict[str, Any]:
        if method == "auth.test":
            return {"team_id": "T1", "team": "Acme", "url": "https://acme.slack.com/", "user_id": "U0BOT"}
        if method == "usergroups.list":
            return {"usergroups": [usergroup(n) for n in range(USERGROUPS)]}
        if method == "conversations.members":
            return {"members": ["U0BOT", "U00000001"], "response_metadata": {"next_cursor": ""}}
        if method == "bookmarks.list":
            return {"bookmarks": []}
        assert method == "conversations.list", method
        start, limit = int(asked.get("cursor") or 0), int(asked["limit"])
        end = min(start + limit, CHANNELS)
        cursor = str(end) if end < CHANNELS else ""
        page = [channel(n) for n in range(start, end)]
        return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def connect(slack: LargeSlack) -> SlackProvider:
    return SlackProvider(
        {"token": "xoxb-1"}, Context(clock=FakeClock(), transport=httpx.MockTransport(slack))
    )


def group_as_declared(n: int) -> dict[str, Any]:
    """People written by e-mail address, as state remembers them."""
    ids = usergroup(n)["users"]
    return {
        "users": [f"{one.lower()}@example.com" for one in ids],
        "user_ids": ids,
        "channels": [f"channel-{n}"],
        "channel_ids": [f"C{n:08}"],
    }


def test_five_thousand_channels_and_two_hundred_user_groups_take_ten_calls_at_most() -> None:
    slack = LargeSlack()
    provider = connect(slack)
    provider.account()
    lookups = {f"c{n}": Lookup("slack_channel", f"C{n:08}", {"name": f"x{n}"}) for n in range(CHANNELS)}
    lookups |= {
        f"g{n}": Lookup("slack_usergroup", f"S{n:08}", group_as_declared(n)) for n in range(USERGROUPS)
    }
    answers = provider.read(lookups)
    assert slack.calls.total() <= 10, slack.calls
    assert slack.calls == {"auth.test": 1, "conversations.list": 6, "usergroups.list": 1}
    for n in range(CHANNELS):
        found = answers[f"c{n}"]
        assert isinstance(found, Object)
        assert found.attributes["topic"] == f"topic {n}"
    for n in range(USERGROUPS):
        found = answers[f"g{n}"]
        assert isinstance(found, Object)
        assert found.attributes["users"] == group_as_declared(n)["users"]
        assert found.attributes["channels"] == [f"channel-{n}"]


def test_members_and_bookmarks_are_read_only_of_channels_that_declare_them() -> None:
    slack = LargeSlack()
    members = {"mode": "additive", "users": ["ada"], "user_ids": ["U00000001"], "invited": []}
    lookups = {
        f"m{n}": Lookup("slack_channel_members", f"C{n:08}", {"channel": f"C{n:08}", **members})
        for n in range(5)
    }
    inside = {"channel": "C00000001", "channel_id": "C00000001"}
    lookups |= {f"b{n}": Lookup("slack_bookmark", f"Bk{n:06}", inside) for n in range(20)}
    answers = connect(slack).read(lookups)
    assert len(answers) == 25
    assert slack.calls == {"auth.test": 1, "conversations.members": 5, "bookmarks.list": 1}
