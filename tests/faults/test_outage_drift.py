"""Drift checks of services of which 20% of the calls fail: what could not be read is unknown, never drift.

In this process and on a clock of its own, an hour from check to check, so that nothing waits.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.errors import ReconcilerError
from reconciler.operations.drift import find_drift
from reconciler.operations.embedded import EmbeddedServices
from reconciler.operations.workspace import Setting, opened
from reconciler.registry import Registry
from reconciler.sandbox.host import Host
from reconciler.sandbox.outages import outage
from reconciler.sandbox.world import World
from reconciler.testing import FakeClock
from tests.command_line import CommandLine
from tests.faults_scale import scaled

EXAMPLE = Path(__file__).parents[2] / "examples" / "testx"
CHECKS = scaled(25, 1000)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def host(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    host = Host(World(clock=clock.now), sleep=clock.sleep)
    monkeypatch.setattr(EmbeddedServices, "_host", host)
    yield host
    host.world.close()


@pytest.fixture
def setting(tmp_path: Path, capsys: pytest.CaptureFixture[str], clock: FakeClock, host: Host) -> Setting:
    """The example, applied."""
    directory = tmp_path / "testx"
    shutil.copytree(EXAMPLE, directory, ignore=shutil.ignore_patterns(".reconciler", ".env"))
    applied = CommandLine(directory, capsys).sandbox("apply", "--auto-approve")
    assert applied.code == 0, applied.err
    return Setting(directory, Registry.installed(), is_sandbox=True, clock=clock)


def test_no_drift_is_reported_that_is_not_there_when_one_call_in_five_fails(
    setting: Setting, host: Host, clock: FakeClock
) -> None:
    false, unread, whole, failed = [], 0, 0, 0
    for number in range(CHECKS):
        clock.advance(3600)
        impatient = replace(setting, environ={"INTEGRATION_RETRY_MAX_ATTEMPTS": str(1 + number % 2)})
        now = host.outages.now()
        host.outages.set(
            outage(service, "flaky", begins=now, rate=0.2, seed=number) for service in host.emulators
        )
        try:
            with opened(impatient) as workspace:
                report = find_drift(workspace)
        except ReconcilerError:
            failed += 1  # it says that it could not be found out, and claims nothing
            continue
        false += [f"check {number}: {found}" for found in (*report.changed, *report.failed_expectations)]
        unread += len(report.unread)
        whole += not report.unread
    assert not false, "\n".join(false)
    assert unread > CHECKS
    assert whole > 0
    assert failed == 0


def test_what_has_drifted_is_found_as_soon_as_it_can_be_read(setting: Setting, host: Host) -> None:
    repositories = host.emulators["github"].show()["repositories"]
    with host.world.transaction():
        shelf = host.world.shelf("github", {"repository": ("owner_id", "name")})
        repository = shelf.get("repository", repositories[0]["id"])
        assert repository is not None
        shelf.put("repository", repository["id"], {**repository, "description": "changed by hand"})
    with opened(setting) as workspace:
        assert [str(found.address) for found in find_drift(workspace).changed] == ["github_repository.testx"]
