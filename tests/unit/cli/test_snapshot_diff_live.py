"""``snapshot diff --live``: a snapshot against what the services say now."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.errors import Unreachable
from reconciler.testing import MemoryService
from tests.command_line import CommandLine

SCHEMA = Path(__file__).parents[3] / "schemas" / "snapshot-diff.schema.json"
CANARY = "canary-0815"
STACK = """stack: lab
resources:
  memory_thing:
    a: {name: a, text: first, tags: [x, y], secret: "${secret.TOKEN}"}
    b: {name: b, text: "${secret.TOKEN} in a text"}
  memory_note:
    n: {title: n}
"""


@pytest.fixture
def lab(command: CommandLine, service: MemoryService) -> CommandLine:
    command.environ["TOKEN"] = CANARY
    command.write(STACK)
    assert command("apply", "--auto-approve").code == 0
    return command


def thing(service: MemoryService, name: str) -> str:
    (found,) = [each.id for each in service.objects("memory_thing") if each.attributes["name"] == name]
    return found


def test_nothing_differs_after_an_apply(lab: CommandLine) -> None:
    result = lab("snapshot", "diff", "--live")
    assert result.code == 0
    assert result.out == "From serial 3 to what the services say now:\n  nothing differs\n"


def test_what_somebody_changed_added_or_removed_by_hand_is_shown_declared_or_not(
    lab: CommandLine, service: MemoryService
) -> None:
    service.change("memory_thing", thing(service, "a"), text="theirs", size=7, tags=["y", "x"])
    service.remove("memory_note", service.objects("memory_note")[0].id)
    calls = service.count("read")
    result = lab("snapshot", "diff", "3", "--live", "--json")
    assert service.count("read") - calls == 2
    document = result.document
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(document)
    assert document["removed"] == ["memory_note.n"]
    (changed,) = document["changed"]
    assert changed["attributes"] == {
        "text": {"before": "first", "after": "theirs"},
        "size": {"before": 0, "after": 7},
    }
    text = lab("snapshot", "diff", "3", "--live").out
    assert '"first" → "theirs"' in text
    assert "  - memory_note.n\n" in text


def test_an_older_snapshot_is_compared_with_the_objects_of_today(
    lab: CommandLine, service: MemoryService
) -> None:
    lab.write(STACK.replace("a: {name: a", "z: {name: a").replace("title: n", "title: m"))
    assert lab("apply", "--auto-approve").code == 0
    lab.write(STACK.replace("a: {name: a", "z: {name: a").replace("n: {title: n}", "k: {title: k}"))
    assert lab("apply", "--auto-approve").code == 0
    document = lab("snapshot", "diff", "3", "--live", "--json").document
    assert (document["before"], document["after"]) == (3, None)
    assert document["added"] == ["memory_note.k", "memory_thing.z"]
    assert document["removed"] == ["memory_note.n", "memory_thing.a"]
    assert document["changed"] == []


def test_what_was_let_go_of_and_is_still_there_does_not_differ(lab: CommandLine) -> None:
    lab.write(STACK.replace("title: n", "title: n, lifecycle: {on_destroy: forget}"))
    assert lab("apply", "--auto-approve").code == 0
    lab.write(STACK.replace("  memory_note:\n    n: {title: n}\n", ""))
    assert lab("apply", "--auto-approve").code == 0
    assert "nothing differs" in lab("snapshot", "diff", "3", "--live").out


def test_an_object_made_again_by_hand_of_the_same_name_is_not_ours(
    lab: CommandLine, service: MemoryService
) -> None:
    service.remove("memory_thing", thing(service, "a"))
    service.put("memory_thing", name="a", text="first")
    assert lab("snapshot", "diff", "--live", "--json").document["removed"] == ["memory_thing.a"]


def test_what_cannot_be_read_is_neither_removed_nor_the_same(
    lab: CommandLine, service: MemoryService
) -> None:
    service.fail("read", Unreachable, type="memory_note", times=None)
    result = lab("snapshot", "diff", "--live", "--json")
    assert result.code == 1
    assert [found["address"] for found in result.document["unread"]] == ["memory_note.n"]
    assert result.document["removed"] == []
    text = lab("snapshot", "diff", "--live")
    assert "? memory_note.n could not be read" in text.out
    assert "nothing differs" not in text.out


def test_no_secret_is_shown_though_the_service_tells_it(lab: CommandLine, service: MemoryService) -> None:
    service.change("memory_thing", thing(service, "b"), text="an other canary-4711")
    for arguments in (("--live",), ("--live", "--json")):
        result = lab("snapshot", "diff", *arguments)
        assert "memory_thing.b" in result.out
        assert "canary" not in result.out + result.err


def test_two_snapshots_and_live_are_one_too_many(lab: CommandLine) -> None:
    assert lab("snapshot", "diff", "1", "2", "--live").code == 64


def test_only_a_comparison_with_the_services_needs_secrets(lab: CommandLine) -> None:
    lab.write(STACK + "providers:\n  memory: {token: '${secret.NOT_SET}'}\n")
    assert lab("snapshot", "diff", "1").code == 0
    assert lab("snapshot", "diff", "1", "--live").code == 1
