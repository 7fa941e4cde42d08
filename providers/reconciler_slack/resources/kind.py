"""What each resource module offers: the same functions, so that who has seen one has seen all."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from reconciler.provider.objects import Attributes, FindResult, Lookup, Object, ReadResult, Wanted
from reconciler_slack.channels import Everything
from reconciler_slack.client import Client


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of managed object.

    ``read`` and ``find`` answer all questions of the type at once; they raise ProviderError where nothing
    at all can be answered, as ``list_all`` does for the first object that cannot be told. ``normalise`` is
    asked before every other function, too.
    """

    type: str
    read: Callable[[Client, Mapping[str, Lookup]], Mapping[str, ReadResult]]
    find: Callable[[Client, Mapping[str, Wanted]], Mapping[str, FindResult]]
    list_all: Callable[[Client, Everything], Iterable[Object]]
    create: Callable[[Client, Attributes], Object]
    update: Callable[[Client, Object, Attributes, frozenset[str]], Object]
    delete: Callable[[Client, Object, str], None]
    normalise: Callable[[Attributes], Attributes]


@dataclass(frozen=True, slots=True)
class DataKind:
    """One type of object that is only looked up."""

    type: str
    find: Callable[[Client, Mapping[str, Wanted]], Mapping[str, FindResult]]
