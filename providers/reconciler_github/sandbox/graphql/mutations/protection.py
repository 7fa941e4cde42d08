"""Create, change and delete branch protection rules.

Source: docs.github.com/en/graphql/reference/mutations (createBranchProtectionRule and its siblings);
docs.github.com/en/rest/branches/branch-protection (0 to 6 reviews; restrictions only in organisations).
"""

from collections.abc import Iterable
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.protection import create_rule, rules, update_rule
from reconciler_github.sandbox.graphql.mutations.steps import (
    Input,
    mutation,
    part_to_change,
    repository_to_change,
)
from reconciler_github.sandbox.graphql.refusals import Problem, unresolved_node
from reconciler_github.sandbox.graphql.resolvers.fields import Fields
from reconciler_github.sandbox.graphql.resolvers.protection import SETTINGS, app_id_of
from reconciler_github.sandbox.graphql.session import Session

_MOST_REVIEWS = 6
_ACTORS = {
    "bypassForcePushActorIds": "bypass_force_push_actor_ids",
    "bypassPullRequestActorIds": "bypass_pull_request_actor_ids",
    "pushActorIds": "push_actor_ids",
    "reviewDismissalActorIds": "review_dismissal_actor_ids",
}
_RESTRICTED_BY = {
    "push_actor_ids": "restricts_pushes",
    "review_dismissal_actor_ids": "restricts_review_dismissals",
}


def _create(session: Session, given: Input) -> dict[str, Any]:
    repository = repository_to_change(session, given["repositoryId"], "admin", "createBranchProtectionRule")
    settings = _settings(session, repository, given)
    _check_pattern(given["pattern"])
    creator = session.viewer.user["id"]
    rule = create_rule(session.store, repository, creator, given["pattern"], settings)
    return {"branchProtectionRule": _without_idle_actors(session, rule)}


def _update(session: Session, given: Input) -> dict[str, Any]:
    text = given["branchProtectionRuleId"]
    rule, repository = part_to_change(
        session, text, "BranchProtectionRule", "admin", "updateBranchProtectionRule"
    )
    settings = _settings(session, repository, given)
    if "pattern" in given:
        pattern = settings["pattern"] = given["pattern"]
        _check_pattern(pattern)
        others = [each for each in rules(session.store, repository["id"]) if each["id"] != rule["id"]]
        if any(each["pattern"] == pattern for each in others):
            raise Problem("UNPROCESSABLE", f"Name already protected: {pattern}")
    rule = update_rule(session.store, rule, settings)
    return {"branchProtectionRule": _without_idle_actors(session, rule)}


def _delete(session: Session, given: Input) -> dict[str, Any]:
    text = given["branchProtectionRuleId"]
    rule, _ = part_to_change(session, text, "BranchProtectionRule", "admin", "deleteBranchProtectionRule")
    session.store.delete("protection", rule["id"])
    return {}


def _settings(session: Session, repository: Document, given: Input) -> dict[str, Any]:
    """What the store keeps of an input; raises ``Problem`` for actors and numbers that cannot be."""
    settings = {key: given[name] for name, key in SETTINGS.items() if name in given}
    count = settings.get("required_approving_review_count")
    if count is not None and not 0 <= count <= _MOST_REVIEWS:
        message = f"Required approving review count must be between 0 and {_MOST_REVIEWS}"
        raise Problem("UNPROCESSABLE", message)
    if "requiredStatusCheckContexts" in given:
        contexts = given["requiredStatusCheckContexts"]
        settings["required_status_checks"] = [{"context": text, "app_id": None} for text in contexts]
    if "requiredStatusChecks" in given:
        settings["required_status_checks"] = [_check(each) for each in given["requiredStatusChecks"]]
    for name, key in _ACTORS.items():
        if name in given:
            settings[key] = _actors(session, repository, given[name])
    return settings


def _check(given: Input) -> dict[str, Any]:
    app = given.get("appId")
    try:
        return {"context": given["context"], "app_id": None if app is None else app_id_of(app)}
    except ValueError as problem:
        raise unresolved_node(str(app)) from problem


def _actors(session: Session, repository: Document, texts: Iterable[str]) -> list[str]:
    """Node ids of users, teams and Apps, each once."""
    wanted = list(dict.fromkeys(texts))
    owner = session.account(repository["owner_id"])
    if wanted and owner["type"] != "Organization":
        message = "Only organization repositories can have users and team restrictions"
        raise Problem("UNPROCESSABLE", message)
    for text in wanted:
        if _is_app(text):
            continue
        if session.node(text)["__typename"] not in ("User", "Team"):
            raise unresolved_node(text)
    return wanted


def _is_app(text: str) -> bool:
    try:
        return app_id_of(text) is not None
    except ValueError:
        return False


def _without_idle_actors(session: Session, rule: Document) -> Document:
    """Who may push or dismiss is kept only while pushing or dismissing is restricted."""
    idle: dict[str, list[str]] = {
        key: [] for key, restriction in _RESTRICTED_BY.items() if rule[key] and not rule[restriction]
    }
    return update_rule(session.store, rule, idle) if idle else rule


def _check_pattern(pattern: str) -> None:
    if not pattern.strip():
        raise Problem("UNPROCESSABLE", "Name can't be blank")


FIELDS: Fields = {
    "Mutation": {
        "createBranchProtectionRule": mutation(_create),
        "deleteBranchProtectionRule": mutation(_delete),
        "updateBranchProtectionRule": mutation(_update),
    }
}
