"""One outage of one service during one command, one ``apply`` after it, and what is wrong then."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from reconciler.sandbox.outages import MODES, Mode
from tests.faults.census import compare
from tests.faults.outage_ground import ATTEMPTS, OutageGround, Run
from tests.faults.situation import Situation
from tests.faults.stacks import MIXED

SERVICES = ("slack", "notion", "github", "anykrowd")
LOOKS = 1
"""Calls that looking up a lost step takes, taken over all steps; each is made ATTEMPTS times at most."""

_TAIL = 1500


@dataclass(frozen=True)
class Command:
    """What is done: from which point, and to which version; ``repair`` is the one ``apply`` after it."""

    arguments: tuple[str, ...]
    point: str
    declared: str
    repair: tuple[str, ...] = ("apply", "--auto-approve")
    keeps_history: bool = True
    changes: bool = True


COMMANDS: Mapping[str, Command] = {
    "plan": Command(("plan",), "made", "changed", changes=False),
    "apply": Command(("apply", "--auto-approve"), "made", "changed"),
    "drift": Command(("drift",), "made", "made", changes=False),
    "rollback": Command(
        ("rollback", "--auto-approve"),
        "changed",
        "changed",
        repair=("apply", "--auto-approve", "--again"),
        keeps_history=False,
    ),
}


@dataclass(frozen=True)
class Cell:
    """One cell of the matrix. All that is random about it is drawn from its name."""

    mode: Mode
    service: str
    command: str

    def __str__(self) -> str:
        return f"{self.command} while {self.service} is {self.mode}"

    @property
    def rate(self) -> float:
        """The share of calls that are hit."""
        return random.Random(f"rate of {self}").choice((0.2, 0.4, 1.0))

    @property
    def seed(self) -> int:
        """The outage's seed."""
        return random.Random(f"seed of {self}").randrange(1000)


def cells(commands: tuple[str, ...]) -> list[Cell]:
    """All modes, of all services, during these commands."""
    return [Cell(mode, service, each) for each in commands for mode in MODES for service in SERVICES]


def problems(ground: OutageGround, cell: Cell, *, is_thorough: bool) -> list[str]:
    """What is wrong after an outage; nothing, if the cell holds.

    Where it is not thorough, a command that got over the outage is not repeated: what is there is looked at.
    """
    command = COMMANDS[cell.command]
    usual = ground.usual_calls(command.point, command.declared, *command.arguments)
    ground.go_to(command.point, command.declared)
    ground.declare(command.declared, hasty=cell.service if cell.mode == "slow" else None)
    hit = ground.run_in(cell.service, cell.mode, cell.rate, cell.seed, *command.arguments)
    runs = [hit]
    found = list(_during(ground, cell, command, hit, usual))
    ground.declare(command.declared)
    if is_thorough or hit.ended.code != 0 or cell.command != "apply":
        runs.append(ground.run(*command.repair))
        if runs[-1].ended.code != 0:
            found.append(f"the apply after it ended with {runs[-1].ended.code}")
    if is_thorough:
        runs.append(ground.run("plan", "--detailed-exitcode"))
        if runs[-1].ended.code != 0:
            found.append(f"the plan after that ended with {runs[-1].ended.code}")
    found += _afterwards(ground.situation(), ground.expected(command.declared), command)
    for number, run in enumerate(runs):
        found += [f"command {number} shows a traceback"] * ("Traceback" in run.ended.out)
        found += [f"command {number} shows a secret"] * any(each in run.ended.out for each in ground.secrets)
    if found:
        found += [f"--- command {number}: {run.ended.out[-_TAIL:]}" for number, run in enumerate(runs)]
    return found


def bound(usual: int, service: str, *, changes: bool) -> int:
    """The calls of a service that a command may make in an outage.

    Each call that it makes anyway is made ATTEMPTS times at most, and so is each of the LOOKS that find out
    what became of a step; a replacement is two steps.
    """
    steps = 2 * sum(address.startswith(f"{service}_") for address in MIXED) if changes else 0
    return ATTEMPTS * (usual + LOOKS * steps)


def _during(
    ground: OutageGround, cell: Cell, command: Command, hit: Run, usual: Mapping[str, int]
) -> Iterator[str]:
    assert hit.seen is not None
    if cell.rate == 1 and cell.mode not in ("reset-after-write", "clock-skew") and not hit.seen.hit:
        yield "no call was hit"
    for service, number in hit.calls.items():
        most = bound(usual[service], service, changes=command.changes)
        if number > most:
            yield f"{number} calls of {service}, where {usual[service]} are usual and {most} the most"
    if not command.changes and ground.situation() != ground.expected(command.point):
        yield "a command that only looks has changed something"


def _afterwards(found: Situation, expected: Situation, command: Command) -> Iterator[str]:
    if command.keeps_history:
        yield from compare(found.counted, expected.counted).lines()
    else:
        yield from compare(found.living, expected.living).lines()
    for address in sorted(expected.addresses ^ found.addresses):
        yield f"the state is wrong about {address}"
    for intent in found.open_intents:
        yield f"an intent is open: {intent.action} {intent.address}"
