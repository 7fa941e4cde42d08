"""What one GraphQL request knows and remembers while it is answered."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from graphql import GraphQLResolveInfo

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.graphql.measure import Measure
from reconciler_github.sandbox.graphql.refusals import unresolved_node
from reconciler_github.sandbox.store import Store
from reconciler_github.sandbox.viewer import Viewer, at_least, permission_of

TYPE_OF_KIND = {
    "repository": "Repository",
    "ref": "Ref",
    "commit": "Commit",
    "label": "Label",
    "milestone": "Milestone",
    "protection": "BranchProtectionRule",
    "team": "Team",
}
WEB = "https://github.com"
PERMISSIONS = {"pull": "READ", "triage": "TRIAGE", "push": "WRITE", "maintain": "MAINTAIN", "admin": "ADMIN"}

Value = TypeVar("Value")


@dataclass
class Session:
    """The context of all resolvers. It remembers what it has read, until a mutation changes something."""

    viewer: Viewer
    measure: Measure
    rate_limit: dict[str, Any]
    _read: dict[tuple[str, int], Any] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        """The world."""
        return self.viewer.store

    def forget(self) -> None:
        """Nothing read so far is to be trusted any more."""
        self._read.clear()

    def once(self, what: str, key: int, read: Callable[[], Value]) -> Value:
        """What ``read`` gives, read only the first time that this is asked for."""
        if (what, key) not in self._read:
            self._read[what, key] = read()
        value: Value = self._read[what, key]
        return value

    def document(self, kind: str, key: int) -> Document:
        """A document that another one points to, read once."""
        return self.once(kind, key, lambda: self.store.require(kind, key))

    def keep(self, kind: str, documents: Iterable[Document]) -> None:
        """Remember documents that were read together."""
        for document in documents:
            self._read[kind, document["id"]] = document

    def account(self, key: int) -> Document:
        """A user or organisation, marked with its GraphQL type for interfaces and unions."""
        return self.once("typed account", key, lambda: typed("account", self.document("account", key)))

    def role_in(self, organization_id: int) -> str | None:
        """The viewer's role in an organisation."""
        return self.once("role", organization_id, lambda: self.viewer.role_in(organization_id))

    def permission(self, repository: Document) -> str | None:
        """The viewer's permission on a repository, by its REST name."""
        if self.role_in(repository["owner_id"]) == "admin":
            return "admin"
        user = self.viewer.user["id"]
        return self.once("permission", repository["id"], lambda: permission_of(self.store, user, repository))

    def may_see(self, repository: Document) -> bool:
        """Whether the viewer may see a repository, as ``Viewer.may_see`` says, with less reading."""
        if not repository["private"]:
            return True
        return self.viewer.has_scope("repo") and self.permission(repository) is not None

    def allows(self, repository: Document, permission: str) -> bool:
        """Whether the viewer has at least this permission."""
        return at_least(self.permission(repository), permission)

    def may_see_team(self, team: Document) -> bool:
        """Members see the visible teams and their own secret ones; owners see all.

        Source: docs.github.com, "About teams", team visibility.
        """
        role = self.role_in(team["organization_id"])
        if role is None or role == "admin" or team["privacy"] == "closed":
            return role is not None
        return self.store.get("team_membership", f"{team['id']}:{self.viewer.user['id']}") is not None

    def node(self, text: str) -> Document:
        """The document behind a node id, typed; raises ``Problem`` if the viewer may see none."""
        found = self.store.node(text)
        if found is None:
            raise unresolved_node(text)
        kind, document = found
        if kind == "team":
            seen = self.may_see_team(document)
        elif kind == "account":
            seen = True
        else:
            repository = (
                document if kind == "repository" else self.document("repository", document["repository_id"])
            )
            seen = self.may_see(repository) and (kind != "protection" or self.allows(repository, "admin"))
        if not seen:
            raise unresolved_node(text)
        return typed(kind, document)


def typed(kind: str, document: Document) -> Document:
    """The document marked with its GraphQL type, which interfaces and unions ask for."""
    return {**document, "__typename": TYPE_OF_KIND.get(kind) or document["type"]}


Info = GraphQLResolveInfo[Session]
"""What a resolver is told: the path to its field, and the session as ``context``."""
