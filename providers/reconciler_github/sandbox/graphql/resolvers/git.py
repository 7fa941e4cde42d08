"""Refs and commits.

Source: docs.github.com/en/graphql/reference/objects (Ref, Commit).
"""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.git import branch_ref, commit_of, resolve
from reconciler_github.sandbox.domain.protection import rule_of
from reconciler_github.sandbox.graphql.connections import Listing, page
from reconciler_github.sandbox.graphql.refusals import Problem
from reconciler_github.sandbox.graphql.resolvers.fields import Fields, addressed, found, id_of, stored
from reconciler_github.sandbox.graphql.resolvers.repositories import full_name
from reconciler_github.sandbox.graphql.session import WEB, Info, Session, typed

_HEADS = "refs/heads/"
_SHORT = 7


def prefix_of(ref: str) -> str:
    """``refs/heads/`` or ``refs/tags/``: what stands before a ref's name."""
    return "/".join(ref.split("/")[:2]) + "/"


def _refs(
    repository: Document,
    info: Info,
    refPrefix: str,  # noqa: N803 (GraphQL's name)
    **arguments: Any,
) -> dict[str, Any]:
    session = info.context
    prefix = refPrefix if refPrefix.endswith("/") else f"{refPrefix}/"
    query = (arguments.get("query") or "").lower()
    refs = [
        ref
        for ref in session.store.refs(repository["id"], prefix)
        if query in ref["ref"].removeprefix(prefix).lower()
    ]
    order = arguments.get("orderBy")
    if order is None and arguments.get("direction") is not None:
        order = {"field": "ALPHABETICAL", "direction": arguments["direction"]}

    def by_commit_date(ref: Document) -> list[Any]:
        commit = commit_of(session.store, repository["id"], ref["sha"])
        return [commit["date"] if commit else "", ref["ref"]]

    keys = {"ALPHABETICAL": _by_name, "TAG_COMMIT_DATE": by_commit_date}
    return page(info, Listing(refs, _by_name).ordered(order, keys), arguments)


def _by_name(ref: Document) -> list[Any]:
    return [ref["ref"]]


def _ref(repository: Document, info: Info, qualifiedName: str) -> Document | None:  # noqa: N803 (GraphQL's name)
    store = info.context.store
    if qualifiedName.startswith("refs/"):
        return store.get("ref", f"{repository['id']}:{qualifiedName}")
    return branch_ref(store, repository["id"], qualifiedName) or store.get(
        "ref", f"{repository['id']}:refs/tags/{qualifiedName}"
    )


def _object(
    repository: Document, info: Info, expression: str | None = None, oid: str | None = None
) -> Document | None:
    wanted = oid or expression
    if wanted is None:
        raise Problem("MISSING_OBJECT_ID", "One of `expression` or `oid` is required to look up an object.")
    commit = resolve(info.context.store, repository["id"], wanted)
    return None if commit is None else typed("commit", commit)


def _default_branch(session: Session, repository: Document) -> Document | None:
    return branch_ref(session.store, repository["id"], repository["default_branch"])


def _target(session: Session, ref: Document) -> Document | None:
    commit = commit_of(session.store, ref["repository_id"], ref["sha"])
    return None if commit is None else typed("commit", commit)


def _rule(session: Session, ref: Document) -> Document | None:
    """The rule that governs a branch; only those who administer the repository are told."""
    repository = session.document("repository", ref["repository_id"])
    if not ref["ref"].startswith(_HEADS) or not session.allows(repository, "admin"):
        return None
    return rule_of(session.store, repository["id"], ref["ref"].removeprefix(_HEADS))


def _commit_path(session: Session, commit: Document) -> str:
    repository = session.document("repository", commit["repository_id"])
    return f"/{full_name(session, repository)}/commit/{commit['sha']}"


FIELDS: Fields = {
    "Repository": {"defaultBranchRef": found(_default_branch), "object": _object, "ref": _ref, "refs": _refs},
    "Ref": {
        "branchProtectionRule": found(_rule),
        "id": id_of("ref"),
        "name": found(lambda _, ref: ref["ref"].removeprefix(prefix_of(ref["ref"]))),
        "prefix": found(lambda _, ref: prefix_of(ref["ref"])),
        "repository": found(lambda session, ref: session.document("repository", ref["repository_id"])),
        "target": found(_target),
    },
    "Commit": {
        "abbreviatedOid": found(lambda _, commit: commit["sha"][:_SHORT]),
        "authoredDate": stored("date"),
        "commitResourcePath": found(_commit_path),
        "commitUrl": found(lambda session, commit: WEB + _commit_path(session, commit)),
        "committedDate": stored("date"),
        "id": id_of("commit"),
        "message": stored("message"),
        "messageBody": found(lambda _, commit: commit["message"].partition("\n")[2].strip()),
        "messageHeadline": found(lambda _, commit: commit["message"].partition("\n")[0]),
        "oid": stored("sha"),
        "repository": found(lambda session, commit: session.document("repository", commit["repository_id"])),
        **addressed(_commit_path),
    },
}
