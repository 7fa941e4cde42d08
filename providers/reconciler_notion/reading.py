"""Reading many objects side by side, finding them, and listing all of a type."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from reconciler.errors import ProviderError
from reconciler.provider.objects import FindResult, Lookup, Object, ReadResult, Unreadable, Wanted
from reconciler_notion.client import Client
from reconciler_notion.errors import UNDERSTANDING
from reconciler_notion.reader import Reader
from reconciler_notion.resources import DATA_KINDS, KINDS

CROWD = 3
"""Databases in one page from which on the list of what is in it is asked, rather than each of them."""


def read(client: Client, lookups: Mapping[str, Lookup]) -> dict[str, ReadResult]:
    """The objects as they are now, by id; what is read for several of them is read once."""
    reader = Reader(client, _crowded(lookups))

    def ask(lookup: Lookup) -> ReadResult:
        try:
            return KINDS[lookup.type].read(reader, lookup)
        except ProviderError as error:
            return Unreadable(error)
        except UNDERSTANDING.missed as error:
            return Unreadable(UNDERSTANDING.garbled(error, "read"))

    return dict(zip(lookups, reader.together(ask, lookups.values()), strict=True))


def find(client: Client, wanted: Mapping[str, Wanted]) -> dict[str, FindResult]:
    """All objects that answer to each question."""
    reader = Reader(client)

    def ask(question: Wanted) -> FindResult:
        kind = KINDS.get(question.type) or DATA_KINDS[question.type]
        try:
            return kind.find(reader, question)
        except ProviderError as error:
            return Unreadable(error)
        except UNDERSTANDING.missed as error:
            return Unreadable(UNDERSTANDING.garbled(error, "find"))

    return dict(zip(wanted, reader.together(ask, wanted.values()), strict=True))


def _crowded(lookups: Mapping[str, Lookup]) -> frozenset[str]:
    parents = Counter(
        parent
        for lookup in lookups.values()
        if lookup.type == "notion_database" and isinstance(parent := lookup.attributes.get("parent"), str)
    )
    return frozenset(parent for parent, count in parents.items() if count >= CROWD)


def list_all(client: Client, type_name: str) -> Iterator[Object]:
    """All objects of a type; raises ProviderError at the first that cannot be read."""
    with UNDERSTANDING.reading("list"):
        yield from KINDS[type_name].list_all(Reader(client, trusts_search=True))


def list_many(client: Client, type_names: Collection[str]) -> dict[str, Sequence[Object] | ProviderError]:
    """All objects of these types, or why they cannot be listed; what several need is asked for once."""
    reader = Reader(client, trusts_search=True)
    answers: dict[str, Sequence[Object] | ProviderError] = {}
    for name in type_names:
        try:
            with UNDERSTANDING.reading("list"):
                answers[name] = list(KINDS[name].list_all(reader))
        except ProviderError as error:
            answers[name] = error
    return answers
