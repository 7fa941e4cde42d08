"""A branch protection rule as REST shows it for one branch.

Source: the schemas protected-branch and branch-protection of GitHub's REST description, and recorded answers.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.representations.accounts import simple_user, team
from reconciler_github.sandbox.rest.routes import Call

_SWITCHES = {
    "required_linear_history": "requires_linear_history",
    "allow_force_pushes": "allows_force_pushes",
    "allow_deletions": "allows_deletions",
    "block_creations": "blocks_creations",
    "required_conversation_resolution": "requires_conversation_resolution",
    "lock_branch": "lock_branch",
    "allow_fork_syncing": "lock_allows_fetch_and_merge",
}


def protection(call: Call, repository: Document, branch: str, rule: Document) -> dict[str, Any]:
    """The whole protection of a branch; what is off and has details is left out, as GitHub does."""
    url = protection_url(call, repository, branch)
    shown: dict[str, Any] = {"url": url}
    if rule["requires_status_checks"]:
        checks = rule["required_status_checks"]
        shown["required_status_checks"] = {
            "url": f"{url}/required_status_checks",
            "strict": rule["requires_strict_status_checks"],
            "contexts": [check["context"] for check in checks],
            "contexts_url": f"{url}/required_status_checks/contexts",
            "checks": checks,
        }
    if rule["restricts_pushes"]:
        shown["restrictions"] = {
            **_actors(call, rule["push_actor_ids"]),
            "url": f"{url}/restrictions",
            "users_url": f"{url}/restrictions/users",
            "teams_url": f"{url}/restrictions/teams",
            "apps_url": f"{url}/restrictions/apps",
        }
    if rule["requires_approving_reviews"]:
        shown["required_pull_request_reviews"] = _reviews(call, rule, f"{url}/required_pull_request_reviews")
    shown["required_signatures"] = signatures(call, repository, branch, rule)
    shown["enforce_admins"] = {"url": f"{url}/enforce_admins", "enabled": rule["is_admin_enforced"]}
    return shown | {name: {"enabled": rule[field]} for name, field in _SWITCHES.items()}


def signatures(call: Call, repository: Document, branch: str, rule: Document) -> dict[str, Any]:
    """Whether commits must be signed."""
    url = f"{protection_url(call, repository, branch)}/required_signatures"
    return {"url": url, "enabled": rule["requires_commit_signatures"]}


def protection_url(call: Call, repository: Document, branch: str) -> str:
    """Where a branch's protection is addressed."""
    name = quote(branch, safe="")
    return f"{call.api}/repos/{call.full_name(repository)}/branches/{name}/protection"


def _reviews(call: Call, rule: Document, url: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "url": url,
        "dismiss_stale_reviews": rule["dismisses_stale_reviews"],
        "require_code_owner_reviews": rule["requires_code_owner_reviews"],
        "require_last_push_approval": rule["require_last_push_approval"],
        "required_approving_review_count": rule["required_approving_review_count"],
    }
    if rule["restricts_review_dismissals"]:
        restrictions = url.removesuffix("required_pull_request_reviews") + "dismissal_restrictions"
        shown["dismissal_restrictions"] = {
            **_actors(call, rule["review_dismissal_actor_ids"]),
            "url": restrictions,
            "users_url": f"{restrictions}/users",
            "teams_url": f"{restrictions}/teams",
        }
    if rule["bypass_pull_request_actor_ids"]:
        shown["bypass_pull_request_allowances"] = _actors(call, rule["bypass_pull_request_actor_ids"])
    return shown


def _actors(call: Call, node_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Users and teams by their node ids; those that are gone are left out."""
    found = [node for node in map(call.store.node, node_ids) if node is not None]
    return {
        "users": [simple_user(call, document) for kind, document in found if kind == "account"],
        "teams": [team(call, document) for kind, document in found if kind == "team"],
        "apps": [],
    }
