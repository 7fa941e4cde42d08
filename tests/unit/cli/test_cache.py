"""``cache show`` and ``cache clear``, and what ``--offline`` and ``fallback: cached`` print."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.errors import Unreachable
from reconciler.testing import MemoryService
from tests.command_line import CommandLine

SCHEMAS = Path(__file__).parents[3] / "schemas"
STACK = """stack: lab
providers:
  memory: {fallback: cached}
resources:
  memory_thing:
    a: {name: a, text: "${secret.WORD}"}
    b: {name: b}
data:
  memory_thing:
    known: {name: b}
"""
CANARY = "canary-of-the-cache-4711"


@pytest.fixture
def lab(command: CommandLine, service: MemoryService) -> CommandLine:
    command.environ["WORD"] = CANARY
    command.write(STACK.split("data:", maxsplit=1)[0])
    assert command("apply", "--auto-approve").code == 0
    command.write(STACK)
    assert command("plan").code == 0
    return command


def go_down(service: MemoryService) -> None:
    for operation in ("account", "health", "read", "find", "list", "create", "update", "delete"):
        service.fail(operation, Unreachable, times=None)


def valid(document: object, name: str) -> None:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(document)


def test_show_lists_what_is_kept_by_whose_it_is(lab: CommandLine) -> None:
    shown = lab("cache", "show")
    assert shown.code == 0
    assert "memory (account memory-1)" in shown.out
    assert "memory_thing.a" in shown.out
    assert "data.memory_thing.known" in shown.out
    assert "looked up" in shown.out
    assert "3 answers" in shown.out


def test_show_tells_what_was_told_for_one_address_without_its_secrets(lab: CommandLine) -> None:
    shown = lab("cache", "show", "memory_thing.a")
    assert "(sensitive)" in shown.out
    assert "name" in shown.out
    assert CANARY not in shown.out
    assert lab("cache", "show", "data.memory_thing.known").code == 0


def test_what_is_printed_as_json_is_as_its_schema_says(lab: CommandLine) -> None:
    for arguments in (("show",), ("show", "memory_thing.a"), ("clear",), ("show",)):
        document = lab("cache", *arguments, "--json").document
        valid(document, "cache")
        assert CANARY not in json.dumps(document)


def test_an_address_of_which_nothing_is_kept_is_named_with_the_nearest(lab: CommandLine) -> None:
    shown = lab("cache", "show", "memory_thing.aa")
    assert shown.code == 1
    assert "memory_thing.a" in shown.err


def test_clear_forgets_all_and_a_later_outage_finds_nothing(lab: CommandLine, service: MemoryService) -> None:
    assert "3 answers removed" in lab("cache", "clear").out
    assert "The cache is empty." in lab("cache", "show").out
    go_down(service)
    assert "could not be read" in lab("plan").out


def test_clear_removes_a_file_that_cannot_be_used(lab: CommandLine) -> None:
    (path,) = (lab.directory / ".reconciler" / "cache").iterdir()
    path.write_bytes(b"no database" * 1000)
    told = lab("plan")
    assert told.code == 0
    assert told.err.count("the cache of what the services have last said cannot be used") == 1
    assert lab("cache", "clear").code == 0
    assert lab("plan").err == ""


def test_nothing_secret_is_in_the_file(lab: CommandLine) -> None:
    (path,) = (lab.directory / ".reconciler" / "cache").iterdir()
    assert b"memory_thing" in path.read_bytes()
    assert CANARY.encode() not in path.read_bytes()


def test_a_plan_from_the_cache_says_so_and_how_old_it_is(lab: CommandLine, service: MemoryService) -> None:
    go_down(service)
    lab.write(STACK.replace("name: b", "name: b, text: new", 1))
    shown = lab("plan")
    assert shown.code == 0
    assert "memory_thing.b will be updated" in shown.out
    assert "(rests on the cache: " in shown.out
    assert "3 objects told by the cache, up to " in shown.out
    document = lab("plan", "--json").document
    valid(document, "plan")
    (change,) = [one for one in document["resource_changes"] if one["address"] == "memory_thing.b"]
    assert change["reconciler"]["as_of"]["age"] >= 0
    assert len(document["reconciler"]["cached"]) == 3
    assert list(document["reconciler"]["fell_back"]) == ["memory"]


def test_apply_leaves_a_service_alone_that_is_down_and_says_so(
    lab: CommandLine, service: MemoryService
) -> None:
    go_down(service)
    lab.write(STACK.replace("name: b", "name: b, text: new", 1))
    result = lab("apply", "--auto-approve")
    assert result.code == 1
    assert "1 resource is held back" in result.out
    assert "memory_thing.b" in result.out
    assert {one.attributes["text"] for one in service.objects("memory_thing")} == {CANARY, ""}


def test_a_secret_that_has_not_changed_is_no_change_while_the_cache_tells_it(
    lab: CommandLine, service: MemoryService
) -> None:
    go_down(service)
    assert "No changes." in lab("plan").out
    lab.environ["WORD"] = "another-canary-4712"
    assert "memory_thing.a will be updated" in lab("plan").out


def test_drift_offline_is_as_its_schema_says(lab: CommandLine, service: MemoryService) -> None:
    service.calls.clear()
    assert lab("--offline", "drift").code == 0
    valid(lab("--offline", "drift", "--json").document, "drift")
    assert service.calls == []


@pytest.mark.parametrize(
    "arguments",
    [("validate",), ("plan",), ("drift",), ("state", "list"), ("output",), ("graph",), ("cache", "show")],
)
def test_what_only_looks_works_offline(
    lab: CommandLine, service: MemoryService, arguments: tuple[str, ...]
) -> None:
    service.calls.clear()
    assert lab("--offline", *arguments).code == 0
    assert service.calls == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("apply", "--auto-approve"),
        ("destroy", "--auto-approve"),
        ("rollback", "--auto-approve"),
        ("import", "memory_thing.b", "b"),
        ("state", "rm", "memory_thing.a"),
        ("snapshot", "name", "1", "good"),
        ("cache", "clear"),
    ],
)
def test_what_writes_is_refused_offline(
    lab: CommandLine, service: MemoryService, arguments: tuple[str, ...]
) -> None:
    service.calls.clear()
    refused = lab("--offline", *arguments)
    assert refused.code == 1
    assert "with --offline nothing is" in refused.err
    assert "leave --offline out" in refused.err
    assert service.calls == []


def test_offline_needs_no_secret(lab: CommandLine) -> None:
    del lab.environ["WORD"]
    assert lab("plan").code == 1
    assert lab("--offline", "plan").code == 0


def test_health_offline_is_unknown(lab: CommandLine, service: MemoryService) -> None:
    service.calls.clear()
    result = lab("--offline", "health")
    assert result.code == 1
    assert "unknown" in result.out
    assert service.calls == []
