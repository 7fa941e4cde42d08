"""What somebody changes by hand in the services: seen, named with what to do, and put right again."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from tests.command_line import CommandLine
from tests.functional.processes import served

VERSION = "2025-09-03"
OLD = "End-to-end tests of the ticket shop"
REPOSITORY = "/repos/acme/testx"


class Hands:
    """A client for each service, as anybody with a token has one; the objects are found as they would be."""

    def __init__(self, ready: dict[str, Any], stack: ExitStack) -> None:
        def client(service: str, below: str = "", **headers: str) -> httpx.Client:
            connection = ready[service]
            headers.setdefault("Authorization", f"Bearer {connection['token']}")
            return stack.enter_context(httpx.Client(base_url=connection["base_url"] + below, headers=headers))

        self.slack = client("slack")
        self.notion = client("notion", "/v1", **{"Notion-Version": VERSION})
        self.github = client("github")
        self.anykrowd = client("anykrowd", "/apix/v1")

    def call_slack(self, method: str, **arguments: object) -> dict[str, Any]:
        answer: dict[str, Any] = self.slack.post(f"/{method}", json=arguments).raise_for_status().json()
        assert answer["ok"], answer
        return answer

    def channel(self) -> str:
        channels = self.slack.get("/conversations.list").raise_for_status().json()["channels"]
        (found,) = [channel["id"] for channel in channels if channel["name"] == "testx"]
        return str(found)

    def data_source(self, title: str) -> str:
        wanted = {"query": title, "filter": {"property": "object", "value": "data_source"}}
        (found,) = self.notion.post("/search", json=wanted).raise_for_status().json()["results"]
        return str(found["id"])


@pytest.fixture
def applied(testx: CommandLine) -> CommandLine:
    assert testx.sandbox("apply", "--auto-approve").code == 0
    return testx


@pytest.fixture
def hands(applied: CommandLine) -> Iterator[Hands]:
    with served(applied.directory) as ready, ExitStack() as stack:
        yield Hands(ready, stack)


def plant(applied: CommandLine, seed: str) -> None:
    applied.write(seed, "seed.yaml")
    result = applied("sandbox", "seed", str(applied.directory / "seed.yaml"))
    assert result.code == 0, result.err


def put_right(applied: CommandLine, done: str) -> None:
    """One apply does what is announced; then there is neither drift nor anything to do."""
    repaired = applied.sandbox("apply", "--auto-approve")
    assert repaired.code == 0, repaired.out + repaired.err
    assert f"Apply complete: {done} " in repaired.out
    drift = applied.sandbox("drift")
    assert drift.code == 0, drift.out
    assert applied.sandbox("plan", "--detailed-exitcode").code == 0


def test_a_change_in_each_of_slack_notion_and_github_is_named_and_repaired(
    applied: CommandLine, hands: Hands
) -> None:
    channel = hands.channel()
    hands.call_slack("conversations.rename", channel=channel, name="testx-old")
    cases = hands.data_source("Test Cases")
    hands.notion.patch(f"/data_sources/{cases}", json={"properties": {"Priority": None}}).raise_for_status()
    hands.github.delete(f"{REPOSITORY}/labels/P2").raise_for_status()
    drift = applied.sandbox("drift")
    assert drift.code == 2
    assert "slack_channel.testx has changed" in drift.out
    assert 'name = "testx" → "testx-old"' in drift.out
    assert "notion_database.cases has changed" in drift.out
    assert "- Priority = {" in drift.out
    assert "github_issue_label.P2 is missing" in drift.out
    assert drift.out.count("`reconciler apply`") == 3
    assert "Drift: 2 changed, 1 missing · 27 objects" in drift.out
    put_right(applied, "1 created, 2 updated")
    assert hands.channel() == channel
    properties = hands.notion.get(f"/data_sources/{cases}").raise_for_status().json()["properties"]
    options = [option["name"] for option in properties["Priority"]["select"]["options"]]
    assert options == ["Critical", "Functional"]
    assert hands.github.get(f"{REPOSITORY}/labels/P2").raise_for_status().json()["color"] == "fef2c0"


def test_further_changes_in_slack_are_named_and_repaired(applied: CommandLine, hands: Hands) -> None:
    channel = hands.channel()
    hands.call_slack("conversations.setTopic", channel=channel, topic="Lunch")
    people = {user["name"]: user["id"] for user in hands.call_slack("users.list")["members"]}
    hands.call_slack("conversations.kick", channel=channel, user=people["alice"])
    (bookmark,) = hands.call_slack("bookmarks.list", channel_id=channel)["bookmarks"]
    hands.call_slack("bookmarks.remove", channel_id=channel, bookmark_id=bookmark["id"])
    (group,) = hands.call_slack("usergroups.list")["usergroups"]
    hands.call_slack("usergroups.users.update", usergroup=group["id"], users=people["carol"])
    drift = applied.sandbox("drift")
    assert drift.code == 2
    for said in (
        '"Results of the end-to-end tests" → "Lunch"',
        "slack_channel_members.testx has changed",
        "slack_bookmark.repository is missing",
        "slack_usergroup.maintainers has changed",
    ):
        assert said in drift.out
    put_right(applied, "1 created, 3 updated")


def test_further_changes_in_notion_are_named_and_repaired(applied: CommandLine, hands: Hands) -> None:
    cases = hands.data_source("Test Cases")
    renamed = {"Last Updated": {"name": "Touched"}, "Maintainer": {"name": "Owner"}}
    hands.notion.patch(f"/data_sources/{cases}", json={"properties": renamed}).raise_for_status()
    errors = hands.data_source("Errors")
    dropped = {"properties": {"Test Executions": None, "Count": None}, "title": []}
    hands.notion.patch(f"/data_sources/{errors}", json=dropped).raise_for_status()
    drift = applied.sandbox("drift")
    assert drift.code == 2
    assert "notion_database.cases has changed" in drift.out
    for said in (
        '- ["Last Updated"] = {type: "date"}',
        "- Maintainer       = ",
        "notion_database.errors has changed",
        "notion_relation.errors_of_executions is missing",
    ):
        assert said in drift.out
    put_right(applied, "1 created, 2 updated")
    properties = hands.notion.get(f"/data_sources/{cases}").raise_for_status().json()["properties"]
    assert "Last Updated" in properties
    assert "Touched" not in properties


def test_further_changes_in_github_are_named_and_repaired(applied: CommandLine, hands: Hands) -> None:
    for answer in (
        hands.github.patch(f"{REPOSITORY}/labels/bug", json={"new_name": "defect"}),
        hands.github.patch(REPOSITORY, json={"description": "not ours"}),
        hands.github.delete(f"{REPOSITORY}/branches/main/protection"),
    ):
        answer.raise_for_status()
    drift = applied.sandbox("drift")
    assert drift.code == 2
    assert 'name = "bug" → "defect"' in drift.out
    assert f'description = "{OLD}" → "not ours"' in drift.out
    assert "github_branch_protection.main is missing" in drift.out
    assert drift.out.count("`reconciler apply`") == 3
    put_right(applied, "1 created, 2 updated")


def test_what_anykrowd_cannot_be_told_is_an_expectation_that_fails_until_it_holds_again(
    applied: CommandLine,
) -> None:
    over, running = "2024-06-15 02:00:00", "2099-06-15 02:00:00"
    seed = (
        "anykrowd:\n"
        "  roles: [{{name: Checkin, full_rights: {rights}}}]\n"
        "  events:\n"
        '    - {{name: Opening Night, start_datetime: "2024-06-14 18:00:00", end_datetime: "{end}"}}\n'
    )
    plant(applied, seed.format(rights="true", end=running))
    drift = applied.sandbox("drift")
    assert drift.code == 2
    assert "data.anykrowd_role.checkin: full_rights should be false, but is true" in drift.out
    assert "data.anykrowd_events.all: is_any_running should be false, but is true" in drift.out
    assert drift.out.count("→ put it right in the service") == 2
    assert "Drift: 2 not as expected · 27 objects" in drift.out
    for command in (("plan",), ("apply", "--auto-approve")):
        refused = applied.sandbox(*command)
        assert refused.code == 1
        assert "data.anykrowd_role.checkin" in refused.err
        assert "data.anykrowd_events.all" in refused.err
    plant(applied, seed.format(rights="false", end=over))
    assert applied.sandbox("drift").code == 0
    assert applied.sandbox("plan", "--detailed-exitcode").code == 0


def test_a_role_revoked_by_hand_cannot_be_seen_and_nothing_is_claimed_of_it(
    applied: CommandLine, hands: Hands
) -> None:
    manager = {"external_id": "testx-manager", "external_qr_code": "TESTX-MANAGER"}
    names = {"first_name": "TestX", "last_name": "Manager"}
    written = {"staff_members": [{**manager, **names, "roles": []}]}
    hands.anykrowd.post("/users/sync", json=written).raise_for_status()
    assert applied.sandbox("drift").code == 0
    assert applied.sandbox("plan", "--detailed-exitcode").code == 0
    # The next update of the person writes the roles again, and its plan warns that it overwrites.
    file = applied.directory / "resources" / "anykrowd.yaml"
    text = file.read_text(encoding="utf-8")
    assert "last_name: Manager" in text
    file.write_text(text.replace("last_name: Manager", "last_name: Boss"), encoding="utf-8")
    plan = " ".join(applied.sandbox("plan").out.split())
    assert "what somebody else changed in the meantime cannot be seen, and is overwritten" in plan
    assert applied.sandbox("apply", "--auto-approve").code == 0
    staff = applied("sandbox", "show", "anykrowd", "--json").document["anykrowd"]["staff_members"]
    (roles,) = [found["roles"] for found in staff if found["external_id"] == "testx-manager"]
    assert [role["role"] for role in roles] == ["Admin"]
