"""The ground that faults are tried on, and what the trials of a test came to."""

from collections.abc import Callable, Generator, Iterator

import pytest

from tests.faults.ground import Ground
from tests.faults.nursery import Nursery
from tests.faults.services import serving
from tests.faults.trials import Verdict
from tests.faults_report import COUNTS, FAILED
from tests.faults_scale import ALL

collect_ignore = [] if ALL else ["test_every_step.py"]


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    room = tmp_path_factory.mktemp("faults")
    with serving(room / "world.db") as services, Nursery(room) as nursery:
        yield Ground(room, services, nursery)


@pytest.fixture
def verdict(record_property: Callable[[str, object], None]) -> Iterator[Verdict]:
    """What a test's trials come to. The test fails with all that went wrong in any of them."""
    found = Verdict()
    yield found
    for name in COUNTS:
        record_property(name, getattr(found, name))
    record_property(FAILED, len(found.failures))


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Let a test fail with all that went wrong in its trials."""
    result = yield
    verdict = pyfuncitem.funcargs.get("verdict")
    if isinstance(verdict, Verdict) and verdict.failures:
        pytest.fail("\n\n".join(verdict.failures), pytrace=False)
    return result
