"""Branch protection of one branch.

Reading shows the rule that governs the branch; writing makes, replaces or removes the rule of the branch's
very name. Source: docs.github.com/en/rest/branches/branch-protection.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.git import branch_ref
from reconciler_github.sandbox.domain.protection import create_rule, rule_of, rules, update_rule
from reconciler_github.sandbox.errors import Refusal
from reconciler_github.sandbox.fields import checked
from reconciler_github.sandbox.representations.protection import protection, signatures
from reconciler_github.sandbox.rest.routes import Answer, Call, Routes, no_content, ok
from reconciler_github.sandbox.store import node_id_of

ROUTES = Routes()

_PATH = "/repos/{owner}/{repo}/branches/{branch}/protection"
_SPEC = {
    "required_status_checks": "object?",
    "enforce_admins": "boolean?",
    "required_pull_request_reviews": "object?",
    "restrictions": "object?",
    "required_linear_history": "boolean?",
    "allow_force_pushes": "boolean?",
    "allow_deletions": "boolean?",
    "block_creations": "boolean?",
    "required_conversation_resolution": "boolean?",
    "lock_branch": "boolean?",
    "allow_fork_syncing": "boolean?",
}
_REQUIRED = ("required_status_checks", "enforce_admins", "required_pull_request_reviews", "restrictions")
_MOST_REVIEWS = 6


@ROUTES.add("GET", _PATH)
def get(call: Call, owner: str, repo: str, branch: str) -> Answer:
    """The protection of a branch."""
    repository = _repository(call, owner, repo, branch)
    return ok(protection(call, repository, branch, _governing(call, repository, branch)))


@ROUTES.add("PUT", _PATH)
def replace(call: Call, owner: str, repo: str, branch: str) -> Answer:
    """Protect a branch as given; what is not given is off."""
    repository = _repository(call, owner, repo, branch, write=True)
    body = checked(call.body(), _SPEC, _REQUIRED)
    settings = _settings(call, repository, body)
    rule = _own(call, repository, branch)
    if rule is None:
        rule = create_rule(call.store, repository, call.viewer.user["id"], branch, settings)
    else:
        rule = update_rule(call.store, rule, settings)
    return ok(protection(call, repository, branch, rule))


@ROUTES.add("DELETE", _PATH)
def delete(call: Call, owner: str, repo: str, branch: str) -> Answer:
    """End the protection of a branch."""
    repository = _repository(call, owner, repo, branch, write=True)
    rule = _own(call, repository, branch)
    if rule is None:
        raise Refusal(404, "Branch not protected")
    call.store.delete("protection", rule["id"])
    return no_content()


@ROUTES.add("GET", f"{_PATH}/required_signatures")
def get_signatures(call: Call, owner: str, repo: str, branch: str) -> Answer:
    """Whether commits to the branch must be signed."""
    repository = _repository(call, owner, repo, branch)
    return ok(signatures(call, repository, branch, _governing(call, repository, branch)))


@ROUTES.add("POST", f"{_PATH}/required_signatures")
def require_signatures(call: Call, owner: str, repo: str, branch: str) -> Answer:
    """Commits to the branch must be signed from now on."""
    repository = _repository(call, owner, repo, branch, write=True)
    rule = update_rule(call.store, _governing(call, repository, branch), {"requires_commit_signatures": True})
    return ok(signatures(call, repository, branch, rule))


@ROUTES.add("DELETE", f"{_PATH}/required_signatures")
def allow_unsigned(call: Call, owner: str, repo: str, branch: str) -> Answer:
    """Commits to the branch need no signature."""
    repository = _repository(call, owner, repo, branch, write=True)
    update_rule(call.store, _governing(call, repository, branch), {"requires_commit_signatures": False})
    return no_content()


def _repository(call: Call, owner: str, repo: str, branch: str, write: bool = False) -> Document:
    repository = call.repository(owner, repo, "admin" if write else "push", write)
    if branch_ref(call.store, repository["id"], branch) is None:
        raise Refusal(404, "Branch not found")
    return repository


def _own(call: Call, repository: Document, branch: str) -> Document | None:
    return next((rule for rule in rules(call.store, repository["id"]) if rule["pattern"] == branch), None)


def _governing(call: Call, repository: Document, branch: str) -> Document:
    rule = rule_of(call.store, repository["id"], branch)
    if rule is None:
        raise Refusal(404, "Branch not protected")
    return rule


def _settings(call: Call, repository: Document, body: Mapping[str, Any]) -> dict[str, Any]:
    linear = bool(body.get("required_linear_history"))
    if linear and not (repository["allow_squash_merge"] or repository["allow_rebase_merge"]):
        message = "Squash merging or rebase merging must be allowed to require a linear history"
        raise Refusal(422, "Validation Failed", [message])
    restrictions = body["restrictions"]
    return {
        "is_admin_enforced": bool(body["enforce_admins"]),
        "requires_linear_history": linear,
        "allows_force_pushes": bool(body.get("allow_force_pushes")),
        "allows_deletions": bool(body.get("allow_deletions")),
        "blocks_creations": bool(body.get("block_creations")),
        "requires_conversation_resolution": bool(body.get("required_conversation_resolution")),
        "lock_branch": bool(body.get("lock_branch")),
        "lock_allows_fetch_and_merge": bool(body.get("allow_fork_syncing")),
        "restricts_pushes": restrictions is not None,
        "push_actor_ids": _actors(call, repository, restrictions),
        **_checks(body["required_status_checks"]),
        **_reviews(call, repository, body["required_pull_request_reviews"]),
    }


def _checks(given: Mapping[str, Any] | None) -> dict[str, Any]:
    if given is None:
        return {
            "requires_status_checks": False,
            "requires_strict_status_checks": False,
            "required_status_checks": [],
        }
    if given.get("checks") is not None:
        checks = [{"context": each["context"], "app_id": each.get("app_id")} for each in given["checks"]]
    else:
        checks = [{"context": context, "app_id": None} for context in given.get("contexts") or []]
    for check in checks:
        # -1 asks for "any source", which is what null says in answers.
        check["app_id"] = None if check["app_id"] == -1 else check["app_id"]
    return {
        "requires_status_checks": True,
        "requires_strict_status_checks": bool(given.get("strict")),
        "required_status_checks": checks,
    }


def _reviews(call: Call, repository: Document, given: Mapping[str, Any] | None) -> dict[str, Any]:
    reviews: Mapping[str, Any] = given or {}
    count = reviews.get("required_approving_review_count", 1)
    if not isinstance(count, int) or not 0 <= count <= _MOST_REVIEWS:
        message = f"required_approving_review_count must be between 0 and {_MOST_REVIEWS}"
        raise Refusal(422, "Validation Failed", [message])
    dismissal = reviews.get("dismissal_restrictions")
    return {
        "requires_approving_reviews": given is not None,
        "required_approving_review_count": count if given is not None else None,
        "dismisses_stale_reviews": bool(reviews.get("dismiss_stale_reviews")),
        "requires_code_owner_reviews": bool(reviews.get("require_code_owner_reviews")),
        "require_last_push_approval": bool(reviews.get("require_last_push_approval")),
        # An empty object turns the restriction off.
        "restricts_review_dismissals": bool(dismissal),
        "review_dismissal_actor_ids": _actors(call, repository, dismissal),
        "bypass_pull_request_actor_ids": _actors(
            call, repository, reviews.get("bypass_pull_request_allowances")
        ),
    }


def _actors(call: Call, repository: Document, given: Mapping[str, Sequence[str]] | None) -> list[str]:
    """Users by login and teams by slug, as node ids; only an organisation's repository may name them."""
    if not given:
        return []
    owner = call.store.require("account", repository["owner_id"])
    if owner["type"] != "Organization":
        message = "Only organization repositories can have users and team restrictions"
        raise Refusal(422, "Validation Failed", [message])
    found = []
    for login in given.get("users") or []:
        user = call.store.account(login, "User")
        found += [node_id_of("account", user)] if user else []
    for slug in given.get("teams") or []:
        team = call.store.team(owner["id"], slug)
        found += [node_id_of("team", team)] if team else []
    return found
