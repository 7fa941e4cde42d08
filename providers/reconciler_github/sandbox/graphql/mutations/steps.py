"""What every mutation does before and after its deed."""

from collections.abc import Callable, Mapping
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.errors import archived
from reconciler_github.sandbox.graphql.refusals import not_permitted, unresolved_node
from reconciler_github.sandbox.graphql.resolvers.fields import Resolver
from reconciler_github.sandbox.graphql.session import Info, Session

Input = Mapping[str, Any]
Deed = Callable[[Session, Input], dict[str, Any]]


def mutation(deed: Deed) -> Resolver:
    """A resolver that carries out a deed; what was read before it is not used after it."""

    def resolve(_source: None, info: Info, input: Input) -> dict[str, Any]:
        session = info.context
        session.forget()
        payload = deed(session, {key: value for key, value in input.items() if value is not None})
        session.forget()
        return {**payload, "clientMutationId": input.get("clientMutationId")}

    return resolve


def node_of_type(session: Session, text: str, type_name: str) -> Document:
    """The document behind a node id, which must be of this GraphQL type."""
    document = session.node(text)
    if document["__typename"] != type_name:
        raise unresolved_node(text)
    return {key: value for key, value in document.items() if key != "__typename"}


def repository_to_change(
    session: Session, text: str, permission: str, mutation_name: str, *, even_archived: bool = False
) -> Document:
    """A repository that the viewer may change in this way, by its node id."""
    repository = node_of_type(session, text, "Repository")
    check_change(session, repository, permission, mutation_name, even_archived=even_archived)
    return repository


def part_to_change(
    session: Session, text: str, type_name: str, permission: str, mutation_name: str
) -> tuple[Document, Document]:
    """A label, ref or rule and its repository, which the viewer may change in this way."""
    part = node_of_type(session, text, type_name)
    repository = session.store.require("repository", part["repository_id"])
    check_change(session, repository, permission, mutation_name)
    return part, repository


def check_change(
    session: Session,
    repository: Document,
    permission: str,
    mutation_name: str,
    *,
    even_archived: bool = False,
) -> None:
    """Raise what GitHub answers to who lacks the permission, and for an archived repository."""
    if not session.allows(repository, permission):
        raise not_permitted(session.viewer.user["login"], mutation_name)
    if repository["archived"] and not even_archived:
        raise archived()
