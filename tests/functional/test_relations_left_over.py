"""However a database goes whose relation another one shows: the name over there is free again."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from reconciler.sandbox.host import Host
from tests.command_line import CommandLine

ERRORS = """
    errors: {parent: "${notion_page.docs.id}", title: Errors}
"""
RELATION = """
  notion_relation:
    errors_of_runs:
      database: ${notion_database.errors.id}
      name: Runs
      target: ${notion_database.runs.id}
      synced_property: Errors
"""
STACK = """
stack: relations
providers:
  notion: {token: "${secret.NOTION_TOKEN}"}
resources:
  notion_page:
    docs: {parent: "${env.NOTION_ROOT_PAGE}", title: Docs}
  notion_database:
    runs: {parent: "${notion_page.docs.id}", title: Runs}
"""


@pytest.fixture
def applied(command: CommandLine, open_world: Host) -> CommandLine:
    command.environ["NOTION_ROOT_PAGE"] = open_world.connections()["notion"]["root_page"]
    command.write(STACK + ERRORS + RELATION)
    apply(command)
    return command


@pytest.fixture
def notion(open_world: Host) -> Iterator[httpx.Client]:
    connection = open_world.connections()["notion"]
    headers = {"Authorization": f"Bearer {connection['token']}", "Notion-Version": "2025-09-03"}
    url = f"{connection['base_url']}/v1"
    with httpx.Client(transport=open_world.transport(), base_url=url, headers=headers) as client:
        yield client


def apply(command: CommandLine) -> None:
    result = command.sandbox("apply", "--auto-approve")
    assert result.code == 0, result.out + result.err
    assert command.sandbox("plan", "--detailed-exitcode").code == 0


def recorded(command: CommandLine, address: str) -> dict[str, Any]:
    resources = command.sandbox("state", "list", "--json").document["resources"]
    (found,) = [each for each in resources if each["address"] == address]
    attributes: dict[str, Any] = found["attributes"]
    return attributes


def properties(command: CommandLine, notion: httpx.Client, name: str) -> list[str]:
    source = recorded(command, f"notion_database.{name}")["data_source_id"]
    return list(notion.get(f"/data_sources/{source}").raise_for_status().json()["properties"])


def trash(command: CommandLine, notion: httpx.Client, name: str, *, is_back: bool = False) -> None:
    database = recorded(command, f"notion_database.{name}")["id"]
    notion.patch(f"/databases/{database}", json={"in_trash": not is_back}).raise_for_status()


@pytest.mark.parametrize("name", ["errors", "runs"])
def test_a_relation_comes_back_with_a_database_that_was_trashed_by_hand(
    applied: CommandLine, notion: httpx.Client, name: str
) -> None:
    trash(applied, notion, name)
    plan = " ".join(applied.sandbox("plan").out.split())
    assert f"notion_database.{name} will be created" in plan
    assert "notion_relation.errors_of_runs must be replaced" in plan
    apply(applied)
    assert properties(applied, notion, "errors") == ["Name", "Runs"]
    assert properties(applied, notion, "runs") == ["Name", "Errors"]


def test_the_plan_tells_what_is_left_of_the_relation_and_nothing_is_done_when_the_database_is_restored(
    applied: CommandLine, notion: httpx.Client
) -> None:
    before = recorded(applied, "notion_relation.errors_of_runs")
    trash(applied, notion, "errors")
    drift = applied.sandbox("drift")
    assert drift.code == 2
    assert "notion_database.errors is missing" in drift.out
    assert "notion_relation.errors_of_runs has changed" in drift.out
    trash(applied, notion, "errors", is_back=True)
    assert applied.sandbox("drift").code == 0
    assert applied.sandbox("plan", "--detailed-exitcode").code == 0
    assert recorded(applied, "notion_relation.errors_of_runs") == before


def test_a_relation_of_a_database_that_was_trashed_by_hand_goes_when_it_is_declared_no_more(
    applied: CommandLine, notion: httpx.Client
) -> None:
    trash(applied, notion, "errors")
    applied.write(STACK)
    apply(applied)
    assert properties(applied, notion, "runs") == ["Name"]


def test_a_database_that_is_removed_leaves_nothing_of_its_relation(
    applied: CommandLine, notion: httpx.Client
) -> None:
    applied.write(STACK)
    apply(applied)
    assert properties(applied, notion, "runs") == ["Name"]
    applied.write(STACK + ERRORS + RELATION)
    apply(applied)
    assert properties(applied, notion, "runs") == ["Name", "Errors"]


def test_a_rollback_brings_a_relation_back_whose_database_was_trashed_by_hand(
    applied: CommandLine, notion: httpx.Client
) -> None:
    applied.write((STACK + ERRORS + RELATION).replace("title: Docs", "title: Documents"))
    apply(applied)
    trash(applied, notion, "errors")
    result = applied.sandbox("rollback", "--auto-approve")
    assert result.code == 0, result.out + result.err
    assert properties(applied, notion, "runs") == ["Name", "Errors"]
    assert "nothing differs" in applied.sandbox("snapshot", "diff", "--live").out
