"""Repositories: settings, topics, and who may use them.

Source: docs.github.com/en/graphql/reference/objects (Repository).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.git import branches
from reconciler_github.sandbox.graphql.connections import Key, Listing, page
from reconciler_github.sandbox.graphql.refusals import unresolved
from reconciler_github.sandbox.graphql.resolvers.fields import (
    Fields,
    Resolver,
    addressed,
    always,
    found,
    id_of,
    stored,
    upper,
)
from reconciler_github.sandbox.graphql.session import PERMISSIONS, Info, Session, typed
from reconciler_github.sandbox.node_ids import node_id

_KEYS: dict[str, Callable[[Document], Key]] = {
    "CREATED_AT": lambda each: [each["created_at"], each["id"]],
    "NAME": lambda each: [each["name_key"], each["id"]],
    "PUSHED_AT": lambda each: [each["pushed_at"], each["id"]],
    "STARGAZERS": lambda each: [0, each["id"]],
    "UPDATED_AT": lambda each: [each["updated_at"], each["id"]],
}


def repository_called(session: Session, owner: str, name: str, *, follow_renames: bool) -> Document:
    """The repository of this name, or the one that had it; raises ``Problem`` if the viewer sees none."""
    repository = session.store.repository(owner, name)
    if repository is None and follow_renames:
        repository = session.store.renamed(owner, name)
    if repository is None or not session.may_see(repository):
        raise unresolved("Repository", "name", f"{owner}/{name}")
    return typed("repository", repository)


def repositories_page(
    info: Info, repositories: Iterable[Document], arguments: Mapping[str, Any]
) -> dict[str, Any]:
    """Those of the repositories that the viewer may see and the arguments leave, oldest first."""
    session = info.context
    given = {key: value for key, value in arguments.items() if value is not None}
    wanted = [each for each in repositories if _fits(each, given) and session.may_see(each)]
    listing = Listing(wanted, _by_id).ordered(arguments.get("orderBy"), _KEYS)
    return {**page(info, listing, arguments), "totalDiskUsage": 0}


def full_name(session: Session, repository: Document) -> str:
    """``owner/name``."""
    return f"{session.document('account', repository['owner_id'])['login']}/{repository['name']}"


def _fits(repository: Document, given: Mapping[str, Any]) -> bool:
    return (
        given.get("isArchived") in (None, repository["archived"])
        and given.get("isFork") in (None, False)
        and given.get("privacy") in (None, "PRIVATE" if repository["private"] else "PUBLIC")
        and given.get("visibility") in (None, repository["visibility"].upper())
    )


def _topics(repository: Document, info: Info, **arguments: Any) -> dict[str, Any]:
    topics = [{"repository": repository, "name": name} for name in sorted(repository["topics"])]
    return page(info, Listing(topics, lambda topic: [topic["name"]]), arguments)


def _template(session: Session, repository: Document) -> Document | None:
    if repository["template_id"] is None:
        return None
    template = session.store.get("repository", repository["template_id"])
    return template if template is not None and session.may_see(template) else None


def _by_id(document: Document) -> list[Any]:
    return [document["id"]]


def _viewer_permission(session: Session, repository: Document) -> str | None:
    held = session.permission(repository)
    return None if held is None else PERMISSIONS[held]


def _for_admins(key: str) -> Resolver:
    return found(lambda session, source: source[key] if session.allows(source, "admin") else False)


_SETTINGS: dict[str, Resolver] = {
    "allowUpdateBranch": stored("allow_update_branch"),
    "autoMergeAllowed": stored("allow_auto_merge"),
    "deleteBranchOnMerge": stored("delete_branch_on_merge"),
    "description": stored("description"),
    "forkingAllowed": found(lambda _, source: not source["private"] or source["allow_forking"]),
    "hasDiscussionsEnabled": stored("has_discussions"),
    "hasIssuesEnabled": stored("has_issues"),
    "hasProjectsEnabled": stored("has_projects"),
    "hasVulnerabilityAlertsEnabled": _for_admins("vulnerability_alerts"),
    "hasWikiEnabled": stored("has_wiki"),
    "homepageUrl": stored("homepage"),
    "isArchived": stored("archived"),
    "isPrivate": stored("private"),
    "isTemplate": stored("is_template"),
    "mergeCommitAllowed": stored("allow_merge_commit"),
    "mergeCommitMessage": stored("merge_commit_message"),
    "mergeCommitTitle": stored("merge_commit_title"),
    "rebaseMergeAllowed": stored("allow_rebase_merge"),
    "squashMergeAllowed": stored("allow_squash_merge"),
    "squashMergeCommitMessage": stored("squash_merge_commit_message"),
    "squashMergeCommitTitle": stored("squash_merge_commit_title"),
    "squashPrTitleUsedAsDefault": stored("use_squash_pr_title_as_default"),
    "visibility": upper("visibility"),
    "webCommitSignoffRequired": stored("web_commit_signoff_required"),
}

FIELDS: Fields = {
    "Repository": {
        **_SETTINGS,
        "createdAt": stored("created_at"),
        "databaseId": stored("id"),
        "diskUsage": always(0),
        "id": id_of("repository"),
        "isDisabled": always(value=False),
        "isEmpty": found(lambda session, source: not branches(session.store, source["id"])),
        "isFork": always(value=False),
        "isInOrganization": found(
            lambda session, source: session.account(source["owner_id"])["type"] == "Organization"
        ),
        "isLocked": always(value=False),
        "name": stored("name"),
        "nameWithOwner": found(full_name),
        "owner": found(lambda session, source: session.account(source["owner_id"])),
        "pushedAt": stored("pushed_at"),
        "repositoryTopics": _topics,
        "sshUrl": found(lambda session, source: f"git@github.com:{full_name(session, source)}.git"),
        "templateRepository": found(_template),
        "updatedAt": stored("updated_at"),
        "viewerCanAdminister": found(lambda session, source: session.allows(source, "admin")),
        "viewerCanUpdateTopics": found(lambda session, source: session.allows(source, "maintain")),
        "viewerPermission": found(_viewer_permission),
        **addressed(lambda session, source: f"/{full_name(session, source)}"),
    },
    "RepositoryTopic": {
        "id": found(lambda _, topic: node_id("RTO", topic["repository"]["id"], topic["name"])),
        "topic": found(lambda _, topic: topic),
        **addressed(lambda _, topic: f"/topics/{topic['name']}"),
    },
    "Topic": {"id": found(lambda _, topic: node_id("TO", topic["name"]))},
}
