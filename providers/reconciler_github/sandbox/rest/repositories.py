"""Repositories: creating, listing, changing, deleting.

Source: docs.github.com/en/rest/repos/repos.
"""

from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.git import branches, commit_files, commit_of
from reconciler_github.sandbox.domain.repositories import (
    create_repository,
    delete_repository,
    initialise,
    update_repository,
)
from reconciler_github.sandbox.domain.teams import grant
from reconciler_github.sandbox.errors import Refusal, forbidden, invalid, not_found
from reconciler_github.sandbox.fields import Spec, checked
from reconciler_github.sandbox.licenses import NAMES
from reconciler_github.sandbox.representations.repositories import (
    full_repository,
    minimal_repository,
    own_repository,
)
from reconciler_github.sandbox.rest.routes import Answer, Call, Routes, created, no_content, ok, page

ROUTES = Routes()

_FLAGS = (
    "private",
    "is_template",
    "has_issues",
    "has_projects",
    "has_wiki",
    "has_discussions",
    "has_downloads",
    "has_pull_requests",
    "allow_merge_commit",
    "allow_squash_merge",
    "allow_rebase_merge",
    "allow_auto_merge",
    "allow_update_branch",
    "allow_forking",
    "delete_branch_on_merge",
    "use_squash_pr_title_as_default",
    "web_commit_signoff_required",
)
_SETTINGS: Spec = {
    **dict.fromkeys(_FLAGS, "boolean"),
    "name": "string",
    "description": "string?",
    "homepage": "string?",
    "visibility": ("public", "private", "internal"),
    "merge_commit_title": ("PR_TITLE", "MERGE_MESSAGE"),
    "merge_commit_message": ("PR_BODY", "PR_TITLE", "BLANK"),
    "squash_merge_commit_title": ("PR_TITLE", "COMMIT_OR_PR_TITLE"),
    "squash_merge_commit_message": ("PR_BODY", "COMMIT_MESSAGES", "BLANK"),
    "pull_request_creation_policy": ("all", "collaborators_only"),
}
_ON_CREATION: Spec = {
    **_SETTINGS,
    "auto_init": "boolean",
    "gitignore_template": "string?",
    "license_template": "string?",
    "team_id": "integer?",
    "custom_properties": "object?",
}
_ON_UPDATE: Spec = {
    **_SETTINGS,
    "archived": "boolean",
    "default_branch": "string",
    "security_and_analysis": "object?",
}
_CREATION_ONLY = (
    "auto_init",
    "gitignore_template",
    "license_template",
    "team_id",
    "custom_properties",
    "name",
)


@ROUTES.add("POST", "/orgs/{org}/repos")
def create_in_organisation(call: Call, org: str) -> Answer:
    """A new repository of an organisation."""
    organisation = call.organisation(org)
    role = call.viewer.role_in(organisation["id"])
    if role is None or not call.viewer.has_scope("repo", "public_repo"):
        raise not_found()
    if role != "admin" and not organisation["settings"]["members_can_create_repositories"]:
        raise forbidden("You need admin access to the organization before adding a repository to it.")
    return _create(call, organisation)


@ROUTES.add("POST", "/user/repos")
def create_for_viewer(call: Call) -> Answer:
    """A new repository of the token's owner."""
    if not call.viewer.has_scope("repo", "public_repo"):
        raise not_found()
    return _create(call, call.viewer.user)


@ROUTES.add("POST", "/repos/{template_owner}/{template_repo}/generate")
def generate(call: Call, template_owner: str, template_repo: str) -> Answer:
    """A new repository with the files of a template."""
    template = call.repository(template_owner, template_repo)
    if not template["is_template"]:
        raise not_found()
    spec: Spec = {
        "owner": "string",
        "name": "string",
        "description": "string?",
        "include_all_branches": "boolean",
        "private": "boolean",
    }
    body = checked(call.body(), spec, required=["name"])
    owner = call.store.account(str(body.get("owner", call.viewer.user["login"])))
    if owner is None:
        raise not_found()
    settings: dict[str, Any] = {key: body[key] for key in ("description", "private") if key in body}
    settings |= {"template_id": template["id"], "default_branch": template["default_branch"]}
    repository = create_repository(call.store, owner, body["name"], settings)
    for ref in branches(call.store, template["id"]):
        branch = ref["ref"].removeprefix("refs/heads/")
        if branch == template["default_branch"] or body.get("include_all_branches"):
            _copy_branch(call, template, repository, branch, ref["sha"])
    return created(full_repository(call, call.store.require("repository", repository["id"])))


@ROUTES.add("GET", "/orgs/{org}/repos")
def list_of_organisation(call: Call, org: str) -> Answer:
    """The organisation's repositories that the viewer may see."""
    return _list(call, call.store.find("repository", owner_id=call.organisation(org)["id"]))


@ROUTES.add("GET", "/users/{username}/repos")
def list_of_user(call: Call, username: str) -> Answer:
    """A user's public repositories."""
    owned = call.store.find("repository", owner_id=call.user(username)["id"])
    return _list(call, [each for each in owned if not each["private"]])


@ROUTES.add("GET", "/user/repos")
def list_of_viewer(call: Call) -> Answer:
    """All repositories on which the viewer has an explicit permission."""
    owners = [call.viewer.user["id"]]
    owners += [each["organization_id"] for each in call.store.find("membership", user_id=owners[0])]
    found = [each for owner in owners for each in call.store.find("repository", owner_id=owner)]
    direct = call.store.find("collaborator", user_id=call.viewer.user["id"])
    known = {each["id"] for each in found}
    found += [
        call.store.require("repository", each["repository_id"])
        for each in direct
        if each["repository_id"] not in known
    ]
    return _list(call, found, own_repository)


@ROUTES.add("GET", "/repos/{owner}/{repo}")
def get(call: Call, owner: str, repo: str) -> Answer:
    """One repository."""
    return ok(full_repository(call, call.repository(owner, repo)))


@ROUTES.add("PATCH", "/repos/{owner}/{repo}")
def update(call: Call, owner: str, repo: str) -> Answer:
    """Change settings, name, visibility, or archive it."""
    repository = call.repository(owner, repo, "admin")
    changes = _settings(call.body(), _ON_UPDATE)
    if changes.get("security_and_analysis") is None:
        changes.pop("security_and_analysis", None)
    else:
        changes["security_and_analysis"] = {
            **repository["security_and_analysis"],
            **_security(changes["security_and_analysis"], repository, changes),
        }
    return ok(full_repository(call, update_repository(call.store, repository, changes)))


@ROUTES.add("DELETE", "/repos/{owner}/{repo}")
def delete(call: Call, owner: str, repo: str) -> Answer:
    """Remove a repository; the token needs the scope ``delete_repo``."""
    repository = call.repository(owner, repo, "admin")
    if not call.viewer.has_scope("delete_repo"):
        raise forbidden("Must have admin rights to Repository.")
    delete_repository(call.store, repository)
    return no_content()


def _create(call: Call, owner: Document) -> Answer:
    body = call.body()
    if not body.get("name"):
        raise invalid("Repository", "missing_field", "name")
    given = _settings(body, _ON_CREATION)
    settings = {key: value for key, value in given.items() if key not in _CREATION_ONLY}
    wanted_license = given.get("license_template")
    if wanted_license is not None and wanted_license not in NAMES:
        raise invalid("Repository", "invalid", "license_template")
    repository = create_repository(call.store, owner, given["name"], {**settings, "license": wanted_license})
    files: dict[str, bytes | None] = {}
    if wanted_license:
        files["LICENSE"] = f"{NAMES[wanted_license][0]}\n".encode()
    if given.get("gitignore_template"):
        files[".gitignore"] = f"# {given['gitignore_template']}\n".encode()
    if given.get("auto_init") or files:
        repository = initialise(call.store, repository, call.viewer.user, files)
    if given.get("team_id") is not None:
        team = call.store.get("team", given["team_id"])
        if team is None:
            raise invalid("Repository", "invalid", "team_id")
        grant(call.store, team, repository, None)
    return created(full_repository(call, repository))


def _settings(body: Mapping[str, Any], spec: Spec) -> dict[str, Any]:
    return checked(body, spec)


def _list(
    call: Call,
    found: list[Document],
    show: Callable[[Call, Document], dict[str, Any]] = minimal_repository,
) -> Answer:
    """Those that may be seen, filtered by ``type`` or ``visibility`` and in the order that was asked for."""
    wanted = call.query.get("visibility") or call.query.get("type", "all")
    shown = [each for each in found if call.viewer.may_see(each)]
    if wanted in ("public", "private"):
        shown = [each for each in shown if each["visibility"] == wanted]
    by = call.query.get("sort", "created")
    field = {"created": "created_at", "updated": "updated_at", "pushed": "pushed_at"}.get(by, "name_key")
    ascending = field == "name_key"
    if "direction" in call.query:
        ascending = call.query["direction"] == "asc"
    shown.sort(key=lambda each: (each[field], each["id"]), reverse=not ascending)
    return page(call, shown, lambda each: show(call, each))


def _security(given: Mapping[str, Any], repository: Document, changes: Mapping[str, Any]) -> dict[str, str]:
    """``{"secret_scanning": {"status": "enabled"}}`` as ``{"secret_scanning": "enabled"}``."""
    private = changes.get("private", repository["private"])
    found = {}
    for feature, setting in given.items():
        if setting is None:
            continue
        status = setting.get("status") if isinstance(setting, dict) else None
        if status not in ("enabled", "disabled"):
            raise invalid("Repository", "invalid", "security_and_analysis")
        if feature == "advanced_security" and not private and changes.get("visibility") != "private":
            message = "Advanced security is always available for public repos."
            raise Refusal(422, message)
        found[feature] = status
    return found


def _copy_branch(call: Call, template: Document, repository: Document, branch: str, sha: str) -> None:
    commit = commit_of(call.store, template["id"], sha)
    files: dict[str, bytes | None] = {}
    for path, blob_sha in (commit["files"] if commit else {}).items():
        blob = call.store.require("blob", f"{template['id']}:{blob_sha}")
        files[path] = b64decode(blob["content"])
    commit_files(call.store, repository, branch, files, "Initial commit", call.viewer.user)
