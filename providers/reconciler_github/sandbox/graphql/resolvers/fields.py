"""The small words that resolvers are written in."""

from collections.abc import Callable, Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.graphql.session import WEB, Info, Session
from reconciler_github.sandbox.store import node_id_of

Resolver = Callable[..., Any]
Fields = Mapping[str, Mapping[str, Resolver]]


def stored(key: str) -> Resolver:
    """A field that is kept under this key."""
    return lambda source, _info: source[key]


def upper(key: str) -> Resolver:
    """A kept text that GraphQL spells in capitals."""
    return lambda source, _info: source[key].upper()


def always(value: Any) -> Resolver:
    """A field that has one value for everything in this world, such as ``isFork``: nothing is forked here."""
    return lambda _source, _info: value


def found(find: Callable[[Session, Document], Any]) -> Resolver:
    """A field without arguments that is looked up or computed."""
    return lambda source, info: find(info.context, source)


def id_of(kind: str) -> Resolver:
    """A document's node id."""
    return lambda source, _info: node_id_of(kind, source)


def addressed(path: Callable[[Session, Document], str]) -> dict[str, Resolver]:
    """``resourcePath`` and ``url`` of what has a page."""
    return {"resourcePath": found(path), "url": found(lambda session, source: WEB + path(session, source))}


def avatar(source: Document, _info: Info, size: int | None = None) -> str:
    """``avatarUrl`` of an account."""
    asked = "" if size is None else f"&s={size}"
    return f"https://avatars.githubusercontent.com/u/{source['id']}?v=4{asked}"
