"""Repositories: creating, changing, renaming, deleting.

Sources: docs.github.com/en/rest/repos/repos; "Renaming a repository" (redirects); "Archiving repositories".
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.git import branch_ref, branches, commit_files
from reconciler_github.sandbox.domain.labels import create_default_labels
from reconciler_github.sandbox.errors import Refusal, invalid
from reconciler_github.sandbox.store import Store

DEFAULTS: dict[str, Any] = {
    "description": None,
    "homepage": None,
    "private": False,
    "visibility": "public",
    "is_template": False,
    "archived": False,
    "has_issues": True,
    "has_projects": True,
    "has_wiki": True,
    "has_discussions": False,
    "has_downloads": True,
    "has_pull_requests": True,
    "pull_request_creation_policy": "all",
    "default_branch": "main",
    "topics": [],
    "allow_merge_commit": True,
    "allow_squash_merge": True,
    "allow_rebase_merge": True,
    "allow_auto_merge": False,
    "allow_update_branch": False,
    "allow_forking": True,
    "delete_branch_on_merge": False,
    "merge_commit_title": "MERGE_MESSAGE",
    "merge_commit_message": "PR_TITLE",
    "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
    "squash_merge_commit_message": "COMMIT_MESSAGES",
    "use_squash_pr_title_as_default": False,
    "web_commit_signoff_required": False,
    "security_and_analysis": {
        "secret_scanning": "disabled",
        "secret_scanning_push_protection": "disabled",
        "dependabot_security_updates": "disabled",
        "secret_scanning_non_provider_patterns": "disabled",
        "secret_scanning_validity_checks": "disabled",
    },
    "vulnerability_alerts": False,
    "automated_security_fixes": False,
    "license": None,
    "template_id": None,
}

_MERGE_MESSAGES = {("PR_TITLE", "PR_BODY"), ("PR_TITLE", "BLANK"), ("MERGE_MESSAGE", "PR_TITLE")}
_SQUASH_MESSAGES = {
    ("PR_TITLE", "PR_BODY"),
    ("PR_TITLE", "BLANK"),
    ("PR_TITLE", "COMMIT_MESSAGES"),
    ("COMMIT_OR_PR_TITLE", "COMMIT_MESSAGES"),
}
_LONGEST_NAME = 100
_LONGEST_DESCRIPTION = 350
_LONGEST_TOPIC = 50
_MOST_TOPICS = 20
_TOPIC = re.compile(r"[a-z0-9][a-z0-9-]*")
_OWNED_KINDS = (
    "redirect",
    "ref",
    "commit",
    "blob",
    "label",
    "milestone",
    "protection",
    "grant",
    "collaborator",
    "invitation",
)


def create_repository(store: Store, owner: Document, name: str, settings: Mapping[str, Any]) -> Document:
    """A new, empty repository with the nine default labels.

    ``settings`` are fields of ``DEFAULTS``. Raises ``Refusal`` 422 if the name is taken or a value is wrong.
    """
    now = store.now()
    repository = {
        "id": store.next_id(),
        "owner_id": owner["id"],
        **DEFAULTS,
        "allow_forking": owner["type"] == "User" or not settings.get("private", False),
        "created_at": now,
        "updated_at": now,
        "pushed_at": now,
    }
    repository = _put(store, repository, {**settings, "name": name})
    create_default_labels(store, repository)
    return repository


def initialise(
    store: Store, repository: Document, author: Document, files: Mapping[str, bytes | None] | None = None
) -> Document:
    """The first commit: a README and whatever else was asked for. Gives the repository as it is then."""
    text = f"# {repository['name']}\n" + (
        f"{repository['description']}\n" if repository["description"] else ""
    )
    first: dict[str, bytes | None] = {"README.md": text.encode(), **(files or {})}
    commit_files(store, repository, repository["default_branch"], first, "Initial commit", author)
    return store.require("repository", repository["id"])


def update_repository(store: Store, repository: Document, changes: Mapping[str, Any]) -> Document:
    """Change settings, name and visibility; raises ``Refusal`` 403 if it is archived and stays so."""
    if repository["archived"] and changes.get("archived") is not False:
        raise Refusal(403, "Repository was archived so is read-only.")
    default_branch = changes.get("default_branch", repository["default_branch"])
    if default_branch != repository["default_branch"]:
        if not branches(store, repository["id"]):
            message = (
                "Cannot update default branch for an empty repository. "
                "Please init the repository and push first."
            )
            raise invalid("Repository", "invalid", "default_branch", message)
        if branch_ref(store, repository["id"], default_branch) is None:
            message = (
                f"The branch {default_branch} was not found. "
                "Please push that ref first or create it via the Git Data API."
            )
            raise invalid("Repository", "invalid", "default_branch", message)
    owner = store.require("account", repository["owner_id"])
    old_name = repository["name"]
    repository = _put(store, repository, changes)
    if repository["name"].lower() != old_name.lower():
        redirect = {"repository_id": repository["id"]}
        store.put("redirect", f"{owner['login']}/{old_name}".lower(), redirect)
    return repository


def delete_repository(store: Store, repository: Document) -> None:
    """Remove a repository and all that belongs to it."""
    for kind in _OWNED_KINDS:
        store.delete_all(kind, repository_id=repository["id"])
    for kind in ("secret", "variable"):
        store.delete_all(kind, scope=f"repository:{repository['id']}")
    store.delete("repository", repository["id"])


def set_topics(store: Store, repository: Document, names: Sequence[str]) -> Document:
    """Replace the topics, lowered and each once; raises ``Refusal`` 422 for what is no topic."""
    topics = list(dict.fromkeys(name.lower() for name in names))
    wrong = [name for name in topics if len(name) > _LONGEST_TOPIC or _TOPIC.fullmatch(name) is None]
    if wrong:
        advice = (
            "Topics must start with a lowercase letter or number, consist of 50 characters or less, "
            "and can include hyphens."
        )
        raise Refusal(422, "Validation Failed", [f"{name} is invalid. {advice}" for name in wrong])
    if len(topics) > _MOST_TOPICS:
        raise Refusal(422, "Validation Failed", ["A repository cannot have more than 20 topics."])
    return _put(store, repository, {"topics": topics})


def clean_name(name: str) -> str:
    """A repository's name as GitHub stores it: what is not allowed becomes a dash."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name)


def _put(store: Store, repository: Document, changes: Mapping[str, Any]) -> Document:
    unknown = changes.keys() - DEFAULTS.keys() - {"name"}
    if unknown:
        raise LookupError(f"a repository has no {sorted(unknown)}")
    repository = {**repository, **changes, "updated_at": store.now()}
    if "security_and_analysis" in changes:
        repository["security_and_analysis"] = {
            **DEFAULTS["security_and_analysis"],
            **changes["security_and_analysis"],
        }
    _set_visibility(repository, changes)
    _set_name(store, repository)
    _check(repository)
    store.put("repository", repository["id"], repository)
    return repository


def _set_visibility(repository: Document, changes: Mapping[str, Any]) -> None:
    visibility = changes.get("visibility")
    if visibility is not None:
        if visibility == "internal":
            message = "Only organizations associated with an enterprise can set visibility to internal"
            raise Refusal(422, "Validation Failed", [message])
        repository["private"] = visibility == "private"
    elif changes.get("private") is not None:
        repository["visibility"] = "private" if repository["private"] else "public"


def _set_name(store: Store, repository: Document) -> None:
    name = clean_name(repository["name"])
    if not name or name in (".", ".."):
        raise invalid("Repository", "missing_field", "name")
    if len(name) > _LONGEST_NAME:
        message = f"name is too long (maximum is {_LONGEST_NAME} characters)"
        raise invalid("Repository", "custom", "name", message)
    owner = store.require("account", repository["owner_id"])
    namesake = store.repository(owner["login"], name)
    if namesake is not None and namesake["id"] != repository["id"]:
        raise invalid("Repository", "custom", "name", "name already exists on this account")
    # A name taken again leads to its new bearer, no longer to the one that was renamed.
    store.delete("redirect", f"{owner['login']}/{name}".lower())
    repository |= {"name": name, "name_key": name.lower()}


def _check(repository: Document) -> None:
    description = repository["description"]
    if description and len(description) > _LONGEST_DESCRIPTION:
        message = f"description cannot be more than {_LONGEST_DESCRIPTION} characters"
        raise invalid("Repository", "custom", "description", message)
    if not any(repository[f"allow_{way}"] for way in ("merge_commit", "squash_merge", "rebase_merge")):
        message = "Sorry, need to allow at least one merge strategy. (no_merge_method)"
        raise Refusal(422, "Validation Failed", [message])
    for way, allowed in (("merge", _MERGE_MESSAGES), ("squash_merge", _SQUASH_MESSAGES)):
        pair = (repository[f"{way}_commit_title"], repository[f"{way}_commit_message"])
        if pair not in allowed:
            message = (
                f"Sorry, the {way} commit title and message setting is not allowed: {pair[0]}, {pair[1]}"
            )
            raise Refusal(422, "Validation Failed", [message])
