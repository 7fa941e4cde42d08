"""A small world: the organisation acme, its owner octocat, its member hubot, a repository with a commit."""

from collections.abc import Callable
from typing import Any

import pytest

from reconciler.sandbox.world import Document, World
from reconciler_github.sandbox.domain.accounts import ALL_SCOPES, create_account, set_membership
from reconciler_github.sandbox.domain.repositories import create_repository, initialise
from reconciler_github.sandbox.graphql import answer
from reconciler_github.sandbox.store import Store
from reconciler_github.sandbox.viewer import Viewer
from tests.still_clock import Clock


@pytest.fixture
def store(clock: Clock) -> Store:
    return Store(World(clock=clock))


@pytest.fixture
def octocat(store: Store) -> Document:
    return create_account(store, "User", "octocat", {"name": "Mona"})


@pytest.fixture
def acme(store: Store, octocat: Document) -> Document:
    organisation = create_account(store, "Organization", "acme", {"name": "Acme"})
    set_membership(store, organisation, octocat, "admin")
    return organisation


@pytest.fixture
def hubot(store: Store, acme: Document) -> Document:
    user = create_account(store, "User", "hubot")
    set_membership(store, acme, user, "member")
    return user


@pytest.fixture
def testx(store: Store, acme: Document, octocat: Document) -> Document:
    repository = create_repository(store, acme, "testx", {"private": True, "description": "Results"})
    return initialise(store, repository, octocat)


@pytest.fixture
def answer_as(store: Store) -> Callable[..., tuple[int, dict[str, Any], dict[str, str]]]:
    """Send a query as a user, with scopes; gives status, body and headers."""

    def send(
        user: Document, query: str, scopes: tuple[str, ...] = ALL_SCOPES, **variables: Any
    ) -> tuple[int, dict[str, Any], dict[str, str]]:
        viewer = Viewer(store, f"token of {user['login']}", user, scopes)
        with store.world.transaction():
            return answer(viewer, {"query": query, "variables": variables})

    return send


@pytest.fixture
def ask(
    answer_as: Callable[..., tuple[int, dict[str, Any], dict[str, str]]], octocat: Document
) -> Callable[..., dict[str, Any]]:
    """Send a query as the organisation's owner; gives the body."""

    def send(query: str, **variables: Any) -> dict[str, Any]:
        status, body, _ = answer_as(octocat, query, **variables)
        assert status == 200
        return body

    return send


@pytest.fixture
def ask_as(
    answer_as: Callable[..., tuple[int, dict[str, Any], dict[str, str]]],
) -> Callable[..., dict[str, Any]]:
    """Send a query as somebody; gives the body."""

    def send(user: Document, query: str, **variables: Any) -> dict[str, Any]:
        body: dict[str, Any] = answer_as(user, query, **variables)[1]
        return body

    return send
