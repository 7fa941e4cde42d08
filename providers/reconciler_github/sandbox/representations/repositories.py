"""Repositories, labels, branches, commits and refs as REST shows them.

Source: the schemas full-repository, minimal-repository, label, branch-with-protection, short-branch, commit,
git-ref of GitHub's REST description, and recorded answers.
"""

from typing import Any
from urllib.parse import quote

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.licenses import license_simple
from reconciler_github.sandbox.representations.accounts import WEB, permissions, role_name, simple_user
from reconciler_github.sandbox.rest.routes import Call
from reconciler_github.sandbox.store import node_id_of
from reconciler_github.sandbox.viewer import at_least

_LINKS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}
_SHOWN_AS_STORED = (
    "name",
    "description",
    "homepage",
    "private",
    "visibility",
    "is_template",
    "archived",
    "has_issues",
    "has_projects",
    "has_wiki",
    "has_discussions",
    "has_downloads",
    "has_pull_requests",
    "pull_request_creation_policy",
    "default_branch",
    "topics",
    "allow_forking",
    "web_commit_signoff_required",
    "created_at",
    "updated_at",
    "pushed_at",
)
_SHOWN_TO_WRITERS = (
    "allow_merge_commit",
    "allow_squash_merge",
    "allow_rebase_merge",
    "allow_auto_merge",
    "allow_update_branch",
    "delete_branch_on_merge",
    "merge_commit_title",
    "merge_commit_message",
    "squash_merge_commit_title",
    "squash_merge_commit_message",
    "use_squash_pr_title_as_default",
)

_UNKNOWN_TO_OWN = frozenset({"custom_properties", "security_and_analysis"})
_UNKNOWN_TO_TEAMS = _UNKNOWN_TO_OWN | {"has_discussions", "has_pull_requests", "pull_request_creation_policy"}


def minimal_repository(call: Call, repository: Document, permission: str | None = None) -> dict[str, Any]:
    """A repository in a list, without merge settings. ``permission`` is the viewer's, or a team's."""
    owner = call.store.require("account", repository["owner_id"])
    full_name = f"{owner['login']}/{repository['name']}"
    url, html_url = f"{call.api}/repos/{full_name}", f"{WEB}/{full_name}"
    held = permission or call.viewer.permission_on(repository)
    return {
        "id": repository["id"],
        "node_id": node_id_of("repository", repository),
        "full_name": full_name,
        "owner": simple_user(call, owner),
        "html_url": html_url,
        "url": url,
        **{key: url + link for key, link in _LINKS.items()},
        "git_url": f"git://github.com/{full_name}.git",
        "ssh_url": f"git@github.com:{full_name}.git",
        "clone_url": f"{html_url}.git",
        "svn_url": html_url,
        "mirror_url": None,
        **{key: repository[key] for key in _SHOWN_AS_STORED},
        "fork": False,
        "disabled": False,
        "language": None,
        "license": license_simple(repository["license"]),
        "has_pages": False,
        "size": 0,
        "forks": 0,
        "forks_count": 0,
        "open_issues": 0,
        "open_issues_count": 0,
        "stargazers_count": 0,
        "watchers": 0,
        "watchers_count": 0,
        "permissions": permissions(held),
        "custom_properties": {},
        **_security(repository, held),
    }


def listed_team_repository(call: Call, repository: Document, permission: str) -> dict[str, Any]:
    """A repository in a team's list, with the team's permission."""
    return {**minimal_repository(call, repository, permission), "role_name": role_name(permission)}


def team_repository(call: Call, repository: Document, permission: str) -> dict[str, Any]:
    """A repository as the answer to whether a team has it: an older shape that lacks the newer settings."""
    shown = listed_team_repository(call, repository, permission)
    return {key: value for key, value in shown.items() if key not in _UNKNOWN_TO_TEAMS}


def own_repository(call: Call, repository: Document) -> dict[str, Any]:
    """A repository in the list of the viewer's own."""
    shown = minimal_repository(call, repository)
    return {key: value for key, value in shown.items() if key not in _UNKNOWN_TO_OWN}


def full_repository(call: Call, repository: Document) -> dict[str, Any]:
    """A repository on its own; merge settings are for those who may push."""
    owner = call.store.require("account", repository["owner_id"])
    held = call.viewer.permission_on(repository)
    shown = minimal_repository(call, repository, held)
    shown |= {"temp_clone_token": "", "network_count": 0, "subscribers_count": 0}
    if at_least(held, "push"):
        shown |= {key: repository[key] for key in _SHOWN_TO_WRITERS}
    if owner["type"] == "Organization":
        shown["organization"] = simple_user(call, owner)
    if repository["template_id"] is not None:
        template = call.store.get("repository", repository["template_id"])
        shown["template_repository"] = None if template is None else full_repository(call, template)
    return shown


def label(call: Call, document: Document) -> dict[str, Any]:
    """A label."""
    full_name = call.full_name(call.store.require("repository", document["repository_id"]))
    return {
        "id": document["id"],
        "node_id": node_id_of("label", document),
        "url": f"{call.api}/repos/{full_name}/labels/{quote(document['name'], safe='')}",
        "name": document["name"],
        "color": document["color"],
        "default": document["default"],
        "description": document["description"],
    }


def ref(call: Call, repository: Document, document: Document) -> dict[str, Any]:
    """A git ref."""
    url = f"{call.api}/repos/{call.full_name(repository)}/git"
    return {
        "ref": document["ref"],
        "node_id": node_id_of("ref", document),
        "url": f"{url}/{document['ref']}",
        "object": {"sha": document["sha"], "type": "commit", "url": f"{url}/commits/{document['sha']}"},
    }


def _security(repository: Document, held: str | None) -> dict[str, Any]:
    if not at_least(held, "admin"):
        return {}
    shown = {name: {"status": status} for name, status in repository["security_and_analysis"].items()}
    return {"security_and_analysis": shown}
