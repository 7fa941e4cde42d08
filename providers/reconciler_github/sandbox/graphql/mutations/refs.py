"""Create, move and delete refs.

Source: docs.github.com/en/graphql/reference/mutations (createRef, updateRef, deleteRef).
"""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.git import commit_of, create_ref, delete_ref, put_ref
from reconciler_github.sandbox.domain.protection import rule_of
from reconciler_github.sandbox.graphql.mutations.steps import (
    Input,
    mutation,
    part_to_change,
    repository_to_change,
)
from reconciler_github.sandbox.graphql.refusals import Problem
from reconciler_github.sandbox.graphql.resolvers.fields import Fields
from reconciler_github.sandbox.graphql.session import Session

_HEADS = "refs/heads/"


def _create(session: Session, given: Input) -> dict[str, Any]:
    repository = repository_to_change(session, given["repositoryId"], "push", "createRef")
    name = given["name"]
    if session.store.get("ref", f"{repository['id']}:{name}") is not None:
        raise Problem("UNPROCESSABLE", f'A ref named "{name}" already exists in the repository.')
    return {"ref": create_ref(session.store, repository, name, given["oid"])}


def _update(session: Session, given: Input) -> dict[str, Any]:
    ref, repository = part_to_change(session, given["refId"], "Ref", "push", "updateRef")
    commit = commit_of(session.store, repository["id"], given["oid"])
    if commit is None:
        raise Problem("UNPROCESSABLE", "Object does not exist")
    if not given.get("force") and not _follows(session, repository, commit, ref["sha"]):
        raise Problem("UNPROCESSABLE", "Update is not a fast forward")
    return {"ref": put_ref(session.store, repository, ref["ref"], commit["sha"])}


def _delete(session: Session, given: Input) -> dict[str, Any]:
    ref, repository = part_to_change(session, given["refId"], "Ref", "push", "deleteRef")
    if ref["ref"].startswith(_HEADS):
        rule = rule_of(session.store, repository["id"], ref["ref"].removeprefix(_HEADS))
        if rule is not None and not rule["allows_deletions"]:
            raise Problem("UNPROCESSABLE", "Cannot delete a protected branch")
    delete_ref(session.store, repository, ref["ref"])
    return {}


def _follows(session: Session, repository: Document, commit: Document, ancestor: str) -> bool:
    """Whether a commit has another one among its ancestors, or is it."""
    waiting, seen = [commit["sha"]], set()
    while waiting:
        sha = waiting.pop()
        if sha == ancestor:
            return True
        if sha not in seen:
            seen.add(sha)
            found = commit_of(session.store, repository["id"], sha)
            waiting += found["parents"] if found else []
    return False


FIELDS: Fields = {
    "Mutation": {
        "createRef": mutation(_create),
        "deleteRef": mutation(_delete),
        "updateRef": mutation(_update),
    }
}
