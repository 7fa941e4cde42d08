"""The whole way, on the example: from nothing to what is declared, and back again."""

import json
import re
from typing import Any

import pytest

from tests.command_line import CommandLine

OLD, NEW = "End-to-end tests of the ticket shop", "End-to-end tests"


def edit_description(testx: CommandLine) -> None:
    file = testx.directory / "resources" / "repository.yaml"
    text = file.read_text(encoding="utf-8")
    assert OLD in text
    file.write_text(text.replace(OLD, NEW), encoding="utf-8")


def world(testx: CommandLine, service: str) -> dict[str, list[dict[str, Any]]]:
    shown: dict[str, list[dict[str, Any]]] = testx("sandbox", "show", service, "--json").document[service]
    return shown


def named(objects: list[dict[str, Any]], name: str) -> dict[str, Any]:
    (found,) = [each for each in objects if each["name"] == name]
    return found


@pytest.fixture
def applied(testx: CommandLine) -> CommandLine:
    assert testx.sandbox("apply", "--auto-approve").code == 0
    return testx


def test_a_first_plan_creates_everything_in_order_and_says_what_it_costs(testx: CommandLine) -> None:
    result = testx.sandbox("plan", "--detailed-exitcode")
    assert result.code == 2
    shown = [line.split()[1] for line in result.out.splitlines() if line.startswith("  # ")]
    assert len(shown) == 27
    assert shown.index("slack_channel.testx") < shown.index("notion_page.testx")
    assert shown.index("notion_page.testx") < shown.index("github_repository.testx")
    assert shown.index("github_repository.testx") < shown.index("github_branch.dev")
    assert shown.index("github_team.qa") < shown.index("github_team_repository.qa")
    assert "Plan: 27 to create, 0 to update, 0 to destroy · " in result.out
    cost = result.out.splitlines()[-1]
    for service in ("slack", "notion", "github", "anykrowd"):
        assert re.search(rf"API calls \(.*\b{service} [1-9]", cost), cost
    assert "GitHub GraphQL calls left this hour" in cost
    assert "anyKrowd calls left this hour" in cost


def test_after_an_apply_there_is_nothing_to_do_and_no_drift(applied: CommandLine) -> None:
    plan = applied.sandbox("plan", "--detailed-exitcode")
    assert plan.code == 0, plan.out
    drift = applied.sandbox("drift")
    assert drift.code == 0, drift.out


def test_what_the_example_declares_is_there_in_slack_and_notion(applied: CommandLine) -> None:
    slack = world(applied, "slack")
    channel = named(slack["channels"], "testx")
    assert channel["topic"] == "Results of the end-to-end tests"
    assert {"alice", "bob"} <= set(channel["members"])
    assert [found["handle"] for found in slack["usergroups"]] == ["testx-maintainers"]
    assert [found["title"] for found in slack["bookmarks"]] == ["Repository"]
    notion = world(applied, "notion")
    assert "TestX" in [found["title"] for found in notion["pages"]]
    properties = {found["title"]: found["properties"] for found in notion["data_sources"]}
    assert set(properties) == {"Test Executions", "Test Cases", "Errors"}
    assert {"Run ID", "Status", "Trace Files", "Test Cases", "Errors"} <= set(properties["Test Executions"])
    assert {"Test Name", "Priority", "Maintainer", "Test Executions"} <= set(properties["Test Cases"])
    outputs = applied.sandbox("output", "--json").document
    assert channel["id"] in json.dumps(outputs)


def test_what_the_example_declares_is_there_in_github_and_anykrowd(applied: CommandLine) -> None:
    github = world(applied, "github")
    assert [found["name"] for found in github["repositories"]] == ["testx"]
    page = applied.sandbox("output", "page").out.strip()
    assert github["repositories"][0]["homepage"] == page
    assert {found["ref"] for found in github["branches"]} == {"refs/heads/main", "refs/heads/dev"}
    labels = {found["name"] for found in github["labels"]}
    assert {"bug", "epic", "story", "needs-triage", "P0", "P1", "P2"} <= labels
    assert len(github["branch_protection_rules"]) == 1
    secrets = {found["name"] for found in github["actions_secrets"]}
    assert secrets == {"SLACK_BOT_TOKEN", "NOTION_TOKEN", "ANYKROWD_API_KEY"}
    assert [found["permission"] for found in github["team_repositories"]] == ["push"]
    staff = world(applied, "anykrowd")["staff_members"]
    assert {found["external_id"] for found in staff} == {"testx-scanner", "testx-manager"}


def test_rollback_is_exactly_the_step_back_and_the_same_apply_is_held(applied: CommandLine) -> None:
    before = applied("sandbox", "show", "--json").document
    edit_description(applied)
    assert applied.sandbox("apply", "--auto-approve").code == 0
    assert world(applied, "github")["repositories"][0]["description"] == NEW
    result = applied.sandbox("rollback", "--auto-approve")
    assert result.code == 0
    assert "Rollback complete: 1 updated" in result.out
    after = applied("sandbox", "show", "--json").document
    for service in ("slack", "notion", "anykrowd"):
        assert after[service] == before[service]
    assert after["github"]["labels"] == before["github"]["labels"]
    assert after["github"]["repositories"][0]["description"] == OLD
    assert f'description = "{NEW}" → "{OLD}"' in applied.sandbox("snapshot", "diff").out
    held = applied.sandbox("apply", "--auto-approve")
    assert held.code == 1
    assert "--again" in held.err


def test_no_secret_is_in_the_state_or_in_anything_printed(testx: CommandLine) -> None:
    testx.environ = {
        "SLACK_BOT_TOKEN": "xoxb-of-the-team",
        "NOTION_TOKEN": "ntn_of_the_team",
        "ANYKROWD_API_KEY": "k3y-of-the-tenant",
    }
    printed = ""
    for arguments in (
        ("plan",), ("plan", "--json"), ("-v", "apply", "--auto-approve"), ("state", "list", "--json"),
        ("snapshot", "show", "28", "--json"), ("output", "--json"), ("drift", "--json"), ("plan", "--json"),
    ):  # fmt: skip
        result = testx.sandbox(*arguments)
        assert result.code == 0, result.err
        printed += result.out + result.err
    kept = b"".join(
        file.read_bytes() for file in (testx.directory / ".reconciler").rglob("*") if file.is_file()
    )
    for secret in testx.environ.values():
        assert secret not in printed
        assert secret.encode() not in kept
