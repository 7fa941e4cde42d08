"""What docs/outages.md says of each service that is down, alone and with others, on the example."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.outages import outage
from tests.command_line import CommandLine
from tests.unit.docs.markdown import section

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "testx"
SERVICES = ("slack", "notion", "github", "anykrowd")

EDITS = {
    "slack.yaml": [
        ("topic: Results", "topic: {n} results"),
        ("    repository:\n      channel", "    repository{n}:\n      channel"),
        ("title: Repository", "title: Repository {n}"),
    ],
    "notion.yaml": [
        ("description: What keeps going wrong", "description: What went wrong {n} times"),
        (
            "\n  # A relation",
            "\n    more{n}: {parent: '${notion_page.testx.id}', title: More {n}, properties: {Name: title}}"
            "\n\n  # A relation",
        ),
    ],
    "repository.yaml": [("description: End-to-end tests", "description: {n} end-to-end tests")],
    "labels.yaml": [("    P1:\n", "    P1-{n}:\n"), ("name: P1\n", "name: P1-{n}\n")],
    "anykrowd.yaml": [
        ("last_name: Scanner", "last_name: Scanner {n}"),
        ("external_id: testx-manager", "external_id: testx-manager-{n}"),
        ("external_qr_code: TESTX-MANAGER", "external_qr_code: TESTX-MANAGER-{n}"),
    ],
}
"""In every service something is changed and, as far as it can be, something is made, deleted or replaced."""


@dataclass(frozen=True)
class Row:
    """A row of the page's table: what is down, what goes on, and what waits."""

    down: tuple[str, ...]
    goes_on: frozenset[str]
    waits: frozenset[str]
    without_sequence: frozenset[str]


def rows() -> list[Row]:
    text = section(ROOT / "docs" / "outages.md", "Service by service")
    table = text.split("\n\n| down |")[1].split("\n\n")[0].splitlines()[2:]
    cells = [[_services(cell) for cell in line.strip("|").split("|")] for line in table]
    return [Row(down, *map(frozenset, others)) for down, *others in cells]


def _services(cell: str) -> tuple[str, ...]:
    named = tuple(re.findall(r"`(\w+)`", cell))
    assert named or cell.strip() == "nothing", cell
    return named


def edit(testx: CommandLine, number: int) -> dict[str, tuple[str, str]]:
    """Write the files with the edits of this number; by address, its provider and what becomes of it."""
    for name, edits in EDITS.items():
        text = (EXAMPLE / "resources" / name).read_text(encoding="utf-8")
        for before, after in edits:
            assert text.count(before) == 1, before
            text = text.replace(before, after.replace("{n}", str(number)))
        (testx.directory / "resources" / name).write_text(text, encoding="utf-8")
    last = number - 1
    return {
        "slack_channel.testx": ("slack", "update"),
        f"slack_bookmark.repository{number}": ("slack", "create"),
        f"slack_bookmark.repository{last}": ("slack", "delete"),
        "notion_database.errors": ("notion", "update"),
        f"notion_database.more{number}": ("notion", "create"),
        f"notion_database.more{last}": ("notion", "delete"),
        "github_repository.testx": ("github", "update"),
        f"github_issue_label.P1-{number}": ("github", "create"),
        f"github_issue_label.P1-{last}": ("github", "delete"),
        "anykrowd_staff_member.scanner": ("anykrowd", "update"),
        "anykrowd_staff_member.manager": ("anykrowd", "replace"),
    }


def set_fallback(testx: CommandLine, fallback: str) -> None:
    text = (EXAMPLE / "reconciler.yaml").read_text(encoding="utf-8")
    for service in SERVICES:
        text, count = re.subn(rf"(?m)^  {service}:$", rf"  {service}:\n    fallback: {fallback}", text)
        assert count == 1
    (testx.directory / "reconciler.yaml").write_text(text, encoding="utf-8")


def of(edits: Mapping[str, tuple[str, str]], services: Iterable[str]) -> dict[str, str]:
    return {address: action for address, (service, action) in edits.items() if service in services}


def told(entries: Iterable[Mapping[str, Any]], key: str = "action") -> dict[str, str]:
    return {one["address"]: one[key] for one in entries if not one["address"].startswith("data.")}


def names(shown: Mapping[str, Any]) -> dict[str, list[str]]:
    """What could be there twice, by its name; of the staff, which nobody can delete, those with a role."""
    staff = [one for one in shown["anykrowd"]["staff_members"] if one["roles"]]
    databases = [one for one in shown["notion"]["databases"] if not one["in_trash"]]
    return {
        "bookmarks": sorted(one["title"] for one in shown["slack"]["bookmarks"]),
        "databases": sorted(str(one["title"]) for one in databases),
        "labels": sorted(one["name"] for one in shown["github"]["labels"]),
        "staff": sorted(one["external_id"] for one in staff),
    }


def expected(first: Mapping[str, list[str]], number: int) -> dict[str, list[str]]:
    """The names after the first apply, with the number of a later edit in the place of the first one's."""
    return {
        kind: sorted(re.sub(r"([ -])0$", rf"\g<1>{number}", one) for one in before)
        for kind, before in first.items()
    }


@pytest.fixture
def applied(testx: CommandLine, open_world: Host) -> CommandLine:
    testx.environ["INTEGRATION_RETRY_MAX_ATTEMPTS"] = "1"
    edit(testx, 0)
    assert testx.sandbox("apply", "--auto-approve").code == 0
    return testx


def lose(host: Host, services: Iterable[str]) -> None:
    now = host.outages.now()
    host.outages.set([outage(one, "down", begins=now, lasts=None, rate=1.0, seed=0) for one in services])


def name(row: Row) -> str:
    return "+".join(row.down)


@pytest.mark.parametrize("row", rows(), ids=name)
def test_while_services_are_down_that_goes_on_waits_and_comes_back_which_the_page_says(
    applied: CommandLine, open_world: Host, row: Row
) -> None:
    first = names(open_world.show())
    assert all(first.values()), first
    fails(applied, open_world, row, 1)
    holds_back(applied, open_world, row, 2)
    defers(applied, open_world, row, 3)
    assert names(open_world.show()) == expected(first, 3)


@pytest.mark.parametrize("row", [one for one in rows() if one.waits != one.without_sequence], ids=name)
def test_without_the_sequence_that_waits_which_the_page_says(
    applied: CommandLine, open_world: Host, row: Row
) -> None:
    applied.environ["INTEGRATION_SEQUENCE_ENABLED"] = "false"
    first = names(open_world.show())
    waits = row.without_sequence
    defers(applied, open_world, Row(row.down, frozenset(SERVICES) - waits, waits, waits), 1)
    assert names(open_world.show()) == expected(first, 1)


def fails(testx: CommandLine, host: Host, row: Row, number: int) -> None:
    """With ``fallback: fail``, and ``apply`` as the way out."""
    set_fallback(testx, "fail")
    edits, before = edit(testx, number), host.show()
    lose(host, row.down)
    run = testx.sandbox("--json", "apply", "--auto-approve")
    if row.goes_on:
        last = run.events[-1]
        assert run.code == 3
        assert told(last["done"]) == of(edits, row.goes_on)
        assert last["deferred"] == []
        held = {one["address"]: one["provider"] for one in last["held"]}
        assert of(edits, row.waits).keys() <= held.keys()
        assert set(held.values()) == row.waits
    else:
        assert run.code == 1
    after = host.show()
    assert {service: after[service] for service in row.waits} == {one: before[one] for one in row.waits}
    back(testx, host, "apply", "--auto-approve")


def holds_back(testx: CommandLine, host: Host, row: Row, number: int) -> None:
    """With ``fallback: cached``, and ``apply`` as the way out."""
    set_fallback(testx, "cached")
    edits = edit(testx, number)
    lose(host, row.down)
    run = testx.sandbox("--json", "apply", "--auto-approve")
    last = run.events[-1]
    assert run.code == (3 if row.goes_on else 1)
    assert told(last["done"]) == of(edits, row.goes_on)
    assert last["deferred"] == []
    assert {one["address"] for one in last["held"]} == of(edits, row.waits).keys()
    back(testx, host, "apply", "--auto-approve")


def defers(testx: CommandLine, host: Host, row: Row, number: int) -> None:
    """With ``fallback: queue`` and a filled cache, ``plan`` before it, and ``sync`` as the way out."""
    set_fallback(testx, "queue")
    edits, before = edit(testx, number), host.show()
    lose(host, row.down)
    planned = testx.sandbox("plan", "--json").document
    assert told(planned["reconciler"]["held"], "deferred") == of(edits, row.waits)
    run = testx.sandbox("--json", "apply", "--auto-approve")
    last = run.events[-1]
    assert run.code == 3
    assert told(last["done"]) == of(edits, row.goes_on)
    assert told(last["deferred"]) == of(edits, row.waits)
    assert last["held"] == last["failed"] == last["not_reached"] == []
    after = host.show()
    assert {service: after[service] for service in row.waits} == {one: before[one] for one in row.waits}
    back(testx, host, "sync")
    plan = testx.sandbox("plan", "--detailed-exitcode")
    assert plan.code == 0, plan.out
    assert testx.sandbox("sync", "--list", "--json").document["deferred"] == []


def back(testx: CommandLine, host: Host, *command: str) -> None:
    """The services are there again, and one command does all the rest."""
    host.outages.end()
    run = testx.sandbox(*command)
    assert run.code == 0, run.out + run.err


ONE_OF_EACH = {
    "slack": "slack_channel.testx",
    "notion": "notion_database.errors",
    "github": "github_issue_label.P0",
    "anykrowd": "anykrowd_staff_member.scanner",
}
ASK_NOBODY = (
    ["validate"],
    ["output"],
    ["state", "list"],
    ["snapshot", "list"],
    ["sync", "--list"],
    ["cache", "show"],
    ["--offline", "plan", "--detailed-exitcode"],
    ["--offline", "drift"],
)


@pytest.mark.parametrize("row", [one for one in rows() if len(one.down) == 1], ids=name)
def test_the_other_commands_do_what_the_page_says(applied: CommandLine, open_world: Host, row: Row) -> None:
    edit(applied, 1)
    assert applied.sandbox("apply", "--auto-approve").code == 0
    before = open_world.show()
    lose(open_world, row.down)
    assert {command[0]: applied.sandbox(*command).code for command in ASK_NOBODY} == {
        command[0]: 0 for command in ASK_NOBODY
    }
    assert applied.sandbox("health").code == applied.sandbox("doctor").code == 1
    for fallback in ("fail", "queue"):
        set_fallback(applied, fallback)
        assert applied.sandbox("plan").code == (1 if fallback == "fail" else 0)
        drift = applied.sandbox("drift")
        assert drift.code == 2
        assert ("unreadable" in drift.out) is (fallback == "fail")
        assert "missing" not in drift.out
    assert applied.sandbox("rollback", "--auto-approve").code == 1
    refused = {
        service
        for service, address in ONE_OF_EACH.items()
        if "is not ready" in applied.sandbox("rollback", "--target", address).err
    }
    assert refused == row.waits
    assert open_world.show() == before
    destroyed = applied.sandbox("--json", "destroy", "--auto-approve")
    assert destroyed.code == 3
    assert {one["provider"] for one in destroyed.events[-1]["done"]} == row.goes_on
    open_world.outages.end()
    assert applied.sandbox("destroy", "--auto-approve").code == 0


def test_each_of_two_services_may_come_back_alone(applied: CommandLine, open_world: Host) -> None:
    set_fallback(applied, "queue")
    edits = edit(applied, 1)
    lose(open_world, ["notion", "anykrowd"])
    assert applied.sandbox("apply", "--auto-approve").code == 3
    open_world.outages.end()
    lose(open_world, ["notion"])
    first = applied.sandbox("--json", "sync")
    assert first.code == 3
    assert told(first.events[-1]["done"]) == of(edits, ["anykrowd"])
    left = applied.sandbox("sync", "--list", "--json").document["deferred"]
    assert told(left) == of(edits, ["notion", "github"])
    back(applied, open_world, "sync")
    assert applied.sandbox("plan", "--detailed-exitcode").code == 0


def test_a_secret_is_replaced_once_the_channel_it_rests_on_can_be_read(
    applied: CommandLine, open_world: Host
) -> None:
    applied.environ["INTEGRATION_SEQUENCE_ENABLED"] = "false"
    set_fallback(applied, "queue")
    file = applied.directory / "resources" / "secrets.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("secret_name: NOTION_TOKEN", "secret_name: NOTION"), encoding="utf-8")
    lose(open_world, ["slack"])
    run = applied.sandbox("--json", "apply", "--auto-approve")
    assert told(run.events[-1]["deferred"]) == {"github_actions_secret.notion": "replace"}
    assert run.events[-1]["held"] == []
    back(applied, open_world, "sync")
    assert applied.sandbox("plan", "--detailed-exitcode").code == 0
    secrets = sorted(one["name"] for one in open_world.show()["github"]["actions_secrets"])
    assert secrets == ["ANYKROWD_API_KEY", "NOTION", "SLACK_BOT_TOKEN"]
