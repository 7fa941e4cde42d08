"""An organisation is read in bulk: the calls of a refresh do not grow with its resources."""

from pathlib import Path

import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World
from tests.benchmarks.organisation import TERRAFORM, organisation
from tests.command_line import CommandLine


def test_450_resources_plan_to_no_changes_in_at_most_15_requests(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    host = Host(World())
    with running(host) as origin:
        connection = host.connections(origin)["github"]
        line = CommandLine(tmp_path, capsys)
        line.environ = {"GITHUB_TOKEN": connection["token"]}
        line.write(organisation(connection["base_url"]))
        applied = line("apply", "--auto-approve")
        assert applied.code == 0, applied.out[-3000:] + applied.err
        assert len(line("state", "list").out.splitlines()) == 452
        before = sum(host.requests()["github"].values())
        assert line("plan", "--detailed-exitcode").code == 0
        requests = sum(host.requests()["github"].values()) - before
    assert requests <= 15 < TERRAFORM["plan"], host.requests()
