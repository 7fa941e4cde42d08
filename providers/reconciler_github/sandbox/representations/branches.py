"""Branches and commits as REST shows them.

Source: the schemas short-branch, branch-with-protection, commit, content-file and file-commit of the REST
description, and recorded answers.
"""

import base64
from typing import Any
from urllib.parse import quote

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.git import commit_of
from reconciler_github.sandbox.domain.protection import rule_of
from reconciler_github.sandbox.representations.accounts import WEB, author, email_of, simple_user
from reconciler_github.sandbox.rest.routes import Call
from reconciler_github.sandbox.store import node_id_of

_UNSIGNED = {
    "verified": False,
    "reason": "unsigned",
    "signature": None,
    "payload": None,
    "verified_at": None,
}


def short_branch(call: Call, repository: Document, ref: Document) -> dict[str, Any]:
    """A branch in a list."""
    name = ref["ref"].removeprefix("refs/heads/")
    url = f"{call.api}/repos/{call.full_name(repository)}"
    return {
        "name": name,
        "commit": {"sha": ref["sha"], "url": f"{url}/commits/{ref['sha']}"},
        **_protection(call, repository, name),
    }


def branch(call: Call, repository: Document, ref: Document) -> dict[str, Any]:
    """A branch on its own, with its newest commit."""
    shown = short_branch(call, repository, ref)
    full_name = call.full_name(repository)
    name = quote(shown["name"], safe="")
    newest = commit_of(call.store, repository["id"], ref["sha"])
    return {
        **shown,
        "commit": None if newest is None else commit(call, repository, newest),
        "_links": {
            "self": f"{call.api}/repos/{full_name}/branches/{name}",
            "html": f"{WEB}/{full_name}/tree/{shown['name']}",
        },
    }


def commit(call: Call, repository: Document, document: Document) -> dict[str, Any]:
    """A commit as it appears in a branch."""
    full_name = call.full_name(repository)
    url, html_url, sha = f"{call.api}/repos/{full_name}", f"{WEB}/{full_name}", document["sha"]
    account = author(call.store, document["author_id"])
    return {
        "sha": sha,
        "node_id": node_id_of("commit", document),
        "commit": {**git_commit(call, repository, document), "comment_count": 0},
        "url": f"{url}/commits/{sha}",
        "html_url": f"{html_url}/commit/{sha}",
        "comments_url": f"{url}/commits/{sha}/comments",
        "author": simple_user(call, account),
        "committer": simple_user(call, account),
        "parents": [
            {"sha": each, "url": f"{url}/commits/{each}", "html_url": f"{html_url}/commit/{each}"}
            for each in document["parents"]
        ],
    }


def full_commit(call: Call, repository: Document, document: Document) -> dict[str, Any]:
    """A commit on its own, with the files that it changed."""
    parents = [commit_of(call.store, repository["id"], sha) for sha in document["parents"]]
    before: dict[str, str] = {path: sha for each in parents if each for path, sha in each["files"].items()}
    after: dict[str, str] = document["files"]
    changed = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    return {
        **commit(call, repository, document),
        "stats": {"total": len(changed), "additions": len(changed), "deletions": 0},
        "files": [_changed(call, repository, document, path, before) for path in changed],
    }


def git_commit(call: Call, repository: Document, document: Document) -> dict[str, Any]:
    """What git itself knows of a commit."""
    account = author(call.store, document["author_id"])
    person = {
        "name": account["name"] or account["login"],
        "email": email_of(account),
        "date": document["date"],
    }
    url = f"{call.api}/repos/{call.full_name(repository)}/git"
    return {
        "author": person,
        "committer": person,
        "message": document["message"],
        "tree": {"sha": document["tree"], "url": f"{url}/trees/{document['tree']}"},
        "url": f"{url}/commits/{document['sha']}",
        "verification": _UNSIGNED,
    }


def content(call: Call, repository: Document, path: str, sha: str, revision: str) -> dict[str, Any]:
    """A file of a repository at a revision."""
    full_name = call.full_name(repository)
    blob = call.store.require("blob", f"{repository['id']}:{sha}")
    url = f"{call.api}/repos/{full_name}/contents/{quote(path)}?ref={quote(revision, safe='')}"
    git_url = f"{call.api}/repos/{full_name}/git/blobs/{sha}"
    html_url = f"{WEB}/{full_name}/blob/{revision}/{path}"
    return {
        "name": path.rpartition("/")[2],
        "path": path,
        "sha": sha,
        "size": len(base64.b64decode(blob["content"])),
        "url": url,
        "html_url": html_url,
        "git_url": git_url,
        "download_url": f"https://raw.githubusercontent.com/{full_name}/{revision}/{path}",
        "type": "file",
        "content": base64.encodebytes(base64.b64decode(blob["content"])).decode(),
        "encoding": "base64",
        "_links": {"self": url, "git": git_url, "html": html_url},
    }


def file_commit(call: Call, repository: Document, document: Document) -> dict[str, Any]:
    """The commit that writing a file made."""
    shown = commit(call, repository, document)
    kept = {key: shown[key] for key in ("sha", "node_id", "html_url", "parents")}
    return {**kept, **git_commit(call, repository, document)}


def _protection(call: Call, repository: Document, name: str) -> dict[str, Any]:
    rule = rule_of(call.store, repository["id"], name)
    checks = rule["required_status_checks"] if rule and rule["requires_status_checks"] else []
    level = "off"
    if rule is not None and rule["requires_status_checks"]:
        level = "everyone" if rule["is_admin_enforced"] else "non_admins"
    url = f"{call.api}/repos/{call.full_name(repository)}/branches/{quote(name, safe='')}/protection"
    return {
        "protected": rule is not None,
        "protection": {
            "enabled": rule is not None,
            "required_status_checks": {
                "enforcement_level": level,
                "contexts": [check["context"] for check in checks],
                "checks": checks,
            },
        },
        "protection_url": url,
    }


def _changed(
    call: Call, repository: Document, document: Document, path: str, before: dict[str, str]
) -> dict[str, Any]:
    full_name, sha = call.full_name(repository), document["sha"]
    after: dict[str, str] = document["files"]
    status = "added" if path not in before else "modified" if path in after else "removed"
    return {
        "sha": after.get(path, before.get(path)),
        "filename": path,
        "status": status,
        "additions": int(path in after),
        "deletions": int(path in before),
        "changes": int(path in after) + int(path in before),
        "blob_url": f"{WEB}/{full_name}/blob/{sha}/{quote(path)}",
        "raw_url": f"{WEB}/{full_name}/raw/{sha}/{quote(path)}",
        "contents_url": f"{call.api}/repos/{full_name}/contents/{quote(path)}?ref={sha}",
    }
