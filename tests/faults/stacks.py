"""A stack of thirty resources in four services, and what it may become: each edit is at one address.

It is the example, with a channel, a person and a payment more. Edits are made on the document that the files
come to, so that each version is one file.
"""

import copy
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from tests.functional.remote import SECRETS

Document = dict[str, Any]
Edits = Mapping[str, Mapping[str, Any] | None]
"""By address: the attributes that are set, or None for a resource that is taken out."""

_EXAMPLE = Path(__file__).parents[2] / "examples" / "testx"
_PATIENCE = {"attempts": 3, "base_delay": 0.02, "max_delay": 0.05}
"""Retries for calls that may be repeated, with delays that nobody notices."""

_MORE: Edits = {
    "slack_channel.alerts": {"name": "testx-alerts", "topic": "What must not wait until tomorrow"},
    "anykrowd_staff_member.cashier": {
        "external_id": "testx-cashier",
        "external_qr_code": "TESTX-CASHIER",
        "first_name": "TestX",
        "last_name": "Cashier",
        "roles": [{"role_id": "${data.anykrowd_role.checkin.id}"}],
    },
    "anykrowd_wallet_topup.float": {
        "external_id": "${anykrowd_staff_member.manager.external_id}",
        "currency_id": "${data.anykrowd_currency.default.id}",
        "amount": 25,
        "allow_replace": True,
    },
}

UPDATES: Edits = {
    "slack_channel.testx": {"topic": "Results", "purpose": "What the nightly runs find"},
    "slack_channel_members.testx": {"users": ["alice@example.com", "carol@example.com"]},
    "slack_usergroup.maintainers": {"name": "TestX people", "description": "Those who mend tests"},
    "slack_bookmark.repository": {"title": "The repository"},
    "notion_page.testx": {"title": "TestX results", "content": "Results of the tests, and cases.\n"},
    "notion_database.errors": {"title": "Failures", "description": "What goes wrong"},
    "notion_relation.executed_cases": {"name": "Cases"},
    "github_repository.testx": {"description": "Tests of the shop", "topics": ["e2e", "shop"]},
    "github_branch.dev": {"branch": "develop"},
    "github_branch_protection.main": {"enforce_admins": False},
    "github_issue_label.P2": {"name": "P3"},
    "github_issue_label.story": {"color": "0e8a17", "description": "What a user will be able to do"},
    "github_actions_secret.notion": {"plaintext_value": "${secret.ANYKROWD_API_KEY}"},
    "github_team.qa": {"description": "Those who test"},
    "github_team_repository.qa": {"permission": "maintain"},
    "anykrowd_staff_member.scanner": {"last_name": "Reader"},
    "anykrowd_staff_member.manager": {"last_name": "Head"},
}
"""Something that can be changed in place of each type, its name wherever it may be changed."""

REPLACEMENTS: Edits = {
    "slack_bookmark.repository": {"channel": "${slack_channel.alerts.id}"},
    "notion_relation.errors_of_executions": {"target": "${notion_database.cases.id}"},
    "github_actions_secret.notion": {"secret_name": "NOTION_API_TOKEN"},
    "anykrowd_staff_member.cashier": {"external_id": "testx-cashier-2"},
    "anykrowd_wallet_topup.float": {"amount": 30},
}

UPDATES_AGAIN: Edits = {
    "slack_channel.testx": {"topic": "Results of all nights", "purpose": "What the tests find"},
    "slack_channel_members.testx": {"users": ["bob@example.com", "carol@example.com"]},
    "slack_usergroup.maintainers": {"name": "TestX folk", "description": "Those who look after tests"},
    "slack_bookmark.repository": {"title": "Sources"},
    "notion_page.testx": {"title": "TestX, all results", "content": "All that is known.\n"},
    "notion_database.errors": {"title": "Defects", "description": "What is wrong"},
    "notion_relation.executed_cases": {"name": "Of the cases"},
    "github_repository.testx": {"description": "All tests", "topics": ["shop"]},
    "github_branch.dev": {"branch": "next"},
    "github_issue_label.P2": {"name": "P4"},
    "github_issue_label.story": {"color": "1d76db", "description": "What a user will see"},
    "github_team.qa": {"description": "Those who test all of it"},
    "github_team_repository.qa": {"permission": "admin"},
    "anykrowd_staff_member.scanner": {"last_name": "Device"},
    "anykrowd_staff_member.manager": {"last_name": "Lead"},
}

REPLACEMENTS_AGAIN: Edits = {
    "slack_bookmark.repository": {"channel": "${slack_channel.alerts.id}", "title": "Sources"},
    "notion_relation.errors_of_executions": {"target": "${notion_database.cases.id}", "name": "Seen in"},
    "github_actions_secret.notion": {"secret_name": "NOTION_INTEGRATION_TOKEN"},
    "anykrowd_staff_member.cashier": {"external_id": "testx-cashier-3"},
    "anykrowd_wallet_topup.float": {"amount": 35},
}

REMOVALS: Edits = dict.fromkeys(
    (
        "slack_bookmark.repository",
        "slack_usergroup.maintainers",
        "slack_channel_members.testx",
        "slack_channel.alerts",
        "notion_relation.errors_of_executions",
        "notion_database.errors",
        "github_branch_protection.main",
        "github_branch.dev",
        "github_issue_label.P1",
        "github_issue_label.P2",
        "github_actions_secret.slack",
        "github_team_repository.qa",
        "github_team.qa",
        "anykrowd_wallet_topup.float",
        "anykrowd_staff_member.cashier",
        "anykrowd_staff_member.scanner",
    )
)

_PORTER = {"first_name": "TestX", "roles": [{"role_id": "${data.anykrowd_role.checkin.id}"}]}

STAFF: Edits = {
    "anykrowd_staff_member.scanner": {"last_name": "Reader"},
    "anykrowd_staff_member.manager": {"last_name": "Head"},
    "anykrowd_staff_member.cashier": {"external_id": "testx-cashier-2"},
    "anykrowd_staff_member.porter": {
        **_PORTER, "external_id": "testx-porter", "external_qr_code": "P", "last_name": "Porter"
    },
    "anykrowd_staff_member.steward": {
        **_PORTER, "external_id": "testx-steward", "external_qr_code": "S", "last_name": "Steward"
    },
}  # fmt: skip
"""People, who are written in groups: two changed, one replaced, two new."""

STAFF_AGAIN: Edits = {
    "anykrowd_staff_member.scanner": {"last_name": "Device"},
    "anykrowd_staff_member.cashier": {"external_id": "testx-cashier-3"},
    "anykrowd_staff_member.porter": {"last_name": "Doorman"},
    "anykrowd_staff_member.steward": {"external_id": "testx-steward-2"},
}

MOVES: Mapping[str, str] = {
    "slack_bookmark.repository": "slack_bookmark.sources",
    "notion_relation.errors_of_executions": "notion_relation.found",
    "github_issue_label.P2": "github_issue_label.low",
    "github_actions_secret.notion": "github_actions_secret.pages",
    "github_branch.dev": "github_branch.work",
    "anykrowd_staff_member.scanner": "anykrowd_staff_member.reader",
    "anykrowd_staff_member.cashier": "anykrowd_staff_member.till",
    "anykrowd_wallet_topup.float": "anykrowd_wallet_topup.change",
}
"""Old address to new, of what nothing refers to."""

MIXED: Edits = {
    "slack_channel.testx": {"topic": "Results"},
    "slack_bookmark.repository": None,
    "slack_bookmark.tenant": {
        "channel": "${slack_channel.testx.id}", "title": "Tenant", "link": "https://krowd-dev.anykrowd.dev"
    },
    "notion_relation.errors_of_executions": {"target": "${notion_database.cases.id}"},
    "notion_database.errors": {"description": "What goes wrong"},
    "notion_page.notes": {"parent": "${notion_page.testx.id}", "title": "Notes"},
    "github_issue_label.story": {"color": "0e8a17"},
    "github_issue_label.P1": None,
    "github_issue_label.P3": {
        "repository": "${github_repository.testx.name}", "name": "P3", "color": "ededed"
    },
    "github_actions_secret.notion": {"secret_name": "NOTION_API_TOKEN"},
    "github_branch.dev": None,
    "anykrowd_staff_member.scanner": {"last_name": "Reader"},
    "anykrowd_staff_member.cashier": None,
    "anykrowd_staff_member.porter": STAFF["anykrowd_staff_member.porter"],
    "anykrowd_wallet_topup.float": {"amount": 30},
}  # fmt: skip
"""Something of everything: to be taken back."""


def thirty(connections: Mapping[str, Mapping[str, str]] = MappingProxyType({})) -> Document:
    """The stack, turned to services at an address of their own."""
    document = _load(_EXAMPLE / "reconciler.yaml")
    for file in sorted(_EXAMPLE.glob(document.pop("include")[0])):
        for part, types in _load(file).items():
            for name, entries in types.items():
                document.setdefault(part, {}).setdefault(name, {}).update(entries)
    for service, connection in connections.items():
        document["providers"][service] |= {"base_url": connection["base_url"], "retry": _PATIENCE}
    return edited(document, _MORE)


def environ_of(connections: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The environment that the stack needs."""
    return {
        "RECONCILER_VAR_owner": connections["github"]["owner"],
        "RECONCILER_VAR_notion_parent": connections["notion"]["root_page"],
        "SLACK_USER_TOKEN": connections["slack"]["user_token"],
        **{secret: connections[service]["token"] for service, secret in SECRETS.items()},
    }


def edited(document: Document, edits: Edits) -> Document:
    """A copy of a stack, changed."""
    document = copy.deepcopy(document)
    for address, attributes in edits.items():
        type_name, _, name = address.partition(".")
        entries = document["resources"].setdefault(type_name, {})
        if attributes is None:
            entries.pop(name, None)
        else:
            entries[name] = {**entries.get(name, {}), **attributes}
    return document


def emptied(document: Document) -> Document:
    """A copy of a stack that declares nothing any more."""
    return {**document, "resources": {}, "outputs": {}}


def moved(document: Document, moves: Mapping[str, str]) -> Document:
    """A copy of a stack with other addresses; nothing says so."""
    document = copy.deepcopy(document)
    for old, new in moves.items():
        type_name, _, name = old.partition(".")
        entries = document["resources"][type_name]
        if name in entries:
            entries[new.partition(".")[2]] = entries.pop(name)
    return document


def failing(document: Document) -> Document:
    """A copy of a stack with a branch that cannot be made, for it begins nowhere; it waits for all else."""
    branch = {
        "repository": "${github_repository.testx.name}",
        "branch": "broken",
        "source_branch": "nowhere",
        "depends_on": addresses(document),
    }
    return edited(document, {"github_branch.broken": branch})


def addresses(document: Document) -> list[str]:
    """The addresses of a stack's resources."""
    return [f"{type_name}.{name}" for type_name, entries in document["resources"].items() for name in entries]


def write(document: Document, directory: Path) -> None:
    """Make a stack the one of a directory."""
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    (directory / "reconciler.yaml").write_text(text, encoding="utf-8")


def _load(file: Path) -> Document:
    document: Document = yaml.safe_load(file.read_text(encoding="utf-8"))
    return document
