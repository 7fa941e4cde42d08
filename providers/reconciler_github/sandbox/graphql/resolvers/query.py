"""The entry points: ``organization``, ``repository``, ``node`` and the like.

Source: docs.github.com/en/graphql/reference/queries.
"""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.graphql.refusals import Problem, unresolved
from reconciler_github.sandbox.graphql.resolvers.fields import Fields, found
from reconciler_github.sandbox.graphql.resolvers.repositories import repository_called
from reconciler_github.sandbox.graphql.session import Info, typed

_MOST_IDS = 100


def _organization(_source: None, info: Info, login: str) -> Document:
    account = info.context.store.account(login, "Organization")
    if account is None:
        raise unresolved("Organization", "login", login)
    return typed("account", account)


def _user(_source: None, info: Info, login: str) -> Document:
    account = info.context.store.account(login, "User")
    if account is None:
        raise unresolved("User", "login", login)
    return typed("account", account)


def _repository_owner(_source: None, info: Info, login: str) -> Document | None:
    account = info.context.store.account(login)
    return None if account is None else typed("account", account)


def _repository(
    _source: None,
    info: Info,
    owner: str,
    name: str,
    *,
    followRenames: bool = True,  # noqa: N803 (GraphQL's name)
) -> Document:
    return repository_called(info.context, owner, name, follow_renames=followRenames)


def _node(_source: None, info: Info, id: str) -> Document:
    return info.context.node(id)


def _nodes(_source: None, info: Info, ids: list[str]) -> list[Any]:
    if len(ids) > _MOST_IDS:
        message = f"You may not provide more than {_MOST_IDS} node ids; you provided {len(ids)}."
        raise Problem("ARGUMENT_LIMIT", message)
    found_nodes: list[Any] = []
    for text in ids:
        try:
            found_nodes.append(info.context.node(text))
        except Problem as problem:
            found_nodes.append(problem)
    return found_nodes


FIELDS: Fields = {
    "Query": {
        "node": _node,
        "nodes": _nodes,
        "organization": _organization,
        "rateLimit": found(lambda session, _: session.rate_limit),
        "repository": _repository,
        "repositoryOwner": _repository_owner,
        "user": _user,
        "viewer": found(lambda session, _: typed("account", session.viewer.user)),
    }
}
