"""Branch protection rules: patterns, as GraphQL has them; REST addresses the rule that governs a branch.

A ``protection`` document holds id, repository_id, pattern, creator_id, and every setting in ``DEFAULTS``. The
names are those of GraphQL's ``BranchProtectionRule`` and ``UpdateBranchProtectionRuleInput`` in snake case:

- ``required_status_checks`` is a list of ``{"context": text, "app_id": number or null}``, in the order given;
- the ``*_actor_ids`` are lists of node ids of users and teams;
- ``required_approving_review_count`` counts only while ``requires_approving_reviews``.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.errors import invalid
from reconciler_github.sandbox.store import Store

DEFAULTS: dict[str, Any] = {
    "allows_deletions": False,
    "allows_force_pushes": False,
    "blocks_creations": False,
    "bypass_force_push_actor_ids": [],
    "bypass_pull_request_actor_ids": [],
    "dismisses_stale_reviews": False,
    "is_admin_enforced": False,
    "lock_allows_fetch_and_merge": False,
    "lock_branch": False,
    "push_actor_ids": [],
    "require_last_push_approval": False,
    "required_approving_review_count": None,
    "required_deployment_environments": [],
    "required_status_checks": [],
    "requires_approving_reviews": False,
    "requires_code_owner_reviews": False,
    "requires_commit_signatures": False,
    "requires_conversation_resolution": False,
    "requires_deployments": False,
    "requires_linear_history": False,
    "requires_status_checks": False,
    "requires_strict_status_checks": False,
    "restricts_pushes": False,
    "restricts_review_dismissals": False,
    "review_dismissal_actor_ids": [],
}


def create_rule(
    store: Store, repository: Document, creator_id: int, pattern: str, settings: Mapping[str, Any]
) -> Document:
    """A new rule; raises ``Refusal`` 422 if the repository has one of the same pattern."""
    if any(rule["pattern"] == pattern for rule in rules(store, repository["id"])):
        raise invalid("ProtectedBranch", "already_exists", "name", "Name already protected: " + pattern)
    rule = {
        "id": store.next_id(),
        "repository_id": repository["id"],
        "pattern": pattern,
        "creator_id": creator_id,
        **DEFAULTS,
    }
    return update_rule(store, rule, settings)


def update_rule(store: Store, rule: Document, settings: Mapping[str, Any]) -> Document:
    """Set some of a rule's settings (or its pattern) and store it."""
    unknown = settings.keys() - DEFAULTS.keys() - {"pattern"}
    if unknown:
        raise LookupError(f"a protection rule has no {sorted(unknown)}")
    rule = {**rule, **settings}
    if not rule["requires_approving_reviews"]:
        rule["required_approving_review_count"] = None
    elif rule["required_approving_review_count"] is None:
        rule["required_approving_review_count"] = 1
    store.put("protection", rule["id"], rule)
    return rule


def rules(store: Store, repository_id: int) -> list[Document]:
    """All rules of a repository, oldest first."""
    return store.find("protection", repository_id=repository_id)


def rule_of(store: Store, repository_id: int, branch: str) -> Document | None:
    """The rule that governs a branch: the one of its very name, else the oldest whose pattern matches.

    Source: docs.github.com, "Managing a branch protection rule": a specific name wins, then age.
    """
    candidates = rules(store, repository_id)
    for rule in candidates:
        if rule["pattern"] == branch:
            return rule
    return next((rule for rule in candidates if matches(rule["pattern"], branch)), None)


def matches(pattern: str, branch: str) -> bool:
    """Whether a branch's name matches as Ruby's ``File.fnmatch`` does it: ``*`` stops at ``/``."""
    return _expression(pattern).fullmatch(branch) is not None


@lru_cache(maxsize=1024)
def _expression(pattern: str) -> re.Pattern[str]:
    parts: list[str] = []
    for piece in re.findall(r"\*\*/|\*+|\?|\[[^\]/]+\]|\\.|.", pattern):
        if piece == "**/":
            parts.append("(?:[^/]+/)*")
        elif piece.startswith("*"):
            parts.append("[^/]*")
        elif piece == "?":
            parts.append("[^/]")
        elif len(piece) > 1 and piece.startswith("["):
            inside = piece[1:-1].replace("\\", "\\\\")
            parts.append(f"[{'^' + inside[1:] if inside[0] in '!^' else inside}]")
        else:
            parts.append(re.escape(piece[-1]))
    return re.compile("".join(parts))
