"""An organisation is read in bulk: the calls of a refresh do not grow with its resources."""

from pathlib import Path

import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World
from tests.command_line import CommandLine

REPOSITORIES, LABELS = 50, 5
TEAMS = ("core", "qa")
TERRAFORM = 451
"""The requests of Terraform's no-op plan over the same resources."""


def organisation(base_url: str) -> str:
    """50 repositories, each with five labels, two grants and a protected branch, and two teams."""
    blocks = {
        "github_team": [f"    {team}: {{name: {team}}}" for team in TEAMS],
        "github_repository": [
            f"    r{number}: {{name: r{number}, topics: [qa], auto_init: true}}"
            for number in range(REPOSITORIES)
        ],
        "github_issue_label": [
            f'    r{number}_l{label}: {{repository: "${{github_repository.r{number}.name}}", '
            f"name: l{label}, color: '00000{label}'}}"
            for number in range(REPOSITORIES)
            for label in range(LABELS)
        ],
        "github_team_repository": [
            f'    r{number}_{team}: {{repository: "${{github_repository.r{number}.name}}", '
            f'team: "${{github_team.{team}.slug}}", permission: push}}'
            for number in range(REPOSITORIES)
            for team in TEAMS
        ],
        "github_branch_protection": [
            f'    r{number}: {{repository: "${{github_repository.r{number}.name}}", pattern: main}}'
            for number in range(REPOSITORIES)
        ],
    }
    lines = [
        "stack: organisation",
        "providers:",
        f'  github: {{owner: acme, token: "${{secret.GITHUB_TOKEN}}", base_url: "{base_url}"}}',
        "resources:",
    ]
    for type_name, entries in blocks.items():
        lines += [f"  {type_name}:", *entries]
    return "\n".join(lines) + "\n"


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
    assert requests <= 15 < TERRAFORM, host.requests()
