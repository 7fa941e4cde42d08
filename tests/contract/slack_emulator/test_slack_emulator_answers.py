"""Every answer fits what Slack documents: shapes, keys both ways, and error codes."""

from typing import Any

import pytest
from jsonschema import Draft4Validator

from reconciler_slack.sandbox.emulator import METHODS
from tests.contract.slack_emulator.scenario import run

FREE = ("emoji.", "args.", "message.blocks", "messages[].blocks", "items[].message.blocks")
"""Below these, keys are the callers' own."""

UNDOCUMENTED_KEYS = {
    # The documents of this method have a very old message; those of chat.* know these keys of messages.
    "pins.list": {f"items[].message.{key}" for key in ("app_id", "edited", "edited.ts", "edited.user")},
}

MISSING_KEYS = {
    # Messages of classic bots, which have no user.
    "chat.postMessage": {"message.subtype", "message.username"},
    # Workspaces of an enterprise.
    "team.info": {"team.enterprise_id", "team.enterprise_name"},
    # Told to admins alone; and pictures that people have put there.
    "users.info": {"user.has_2fa", "user.profile.image_original"},
    "users.lookupByEmail": {"user.has_2fa"},
    "users.list": {f"members[].{key}" for key in ("has_2fa", "profile.image_1024", "profile.image_original")},
}
"""What the documents agree on, but of other workspaces, users or apps than there are here."""

UNDOCUMENTED_ERRORS = {
    ("conversations.unarchive", "not_in_channel"): "what bots are told, whatever their scopes",
    ("usergroups.update", "no_such_subteam"): "the pages name no code; the one of usergroups.users.list",
    ("usergroups.enable", "no_such_subteam"): "as above",
    ("usergroups.disable", "no_such_subteam"): "as above",
    ("usergroups.users.update", "no_such_subteam"): "as above",
    ("usergroups.update", "name_already_exists"): "names stay unique; the code of usergroups.create",
    ("api.test", "my_error"): "the caller asked for it",
}


@pytest.fixture(scope="module")
def exchanges(caller: Any, documents: Any) -> list[Any]:
    run(caller)
    return list(caller.exchanges)


def _good(exchanges: list[Any], method: str) -> list[Any]:
    return [each for each in exchanges if each.method == method and each.answer["ok"]]


def test_a_good_answer_has_the_documented_shape(method: str, exchanges: list[Any], documents: Any) -> None:
    good = _good(exchanges, method)
    assert good, "the scenario has no good answer of this method"
    assert set(documents.facts[method]["output_required"] or ()) <= set(good[0].answer)
    schema = documents.schema(method)
    for each in good if schema is not None else ():
        problems = [
            f"{list(e.path)}: {e.message[:200]}" for e in Draft4Validator(schema).iter_errors(each.answer)
        ]
        assert not problems, f"{each}: {problems}"


def test_a_good_answer_has_documented_keys_only(method: str, exchanges: list[Any], documents: Any) -> None:
    known = documents.known_keys(method) | UNDOCUMENTED_KEYS.get(method, set())
    for each in _good(exchanges, method):
        unknown = {path for path in _paths(each.answer) if path not in known and not path.startswith(FREE)}
        assert not unknown, f"{each}: {sorted(unknown)}"


def test_keys_on_which_the_documents_agree_are_there(
    method: str, exchanges: list[Any], documents: Any
) -> None:
    seen = {path for each in _good(exchanges, method) for path in _paths(each.answer)}
    assert documents.certain_keys(method) - seen == MISSING_KEYS.get(method, set())


def test_an_error_is_one_that_the_method_documents(exchanges: list[Any], documents: Any) -> None:
    refused = [each for each in exchanges if not each.answer["ok"] and "error" in each.answer]
    codes = {(each.method, each.answer["error"]) for each in refused}
    unknown = {(method, code) for method, code in codes if code not in documents.errors(method)}
    assert unknown == set(UNDOCUMENTED_ERRORS)
    assert len({code for _, code in codes}) >= 40


def test_the_scenario_calls_every_method_and_no_more(exchanges: list[Any]) -> None:
    assert {each.method for each in exchanges} == set(METHODS)


def _paths(answer: Any, prefix: str = "") -> set[str]:
    found: set[str] = set()
    if isinstance(answer, dict):
        for name, inner in answer.items():
            path = f"{prefix}.{name}" if prefix else name
            found |= {path} | _paths(inner, path)
    elif isinstance(answer, list):
        for each in answer:
            found |= _paths(each, f"{prefix}[]")
    return found
