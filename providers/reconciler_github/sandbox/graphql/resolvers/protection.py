"""Branch protection rules, and whom they let past.

Source: docs.github.com/en/graphql/reference/objects (BranchProtectionRule); "Managing a branch protection
rule" (of several rules that match a branch, the one of its very name applies, else the oldest).
"""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.protection import matches, rule_of, rules
from reconciler_github.sandbox.graphql.connections import Listing, page
from reconciler_github.sandbox.graphql.resolvers.fields import Fields, Resolver, found, id_of, stored
from reconciler_github.sandbox.graphql.session import Info, Session, typed
from reconciler_github.sandbox.node_ids import node_id, parse_node_id

_HEADS = "refs/heads/"
_GITHUB_ACTIONS = 15368

SETTINGS = {
    "allowsDeletions": "allows_deletions",
    "allowsForcePushes": "allows_force_pushes",
    "blocksCreations": "blocks_creations",
    "dismissesStaleReviews": "dismisses_stale_reviews",
    "isAdminEnforced": "is_admin_enforced",
    "lockAllowsFetchAndMerge": "lock_allows_fetch_and_merge",
    "lockBranch": "lock_branch",
    "requireLastPushApproval": "require_last_push_approval",
    "requiredApprovingReviewCount": "required_approving_review_count",
    "requiredDeploymentEnvironments": "required_deployment_environments",
    "requiresApprovingReviews": "requires_approving_reviews",
    "requiresCodeOwnerReviews": "requires_code_owner_reviews",
    "requiresCommitSignatures": "requires_commit_signatures",
    "requiresConversationResolution": "requires_conversation_resolution",
    "requiresDeployments": "requires_deployments",
    "requiresLinearHistory": "requires_linear_history",
    "requiresStatusChecks": "requires_status_checks",
    "requiresStrictStatusChecks": "requires_strict_status_checks",
    "restrictsPushes": "restricts_pushes",
    "restrictsReviewDismissals": "restricts_review_dismissals",
}
"""Settings that are kept as GraphQL shows them: its names, and those of the store."""


def app_node_id(app_id: int) -> str:
    """The node id of an App."""
    return node_id("A", app_id)


def app_id_of(text: str) -> int | None:
    """The App behind a node id; raises ``ValueError`` if it is none. ``any`` means that any App will do."""
    if text == "any":
        return None
    prefix, path = parse_node_id(text)
    if prefix != "A" or not isinstance(path[-1], int):
        raise ValueError(f"{text!r} is no App")
    return path[-1]


def _app(app_id: int | None) -> Document | None:
    """An App. The world keeps none: GitHub's own has its name, any other is called by its number."""
    if app_id is None:
        return None
    name, slug = (
        ("GitHub Actions", "github-actions")
        if app_id == _GITHUB_ACTIONS
        else (f"App {app_id}", f"app-{app_id}")
    )
    return {"__typename": "App", "id": app_id, "node_id": app_node_id(app_id), "name": name, "slug": slug}


def _rules(repository: Document, info: Info, **arguments: Any) -> dict[str, Any]:
    """Only those who administer the repository see its rules; others see none."""
    session = info.context
    seen = rules(session.store, repository["id"]) if session.allows(repository, "admin") else []
    return page(info, Listing(seen, _by_id), arguments)


def _allowances(key: str, prefix: str) -> Resolver:
    """A connection of the actors whose node ids the rule keeps; those that are gone are left out."""

    def resolve(rule: Document, info: Info, **arguments: Any) -> dict[str, Any]:
        store = info.context.store
        allowed = []
        for text in rule[key]:
            actor = store.node(text)
            document = _app(_actor_app(text)) if actor is None else typed(*actor)
            if document is not None:
                identity = node_id(prefix, rule["id"], text)
                allowed.append({"id": identity, "actor": document, "branchProtectionRule": rule})
        return page(info, Listing(allowed, lambda each: [each["id"]]).ordered(None, {}), arguments)

    return resolve


def _actor_app(text: str) -> int | None:
    try:
        return app_id_of(text)
    except ValueError:
        return None


def _matching(rule: Document, info: Info, **arguments: Any) -> dict[str, Any]:
    """The branches that this rule, and no other, applies to."""
    session = info.context
    query = (arguments.get("query") or "").lower()
    refs = [
        ref
        for ref, governing in _governed(session, rule["repository_id"])
        if governing == rule["id"] and query in ref["ref"].removeprefix(_HEADS).lower()
    ]
    return page(info, Listing(refs, lambda ref: [ref["ref"]]), arguments)


def _conflicts(rule: Document, info: Info, **arguments: Any) -> dict[str, Any]:
    """The branches that this rule's pattern matches, but another rule applies to."""
    session = info.context
    conflicts = [
        {
            "branchProtectionRule": rule,
            "conflictingBranchProtectionRule": session.document("protection", governing),
            "ref": ref,
        }
        for ref, governing in _governed(session, rule["repository_id"])
        if governing not in (None, rule["id"]) and matches(rule["pattern"], ref["ref"].removeprefix(_HEADS))
    ]
    return page(info, Listing(conflicts, lambda each: [each["ref"]["ref"]]), arguments)


def _governed(session: Session, repository_id: int) -> list[tuple[Document, Any]]:
    """Each branch with the id of the rule that applies to it."""

    def read() -> list[tuple[Document, Any]]:
        pairs = []
        for ref in session.store.refs(repository_id):
            rule = rule_of(session.store, repository_id, ref["ref"].removeprefix(_HEADS))
            pairs.append((ref, rule["id"] if rule else None))
        return pairs

    return session.once("governed", repository_id, read)


def _checks(_session: Session, rule: Document) -> list[dict[str, Any]]:
    return [
        {"app": _app(check["app_id"]), "context": check["context"]}
        for check in rule["required_status_checks"]
    ]


def _contexts(_session: Session, rule: Document) -> list[str]:
    return [check["context"] for check in rule["required_status_checks"]]


def _creator(session: Session, rule: Document) -> Document | None:
    return None if rule["creator_id"] is None else session.account(rule["creator_id"])


def _by_id(document: Document) -> list[Any]:
    return [document["id"]]


FIELDS: Fields = {
    "Repository": {"branchProtectionRules": _rules},
    "BranchProtectionRule": {
        **{name: stored(key) for name, key in SETTINGS.items()},
        "branchProtectionRuleConflicts": _conflicts,
        "bypassForcePushAllowances": _allowances("bypass_force_push_actor_ids", "BFPA"),
        "bypassPullRequestAllowances": _allowances("bypass_pull_request_actor_ids", "BPRA"),
        "creator": found(_creator),
        "databaseId": stored("id"),
        "id": id_of("protection"),
        "matchingRefs": _matching,
        "pattern": stored("pattern"),
        "pushAllowances": _allowances("push_actor_ids", "PA"),
        "repository": found(lambda session, rule: session.document("repository", rule["repository_id"])),
        "requiredStatusCheckContexts": found(_contexts),
        "requiredStatusChecks": found(_checks),
        "reviewDismissalAllowances": _allowances("review_dismissal_actor_ids", "RDA"),
    },
}
