"""The whole way, on the example: from nothing to what is declared, and back again."""

from typing import Any

import httpx
import pytest

from tests.command_line import CommandLine
from tests.functional.processes import served

OLD, NEW = "End-to-end tests of the ticket shop", "End-to-end tests"


def edit_description(testx: CommandLine) -> None:
    file = testx.directory / "resources" / "repository.yaml"
    text = file.read_text(encoding="utf-8")
    assert OLD in text
    file.write_text(text.replace(OLD, NEW), encoding="utf-8")


def world(testx: CommandLine) -> dict[str, list[dict[str, Any]]]:
    shown: dict[str, list[dict[str, Any]]] = testx("sandbox", "show", "--json").document["github"]
    return shown


@pytest.fixture
def applied(testx: CommandLine) -> CommandLine:
    assert testx.sandbox("apply", "--auto-approve").code == 0
    return testx


def test_a_first_plan_creates_everything_in_order_and_says_what_it_costs(testx: CommandLine) -> None:
    result = testx.sandbox("plan", "--detailed-exitcode")
    assert result.code == 2
    shown = [line.split()[1] for line in result.out.splitlines() if line.startswith("  # github_")]
    assert len(shown) == 14
    assert shown.index("github_repository.testx") < shown.index("github_branch.dev")
    assert shown.index("github_team.qa") < shown.index("github_team_repository.qa")
    assert "Plan: 14 to create, 0 to update, 0 to destroy · " in result.out
    assert "API calls (github " in result.out
    assert "left this hour" in result.out


def test_after_an_apply_there_is_nothing_to_do_and_no_drift(applied: CommandLine) -> None:
    plan = applied.sandbox("plan", "--detailed-exitcode")
    assert plan.code == 0, plan.out
    drift = applied.sandbox("drift")
    assert drift.code == 0, drift.out


def test_what_the_example_declares_is_there(applied: CommandLine) -> None:
    github = world(applied)
    assert [found["name"] for found in github["repositories"]] == ["testx"]
    assert {found["ref"] for found in github["branches"]} == {"refs/heads/main", "refs/heads/dev"}
    labels = {found["name"] for found in github["labels"]}
    assert {"bug", "epic", "story", "needs-triage", "P0", "P1", "P2"} <= labels
    assert len(github["branch_protection_rules"]) == 1
    assert len(github["actions_secrets"]) == 2
    assert [found["permission"] for found in github["team_repositories"]] == ["push"]


def test_changes_behind_its_back_are_named_with_what_to_do_and_repaired(applied: CommandLine) -> None:
    with served(applied.directory) as ready:
        github = httpx.Client(
            base_url=ready["github"]["base_url"],
            headers={"Authorization": f"Bearer {ready['github']['token']}"},
        )
        with github:
            for answer in (
                github.patch("/repos/acme/testx/labels/bug", json={"new_name": "defect"}),
                github.patch("/repos/acme/testx", json={"description": "not ours"}),
                github.delete("/repos/acme/testx/branches/main/protection"),
            ):
                answer.raise_for_status()
        drift = applied.sandbox("drift")
        assert drift.code == 2
        assert 'name = "bug" → "defect"' in drift.out
        assert f'description = "{OLD}" → "not ours"' in drift.out
        assert "github_branch_protection.main is missing" in drift.out
        assert drift.out.count("`reconciler apply`") == 3
        repaired = applied.sandbox("apply", "--auto-approve")
        assert "1 created, 2 updated" in repaired.out
        assert applied.sandbox("drift").code == 0


def test_rollback_is_exactly_the_step_back_and_the_same_apply_is_held(applied: CommandLine) -> None:
    before = world(applied)
    edit_description(applied)
    assert applied.sandbox("apply", "--auto-approve").code == 0
    assert world(applied)["repositories"][0]["description"] == NEW
    result = applied.sandbox("rollback", "--auto-approve")
    assert result.code == 0
    assert "Rollback complete: 1 updated" in result.out
    assert world(applied)["labels"] == before["labels"]
    assert world(applied)["repositories"][0]["description"] == OLD
    assert f'description = "{NEW}" → "{OLD}"' in applied.sandbox("snapshot", "diff").out
    held = applied.sandbox("apply", "--auto-approve")
    assert held.code == 1
    assert "--again" in held.err


def test_destroy_leaves_no_state_and_an_empty_organisation(applied: CommandLine) -> None:
    assert applied.sandbox("destroy", "--auto-approve").code == 0
    assert applied.sandbox("state", "list").out == ""
    github = world(applied)
    for kind in ("repositories", "branches", "labels", "branch_protection_rules", "teams", "actions_secrets"):
        assert github[kind] == []
    assert applied.sandbox("plan", "--detailed-exitcode").code == 2


def test_a_destroyed_stack_can_be_rolled_back_to(applied: CommandLine) -> None:
    applied.sandbox("destroy", "--auto-approve")
    back = applied.sandbox("rollback", "--auto-approve")
    assert back.code == 0, back.out + back.err
    plan = applied.sandbox("plan", "--detailed-exitcode")
    assert plan.code == 0, plan.out


def test_no_secret_is_in_the_state_or_in_anything_printed(testx: CommandLine) -> None:
    testx.environ = {"SHOP_API_KEY": "k3y-of-the-shop", "SHOP_PASSWORD": "pa55-of-the-shop"}
    printed = ""
    for arguments in (
        ("plan",), ("plan", "--json"), ("-v", "apply", "--auto-approve"), ("state", "list", "--json"),
        ("snapshot", "show", "15", "--json"), ("output", "--json"), ("drift", "--json"), ("plan", "--json"),
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
