"""What is to be asked about repositories, teams and users, collected so that each is asked about once.

A resource module notes what it needs to know; ``Questions.answer`` finds it all out with as few calls as
possible; the modules then tell what it means for their objects.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reconciler.errors import Call, ProviderError, Rejected
from reconciler.provider.objects import Absent, Attributes, Object, Unreadable
from reconciler_github.batches import Part, Variables, Write, ask
from reconciler_github.client import Client, Trouble
from reconciler_github.rest_answers import answer_by_rest

Tell = Callable[[], "Object | Absent | Unreadable"]
"""What the answers mean for one object; called once everything is answered."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One object that is asked for: by its id where it has been known, by its attributes where not."""

    type: str
    attributes: Attributes
    id: str | None = None


@dataclass(slots=True)
class Listing:
    """A GraphQL connection of an object, read page by page: what came, and what went wrong.

    ``wanted`` are keys (ids or names in lower case) after which reading may stop; without any, all is read
    if ``is_whole``, else the first page.
    """

    field_name: str
    size: int
    selection: str
    member: str = "nodes"
    arguments: str = ""
    is_whole: bool = True
    wanted: set[str] = field(default_factory=set)
    cursor: str | None = None
    trouble: ProviderError | None = None
    by_key: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    entries: list[Mapping[str, Any]] = field(default_factory=list)

    def write(self, variables: Variables) -> str:
        """The connection's field, from where the last page ended."""
        after = f", after: {variables.add('String!', self.cursor)}" if self.cursor else ""
        return (
            f"{self.field_name}({self.arguments}first: {self.size}{after}) "
            f"{{ pageInfo {{ hasNextPage endCursor }} {self.member} {{ {self.selection} }} }}"
        )

    def take(self, part: Part, value: Mapping[str, Any] | None) -> None:
        """One page. ``value`` is the object that the connection belongs to."""
        page = (value or {}).get(self.field_name)
        self.cursor = None
        self.trouble = self.trouble or part.trouble(self.field_name)
        if self.trouble or page is None:
            return
        for entry in page[self.member]:
            if entry is not None:
                self._add(entry)
        info = page["pageInfo"]
        is_enough = bool(self.wanted) and self.wanted <= self.by_key.keys()
        if info["hasNextPage"] and self.is_whole and not is_enough:
            self.cursor = info["endCursor"]

    def _add(self, entry: Mapping[str, Any]) -> None:
        node = entry if self.member == "nodes" else entry["node"]
        self.entries.append(entry)
        self.by_key[node["id"]] = entry
        for name in ("name", "pattern"):
            if name in node:
                self.by_key.setdefault(str(node[name]).casefold(), entry)


class RepositoryQuestion:
    """What is asked about one repository."""

    def __init__(self, owner: str, name: str, node_id: str | None) -> None:
        self.owner, self.name, self.node_id = owner, name, node_id
        self.wants_settings = False
        self.wants_default_branch = False
        self.wants_rest_settings = False
        self.wants_security_fixes = False
        self.wants_secrets = False
        self.listings: dict[str, Listing] = {}
        self._refs: dict[str, str] = {}
        self._labels: dict[str, str] = {}
        self.part = Part(None)
        self.rest_settings: Mapping[str, Any] | ProviderError | None = None
        self.security_fixes: bool | ProviderError | None = None
        self.secrets: Mapping[str, Mapping[str, Any]] | ProviderError | None = None

    def list_labels(self, *, is_whole: bool = False) -> Listing:
        """The labels; the first hundred unless they are wanted whole."""
        found = self.listings.setdefault("labels", Listing("labels", 100, "...LabelSettings", is_whole=False))
        found.is_whole = found.is_whole or is_whole
        return found

    def list_protections(self) -> Listing:
        """The protection rules: ten a page, since each brings four lists of its own."""
        return self.listings.setdefault(
            "branchProtectionRules", Listing("branchProtectionRules", 10, "...ProtectionSettings")
        )

    def list_branches(self) -> Listing:
        """All branches."""
        branches = Listing("refs", 100, "...BranchSettings", arguments='refPrefix: "refs/heads/", ')
        return self.listings.setdefault("refs", branches)

    def ask_branch(self, name: str) -> str:
        """One branch by name; the field that will hold it."""
        return self._refs.setdefault(name, f"ref{len(self._refs)}")

    def ask_default_branch(self) -> str:
        """The default branch; the field that will hold it."""
        self.wants_default_branch = True
        return "defaultBranchRef"

    def ask_label(self, name: str) -> str:
        """One label by name; the field that will hold it."""
        return self._labels.setdefault(name, f"label{len(self._labels)}")

    def write(self, variables: Variables) -> str:
        """The query's field for this repository."""
        parts = ["...RepositorySettings" if self.wants_settings else "...RepositoryName"]
        if self.wants_default_branch:
            parts.append("defaultBranchRef { ...BranchSettings }")
        parts.extend(listing.write(variables) for listing in self.listings.values())
        for name, alias in self._refs.items():
            full_name = variables.add("String!", f"refs/heads/{name}")
            parts.append(f"{alias}: ref(qualifiedName: {full_name}) {{ ...BranchSettings }}")
        for name, alias in self._labels.items():
            parts.append(f"{alias}: label(name: {variables.add('String!', name)}) {{ ...LabelSettings }}")
        selection = " ".join(parts)
        if self.node_id is not None:
            return f"node(id: {variables.add('ID!', self.node_id)}) {{ ... on Repository {{ {selection} }} }}"
        owner, name = variables.add("String!", self.owner), variables.add("String!", self.name)
        return f"repository(owner: {owner}, name: {name}, followRenames: false) {{ {selection} }}"

    def take(self, part: Part) -> None:
        """What came back."""
        self.part = part if part.value else Part(None, part.troubles)
        for listing in self.listings.values():
            listing.take(part, part.value)

    @property
    def is_absent(self) -> bool:
        """Whether GitHub says that there is no such repository."""
        return self.part.is_absent

    @property
    def settings_trouble(self) -> ProviderError | None:
        """What went wrong with the repository itself, whatever became of its parts."""
        parts = {*self.listings, *self._refs.values(), *self._labels.values()}
        own = tuple(found for found in self.part.troubles if not found.path or found.path[0] not in parts)
        return Part(self.part.value, own).trouble()


class TeamQuestion:
    """What is asked about one team."""

    def __init__(self, owner: str, slug: str, node_id: str | None) -> None:
        self.owner, self.slug, self.node_id = owner, slug, node_id
        self.wants_roles = False
        self.grants: Listing | None = None
        self.part = Part(None)
        self.roles: Mapping[str, str] | ProviderError | None = None

    @property
    def listings(self) -> Mapping[str, Listing]:
        """The team's connections."""
        return {} if self.grants is None else {"repositories": self.grants}

    def list_grants(self) -> Listing:
        """The repositories that the team has access to."""
        if self.grants is None:
            self.grants = Listing("repositories", 100, "permission node { id name }", member="edges")
        return self.grants

    def write(self, variables: Variables) -> str:
        """The query's field for this team."""
        parts = ["...TeamSettings", *(listing.write(variables) for listing in self.listings.values())]
        selection = " ".join(parts)
        if self.node_id is not None:
            return f"node(id: {variables.add('ID!', self.node_id)}) {{ ... on Team {{ {selection} }} }}"
        owner, slug = variables.add("String!", self.owner), variables.add("String!", self.slug)
        return f"organization(login: {owner}) {{ team(slug: {slug}) {{ {selection} }} }}"

    def take(self, part: Part) -> None:
        """What came back."""
        if self.node_id is None:
            troubles = tuple(
                Trouble(found.path[1:] if found.path else ("organization",), found.error)
                for found in part.troubles
            )
            part = Part((part.value or {}).get("team"), troubles)
        self.part = part if part.value else Part(None, part.troubles)
        for listing in self.listings.values():
            listing.take(part, part.value)

    @property
    def is_absent(self) -> bool:
        """Whether GitHub says that there is no such team."""
        return self.part.is_absent


class PlainQuestion:
    """One object that is asked for on its own."""

    def __init__(self, write: Write) -> None:
        self.write = write
        self.listings: Mapping[str, Listing] = {}
        self.part = Part(None)

    def take(self, part: Part) -> None:
        """What came back."""
        self.part = part


Question = RepositoryQuestion | TeamQuestion | PlainQuestion


class Questions:
    """All that is asked about at once."""

    def __init__(self, client: Client, names: Mapping[str, str] | None = None) -> None:
        """``names``: the ids of repositories by their names in lower case, as far as they are known."""
        self.client = client
        self._names = names or {}
        self.repositories: dict[str, RepositoryQuestion] = {}
        self.teams: dict[str, TeamQuestion] = {}
        self.plain: dict[str, PlainQuestion] = {}

    def repository(
        self, name: str, *, node_id: str | None = None, owner: str | None = None
    ) -> RepositoryQuestion:
        """A repository, by its id where that is known."""
        identity = node_id or (self._names.get(name.casefold()) if owner is None else None)
        owner = owner or self.client.owner
        key = identity or f"{owner}/{name}".casefold()
        return self.repositories.setdefault(key, RepositoryQuestion(owner, name, identity))

    def team(self, slug: str, *, node_id: str | None = None) -> TeamQuestion:
        """A team, by its id where that is known."""
        return self.teams.setdefault(
            node_id or slug.casefold(), TeamQuestion(self.client.owner, slug, node_id)
        )

    def node(self, node_id: str, type_name: str, selection: str) -> PlainQuestion:
        """Any object by its id."""

        def write(variables: Variables) -> str:
            return f"node(id: {variables.add('ID!', node_id)}) {{ ... on {type_name} {{ {selection} }} }}"

        return self.plain.setdefault(node_id, PlainQuestion(write))

    def user(self, login: str) -> PlainQuestion:
        """A person's account by its name."""

        def write(variables: Variables) -> str:
            return f"user(login: {variables.add('String!', login)}) {{ ...UserProfile }}"

        return self.plain.setdefault(f"user {login.casefold()}", PlainQuestion(write))

    def answer(self) -> None:
        """Find it all out. Raises nothing: what went wrong is told by the questions it concerns."""
        self._ask([*self.repositories.values(), *self.teams.values(), *self.plain.values()])
        self._refuse_teams_of_people()
        answer_by_rest(self.client, self.repositories.values(), self.teams.values())

    def _ask(self, asked: Sequence[Question]) -> None:
        parts = ask(self.client, [question.write for question in asked], "objects")
        for question, part in zip(asked, parts, strict=True):
            question.take(part)
        while unfinished := [
            (question, listing)
            for question in asked
            for listing in question.listings.values()
            if listing.cursor is not None
        ]:
            writes = [_next_page(question, listing) for question, listing in unfinished]
            pages = ask(self.client, writes, "further pages")
            for (_, listing), page in zip(unfinished, pages, strict=True):
                listing.take(page, page.value)

    def _refuse_teams_of_people(self) -> None:
        owner = self.client.identities.owner
        if owner is None or owner.is_organization:
            return
        error = Rejected(
            f"{owner.account.name} is a person's account, and only organisations have teams",
            call=Call("github", "GraphQL query: teams"),
            remedy="set the provider's `owner` to an organisation",
        )
        for question in self.teams.values():
            question.take(Part(None, (Trouble((), error),)))


def _next_page(question: Question, listing: Listing) -> Write:
    kind = "Team" if isinstance(question, TeamQuestion) else "Repository"
    value = question.part.value or {}

    def write(variables: Variables) -> str:
        node_id = variables.add("ID!", value["id"])
        return f"node(id: {node_id}) {{ ... on {kind} {{ {listing.write(variables)} }} }}"

    return write
