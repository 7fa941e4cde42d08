"""``watch`` carries out what was deferred once a service is back, and leaves the rest to people."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from reconciler.cli.exit_codes import ExitCode
from reconciler.operations import deferring
from tests.command_line import CommandLine
from tests.two_services import FAR, TwoServices

STACK = f"""stack: lab
providers:
  memory: {{}}
  memory.far: {{token: {FAR}, fallback: queue}}
resources:
  memory_thing:
    here: {{name: here, text: old}}
    there: {{name: there, text: old, provider: memory.far}}
"""
CHANGED = STACK.replace("there, text: old", "there, text: new")


@pytest.fixture
def lab(command: CommandLine, services: TwoServices) -> CommandLine:
    """Applied, then changed while the far service was down."""
    command.write(STACK)
    assert command("apply", "--auto-approve").code == ExitCode.DONE
    command.write(CHANGED)
    services.lose()
    assert command("apply", "--auto-approve").code == ExitCode.INCOMPLETE
    return command


def text(services: TwoServices) -> Any:
    (found,) = services.far.objects("memory_thing")
    return found.attributes["text"]


def queued(lab: CommandLine) -> list[str]:
    return [one["address"] for one in lab("sync", "--list", "--json").document["deferred"]]


def kinds(lab: CommandLine, *arguments: str) -> list[str]:
    return [event["event"] for event in lab("watch", "--json", *arguments).events]


def change(services: TwoServices, value: str) -> None:
    services.far.change("memory_thing", services.far.objects("memory_thing")[0].id, text=value)


def test_what_was_deferred_is_done_when_the_service_is_back_and_not_before(
    lab: CommandLine, services: TwoServices, rounds: Callable[..., object]
) -> None:
    seen: list[Any] = []
    rounds(lambda: None, lambda: seen.append(text(services)), services.far.heal, lambda: None)
    result = lab("watch", "--json")
    told = [(event["event"], event.get("state")) for event in result.events]
    assert told == [
        ("watching", None),
        ("transition", "down"),
        ("transition", "ready"),
        ("transition", "ready"),
        ("synced", None),
        ("ended", None),
    ]
    assert (seen, text(services), queued(lab)) == (["old"], "new", [])
    run = lab("state", "history", "--json").document["runs"][-1]
    assert run["command"] == "sync"
    assert run["why"] == "deferred, and carried out by watch: memory.far can be used again"
    assert lab("plan", "--detailed-exitcode").code == ExitCode.DONE


def test_what_somebody_has_changed_meanwhile_waits_for_a_yes_and_is_not_healed_either(
    lab: CommandLine, services: TwoServices, rounds: Callable[..., object]
) -> None:
    def back() -> None:
        services.far.heal()
        change(services, "by hand")

    rounds(back, lambda: None, lambda: None)
    result = lab("watch", "--heal", "--json")
    left = [event for event in result.events if event["event"] == "left"]
    assert [event["reason"] for event in left] == [
        "somebody has changed it in the service since it was deferred",
        "a write to it is deferred, and comes first: `reconciler sync --list` shows what waits",
    ]
    assert (text(services), queued(lab)) == ("by hand", ["memory_thing.there"])
    assert lab("sync", "--auto-approve").code == ExitCode.DONE
    assert (text(services), queued(lab)) == ("new", [])


def test_what_has_expired_is_left_and_told_once(
    lab: CommandLine,
    services: TwoServices,
    rounds: Callable[..., object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deferring, "KEPT", timedelta(0))
    lab("apply", "--auto-approve")
    rounds(services.far.heal, lambda: None, lambda: None)
    result = lab("watch", "--json")
    (left,) = [event for event in result.events if event["event"] == "left"]
    assert left["reason"].endswith("and has expired")
    assert text(services) == "old"


def test_a_configuration_that_was_rolled_back_is_not_what_is_carried_out(
    lab: CommandLine, services: TwoServices, rounds: Callable[..., object]
) -> None:
    lab.write(CHANGED.replace("here, text: old", "here, text: more"))
    lab("apply", "--auto-approve")
    services.far.heal()
    lab("rollback", "--auto-approve")
    rounds(lambda: None, lambda: None)
    assert "synced" not in kinds(lab, "--heal")
    assert text(services) == "old"


def test_what_was_put_right_by_hand_leaves_the_queue(
    lab: CommandLine, services: TwoServices, rounds: Callable[..., object]
) -> None:
    def back() -> None:
        services.far.heal()
        change(services, "new")

    rounds(back)
    lab("watch")
    assert queued(lab) == []
