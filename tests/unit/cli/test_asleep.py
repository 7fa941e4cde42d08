"""The laptop was closed between the plan and the yes: what was read then is old, and is looked at again."""

import sys

import pytest

from reconciler import clock
from reconciler.errors import Unreachable
from reconciler.testing import MemoryService
from tests.command_line import CommandLine

ONE = "stack: lab\nresources:\n  memory_thing: {a: {name: a, text: first}}\n"
HOUR = 3600.0


class Machine:
    """Counts the time, that of sleep included; ``asleep`` is what others do meanwhile."""

    def __init__(self) -> None:
        self.elapsed = 0.0

    def asleep(self) -> None:
        self.elapsed += HOUR


class Yes:
    """A terminal with somebody who says yes, but closes the laptop for an hour first."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        self._machine.asleep()
        return "yes\n"


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    monkeypatch.setattr(clock, "_elapsed", lambda: machine.elapsed)
    monkeypatch.setattr(sys, "stdin", Yes(machine))
    return machine


@pytest.fixture
def changing(command: CommandLine, service: MemoryService, machine: Machine) -> CommandLine:
    """A stack that has been applied and says something else now."""
    command.write(ONE)
    assert command("apply", "--auto-approve").code == 0
    command.write(ONE.replace("first", "second"))
    return command


def text_of(service: MemoryService) -> object:
    return service.objects("memory_thing")[0].attributes["text"]


def test_what_nobody_touched_meanwhile_is_changed_as_shown(
    changing: CommandLine, service: MemoryService
) -> None:
    before = service.count("read")
    assert changing("apply").code == 0
    assert text_of(service) == "second"
    assert service.count("read") == before + 3, "once for the plan, once after the sleep, once at the end"


def test_what_somebody_changed_meanwhile_is_refused_by_name(
    changing: CommandLine, service: MemoryService, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    thing = service.objects("memory_thing")[0]

    def asleep() -> None:
        machine.elapsed += HOUR
        service.change("memory_thing", thing.id, text="somebody else's")

    monkeypatch.setattr(machine, "asleep", asleep)
    result = changing("apply")
    assert result.code == 1
    assert "it has changed in the service since the plan was made: text\n  at memory_thing.a" in result.err
    assert text_of(service) == "somebody else's"


def test_a_network_that_is_not_back_yet_is_told_and_nothing_is_changed(
    changing: CommandLine, service: MemoryService, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asleep() -> None:
        machine.elapsed += HOUR
        service.fail("read", Unreachable, times=None)

    monkeypatch.setattr(machine, "asleep", asleep)
    result = changing("apply")
    assert result.code == 1
    assert "it cannot be read again" in result.err
    assert "not there any more" not in result.err
    assert text_of(service) == "first"


def test_what_would_be_made_and_came_to_be_meanwhile_is_left_to_whoever_made_it(
    command: CommandLine, service: MemoryService, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asleep() -> None:
        machine.elapsed += HOUR
        service.put("memory_thing", name="a", text="somebody else's")

    monkeypatch.setattr(machine, "asleep", asleep)
    command.write(ONE)
    result = command("apply")
    assert result.code == 1
    assert "exists in the service by now" in result.err
    assert text_of(service) == "somebody else's"
    assert command("state", "list").out == ""
