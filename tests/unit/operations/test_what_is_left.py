"""Which steps ``watch --heal`` takes by itself, over the types of the services that there are."""

import pytest

from reconciler.address import Address
from reconciler.operations.healing import why_left
from reconciler.plan.action import Action
from reconciler.plan.change import Change
from reconciler.registry import Registry

REGISTRY = Registry.installed()


def why(type_name: str, action: Action, irreversible: str = "") -> str:
    change = Change(Address(type_name, "one"), action, type_name.partition("_")[0], irreversible=irreversible)
    return why_left(change, REGISTRY)


@pytest.mark.parametrize(
    "type_name",
    ["github_issue_label", "github_branch", "github_actions_secret", "slack_bookmark", "notion_relation"],
)
def test_what_is_missing_is_made_again_also_where_something_of_it_is_lost(type_name: str) -> None:
    assert why(type_name, Action.CREATE) == ""


@pytest.mark.parametrize("type_name", ["github_repository", "github_team", "notion_page", "notion_database"])
def test_what_held_others_is_not_made_again_empty(type_name: str) -> None:
    assert "it would be made anew and empty" in why(type_name, Action.CREATE)
    assert why(type_name, Action.UPDATE) == ""


@pytest.mark.parametrize("action", [Action.DELETE, Action.FORGET, Action.REPLACE])
@pytest.mark.parametrize("type_name", ["github_issue_label", "slack_channel", "reconciler_value"])
def test_nothing_is_deleted_forgotten_or_replaced(type_name: str, action: Action) -> None:
    assert why(type_name, action)


@pytest.mark.parametrize("action", [Action.CREATE, Action.UPDATE])
def test_what_cannot_be_undone_exactly_is_left(action: Action) -> None:
    assert why("anykrowd_wallet_topup", action, "it moves money") == (
        "that cannot be undone exactly: it moves money"
    )
