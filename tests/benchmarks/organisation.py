"""Requests of whole commands over an organisation on the emulated GitHub, as the emulator counts them."""

import os
import tempfile
from pathlib import Path

from reconciler.sandbox.host import Host
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World
from tests.benchmarks.measure import measure

REPOSITORIES, LABELS = 50, 5
TEAMS = ("core", "qa")
TERRAFORM = {"apply": 1372, "plan": 451}
"""Requests of Terraform 1.11 with its GitHub provider over the same resources."""


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


def print_requests(command: str) -> None:
    """Print how many requests an apply and a plan without changes make."""
    host = Host(World())
    with running(host) as origin, tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        connection = host.connections(origin)["github"]
        text = organisation(connection["base_url"])
        (directory / "reconciler.yaml").write_text(text, encoding="utf-8")
        environment = {**os.environ, "GITHUB_TOKEN": connection["token"]}
        print("\nrequests to GitHub for 452 resources (50 repositories)")
        before = 0
        for name, arguments in {"apply": ["apply", "--auto-approve"], "plan": ["plan"]}.items():
            measure([command, *arguments], directory, environment)
            after = sum(host.requests()["github"].values())
            count, theirs = after - before, TERRAFORM[name]
            print(f"  {name:<6} {count:>5}   Terraform: {theirs:>5}   {theirs / count:6.1f} x as many")
            before = after
