"""Slack's provider passes the suite that all providers pass, over the emulated Slack."""

from collections.abc import Mapping
from typing import Any, Protocol

import pytest

from reconciler.provider import Object, Provider, Wanted
from reconciler.testing.contract import ProviderContract, Sample, Subject
from reconciler_slack.provider import SlackProvider

BAD_TOKEN = "xoxb-wrong-WRONG-0123456789"


class AnyLab(Protocol):
    provider: SlackProvider
    settings: dict[str, Any]
    recorder: Any

    def connect(self, **settings: Any) -> SlackProvider: ...
    def behind(self, method: str, token: str = "", **arguments: Any) -> Any: ...
    def user_id(self, name: str) -> str: ...


def home(provider: Provider, name: str = "home") -> str:
    found = provider.find({"": Wanted("slack_channel", {"name": name})})[""]
    assert isinstance(found, tuple)
    return (found[0] if found else provider.create("slack_channel", {"name": name})).id


def channel(provider: Provider, n: int) -> Mapping[str, Any]:
    return {"name": f"Results {n}", "topic": "Tom & Jerry", "purpose": "to <test>", "is_private": n % 2 == 1}


def bookmark(provider: Provider, n: int) -> Mapping[str, Any]:
    return {"channel": home(provider), "title": f"Run {n}", "link": "https://example.com", "emoji": "rocket"}


@pytest.fixture
def samples(lab: AnyLab) -> dict[str, Sample]:
    alice, bob = sorted((lab.user_id("alice"), lab.user_id("bob")))

    def members(provider: Provider, n: int) -> Mapping[str, Any]:
        return {"channel": home(provider, f"home-{n}"), "users": [alice, bob], "mode": "exclusive"}

    def group(provider: Provider, n: int) -> Mapping[str, Any]:
        return {
            "handle": f"@Crew-{n}",
            "name": f"Crew {n}",
            "description": "Some people",
            "channels": [home(provider)],
            "users": [alice, bob],
        }

    def change_channel(found: Object) -> None:
        token = lab.settings["token"]
        lab.behind("conversations.rename", token, channel=found.id, name="another")

    def change_members(found: Object) -> None:
        lab.behind("conversations.kick", lab.settings["token"], channel=found.id, user=bob)

    def change_group(found: Object) -> None:
        lab.behind("usergroups.disable", usergroup=found.id)

    def change_bookmark(found: Object) -> None:
        channel_id = found.attributes["channel_id"]
        token = lab.settings["token"]
        lab.behind("bookmarks.edit", token, channel_id=channel_id, bookmark_id=found.id, title="another")

    return {
        "slack_channel": Sample(channel, {"name": "other", "topic": "", "purpose": "x"}, change_channel),
        "slack_channel_members": Sample(members, {"users": [bob]}, change_members),
        "slack_usergroup": Sample(
            group, {"handle": "other-crew", "name": "Other", "channels": [], "users": [alice]}, change_group
        ),
        "slack_bookmark": Sample(
            bookmark, {"title": "other", "link": "https://example.com/2", "emoji": ""}, change_bookmark
        ),
    }


class TestSlackProvider(ProviderContract):
    @pytest.fixture
    def subject(self, lab: AnyLab, samples: dict[str, Sample]) -> Subject:
        def failing() -> Provider:
            lab.recorder.status = 500
            return lab.connect()

        return Subject(
            factory=SlackProvider,
            provider=lab.provider,
            samples=samples,
            with_bad_credentials=lambda: lab.connect(token=BAD_TOKEN),
            when_failing=failing,
            secrets=(BAD_TOKEN, lab.settings["token"], lab.settings["user_token"]),
        )
