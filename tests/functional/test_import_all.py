"""From a world made by hand to a stack: what ``import --all`` writes plans to no changes."""

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from reconciler.sandbox.host import Host
from tests.command_line import CommandLine
from tests.functional.adopted import SEED, STACK, adopt_what_is_written, changes_nothing
from tests.functional.documented import succeeds

LISTS = {"github": 2 + 3, "slack": 4, "notion": 0}
"""Calls that listing takes beyond reading: GitHub's lists of repositories and teams, and the secrets of the
three repositories that turn out to have none; the bookmarks of Slack's four channels that have none."""


def calls(host: Host, service: str) -> int:
    """How many calls the service has had."""
    return sum(host.requests().get(service, {}).values())


@pytest.fixture
def line(
    testx: CommandLine, open_world: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """An empty stack beside a world in which the example was carried out, and more was done by hand."""
    succeeds(testx.sandbox("apply", "--auto-approve", "--parallelism", "1"))  # ids follow the order of calls
    open_world.seed(yaml.safe_load(SEED))
    directory = tmp_path / "world"
    directory.mkdir()
    line = CommandLine(directory, capsys)
    line.write(STACK)
    return line


@pytest.mark.parametrize("service", ["github", "slack", "notion", "anykrowd"])
def test_what_is_written_plans_to_no_changes_and_stays_so(
    service: str, line: CommandLine, open_world: Host
) -> None:
    file = line.directory / f"{service}.yaml"
    before = calls(open_world, service)
    done = line.sandbox("import", "--all", service, "--generate", str(file))
    assert done.code == 0, done.out + done.err
    asked = calls(open_world, service) - before
    if service == "anykrowd":
        assert not file.exists()  # nothing of it can be listed
        return
    adopt_what_is_written(line, file)
    changes_nothing(line, file)
    before = calls(open_world, service)
    succeeds(line.sandbox("plan"))
    assert asked <= calls(open_world, service) - before + LISTS[service]
    nothing = line.sandbox("import", "--all", service, "--json")
    assert nothing.code == 0, nothing.err
    assert nothing.document["imports"] == []


@pytest.mark.parametrize("service", ["github", "slack", "notion", "anykrowd"])
def test_what_is_written_reads_like_what_a_person_writes(
    service: str, line: CommandLine, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    printed = line.sandbox("import", "--all", service)
    assert printed.code == 0, printed.err
    golden(f"adoption/{service}.yaml", printed.out)
    golden(f"adoption/{service}.txt", printed.err)
