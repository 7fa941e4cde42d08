"""The attributes of a repository as REST and GraphQL tell them, in one form.

Sources: docs.github.com/en/rest/repos/repos and …/graphql/reference/objects#repository. What is told by both
must come out the same, or a plan after an apply would see changes.
"""

from collections.abc import Collection, Mapping
from typing import Any

from reconciler.provider.objects import Attributes

ORGANIZATION_POST = frozenset(
    {
        "name", "description", "homepage", "visibility", "has_issues", "has_projects", "has_wiki",
        "has_downloads", "is_template", "auto_init", "gitignore_template", "license_template",
        "allow_squash_merge", "allow_merge_commit", "allow_rebase_merge", "allow_auto_merge",
        "delete_branch_on_merge", "squash_merge_commit_title", "squash_merge_commit_message",
        "merge_commit_title", "merge_commit_message", "custom_properties",
    }
)  # fmt: skip
"""What ``POST /orgs/{org}/repos`` takes."""

USER_POST = (ORGANIZATION_POST - {"visibility", "custom_properties"}) | {"has_discussions"}
"""What ``POST /user/repos`` takes; it has ``private`` for the visibility."""

PATCHED = frozenset(
    {
        "name", "description", "homepage", "visibility", "has_issues", "has_projects", "has_wiki",
        "has_pull_requests", "pull_request_creation_policy", "is_template", "default_branch",
        "allow_squash_merge", "allow_merge_commit", "allow_rebase_merge", "allow_auto_merge",
        "allow_update_branch", "allow_forking", "delete_branch_on_merge", "squash_merge_commit_title",
        "squash_merge_commit_message", "merge_commit_title", "merge_commit_message", "archived",
        "web_commit_signoff_required", "security_and_analysis",
    }
)  # fmt: skip
"""What ``PATCH /repos/{owner}/{repo}`` takes."""

CREATE_ONLY = frozenset({"auto_init", "gitignore_template", "license_template", "template", "has_downloads"})
"""Used when the repository is created, and never looked at again."""

GIVES_FIRST_COMMIT = frozenset({"auto_init", "gitignore_template", "license_template", "template"})

ONLY_BY_REST = frozenset(
    {"has_pull_requests", "pull_request_creation_policy", "security_and_analysis", "custom_properties"}
)
"""What GraphQL does not tell. It is read and recorded only where it is declared, since it costs calls."""

_SAME_IN_REST = (
    "name", "full_name", "html_url", "created_at", "has_issues", "has_projects", "has_wiki",
    "has_discussions", "is_template", "archived", "default_branch", "allow_squash_merge",
    "allow_merge_commit", "allow_rebase_merge", "allow_auto_merge", "allow_update_branch", "allow_forking",
    "delete_branch_on_merge", "squash_merge_commit_title", "squash_merge_commit_message",
    "merge_commit_title", "merge_commit_message", "web_commit_signoff_required",
)  # fmt: skip

_IN_GRAPHQL = {
    "name": "name",
    "full_name": "nameWithOwner",
    "html_url": "url",
    "ssh_clone_url": "sshUrl",
    "created_at": "createdAt",
    "database_id": "databaseId",
    "is_template": "isTemplate",
    "archived": "isArchived",
    "has_issues": "hasIssuesEnabled",
    "has_projects": "hasProjectsEnabled",
    "has_wiki": "hasWikiEnabled",
    "has_discussions": "hasDiscussionsEnabled",
    "allow_merge_commit": "mergeCommitAllowed",
    "allow_squash_merge": "squashMergeAllowed",
    "allow_rebase_merge": "rebaseMergeAllowed",
    "allow_auto_merge": "autoMergeAllowed",
    "allow_update_branch": "allowUpdateBranch",
    "allow_forking": "forkingAllowed",
    "merge_commit_title": "mergeCommitTitle",
    "merge_commit_message": "mergeCommitMessage",
    "squash_merge_commit_title": "squashMergeCommitTitle",
    "squash_merge_commit_message": "squashMergeCommitMessage",
    "delete_branch_on_merge": "deleteBranchOnMerge",
    "web_commit_signoff_required": "webCommitSignoffRequired",
}


def from_rest(found: Mapping[str, Any], declared: Attributes) -> dict[str, Any]:
    """The attributes from a full REST answer; of what only REST tells, what is declared."""
    told = {name: found[name] for name in _SAME_IN_REST if found.get(name) is not None}
    told["description"] = found.get("description") or ""
    told["homepage"] = found.get("homepage") or ""
    told["visibility"] = found.get("visibility") or ("private" if found.get("private") else "public")
    told["id"] = told["node_id"] = found["node_id"]
    told["database_id"] = found["id"]
    told["ssh_clone_url"] = found["ssh_url"]
    told["http_clone_url"] = found["clone_url"]
    if "topics" in found:
        told["topics"] = sorted(found["topics"])
    return told | only_by_rest(found, declared)


def only_by_rest(found: Mapping[str, Any], declared: Attributes) -> dict[str, Any]:
    """What GraphQL does not tell, as far as it is declared."""
    told = {
        name: found[name]
        for name in ONLY_BY_REST & declared.keys()
        if name in found and found[name] is not None
    }
    if "custom_properties" in told:
        wanted: Collection[str] = declared["custom_properties"] or ()
        values = told["custom_properties"].items()
        told["custom_properties"] = {
            name: value for name, value in values if name in wanted and value is not None
        }
    return told


def from_graphql(found: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes from the fragment ``RepositorySettings``; an empty repository has no default branch."""
    told = {name: found[field] for name, field in _IN_GRAPHQL.items()}
    told["description"] = found["description"] or ""
    told["homepage"] = found["homepageUrl"] or ""
    told["visibility"] = found["visibility"].lower()
    told["id"] = told["node_id"] = found["id"]
    told["http_clone_url"] = f"{found['url']}.git"
    topics = (found["repositoryTopics"] or {}).get("nodes") or ()
    told["topics"] = sorted(node["topic"]["name"] for node in topics if node)
    if found["defaultBranchRef"]:
        told["default_branch"] = found["defaultBranchRef"]["name"]
    return told
