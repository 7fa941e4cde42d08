"""Branches, git refs, commits and files.

Sources: docs.github.com/en/rest/branches/branches, /git/refs, /commits/commits, /repos/contents.
"""

import base64
import binascii
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain import git
from reconciler_github.sandbox.domain.protection import rule_of
from reconciler_github.sandbox.errors import Refusal, forbidden, not_found
from reconciler_github.sandbox.fields import checked
from reconciler_github.sandbox.representations import branches as show
from reconciler_github.sandbox.representations.repositories import ref as show_ref
from reconciler_github.sandbox.rest.routes import Answer, Call, Routes, created, no_content, ok, page

ROUTES = Routes()

_FILES = {"message": "string", "content": "string", "sha": "string?", "branch": "string?"}


@ROUTES.add("GET", "/repos/{owner}/{repo}/branches")
def list_branches(call: Call, owner: str, repo: str) -> Answer:
    """The branches, by name; ``protected`` leaves only those that are, or are not."""
    repository = call.repository(owner, repo)
    found = git.branches(call.store, repository["id"])
    if "protected" in call.query:
        wanted = call.query["protected"] == "true"
        found = [ref for ref in found if (_rule(call, repository, ref) is not None) == wanted]
    return page(call, found, lambda ref: show.short_branch(call, repository, ref))


@ROUTES.add("GET", "/repos/{owner}/{repo}/branches/{branch}")
def get_branch(call: Call, owner: str, repo: str, branch: str) -> Answer:
    """One branch."""
    repository = call.repository(owner, repo)
    ref = git.branch_ref(call.store, repository["id"], branch)
    if ref is None:
        raise Refusal(404, "Branch not found")
    return ok(show.branch(call, repository, ref))


@ROUTES.add("POST", "/repos/{owner}/{repo}/branches/{branch}/rename")
def rename(call: Call, owner: str, repo: str, branch: str) -> Answer:
    """Give a branch another name; the default branch needs an administrator."""
    repository = call.repository(owner, repo, "push", write=True)
    if branch == repository["default_branch"]:
        call.viewer.require(repository, "admin")
    new_name = checked(call.body(), {"new_name": "string"}, ["new_name"])["new_name"]
    ref = git.rename_branch(call.store, repository, branch, new_name)
    return created(show.branch(call, call.store.require("repository", repository["id"]), ref))


@ROUTES.add("GET", "/repos/{owner}/{repo}/git/ref/{ref}")
def get_ref(call: Call, owner: str, repo: str, ref: str) -> Answer:
    """One ref, such as ``heads/main``."""
    repository = call.repository(owner, repo)
    return ok(show_ref(call, repository, _ref(call, repository, ref)))


@ROUTES.add("GET", "/repos/{owner}/{repo}/git/matching-refs/{ref}")
def matching_refs(call: Call, owner: str, repo: str, ref: str) -> Answer:
    """All refs that begin with this."""
    repository = call.repository(owner, repo)
    found = call.store.refs(repository["id"], f"refs/{ref}")
    return page(call, found, lambda each: show_ref(call, repository, each))


@ROUTES.add("POST", "/repos/{owner}/{repo}/git/refs")
def create_ref(call: Call, owner: str, repo: str) -> Answer:
    """A new branch or tag."""
    repository = call.repository(owner, repo, "push", write=True)
    body = checked(call.body(), {"ref": "string", "sha": "string"}, ["ref", "sha"])
    return created(
        show_ref(call, repository, git.create_ref(call.store, repository, body["ref"], body["sha"]))
    )


@ROUTES.add("PATCH", "/repos/{owner}/{repo}/git/refs/{ref}")
def update_ref(call: Call, owner: str, repo: str, ref: str) -> Answer:
    """Move a ref to another commit; only ``force`` moves it to one that does not follow."""
    repository = call.repository(owner, repo, "push", write=True)
    body = checked(call.body(), {"sha": "string", "force": "boolean"}, ["sha"])
    found = call.store.get("ref", f"{repository['id']}:refs/{ref}")
    if found is None:
        raise Refusal(422, "Reference does not exist")
    commit = git.commit_of(call.store, repository["id"], body["sha"])
    if commit is None:
        raise Refusal(422, "Object does not exist")
    if not body.get("force") and not _follows(call, repository, commit, found["sha"]):
        raise Refusal(422, "Update is not a fast forward")
    return ok(show_ref(call, repository, git.put_ref(call.store, repository, found["ref"], commit["sha"])))


@ROUTES.add("DELETE", "/repos/{owner}/{repo}/git/refs/{ref}")
def delete_ref(call: Call, owner: str, repo: str, ref: str) -> Answer:
    """Remove a branch or tag, but not the default branch or one whose protection forbids it."""
    repository = call.repository(owner, repo, "push", write=True)
    rule = rule_of(call.store, repository["id"], ref.removeprefix("heads/")) if _is_branch(ref) else None
    if rule is not None and not rule["allows_deletions"]:
        raise Refusal(422, "Cannot delete a protected branch")
    git.delete_ref(call.store, repository, f"refs/{ref}")
    return no_content()


@ROUTES.add("GET", "/repos/{owner}/{repo}/commits/{ref}")
def get_commit(call: Call, owner: str, repo: str, ref: str) -> Answer:
    """The commit that a sha, branch or tag names."""
    repository = call.repository(owner, repo)
    if not git.branches(call.store, repository["id"]):
        raise Refusal(409, "Git Repository is empty.")
    found = git.resolve(call.store, repository["id"], ref)
    if found is None:
        raise Refusal(422, f"No commit found for SHA: {ref}")
    return ok(show.full_commit(call, repository, found))


@ROUTES.add("GET", "/repos/{owner}/{repo}/contents/{path}")
def get_content(call: Call, owner: str, repo: str, path: str) -> Answer:
    """One file, or the files directly in a folder."""
    repository = call.repository(owner, repo)
    revision = call.query.get("ref", repository["default_branch"])
    commit = git.resolve(call.store, repository["id"], revision)
    files: dict[str, str] = commit["files"] if commit else {}
    if path in files:
        return ok(show.content(call, repository, path, files[path], revision))
    below = sorted(each for each in files if each.rpartition("/")[0] == path)
    if not below:
        raise not_found()
    shown = [show.content(call, repository, each, files[each], revision) for each in below]
    return ok([_without_text(each) for each in shown])


@ROUTES.add("PUT", "/repos/{owner}/{repo}/contents/{path}")
def put_content(call: Call, owner: str, repo: str, path: str) -> Answer:
    """Write a file as a commit of its own; to replace one, its blob's ``sha`` must be given."""
    repository = call.repository(owner, repo, "push", write=True)
    body = checked(call.body(), _FILES, ["message", "content"])
    branch = body.get("branch") or repository["default_branch"]
    try:
        content = base64.b64decode(body["content"], validate=False)
    except binascii.Error as problem:
        raise Refusal(422, "content is not valid Base64") from problem
    before = _file(call, repository, branch, path)
    if before is not None and body.get("sha") is None:
        raise Refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if before is not None and body["sha"] != before:
        raise Refusal(409, f"{path} does not match {body['sha']}")
    author = call.viewer.user
    commit = git.commit_files(call.store, repository, branch, {path: content}, body["message"], author)
    shown = {
        "content": _without_text(show.content(call, repository, path, commit["files"][path], branch)),
        "commit": show.file_commit(call, repository, commit),
    }
    return ok(shown) if before is not None else created(shown)


@ROUTES.add("DELETE", "/repos/{owner}/{repo}/contents/{path}")
def delete_content(call: Call, owner: str, repo: str, path: str) -> Answer:
    """Remove a file with a commit of its own."""
    repository = call.repository(owner, repo, "push", write=True)
    # Clients send these as a body or, as DELETE often has none, in the query.
    body = checked({**call.query, **call.body()}, _FILES, ["message", "sha"])
    branch = body.get("branch") or repository["default_branch"]
    before = _file(call, repository, branch, path)
    if before is None:
        raise not_found()
    if body["sha"] != before:
        raise Refusal(409, f"{path} does not match {body['sha']}")
    author = call.viewer.user
    commit = git.commit_files(call.store, repository, branch, {path: None}, body["message"], author)
    return ok({"content": None, "commit": show.file_commit(call, repository, commit)})


def _without_text(content: dict[str, Any]) -> dict[str, Any]:
    """A file as lists and commits show it."""
    return {key: value for key, value in content.items() if key not in ("content", "encoding")}


def _file(call: Call, repository: Document, branch: str, path: str) -> str | None:
    """The blob at a path of a branch; a branch must be there unless the repository is empty."""
    ref = git.branch_ref(call.store, repository["id"], branch)
    if ref is None:
        if git.branches(call.store, repository["id"]):
            raise Refusal(404, f"Branch {branch} not found")
        return None
    rule = _rule(call, repository, ref)
    if rule is not None and rule["lock_branch"]:
        raise forbidden("Cannot change this locked branch")
    commit = git.commit_of(call.store, repository["id"], ref["sha"])
    return commit["files"].get(path) if commit else None


def _ref(call: Call, repository: Document, ref: str) -> Document:
    found = call.store.get("ref", f"{repository['id']}:refs/{ref}")
    if found is None:
        raise not_found()
    return found


def _rule(call: Call, repository: Document, ref: Document) -> Document | None:
    return rule_of(call.store, repository["id"], ref["ref"].removeprefix("refs/heads/"))


def _is_branch(ref: str) -> bool:
    return ref.startswith("heads/")


def _follows(call: Call, repository: Document, commit: Document, ancestor: str) -> bool:
    waiting, seen = [commit["sha"]], set()
    while waiting:
        sha = waiting.pop()
        if sha == ancestor:
            return True
        if sha in seen:
            continue
        seen.add(sha)
        found = git.commit_of(call.store, repository["id"], sha)
        waiting += found["parents"] if found else []
    return False
