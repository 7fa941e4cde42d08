"""Answers as Slack documents and gives them are understood: examples, recordings, shapes of real answers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from reconciler.errors import ProviderError, Unauthorized
from reconciler.provider import Lookup, Object, Wanted
from reconciler.provider.context import Context
from reconciler.testing import FakeClock
from reconciler_slack.provider import SlackProvider

METHODS = (
    "auth.test",
    "bookmarks.add",
    "bookmarks.edit",
    "bookmarks.list",
    "conversations.create",
    "conversations.info",
    "conversations.join",
    "conversations.list",
    "conversations.members",
    "conversations.rename",
    "conversations.setPurpose",
    "conversations.setTopic",
    "usergroups.create",
    "usergroups.disable",
    "usergroups.enable",
    "usergroups.list",
    "usergroups.update",
    "usergroups.users.update",
    "users.info",
    "users.list",
    "users.lookupByEmail",
)


WITHOUT_EXAMPLE = ("usergroups.create", "usergroups.disable", "usergroups.enable", "conversations.setPurpose")
"""Methods whose documented example holds nothing but ``ok``."""


def connect(answer: Callable[[str], httpx.Response]) -> SlackProvider:
    def respond(request: httpx.Request) -> httpx.Response:
        return answer(request.url.path.rpartition("/")[2])

    context = Context(clock=FakeClock(), transport=httpx.MockTransport(respond))
    return SlackProvider({"token": "xoxb-0123456789"}, context)


def use(provider: SlackProvider, told: dict[str, Any]) -> list[Object]:
    """What the provider makes of an answer, whichever of its calls gets it."""
    method = told["method"]
    channel = {"channel": "C00000001", "title": "t", "link": "https://example.com"}
    if method == "auth.test":
        account = provider.account()
        return [Object("account", account.id, {"name": account.name})]
    if method.startswith("users."):
        arguments = {
            "users.info": {"id": "U00000001"},
            "users.list": {"name": told["name"]},
            "users.lookupByEmail": {"email": "a@example.com"},
        }[method]
        found = provider.find({"": Wanted("data.slack_user", arguments)})[""]
        assert isinstance(found, tuple), found
        return list(found)
    if method.startswith("bookmarks."):
        if method == "bookmarks.list":
            read = Lookup("slack_bookmark", told["id"], {"channel": "C1", "channel_id": "C1"})
            return [one for one in provider.read({"": read}).values() if isinstance(one, Object)]
        prior = Object("slack_bookmark", "Bk1", {**channel, "channel_id": "C00000001"})
        if method == "bookmarks.edit":
            return [provider.update(prior, channel, frozenset({"link"}))]
        return [provider.create("slack_bookmark", channel)]
    if method.startswith("usergroups."):
        return use_of_usergroups(provider, method)
    return use_of_channels(provider, method)


def use_of_usergroups(provider: SlackProvider, method: str) -> list[Object]:
    if method == "usergroups.list":
        return list(provider.list("slack_usergroup"))
    if method == "usergroups.create":
        return [provider.create("slack_usergroup", {"handle": "h", "name": "n"})]
    prior = Object("slack_usergroup", "S1", {"user_ids": [], "users": [], "channels": [], "channel_ids": []})
    settings: dict[str, tuple[dict[str, Any], str]] = {
        "usergroups.update": ({"name": "n"}, "name"),
        "usergroups.enable": ({"enabled": True}, "enabled"),
        "usergroups.disable": ({"enabled": False}, "enabled"),
        "usergroups.users.update": ({"users": ["U00000001"]}, "users"),
    }
    desired, name = settings[method]
    return [provider.update(prior, desired, frozenset({name}))]


def use_of_channels(provider: SlackProvider, method: str) -> list[Object]:
    if method == "conversations.list":
        return list(provider.list("slack_channel"))
    if method == "conversations.info":
        answers = provider.read({"": Lookup("slack_channel", "C1", {})}).values()
        return [one for one in answers if isinstance(one, Object)]
    if method == "conversations.create":
        return [provider.create("slack_channel", {"name": "n"})]
    if method == "conversations.members":
        attributes = {"channel": "C1", "mode": "exclusive", "users": [], "user_ids": [], "invited": []}
        answers = provider.read({"": Lookup("slack_channel_members", "C1", attributes)}).values()
        return [one for one in answers if isinstance(one, Object)]
    name = {"rename": "name", "setTopic": "topic", "setPurpose": "purpose", "join": "is_member"}[
        method.partition(".")[2]
    ]
    prior = Object("slack_channel", "C1", {"is_member": name != "is_member", "archived": False})
    return [provider.update(prior, {name: "x"}, frozenset({name}))]


AUTH = {"ok": True, "team_id": "T1", "team": "Acme", "url": "https://acme.slack.com/", "user_id": "U0BOT"}


def outcome(method: str, body: dict[str, Any]) -> list[Object]:
    listed = body.get("bookmarks") or body.get("members") or [{}]
    first = listed[0] if isinstance(listed[0], dict) else {}

    def answer(asked: str) -> httpx.Response:
        if asked == method:
            return httpx.Response(200, json=body)
        return httpx.Response(200, json={**AUTH, "bookmarks": []})

    told = {"method": method, "id": first.get("id", ""), "name": first.get("name") or "nobody"}
    return use(connect(answer), told)


@pytest.mark.parametrize("method", METHODS)
def test_an_answer_of_the_real_shape_is_understood(slack_data: Path, method: str) -> None:
    body = json.loads((slack_data / "java-json-logs" / f"{method}.json").read_text("utf-8"))
    if method == "usergroups.list":  # the blanked values stand for real ones; an empty id is none
        body["usergroups"][0]["users"] = ["U00000000"]
    if method == "users.list":
        body["members"][0]["name"] = "somebody"
    body |= {"ok": True}
    body.pop("response_metadata", None)
    found = outcome(method, body)
    assert found, method
    if found[0].type in SlackProvider.resource_types():
        types = SlackProvider.resource_types()[found[0].type]
        assert set(types.computed) <= set(found[0].attributes)


@pytest.mark.parametrize("method", [method for method in METHODS if method not in WITHOUT_EXAMPLE])
def test_the_documented_example_is_understood(documented_methods: dict[str, Any], method: str) -> None:
    body = json.loads(json.dumps(documented_methods[method]["success"]))
    if "response_metadata" in body:
        body["response_metadata"]["next_cursor"] = ""
    assert outcome(method, body), method


def recording(slack_data: Path, name: str) -> httpx.Response:
    """The one answer that a recording holds."""
    document = yaml.safe_load((slack_data / "recorded" / name).read_text("utf-8"))
    (interaction,) = document["http_interactions"]
    response = interaction["response"]
    return httpx.Response(response["status"]["code"], text=response["body"]["string"])


@pytest.mark.parametrize(
    ("name", "workspace"),
    [("auth_test_success.yml", ("TDEADBEEF", "team_name")), ("429_error.yml", ("T04KB5WQH", "dblock"))],
)
def test_a_recorded_auth_test_tells_the_workspace(
    slack_data: Path, name: str, workspace: tuple[str, str]
) -> None:
    answer = recording(slack_data, name)
    account = connect(lambda _: answer).account()
    assert (account.id, account.name) == workspace


def test_a_recorded_refusal_of_a_token_is_one_of_the_credentials(slack_data: Path) -> None:
    answer = recording(slack_data, "auth_test_error.yml")
    with pytest.raises(ProviderError) as caught:
        connect(lambda _: answer).account()
    assert isinstance(caught.value, Unauthorized)


def test_a_recorded_topic_is_what_the_channel_has(slack_data: Path) -> None:
    answer = recording(slack_data, "conversations_setTopic.yml")
    auth = httpx.Response(200, json=AUTH)
    provider = connect(lambda method: answer if method == "conversations.setTopic" else auth)
    prior = Object("slack_channel", "C019CV63UTC", {"is_member": True, "archived": False})
    found = provider.update(prior, {"topic": "new topic"}, frozenset({"topic"}))
    assert found.attributes["topic"] == "new topic"
    assert found.attributes["url"] == "https://acme.slack.com/archives/C019CV63UTC"
