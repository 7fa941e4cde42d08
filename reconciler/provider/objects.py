"""What passes between the engine and a provider: objects, questions about them, writes, and answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reconciler.errors import ProviderError

Attributes = Mapping[str, Any]
"""Attribute values as JSON, revealed: a provider sees neither Unknown nor Sensitive."""


@dataclass(frozen=True, slots=True)
class ObjectKey:
    """A type and the values of its natural key's attributes, in the order of ``x-natural-key``."""

    type: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Object:
    """An object in the service.

    ``id`` is what the service never changes (a node id, say), so that a renamed object is still the same.
    ``attributes`` holds every attribute of its type that the service tells, computed ones included.
    ``side_effects`` are the objects that the service made on its own together with this one (a new
    repository's default labels); only the answer of a create carries them. ``earlier`` is when the service
    told it, where that was before and the cache tells it now; None for what is fresh, so a provider leaves it
    alone. A secret that only the cache's digest is left of is a ``Digest`` in such an object.
    """

    type: str
    id: str
    attributes: Attributes
    side_effects: tuple[ObjectKey, ...] = ()
    earlier: "Earlier | None" = field(default=None, compare=False)


@dataclass(frozen=True, order=True, slots=True)
class Earlier:
    """When a service told what the cache tells now; ``age`` is in seconds, at the moment of the telling."""

    read_at: datetime
    age: float


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question for one object that was there before: its id and the attributes it had then.

    An attribute is missing whose value was a secret that the stack does not tell any more: a name, too.

    ``declared`` names the attributes that the stack declared; others need not be told when that costs a
    call of its own. None: all that it had.

    ``sealed`` is for the engine alone, which keeps what is answered: the attributes that state keeps as
    digests, as it does.
    """

    type: str
    id: str
    attributes: Attributes
    declared: frozenset[str] | None = None
    sealed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question for objects by attributes: a natural key, or the arguments of a data type.

    A data type is asked for by its whole name, ``data.github_user``. ``is_secret`` says that a secret is
    among the attributes: then nobody keeps the answer.
    """

    type: str
    attributes: Attributes
    is_secret: bool = False


@dataclass(frozen=True, slots=True)
class Absent:
    """The service says for certain that the object is not there."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Whether the object is there could not be found out; nothing may be planned from it."""

    error: ProviderError


ReadResult = Object | Absent | Unreadable
FindResult = tuple[Object, ...] | Unreadable
"""All objects that answer to a Wanted: none, the one, or several candidates where the service gives no
key that decides."""


@dataclass(frozen=True, slots=True)
class Write:
    """One change of a type whose writes go in groups (``x-batch``).

    ``action`` is ``create``, ``update`` or ``delete``; ``prior`` is the object before, ``desired`` the
    attributes after.
    """

    action: str
    type: str
    desired: Attributes
    prior: Object | None = None


WriteResult = Object | ProviderError | None
"""For each write of a group: the object after, the error, or None for a deleted object."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whose account the credentials belong to. State refuses to be used with another ``id``.

    ``name`` is for people, and may change.
    """

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Quota:
    """Calls left of a service's limit; ``resets_in`` is in seconds."""

    name: str
    remaining: int
    limit: int
    resets_in: float


@dataclass(frozen=True, slots=True)
class Health:
    """A provider's own view of its service, from as few calls as possible.

    ``error`` is why it is not reachable or not authenticated; ``latency`` is in seconds;
    ``missing_scopes`` are those that its resource types need and the credentials lack.
    """

    is_reachable: bool
    is_authenticated: bool
    latency: float | None = None
    account: Account | None = None
    missing_scopes: tuple[str, ...] = ()
    quotas: tuple[Quota, ...] = ()
    error: ProviderError | None = None
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_healthy(self) -> bool:
        """Whether everything the provider needs is there."""
        return self.is_reachable and self.is_authenticated and not self.missing_scopes
