"""The facts of every method page: tier, JSON or form, scopes, arguments; and Slack's recorded exchanges."""

import re
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
import yaml

from reconciler_slack.sandbox.emulator import METHODS
from tests.contract.slack_emulator.workspace import Workspace

NEEDED_IN_TRUTH = {
    "bookmarks.add": {"channel_id"},
    "bookmarks.edit": {"channel_id", "bookmark_id"},
    "bookmarks.remove": {"channel_id", "bookmark_id"},
    "bookmarks.list": {"channel_id"},
}
"""The pages say ``required_for_public`` of these."""

ANSWERED_OTHERWISE = {"usergroups.users.update": {"users"}}
"""Needed, but with an error code of its own when it is not there."""


def test_tier_scopes_and_bodies_are_those_of_the_page(method: str, documents: Any) -> None:
    known, facts = METHODS[method], documents.facts[method]
    assert f"t{known.tier}" == facts["rate_limit"]
    assert known.takes_json is bool(facts["json_input"])
    assert set(known.scopes.bot) == set(facts["scope"].get("bot", ()))
    assert set(known.scopes.user) == set(facts["scope"].get("user", ()))


def test_the_needed_arguments_are_those_of_the_page(method: str, documents: Any) -> None:
    needed = set(documents.facts[method]["required"]) | NEEDED_IN_TRUTH.get(method, set())
    assert set(METHODS[method].needs) == needed - ANSWERED_OTHERWISE.get(method, set())


@pytest.fixture
def workspace() -> Workspace:
    return Workspace()


def test_every_documented_argument_is_accepted(method: str, documents: Any, workspace: Workspace) -> None:
    if method == "conversations.unarchive":
        workspace.call("conversations.archive", channel=workspace.channel)
        workspace.use("user_token")
    values = workspace.values(method)
    arguments = {
        name: values.get(name, "true")
        for name, said in documents.facts[method]["args"].items()
        if name in values or said.get("type") in ("boolean", None) or name in ("as_user", "link_names")
    }
    assert set(arguments) == set(documents.facts[method]["args"])
    workspace.call(method, **arguments)


def _recorded(documents: Any, name: str) -> dict[str, Any]:
    (exchange,) = yaml.safe_load((documents.folder / "recorded" / f"{name}.yml").read_text())[
        "http_interactions"
    ]
    return dict(exchange)


@pytest.mark.parametrize(
    "name", ["auth_test_success", "auth_test_error", "conversations_setTopic", "429_error"]
)
def test_a_recorded_request_is_answered_in_the_recorded_form(
    name: str, documents: Any, workspace: Workspace
) -> None:
    exchange = _recorded(documents, name)
    request, response = exchange["request"], exchange["response"]
    method = request["uri"].rpartition("/")[2]
    body = re.sub(r"channel=\w+", f"channel={workspace.channel}", request["body"]["string"])
    expected = httpx.Response(200, content=response["body"]["string"]).json()
    if not expected["ok"]:
        del workspace.client.headers["Authorization"]
    answer = workspace.client.post(method, data=dict(parse_qsl(body)))
    assert answer.status_code == response["status"]["code"]
    assert answer.headers["content-type"] == response["headers"]["Content-Type"][0]
    assert ("x-oauth-scopes" in answer.headers) == ("X-Oauth-Scopes" in response["headers"])
    assert _shape(expected) <= _shape(answer.json())
    assert _shape(answer.json()) - _shape(expected) <= SINCE_THE_RECORDING.get(method, set())


SINCE_THE_RECORDING = {"conversations.setTopic": {"channel.context_team_id: str", "channel.updated: int"}}
"""Keys that Slack's answers have had since the recording was made, in 2021."""


def _shape(document: Any, prefix: str = "") -> set[str]:
    """All keys with the types of their values; ids and names differ, and lists may be empty."""
    found: set[str] = set()
    for name, value in document.items():
        found.add(f"{prefix}{name}: {type(value).__name__}")
        if isinstance(value, dict):
            found |= _shape(value, f"{prefix}{name}.")
    return found
