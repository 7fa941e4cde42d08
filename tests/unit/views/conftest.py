"""Plans, outcomes and reports, built by hand, for the views to show."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reconciler.address import Address
from reconciler.apply.outcome import Failure, NotReached, Outcome
from reconciler.errors import Call, Forbidden, OutcomeUnknown
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Drift, Expectation, Plan, PlannedOutput
from reconciler.plan.cost import Cost
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object, Quota
from reconciler.state.model import RunOutcome, StateObject
from reconciler.values import Digest, Sensitive, Unknown, Value


class Types:
    """The facts of the types in ``types.json``, as a registry tells them."""

    def __init__(self) -> None:
        schemas = json.loads((Path(__file__).parent / "types.json").read_text())
        self._types = {name: ResourceType.from_schema(name, schema) for name, schema in schemas.items()}

    def type(self, name: str) -> ResourceType | None:
        return self._types.get(name)

    def data_type(self, name: str) -> ResourceType | None:
        return self._types.get(f"data.{name}")


@pytest.fixture(scope="session")
def types() -> Types:
    return Types()


def at(text: str) -> Address:
    return Address.parse(text)


TESTX = at("github_repository.testx")
UNKNOWN_ID = Unknown("github_repository.testx.id")


def recorded(address: Address, attributes: Mapping[str, Value], **more: Any) -> StateObject:
    fields = {"declared": attributes, **more}
    return StateObject(address, address.type.partition("_")[0], f"id of {address}", attributes, **fields)


def live(address: Address, attributes: Mapping[str, Value]) -> Object:
    return Object(address.type, f"id of {address}", attributes)


def change(address: str, action: Action, **fields: Any) -> Change:
    where = at(address)
    return Change(where, action, where.type.partition("_")[0], **fields)


def create_repository() -> Change:
    planned = {
        "name": "testx",
        "description": "Test results\nand what became of them",
        "visibility": "private",
        "topics": ["qa", "e2e"],
    }
    later = {
        name: Unknown(f"github_repository.testx.{name}") for name in ("id", "html_url", "default_branch")
    }
    return change(
        "github_repository.testx",
        Action.CREATE,
        planned=planned,
        after={**planned, "has_issues": Unknown("github_repository.testx.has_issues"), **later},
        changed=frozenset(planned),
        seen_absent=True,
    )


def create_label() -> Change:
    planned = {"repository": "testx", "name": "bug", "color": "d73a4a", "description": UNKNOWN_ID}
    return change(
        'github_issue_label.triage["bug"]',
        Action.CREATE,
        planned=planned,
        after={**planned, "id": Unknown('github_issue_label.triage["bug"].id')},
        changed=frozenset(planned),
        reason="it is missing in the service",
        depends_on=(TESTX,),
    )


def create_secret() -> Change:
    planned = {"repository": "testx", "name": "SLACK_TOKEN", "value": Sensitive("xoxb-not-to-be-seen")}
    return change(
        "module.qa.github_actions_secret.slack",
        Action.CREATE,
        planned=planned,
        after={**planned, "updated_at": Unknown("x.updated_at")},
        changed=frozenset(planned),
        depends_on=(TESTX,),
    )


def update_repository() -> Change:
    where = at("github_repository.docs")
    before = {
        "name": "docs",
        "description": "Written with care, and read by everybody who joins the team in their first week",
        "visibility": "private",
        "topics": ["qa", "docs", "old"],
        "has_issues": True,
        "id": 17,
        "html_url": "https://github.com/acme/docs",
        "default_branch": "main",
    }
    after = {
        **before,
        "name": "handbook",
        "description": "Written with care, and read by everybody who joins the team, whatever they do there",
        "topics": ["docs", "qa", "handbook"],
        "html_url": Unknown("github_repository.docs.html_url"),
    }
    return change(
        str(where),
        Action.UPDATE,
        live=live(where, before),
        recorded=recorded(where, before),
        planned={name: after[name] for name in ("name", "description", "topics")},
        before=before,
        after=after,
        changed=frozenset({"name", "description", "topics"}),
    )


def update_protection() -> Change:
    where = at("github_branch_protection.main")
    before = {
        "repository": "docs",
        "branch": "main",
        "required_status_checks": {"strict": False, "contexts": ["unit", "lint"], "app": 5},
        "rules": [{"kind": "push", "who": ["a"]}, {"kind": "review", "count": 1}],
        "enforce_admins": True,
    }
    planned = {
        "repository": "handbook",
        "required_status_checks": {"strict": True, "contexts": ["lint", "e2e"]},
        "rules": [{"kind": "push", "who": ["a"]}, {"kind": "review", "count": 2}],
    }
    return change(
        str(where),
        Action.UPDATE,
        live=live(where, before),
        recorded=recorded(where, before),
        planned=planned,
        before=before,
        after={**before, **planned},
        changed=frozenset({"required_status_checks", "rules"}),
        follows=frozenset({"repository"}),
    )


def update_secret() -> Change:
    where = at("github_actions_secret.notion")
    before = {"repository": "docs", "name": "NOTION", "updated_at": "2026-01-02T03:04:05Z"}
    planned = {"repository": "docs", "name": "NOTION", "value": Sensitive("secret_not-to-be-seen")}
    return change(
        str(where),
        Action.UPDATE,
        live=live(where, before),
        recorded=recorded(where, {**before, "value": Digest("ab12")}),
        planned=planned,
        before=before,
        after={**before, **planned, "updated_at": Unknown(f"{where}.updated_at")},
        changed=frozenset({"value"}),
    )


def replace_label() -> Change:
    where = at("github_issue_label.epic")
    before = {"repository": "docs", "name": "epic", "color": "aaaaaa", "description": "Large", "id": 4}
    planned = {"repository": "testx", "name": "epic", "color": "bbbbbb"}
    return change(
        str(where),
        Action.REPLACE,
        live=live(where, before),
        recorded=recorded(where, before),
        planned=planned,
        before=before,
        after={**planned, "description": Unknown(f"{where}.description"), "id": Unknown(f"{where}.id")},
        changed=frozenset({"repository", "color"}),
        forced_by=("repository",),
        irreversible="issues lose the label for good",
        depends_on=(TESTX,),
    )


def delete_repository() -> Change:
    where = at("github_repository.old")
    before = {"name": "old", "visibility": "public", "description": "Gone soon", "topics": [], "id": 3}
    return change(
        str(where),
        Action.DELETE,
        live=live(where, before),
        recorded=recorded(where, {"name": "old", "visibility": "public"}),
        before=before,
        reason="it is declared no more",
        irreversible="its content and history are lost, and so are its issues, pull requests and releases",
    )


def delete_label() -> Change:
    where = at("github_issue_label.old_bug")
    before = {"repository": "old", "name": "bug", "color": "d73a4a"}
    return change(
        str(where),
        Action.DELETE,
        live=live(where, before),
        recorded=recorded(where, before),
        before=before,
        reason="it is declared no more",
        goes_with=at("github_repository.old"),
        depends_on=(at("github_repository.old"),),
    )


def archive_channel() -> Change:
    where = at("slack_channel.results")
    before = {"name": "results", "topic": "Test results"}
    return change(
        str(where),
        Action.DELETE,
        live=live(where, before),
        recorded=recorded(where, before),
        before=before,
        reason="it is declared no more",
        irreversible="an archived channel keeps its name",
        how="archive",
    )


def forget_team() -> Change:
    where = at("github_team.qa")
    before = {"name": "qa", "privacy": "closed"}
    return change(
        str(where), Action.FORGET, live=live(where, before), recorded=recorded(where, before), before=before
    )


def take_over() -> tuple[Change, Change]:
    as_it_is, updated = at("github_team.core"), at('module.squad["red"].github_team.red')
    before = {"name": "core", "privacy": "closed"}
    return (
        change(
            str(as_it_is),
            Action.NO_OP,
            live=live(as_it_is, before),
            before=before,
            after=before,
            takes_over=True,
        ),
        change(
            str(updated),
            Action.UPDATE,
            live=live(updated, {**before, "name": "red"}),
            before={**before, "name": "red"},
            after={"name": "red", "privacy": "secret"},
            planned={"name": "red", "privacy": "secret"},
            changed=frozenset({"privacy"}),
            takes_over=True,
        ),
    )


def keep_label() -> Change:
    where = at("github_issue_label.kept")
    before = {"repository": "docs", "name": "kept", "color": "cccccc", "id": 9}
    return change(
        str(where),
        Action.NO_OP,
        live=live(where, before),
        recorded=recorded(where, before),
        before=before,
        after=before,
    )


@pytest.fixture
def drift() -> tuple[Drift, ...]:
    return (
        Drift(
            at("github_repository.docs"),
            "github",
            {"description": "Written with care", "topics": ["docs", "qa"], "visibility": "private"},
            {"description": "hacked", "topics": ["qa", "docs", "old"], "visibility": "private"},
            ("description", "topics"),
        ),
        Drift(at('github_issue_label.triage["bug"]'), "github", {"name": "bug"}, None),
    )


@pytest.fixture
def plan(drift: tuple[Drift, ...]) -> Plan:
    """A plan with a change of every kind."""
    changes = (
        create_repository(),
        create_label(),
        create_secret(),
        update_repository(),
        update_protection(),
        update_secret(),
        replace_label(),
        *take_over(),
        keep_label(),
        forget_team(),
        delete_label(),
        delete_repository(),
        archive_channel(),
    )
    me = at("data.github_user.me")
    return Plan(
        changes,
        serial=41,
        lineage="0b5c",
        values={each.address: each.after for each in changes} | {me: {"login": "qa", "site_admin": False}},
        outputs=(
            PlannedOutput("channel", None, UNKNOWN_ID, False),
            PlannedOutput("labels", ["a", "b"], ["a", "c"], False),
            PlannedOutput("gone", "old", None, False, is_removed=True),
            PlannedOutput("token", Digest("ab"), Sensitive("not-to-be-seen"), True),
            PlannedOutput("same", 1, 1, False, is_changed=False),
        ),
        drift=drift,
        failed_expectations=(Expectation(me, "site_admin", True, False),),
        read=(me,),
    )


@pytest.fixture
def empty_plan() -> Plan:
    """A plan that changes nothing."""
    kept = keep_label()
    return Plan((kept,), serial=41, lineage="0b5c", values={kept.address: kept.after})


@pytest.fixture
def cost() -> Cost:
    return Cost({"github": 12, "slack": 1}, 4.2, {"github": Quota("GitHub", 4991, 5000, 1800.0)})


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 6, 17, 0, 5, tzinfo=UTC)


def forbidden() -> Forbidden:
    return Forbidden(
        "Resource not accessible by personal access token",
        call=Call("github", "PUT /orgs/acme/teams/core/repos/acme/testx"),
        remedy="give the token the scope admin:org (github.com/settings/tokens), then run the command again",
    )


@pytest.fixture
def failed_outcome() -> Outcome:
    """A run in which one step was forbidden, one may have happened, and some were not reached."""
    lost = OutcomeUnknown("no answer within 30 s", call=Call("github", "POST /orgs/acme/repos"))
    return Outcome(
        "r8f2a",
        RunOutcome.FAILED,
        44,
        done=(create_label(), update_repository(), archive_channel()),
        failed=(Failure(create_secret(), forbidden()), Failure(create_repository(), lost)),
        not_reached=(
            NotReached(replace_label(), TESTX),
            NotReached(delete_label()),
            NotReached(forget_team()),
        ),
        seconds=6.21,
        calls={"github": 5, "slack": 1},
    )


@pytest.fixture
def good_outcome() -> Outcome:
    return Outcome(
        "r8f2b",
        RunOutcome.DONE,
        45,
        done=(create_repository(), update_repository(), delete_repository(), replace_label(), *take_over()),
        seconds=131.0,
        calls={"github": 1200},
    )
