"""Where faults are tried: a directory, the services beside it, and both as they were at some points."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.clock import SystemClock
from reconciler.state.location import ROOM, state_path
from reconciler.state.model import Intent
from reconciler.state.sqlite import SqliteLedger
from tests.faults import census, stacks
from tests.faults.census import Census
from tests.faults.nursery import Ended, Nursery
from tests.faults.scenarios import Recovery, Scenario, Version
from tests.faults.services import Services
from tests.faults.trace import TracedStep, steps
from tests.faults.victim import Fault


@dataclass(frozen=True)
class Situation:
    """What there is: in the services, and in the state by address."""

    counted: Census
    living: Census
    """The same without what was thrown away, and without the history of payments."""
    addresses: frozenset[str]
    open_intents: tuple[Intent, ...]


@dataclass(frozen=True)
class Reference:
    """A story that nothing happened to: its steps, and how it ended."""

    steps: tuple[TracedStep, ...]
    calls: Mapping[str, int]
    """How many calls of each kind the run made."""
    situations: Mapping[str, Situation]
    """By the name of the recovery that a fault would need."""


class Ground:
    """One stack against one set of services; used by one test at a time."""

    def __init__(self, room: Path, services: Services, nursery: Nursery) -> None:
        self.services = services
        self._room, self._nursery = room, nursery
        self._directory = room / "stack"
        self._directory.mkdir()
        connections = services.connections(services.origin)
        self._environ = stacks.environ_of(connections)
        self._thirty = stacks.thirty(connections)
        self._points: dict[tuple[Version, ...], Path] = {}
        services.keep(self._point(()) / "world.db")

    def declare(self, version: Version) -> None:
        """Write a version of the stack."""
        stacks.write(version(self._thirty), self._directory)

    def run(self, *arguments: str, fault: Fault | None = None) -> Ended:
        """One command on the stack, until its last request has been carried out."""
        before = self.services.answered
        ended = self._nursery.run(["-C", str(self._directory), *arguments], self._environ, fault)
        self.services.wait_for(before + sum(note["moment"] == "sent" for note in ended.notes))
        return ended

    def begin(self, scenario: Scenario) -> None:
        """Bring everything to where a scenario begins."""
        self._go_to(scenario.earlier)
        self.declare(scenario.declared)

    def situation(self) -> Situation:
        """What there is just now."""
        world = self.services.show()
        path = state_path(self._directory, self._thirty["stack"], "default", "real")
        with SqliteLedger.open(
            path, stack="testx", environment="default", realm="real", clock=SystemClock(), read_only=True
        ) as ledger:
            return Situation(
                census.take(world),
                census.take(world, with_history=False),
                frozenset(map(str, ledger.objects())),
                tuple(ledger.open_intents()),
            )

    def reference(self, scenario: Scenario, recoveries: Sequence[Recovery]) -> Reference:
        """The scenario without a fault, its steps one by one."""
        situations = {}
        for recovery in recoveries:
            self.begin(scenario)
            if recovery.keeps_history:
                ended = self._succeed(scenario.command, "--auto-approve", "--parallelism", "1")
            self.declare(recovery.version)
            self._succeed("plan", "--detailed-exitcode")
            situations[recovery.name] = self.situation()
        counts: dict[str, int] = {}
        for note in ended.notes:
            if note["phase"] == "run" and note["moment"] == "before":
                counts[note["kind"]] = counts.get(note["kind"], 0) + 1
        return Reference(tuple(steps(ended.notes)), counts, situations)

    def _go_to(self, versions: tuple[Version, ...]) -> None:
        if versions not in self._points:
            self._go_to(versions[:-1])
            self.declare(versions[-1])
            self._succeed("apply", "--auto-approve")
            self._succeed("plan", "--detailed-exitcode")
            point = self._point(versions)
            self.services.keep(point / "world.db")
            shutil.copytree(self._directory / ROOM, point / ROOM)
        point = self._points[versions]
        self.services.bring_back(point / "world.db")
        shutil.rmtree(self._directory / ROOM, ignore_errors=True)
        if (point / ROOM).exists():
            shutil.copytree(point / ROOM, self._directory / ROOM)

    def _point(self, versions: tuple[Version, ...]) -> Path:
        point = self._room / f"point-{len(self._points)}"
        point.mkdir()
        self._points[versions] = point
        return point

    def _succeed(self, *arguments: str) -> Ended:
        ended = self.run(*arguments)
        assert ended.code == 0, f"without any fault, {arguments} ended with {ended.code}:\n{ended.out}"
        return ended
