"""The attributes of a branch protection in the GraphQL API's terms, and back.

Source: docs.github.com/en/graphql/reference/objects#branchprotectionrule and
…/input-objects#createbranchprotectionruleinput.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler.provider.objects import Attributes
from reconciler_github.resolving import Name

FLAGS = {
    "pattern": "pattern",
    "enforce_admins": "isAdminEnforced",
    "required_signatures": "requiresCommitSignatures",
    "required_linear_history": "requiresLinearHistory",
    "required_conversation_resolution": "requiresConversationResolution",
    "allow_force_pushes": "allowsForcePushes",
    "allow_deletions": "allowsDeletions",
    "lock_branch": "lockBranch",
    "allow_fork_syncing": "lockAllowsFetchAndMerge",
    "block_creations": "blocksCreations",
}
"""Attributes that are one field there, by their name here; the same for answers and inputs."""

_REVIEW_FLAGS = {
    "required_approving_review_count": "requiredApprovingReviewCount",
    "dismiss_stale_reviews": "dismissesStaleReviews",
    "require_code_owner_reviews": "requiresCodeOwnerReviews",
    "require_last_push_approval": "requireLastPushApproval",
}
_KINDS = {"users": "user", "teams": "team", "apps": "app"}
_ANY_APP = "any"


def from_rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of a rule as GraphQL tells it."""
    told: dict[str, Any] = {name: rule[field] for name, field in FLAGS.items()}
    told["force_push_allowances"] = _actors(rule["bypassForcePushAllowances"])
    told["restrictions"] = _actors(rule["pushAllowances"]) if rule["restrictsPushes"] else None
    told["required_pull_request_reviews"] = _reviews(rule) if rule["requiresApprovingReviews"] else None
    told["required_status_checks"] = _checks(rule) if rule["requiresStatusChecks"] else None
    environments = {"environments": list(rule["requiredDeploymentEnvironments"] or ())}
    told["required_deployments"] = environments if rule["requiresDeployments"] else None
    told.update(id=rule["id"], node_id=rule["id"], database_id=rule["databaseId"])
    return told


def _reviews(rule: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {name: rule[field] for name, field in _REVIEW_FLAGS.items()}
    dismissals = _actors(rule["reviewDismissalAllowances"]) if rule["restrictsReviewDismissals"] else None
    told["dismissal_restrictions"] = dismissals
    told["bypass_pull_request_allowances"] = _actors(rule["bypassPullRequestAllowances"])
    return told


def _checks(rule: Mapping[str, Any]) -> dict[str, Any]:
    checks = [
        {"context": check["context"], "from_app": (check["app"] or {}).get("slug", _ANY_APP)}
        for check in rule["requiredStatusChecks"] or ()
    ]
    return {"strict": rule["requiresStrictStatusChecks"], "checks": checks}


def _actors(connection: Mapping[str, Any] | None) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {"users": [], "teams": [], "apps": []}
    for node in (connection or {}).get("nodes") or ():
        actor = (node or {}).get("actor")
        if actor:
            name = actor.get("login") or actor["slug"]
            told[f"{actor['__typename'].lower()}s"].append(name.lower())
    return {kind: sorted(names) for kind, names in told.items()}


def actor_names(desired: Attributes) -> Iterator[tuple[str, str]]:
    """Kind and name of every user, team and app that the attributes name."""
    reviews = desired.get("required_pull_request_reviews") or {}
    for holder, name in (
        (desired, "force_push_allowances"),
        (desired, "restrictions"),
        (reviews, "dismissal_restrictions"),
        (reviews, "bypass_pull_request_allowances"),
    ):
        for kind, names in (holder.get(name) or {}).items():
            yield from ((_KINDS[kind], found) for found in names)
    for check in (desired.get("required_status_checks") or {}).get("checks") or ():
        if check.get("from_app", _ANY_APP) != _ANY_APP:
            yield "app", check["from_app"]


def input_of(desired: Attributes, names: Iterable[str], ids: Mapping[Name, str]) -> dict[str, Any]:
    """The mutation's input for the named attributes; null switches a whole part off."""
    fields: dict[str, Any] = {}
    for name in names:
        value = desired[name]
        if name in FLAGS:
            fields[FLAGS[name]] = value
        elif name == "force_push_allowances":
            fields["bypassForcePushActorIds"] = _ids(value, ids)
        elif name == "restrictions":
            fields["restrictsPushes"] = value is not None
            if value is not None:
                fields["pushActorIds"] = _ids(value, ids)
        elif name == "required_deployments":
            fields["requiresDeployments"] = value is not None
            if value is not None:
                fields["requiredDeploymentEnvironments"] = value["environments"]
        elif name == "required_status_checks":
            fields.update(_checks_input(value, ids))
        elif name == "required_pull_request_reviews":
            fields.update(_reviews_input(value, ids))
    return fields


def _checks_input(value: Mapping[str, Any] | None, ids: Mapping[Name, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {"requiresStatusChecks": value is not None}
    if value is None:
        return fields
    if "strict" in value:
        fields["requiresStrictStatusChecks"] = value["strict"]
    if "checks" in value:
        fields["requiredStatusChecks"] = [_check_input(check, ids) for check in value["checks"]]
    return fields


def _check_input(check: Mapping[str, Any], ids: Mapping[Name, str]) -> dict[str, Any]:
    app = check.get("from_app")
    if app is None:
        return {"context": check["context"]}
    return {"context": check["context"], "appId": _ANY_APP if app == _ANY_APP else ids[Name("app", app)]}


def _reviews_input(value: Mapping[str, Any] | None, ids: Mapping[Name, str]) -> dict[str, Any]:
    fields: dict[str, Any] = {"requiresApprovingReviews": value is not None}
    if value is None:
        return fields
    fields.update({field: value[name] for name, field in _REVIEW_FLAGS.items() if name in value})
    if "dismissal_restrictions" in value:
        restrictions = value["dismissal_restrictions"]
        fields["restrictsReviewDismissals"] = restrictions is not None
        if restrictions is not None:
            fields["reviewDismissalActorIds"] = _ids(restrictions, ids)
    if "bypass_pull_request_allowances" in value:
        fields["bypassPullRequestActorIds"] = _ids(value["bypass_pull_request_allowances"], ids)
    return fields


def _ids(actors: Mapping[str, list[str]], ids: Mapping[Name, str]) -> list[str]:
    return [ids[Name(_KINDS[kind], name)] for kind, names in actors.items() for name in names]
