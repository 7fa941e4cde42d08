"""What each resource module offers: the same functions, so that who has seen one has seen all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from reconciler.provider.objects import Absent, Attributes, Lookup, Object, Unreadable, Wanted
from reconciler_notion.client import Client
from reconciler_notion.reader import Reader


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of managed object; all functions raise ProviderError.

    ``read`` finds by id, ``find`` by natural key, or by ``id`` for an import. ``import_key`` says what an
    import id stands for.
    """

    type: str
    read: Callable[[Reader, Lookup], Object | Absent | Unreadable]
    find: Callable[[Reader, Wanted], tuple[Object, ...]]
    list_all: Callable[[Reader], Iterable[Object]]
    create: Callable[[Client, Attributes], Object]
    update: Callable[[Client, Object, Attributes, frozenset[str]], Object]
    delete: Callable[[Client, Object], None]
    normalise: Callable[[Attributes], Attributes]
    import_key: Callable[[str], Attributes]


@dataclass(frozen=True, slots=True)
class DataKind:
    """One type of object that is only looked up."""

    type: str
    find: Callable[[Reader, Wanted], tuple[Object, ...]]
