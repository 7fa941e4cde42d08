"""Large workspaces are read in bulk: what a plan without changes asks, counted by the emulators."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World
from tests.command_line import CommandLine

CHANNELS, USER_GROUPS = 5_000, 200
DATABASES, PROPERTIES = 300, 20
ADOPT = "lifecycle: {on_exists: adopt}"


@pytest.fixture
def host() -> Host:
    return Host(World())


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str], host: Host) -> Iterator[CommandLine]:
    line = CommandLine(tmp_path, capsys)
    with running(host) as origin:
        connections = host.connections(origin)
        for service in ("slack", "notion"):
            line.environ[f"RECONCILER_VAR_{service}_url"] = connections[service]["base_url"]
            line.environ[f"{service.upper()}_TOKEN"] = connections[service]["token"]
        line.environ["RECONCILER_VAR_root"] = connections["notion"]["root_page"]
        yield line


def calls_of_a_plan_without_changes(line: CommandLine, host: Host, service: str) -> int:
    """Adopt what is there, then count what the next plan asks."""
    adopted = line("apply", "--auto-approve")
    assert adopted.code == 0, adopted.out[-2000:] + adopted.err
    before = sum(host.requests()[service].values())
    planned = line("plan", "--detailed-exitcode")
    assert planned.code == 0, planned.out[-2000:] + planned.err
    return sum(host.requests()[service].values()) - before


def test_5000_channels_and_200_user_groups_take_at_most_10_calls(line: CommandLine, host: Host) -> None:
    host.seed({
        "slack": {
            "limits": {"enforced": False},
            "channels": [{"name": f"c{number}"} for number in range(CHANNELS)],
            "usergroups": [
                {"name": f"Group {number}", "handle": f"g{number}", "users": ["alice"]}
                for number in range(USER_GROUPS)
            ],
        }
    })  # fmt: skip
    line.write("\n".join([
        "stack: slack",
        "variables: {slack_url: {type: string}}",
        'providers: {slack: {token: "${secret.SLACK_TOKEN}", base_url: "${var.slack_url}"}}',
        "resources:",
        "  slack_channel:",
        *(f"    c{number}: {{name: c{number}, {ADOPT}}}" for number in range(CHANNELS)),
        "  slack_usergroup:",
        *(
            f"    g{number}: {{name: Group {number}, handle: g{number}, {ADOPT}}}"
            for number in range(USER_GROUPS)
        ),
    ]))  # fmt: skip
    assert calls_of_a_plan_without_changes(line, host, "slack") <= 10


def test_300_databases_of_20_properties_take_at_most_310_calls(line: CommandLine, host: Host) -> None:
    names = [f"P{number}" for number in range(PROPERTIES - 1)]
    host.seed({
        "notion": {
            "limits": {"requests_per_second": 10_000, "burst": 10_000},
            "databases": [
                {
                    "title": f"Database {number}",
                    "properties": {"Name": {"title": {}}, **{name: {"rich_text": {}} for name in names}},
                }
                for number in range(DATABASES)
            ],
        }
    })  # fmt: skip
    properties = ", ".join(["Name: title", *(f"{name}: rich_text" for name in names)])
    line.write("\n".join([
        "stack: notion",
        "variables: {notion_url: {type: string}, root: {type: string}}",
        'providers: {notion: {token: "${secret.NOTION_TOKEN}", base_url: "${var.notion_url}"}}',
        "resources:",
        "  notion_database:",
        *(
            f'    d{number}: {{parent: "${{var.root}}", title: Database {number}, '
            f"properties: {{{properties}}}, {ADOPT}}}"
            for number in range(DATABASES)
        ),
    ]))  # fmt: skip
    assert calls_of_a_plan_without_changes(line, host, "notion") <= 310
