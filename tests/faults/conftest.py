"""The ground that faults are tried on, and what they came to, summed over all tests."""

from collections.abc import Callable, Iterator
from dataclasses import fields

import pytest

from tests.faults.ground import Ground, Reference
from tests.faults.nursery import Nursery
from tests.faults.scale import IS_FULL
from tests.faults.scenarios import Scenario, recoveries
from tests.faults.services import serving
from tests.faults.trials import Verdict

collect_ignore = [] if IS_FULL else ["test_every_step.py"]

_COUNTS = tuple(field.name for field in fields(Verdict) if field.name != "failures")


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    room = tmp_path_factory.mktemp("faults")
    with serving(room / "world.db") as services, Nursery(room) as nursery:
        yield Ground(room, services, nursery)


@pytest.fixture(scope="session")
def reference_of(ground: Ground) -> Callable[[Scenario], Reference]:
    """A scenario as it goes without a fault; each is carried out once."""
    known: dict[str, Reference] = {}

    def find(scenario: Scenario) -> Reference:
        if scenario.name not in known:
            known[scenario.name] = ground.reference(scenario, recoveries(scenario))
        return known[scenario.name]

    return find


@pytest.fixture
def verdict(record_property: Callable[[str, object], None]) -> Iterator[Verdict]:
    """What a test's trials come to. The test fails with all that went wrong in any of them."""
    found = Verdict()
    yield found
    for name in _COUNTS:
        record_property(name, getattr(found, name))
    if found.failures:
        pytest.fail("\n\n".join(found.failures), pytrace=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what all trials came to."""
    sums = dict.fromkeys(_COUNTS, 0)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "teardown":
                for name, number in report.user_properties:
                    if name in sums:
                        sums[name] += number
    if sums["kills"]:
        terminalreporter.write_line(", ".join(f"{name} {number}" for name, number in sums.items()))
