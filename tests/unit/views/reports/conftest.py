"""What drift, health and state come to, built by hand."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.address import Address
from reconciler.errors import Call, Unauthorized, Unreachable
from reconciler.health.report import DriftReport, ProviderHealth, Unmanaged
from reconciler.health.rows import Figures
from reconciler.health.states import Standing, State
from reconciler.plan.change import Drift, Expectation, Unread
from reconciler.provider.breaker import Circuit
from reconciler.provider.breaker import State as CircuitState
from reconciler.provider.objects import Account, Health, Object, Quota
from reconciler.state.history import Difference, ObjectDifference, SnapshotDifference
from reconciler.state.model import Run, RunOutcome, Snapshot, StateObject
from reconciler.values import Digest, Value

ASKED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SINCE = datetime(2026, 1, 1, 20, 30, tzinfo=UTC)
TESTX = Address.parse("github_repository.testx")


def recorded(address: Address, attributes: Mapping[str, Value], **more: Any) -> StateObject:
    fields = {"declared": attributes, **more}
    return StateObject(address, address.type.partition("_")[0], f"id of {address}", attributes, **fields)


def judged(key: str, state: State, health: Health, **more: Any) -> ProviderHealth:
    return ProviderHealth(key, health, Standing(state, SINCE), ASKED, **more)


@pytest.fixture
def health() -> tuple[ProviderHealth, ...]:
    return (
        judged(
            "github",
            State.READY,
            Health(
                True,
                True,
                0.048,
                Account("O_1", "acme"),
                quotas=(Quota("GitHub", 4991, 5000, 1800.0), Quota("GitHub GraphQL", 4800, 5000, 59.0)),
            ),
            figures=Figures(288, 0.048, 0.2, 1.25, 0.9965),
            circuit=Circuit(CircuitState.CLOSED, SINCE),
        ),
        judged(
            "github.enterprise",
            State.UNAUTHORIZED,
            Health(True, True, 0.3, Account("O_2", "acme-corp"), missing_scopes=("admin:org", "repo")),
            lacking=("repo",),
        ),
        judged("github.slow", State.DEGRADED, Health(True, True, 6.2, Account("O_3", "acme-slow"))),
        judged(
            "anykrowd",
            State.LIMITED,
            Health(True, True, 0.1, Account("t", "krowd"), quotas=(Quota("anyKrowd", 12, 1000, 1500.0),)),
        ),
        judged(
            "slack",
            State.UNAUTHORIZED,
            Health(
                True,
                False,
                0.12,
                error=Unauthorized("invalid_auth", call=Call("slack", "auth.test")),
                details={"workspace": "T1"},
            ),
        ),
        judged(
            "notion",
            State.DOWN,
            Health(
                False, False, error=Unreachable("connection refused", call=Call("notion", "GET /users/me"))
            ),
            circuit=Circuit(CircuitState.OPEN, SINCE),
        ),
    )


@pytest.fixture
def report(health: tuple[ProviderHealth, ...], drift: tuple[Drift, ...]) -> DriftReport:
    unread = Address.parse("slack_channel.results")
    return DriftReport(
        changed=drift,
        unread=(
            Unread(unread, "slack", Unauthorized("invalid_auth", call=Call("slack", "conversations.list"))),
        ),
        failed_expectations=(Expectation(Address.parse("data.github_user.me"), "site_admin", True, False),),
        health=health,
        unmanaged=(
            Unmanaged("github", Object("github_repository", "R_9", {"name": "stray"}), "stray"),
            Unmanaged("github", Object("github_issue_label", "L_9", {}), "docs:it's odd"),
        ),
        checked=450,
    )


@pytest.fixture
def objects() -> Mapping[Address, StateObject]:
    secret = Address.parse("github_actions_secret.notion")
    label = Address.parse('github_issue_label.triage["bug"]')
    repository = Address.parse("github_repository.docs")
    found = (
        recorded(
            repository,
            {"name": "docs", "topics": ["a", "b"], "description": "x" * 90, "homepage": None},
            prevent_destroy=True,
        ),
        recorded(label, {"repository": "docs", "name": "bug"}, depends_on=(repository,)),
        recorded(secret, {"name": "NOTION", "value": Digest("ab12")}, on_destroy="forget"),
    )
    return {each.address: each for each in found}


@pytest.fixture
def runs(now: datetime) -> list[Run]:
    return [
        Run("r1", "apply", now, "ada", 0, commit="3f2c1d0", to_serial=2, ended=now, outcome=RunOutcome.DONE),
        Run(
            "r2", "apply", now, "ci", 2, pull_request="12", to_serial=3, ended=now, outcome=RunOutcome.FAILED
        ),
        Run("r3", "rollback", now, "ada", 3, why="it broke the build", to_serial=4, outcome=RunOutcome.DONE),
        Run("r4", "apply", now, "ci", 4),
    ]


@pytest.fixture
def snapshots(now: datetime) -> list[Snapshot]:
    steps = (
        ("r1", "github_repository.docs", "create"),
        ("r1", 'github_issue_label.triage["bug"]', "create"),
        ("r2", "github_repository.docs", "update"),
        ("r3", "github_repository.docs", "update"),
    )
    return [
        Snapshot(serial, run, Address.parse(address), action, now)
        for serial, (run, address, action) in enumerate(steps, start=1)
    ]


@pytest.fixture
def difference(objects: Mapping[Address, StateObject]) -> SnapshotDifference:
    docs, label, secret = sorted(objects.values(), key=lambda found: found.type, reverse=True)
    return SnapshotDifference(
        3,
        4,
        added={label.address: label},
        removed={TESTX: recorded(TESTX, {"name": "testx"})},
        changed={
            docs.address: ObjectDifference(
                docs,
                docs,
                {
                    "topics": Difference(["a"], ["b", "a"]),
                    "homepage": Difference(None, "https://docs.example"),
                },
            ),
            secret.address: ObjectDifference(
                secret, replace(secret, id="another"), {"value": Difference(Digest("1"), Digest("2"))}
            ),
        },
        outputs={"url": Difference("a", "b"), "gone": Difference([1], None)},
    )
