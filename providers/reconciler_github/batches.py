"""GraphQL queries that ask for many objects at once, and shrink when they are too much for GitHub.

Each object is one aliased field of the query (``item0``, ``item1``, …) with its own arguments, so one query
may mix objects known by id and by name. All values travel as variables, never inside the text.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from reconciler.errors import NotFound, ProviderError, ServiceFailed
from reconciler.provider.objects import Account
from reconciler_github.client import Client, QueryAnswer, Trouble
from reconciler_github.identities import Owner

MOST_TOGETHER = 75
"""Objects in one query. GitHub gives up on a query after ten seconds."""

_GIVES_UP_AFTER = 3
"""Queries for a single object that may fail before the service is taken to be down."""

_OWNER_ALIAS = "account"


class Variables:
    """Collects a query's variables while its text is written."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self.types: dict[str, str] = {}

    def add(self, type_name: str, value: Any) -> str:
        """The name under which a value of a GraphQL type (``ID!``) can be used in the text."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        self.types[name] = type_name
        return f"${name}"


Write = Callable[[Variables], str]
"""Writes the field of one object: ``node(id: $v0) { ... on Label { ...LabelSettings } }``."""


@dataclass(frozen=True, slots=True)
class Part:
    """What came back for one object. ``value`` is None when there is none, or when it could not be told."""

    value: Mapping[str, Any] | None
    troubles: tuple[Trouble, ...] = ()

    @property
    def is_absent(self) -> bool:
        """Whether the service says that it is not there."""
        return self.value is None and self.trouble() is None

    def trouble(self, *fields: str) -> ProviderError | None:
        """What makes the object, or these fields of it, unusable. That it is not there is no trouble."""
        for found in self.troubles:
            if not found.path and isinstance(found.error, NotFound):
                continue
            if not found.path or not fields or found.path[0] in fields:
                return found.error
        return None


@dataclass
class _Batch:
    """The state of one ``ask``: what is answered, and how often the service failed for a single object."""

    parts: dict[int, Part] = field(default_factory=dict)
    single_failures: int = 0
    given_up: ProviderError | None = None

    def failed_again(self) -> bool:
        """Count a failure for a single object; whether the service is to be taken for down."""
        self.single_failures += 1
        return self.single_failures >= _GIVES_UP_AFTER


def ask(client: Client, writes: Sequence[Write], operation: str) -> list[Part]:
    """What came back for each object, in the order of asking. Raises nothing: troubles are in the parts."""
    batch = _Batch()
    for start in range(0, len(writes), MOST_TOGETHER):
        _ask_some(client, writes, range(start, min(start + MOST_TOGETHER, len(writes))), operation, batch)
    return [batch.parts[index] for index in range(len(writes))]


def document(writes: Sequence[Write], operation: str, owner: str) -> tuple[str, dict[str, Any]]:
    """The query for some objects, and its variables. The owner's name comes along at no cost."""
    variables = Variables()
    fields = [f"  item{index}: {write(variables)}" for index, write in enumerate(writes)]
    login = variables.add("String!", owner)
    fields.append(f"  {_OWNER_ALIAS}: repositoryOwner(login: {login}) {{ ...OwnerName }}")
    body = "\n".join(fields)
    declared = ", ".join(f"${name}: {type_name}" for name, type_name in variables.types.items())
    name = "".join(word.capitalize() for word in re.findall(r"[A-Za-z]+", operation))
    return f"query {name}({declared}) {{\n{body}\n}}\n{fragments_for(body)}", variables.values


def fragments_for(text: str) -> str:
    """The fragments that a text uses, and those that they use."""
    known, found, rest = _fragments(), {}, [text]
    while rest:
        for name in re.findall(r"\.\.\.\s*([A-Z]\w*)", rest.pop()):
            if name not in found:
                found[name] = known[name]
                rest.append(known[name])
    return "\n".join(found[name] for name in sorted(found))


@cache
def _fragments() -> Mapping[str, str]:
    text = resources.files("reconciler_github").joinpath("queries", "fragments.graphql").read_text("utf-8")
    parts = re.split(r"^(?=fragment )", text, flags=re.MULTILINE)
    return {part.split()[1]: part.strip() for part in parts if part.strip()}


def _ask_some(
    client: Client, writes: Sequence[Write], indexes: Sequence[int], operation: str, batch: _Batch
) -> None:
    is_single = len(indexes) == 1
    try:
        if batch.given_up:
            raise batch.given_up
        text, variables = document([writes[index] for index in indexes], operation, client.owner)
        answer = client.query(text, variables, operation, may_ask_less=not is_single)
    except ProviderError as error:
        batch.parts.update({index: Part(None, (Trouble((), error),)) for index in indexes})
        if not (is_single and isinstance(error, ServiceFailed)) or batch.failed_again():
            batch.given_up = error
        return
    _learn_owner(client, answer)
    again = list(indexes) if answer.timed_out else _take(answer, indexes, batch)
    if again and is_single and batch.failed_again():
        batch.given_up = batch.parts[again[0]].troubles[0].error
    elif again and not is_single:
        half = (len(indexes) + 1) // 2
        for start in range(0, len(again), half):
            _ask_some(client, writes, again[start : start + half], operation, batch)


def _take(answer: QueryAnswer, indexes: Sequence[int], batch: _Batch) -> list[int]:
    """Keep what came back; the indexes of what the service failed at and that may be asked again."""
    failed = []
    for position, index in enumerate(indexes):
        alias = f"item{position}"
        troubles = tuple(
            Trouble(found.path[1:], found.error)
            for found in answer.troubles
            if not found.path or found.path[0] == alias
        )
        value = answer.fields.get(alias)
        batch.parts[index] = Part(value if isinstance(value, dict) else None, troubles)
        if any(isinstance(found.error, ServiceFailed) for found in troubles):
            failed.append(index)
    return failed


def _learn_owner(client: Client, answer: QueryAnswer) -> None:
    found = answer.fields.get(_OWNER_ALIAS)
    if isinstance(found, dict):
        account = Account(found["id"], found["login"])
        client.identities.owner = Owner(account, found["__typename"] == "Organization")
