"""Where faults are tried: a directory, the services beside it, and both as they were at some points."""

import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.state.location import ROOM
from tests.faults import stacks
from tests.faults.nursery import Ended, Nursery
from tests.faults.scenarios import Recovery, Scenario
from tests.faults.services import Services
from tests.faults.situation import Situation, situation
from tests.faults.trace import TracedStep, steps
from tests.faults.versions import Version
from tests.faults.victim import Fault


@dataclass(frozen=True)
class Reference:
    """A run that nothing happened to: its steps, and how many calls of each kind it made."""

    steps: tuple[TracedStep, ...]
    calls: Mapping[str, int]


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
        self._references: dict[str, Reference] = {}
        self._expected: dict[tuple[str, str], Situation] = {}
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

    def keep(self, name: str) -> None:
        """Remember how everything is."""
        self._keep(self._room / name)

    def go_back(self, name: str) -> None:
        """Bring everything to where it was when that was kept."""
        self._restore(self._room / name)

    def situation(self) -> Situation:
        """What there is just now."""
        return situation(self.services, self._directory)

    def reference(self, scenario: Scenario) -> Reference:
        """The scenario without a fault, its steps one by one; it is carried out once."""
        if scenario.name not in self._references:
            self.begin(scenario)
            notes = self._carried_out(scenario).notes
            before = [note for note in notes if (note["phase"], note["moment"]) == (scenario.phase, "before")]
            calls = Counter(note["kind"] for note in before)
            self._references[scenario.name] = Reference(tuple(steps(notes, scenario.phase)), calls)
        return self._references[scenario.name]

    def expected(self, scenario: Scenario, recovery: Recovery) -> Situation:
        """What there is after a scenario without a fault, and what comes after it; it is carried out once."""
        if (scenario.name, recovery.name) not in self._expected:
            self.begin(scenario)
            self._carried_out(scenario)
            if not recovery.goes_on and not recovery.keeps_history:
                self.declare(recovery.declared)
                self._succeed(*recovery.arguments)
            self.declare(recovery.holds)
            self._succeed("plan", "--detailed-exitcode")
            self._expected[scenario.name, recovery.name] = self.situation()
        return self._expected[scenario.name, recovery.name]

    def _carried_out(self, scenario: Scenario) -> Ended:
        return self._succeed(*scenario.arguments, "--auto-approve", "--parallelism", "1", code=scenario.code)

    def _go_to(self, versions: tuple[Version, ...]) -> None:
        if versions not in self._points:
            self._go_to(versions[:-1])
            self.declare(versions[-1])
            self._succeed("apply", "--auto-approve")
            self._succeed("plan", "--detailed-exitcode")
            self._points[versions] = self._room / f"point-{len(self._points)}"
            self._keep(self._points[versions])
        self._restore(self._points[versions])

    def _keep(self, point: Path) -> None:
        point.mkdir()
        self.services.keep(point / "world.db")
        shutil.copytree(self._directory / ROOM, point / ROOM)

    def _restore(self, point: Path) -> None:
        self.services.bring_back(point / "world.db")
        shutil.rmtree(self._directory / ROOM, ignore_errors=True)
        if (point / ROOM).exists():
            shutil.copytree(point / ROOM, self._directory / ROOM)

    def _point(self, versions: tuple[Version, ...]) -> Path:
        point = self._room / f"point-{len(self._points)}"
        point.mkdir()
        self._points[versions] = point
        return point

    def _succeed(self, *arguments: str, code: int = 0) -> Ended:
        ended = self.run(*arguments)
        assert ended.code == code, f"without any fault, {arguments} ended with {ended.code}:\n{ended.out}"
        return ended
