"""Commits, refs and branches: as much of git as the emulated operations show.

There is no git underneath: a commit's sha is the SHA-1 of what it holds, so the same acts in the same world
give the same shas.
"""

import base64
import hashlib
import json
import re

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.errors import Refusal, forbidden, invalid
from reconciler_github.sandbox.store import Store

_FORBIDDEN_IN_REFS = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(/|$)|\.$|/$")


def commit_files(
    store: Store,
    repository: Document,
    branch: str,
    files: dict[str, bytes | None],
    message: str,
    author: Document,
) -> Document:
    """A new commit on a branch, which is made if it is the repository's first; ``None`` removes a file."""
    ref = branch_ref(store, repository["id"], branch)
    parent = commit_of(store, repository["id"], ref["sha"]) if ref else None
    tree: dict[str, str] = dict(parent["files"]) if parent else {}
    for path, content in files.items():
        tree.pop(path, None)
        if content is not None:
            tree[path] = _put_blob(store, repository["id"], content)
    now = store.now()
    commit = {
        "repository_id": repository["id"],
        "message": message,
        "author_id": author["id"],
        "date": now,
        "parents": [parent["sha"]] if parent else [],
        "tree": _sha(json.dumps(tree, sort_keys=True)),
        "files": tree,
    }
    commit["sha"] = _sha(json.dumps([store.next_id(), commit], sort_keys=True))
    store.put("commit", f"{repository['id']}:{commit['sha']}", commit)
    put_ref(store, repository, f"refs/heads/{branch}", commit["sha"])
    return commit


def put_ref(store: Store, repository: Document, ref: str, sha: str) -> Document:
    """Set a ref, new or not; a push moves the repository's ``pushed_at``."""
    document = {"repository_id": repository["id"], "ref": ref, "sha": sha}
    store.put("ref", f"{repository['id']}:{ref}", document)
    _pushed(store, repository["id"])
    return document


def create_ref(store: Store, repository: Document, ref: str, sha: str) -> Document:
    """A new branch or tag; raises ``Refusal`` as POST git/refs does."""
    if not ref.startswith("refs/") or ref.count("/") < 2:
        raise Refusal(422, "Reference name must start with 'refs/' and include at least two slashes.")
    if not is_valid_ref(ref):
        raise Refusal(422, f"{ref} is not a valid ref name.")
    if not branches(store, repository["id"]):
        raise Refusal(409, "Git Repository is empty.")
    if store.get("ref", f"{repository['id']}:{ref}") is not None:
        raise Refusal(422, "Reference already exists")
    if commit_of(store, repository["id"], sha) is None:
        raise Refusal(422, "Object does not exist")
    return put_ref(store, repository, ref, sha)


def delete_ref(store: Store, repository: Document, ref: str) -> None:
    """Remove a ref; the default branch stays, and so does a protected one that may not be deleted."""
    if ref == f"refs/heads/{repository['default_branch']}":
        raise Refusal(422, "Cannot delete the default branch")
    if not store.delete("ref", f"{repository['id']}:{ref}"):
        raise Refusal(422, "Reference does not exist")
    _pushed(store, repository["id"])


def rename_branch(store: Store, repository: Document, branch: str, new_name: str) -> Document:
    """Give a branch another name; the default branch's name and the branch's own protection rule go with it.

    Source: docs.github.com, "Renaming a branch".
    """
    ref = branch_ref(store, repository["id"], branch)
    if ref is None:
        raise Refusal(404, "Branch not found")
    if not is_valid_ref(f"refs/heads/{new_name}"):
        raise invalid("Branch", "invalid", "new_name", "is not a valid branch name")
    if branch_ref(store, repository["id"], new_name) is not None:
        raise invalid("Branch", "already_exists", "new_name", "branch name already exists")
    if repository["archived"]:
        raise forbidden("Repository was archived so is read-only.")
    store.delete("ref", f"{repository['id']}:refs/heads/{branch}")
    for rule in store.find("protection", repository_id=repository["id"]):
        if rule["pattern"] == branch:
            store.put("protection", rule["id"], {**rule, "pattern": new_name})
    if repository["default_branch"] == branch:
        fresh = store.require("repository", repository["id"])
        store.put("repository", repository["id"], {**fresh, "default_branch": new_name})
    return put_ref(store, repository, f"refs/heads/{new_name}", ref["sha"])


def branches(store: Store, repository_id: int) -> list[Document]:
    """The branches' refs, by name."""
    return store.refs(repository_id)


def branch_ref(store: Store, repository_id: int, branch: str) -> Document | None:
    """The ref of a branch."""
    return store.get("ref", f"{repository_id}:refs/heads/{branch}")


def commit_of(store: Store, repository_id: int, sha: str) -> Document | None:
    """A commit of a repository."""
    return store.get("commit", f"{repository_id}:{sha}")


def resolve(store: Store, repository_id: int, revision: str) -> Document | None:
    """The commit that a sha, a branch or a tag names."""
    for ref in (f"refs/heads/{revision}", f"refs/tags/{revision}", f"refs/{revision}"):
        found = store.get("ref", f"{repository_id}:{ref}")
        if found is not None:
            return commit_of(store, repository_id, found["sha"])
    return commit_of(store, repository_id, revision)


def is_valid_ref(ref: str) -> bool:
    """Whether git would take this name (git-check-ref-format)."""
    return _FORBIDDEN_IN_REFS.search(ref) is None


def _pushed(store: Store, repository_id: int) -> None:
    repository = store.require("repository", repository_id)
    now = store.now()
    store.put("repository", repository_id, {**repository, "pushed_at": now, "updated_at": now})


def _put_blob(store: Store, repository_id: int, content: bytes) -> str:
    sha = hashlib.sha1(b"blob %d\x00" % len(content) + content, usedforsecurity=False).hexdigest()
    blob = {"repository_id": repository_id, "sha": sha, "content": base64.b64encode(content).decode()}
    store.put("blob", f"{repository_id}:{sha}", blob)
    return sha


def _sha(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
