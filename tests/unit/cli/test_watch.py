"""The command ``watch``: what it prints, and how it ends."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry as Schemas
from referencing import Resource

from reconciler.cli.commands import watch
from reconciler.cli.exit_codes import ExitCode
from reconciler.errors import Unreachable
from reconciler.operations.watching import Habits
from reconciler.testing import MemoryService
from tests.command_line import CommandLine

SCHEMAS = Path(__file__).parents[3] / "schemas"
STACK = """
stack: lab
providers: {memory: {token: "${secret.TOKEN}"}}
resources:
  memory_thing:
    a: {name: a, text: one}
"""


@pytest.fixture
def watched(command: CommandLine, service: MemoryService) -> CommandLine:
    command.environ["TOKEN"] = service.token
    command.write(STACK)
    assert command("apply", "--auto-approve").code == ExitCode.DONE
    return command


def by_hand(service: MemoryService, **attributes: Any) -> Callable[[], object]:
    def change() -> None:
        service.change("memory_thing", service.objects("memory_thing")[0].id, **attributes)

    return change


def validator() -> Draft202012Validator:
    health = json.loads((SCHEMAS / "health-event.schema.json").read_text(encoding="utf-8"))
    schemas: Schemas[Any] = Schemas().with_resource(
        "health-event.schema.json", Resource.from_contents(health)
    )
    schema = json.loads((SCHEMAS / "watch-event.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema, registry=schemas)


def test_every_line_of_json_is_as_its_schema_says(
    watched: CommandLine, service: MemoryService, rounds: Callable[..., object]
) -> None:
    def falls() -> None:
        for operation in ("health", "account", "read"):
            service.fail(operation, Unreachable, times=None)

    rounds(
        lambda: None,
        by_hand(service, text="by hand"),
        falls,
        service.heal,
        lambda: watched.write("stack: [lab"),
        lambda: watched.write(STACK),
        by_hand(service, text="by hand"),
        lambda: service.remove("memory_thing", service.objects("memory_thing")[0].id),
        lambda: None,
    )
    result = watched("watch", "--heal", "--json")
    assert result.code == ExitCode.DONE
    for event in result.events:
        validator().validate(event)
    assert [event["event"] for event in result.events] == [
        "watching",
        "transition",
        *("drift", "restored"),
        *("transition", "transition"),
        *("hindered", "not-hindered"),
        *("drift", "restored"),
        *("drift", "restored"),
        "ended",
    ]
    (first, *_) = [event for event in result.events if event["event"] == "drift"]
    assert (first["before"], first["now"]) == ({"text": "one"}, {"text": "by hand"})


def test_a_person_reads_a_line_for_each_thing_that_happens(
    watched: CommandLine, service: MemoryService, rounds: Callable[..., object]
) -> None:
    rounds(lambda: None, by_hand(service, text="by hand"))
    result = watched("watch", "--heal")
    lines = [line[21:] if line[:1] == "2" else line for line in result.out.splitlines()]
    assert lines[0] == (
        "lab (default)  is watched: health every 5 min, drift every 15 min, and what has drifted is restored"
    )
    assert lines[1:3] == ["memory  ready", "memory_thing.a  changed: text"]
    assert lines[3] == '    ~ text = "one" → "by hand"'
    assert lines[4].endswith("1 object restored")
    assert lines[5:] == ["    memory_thing.a: updated", "watch  has ended, as it was asked to"]
    history = watched("state", "history").out
    assert "restored what somebody else had changed: memory_thing.a (text)" in history


def test_intervals_come_from_the_options_before_the_environment_before_what_is_usual(
    watched: CommandLine, rounds: Callable[..., list[Habits]]
) -> None:
    habits = rounds()
    watched("watch")
    watched.environ[watch.INTERVAL] = "60000"
    watched("watch")
    watched("watch", "--interval", "7", "--drift-interval", "11", "--heal")
    assert habits == [Habits(300.0, 900.0), Habits(60.0, 900.0), Habits(7.0, 11.0, heals=True)]


def test_an_interval_that_is_none_is_refused(watched: CommandLine) -> None:
    watched.environ[watch.INTERVAL] = "often"
    result = watched("watch")
    assert result.code == ExitCode.ERROR
    assert "INTEGRATION_HEALTH_CHECK_INTERVAL='often' is no length of time" in result.err


def test_files_that_are_wrong_from_the_beginning_are_an_error(watched: CommandLine) -> None:
    watched.write("stack: [lab")
    assert watched("watch").code == ExitCode.ERROR


def test_a_second_watch_ends_with_the_code_of_a_lock_and_says_who_watches(
    watched: CommandLine, rounds: Callable[..., object]
) -> None:
    inner: list[Any] = []
    rounds(lambda: inner.append(watched("watch")))
    assert watched("watch").code == ExitCode.DONE
    assert inner[0].code == ExitCode.LOCKED
    assert "it is watched already" in inner[0].err


def test_after_what_was_made_again_a_rollback_goes_to_before_the_last_apply_all_the_same(
    watched: CommandLine, service: MemoryService, rounds: Callable[..., object]
) -> None:
    watched.write(STACK.replace("one", "two"))
    watched("apply", "--auto-approve")
    rounds(lambda: service.remove("memory_thing", service.objects("memory_thing")[0].id))
    watched("watch", "--heal")
    assert service.objects("memory_thing")[0].attributes["text"] == "two"
    assert watched("rollback", "--auto-approve").code == ExitCode.DONE
    assert service.objects("memory_thing")[0].attributes["text"] == "one"


def test_what_was_rolled_back_is_not_done_again(
    watched: CommandLine, service: MemoryService, rounds: Callable[..., object]
) -> None:
    watched.write(STACK.replace("one", "two"))
    watched("apply", "--auto-approve")
    watched("rollback", "--auto-approve")
    rounds(lambda: None, by_hand(service, text="by hand"), lambda: None)
    watched("watch", "--heal")
    assert service.objects("memory_thing")[0].attributes["text"] == "one"
    assert "was rolled back" in watched("apply", "--auto-approve").err
