"""What a provider is: twelve methods between the engine and one service.

The engine decides (what to read, compare, order, retry, journal, mask); a provider translates. All
attribute values it is given are plain JSON in the clear, and all it returns are too.

Errors: every method raises ``ProviderError`` (see ``reconciler.errors``) and nothing else. A failed read is
never an empty answer. A write that got no clear answer raises ``OutcomeUnknown``.
Threads: the engine calls one provider object from several threads at once.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from reconciler.clock import Clock
from reconciler.errors import Call, ProviderError
from reconciler.provider.breaker import Breaker
from reconciler.provider.budget import Budget
from reconciler.provider.facts import ResourceType
from reconciler.provider.limits import Limit
from reconciler.provider.objects import (
    Account,
    Attributes,
    FindResult,
    Health,
    Lookup,
    Object,
    ObjectKey,
    ReadResult,
    Wanted,
    Write,
    WriteResult,
)
from reconciler.provider.retried import Retried

if TYPE_CHECKING:
    import httpx  # costs more to load than the rest of a plan that needs no service


class Provider(Protocol):
    """One configured connection to one service."""

    def account(self) -> Account:
        """Whose account this is; asked once a run at most, and cheap."""
        ...

    def health(self) -> Health:
        """Whether the service is ready; never raises: what is wrong is in the answer."""
        ...

    def read(self, lookups: Mapping[str, Lookup]) -> Mapping[str, ReadResult]:
        """The objects as they are now, under the keys they were asked by, with the cheapest calls for all.

        Every key is answered: with the object (found by id, so a renamed one is found), ``Absent``, or
        ``Unreadable`` for what could not be read.
        """
        ...

    def find(self, wanted: Mapping[str, Wanted]) -> Mapping[str, FindResult]:
        """The objects with these natural keys, or that answer to these data arguments; in bulk, as read."""
        ...

    def list(self, type_name: str) -> Iterable[Object]:
        """All objects of a type in the account."""
        ...

    def create(self, type_name: str, desired: Attributes) -> Object:
        """Create one object; raises AlreadyExists when there is one with its natural key."""
        ...

    def update(self, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
        """Bring an object to the desired attributes; only those named in ``changed`` differ."""
        ...

    def delete(self, prior: Object, how: str) -> None:
        """Remove an object; ``how`` is ``delete`` or another of the type's ``x-destroy``.

        An object that is not there any more is no error.
        """
        ...

    def write_many(self, writes: Sequence[Write]) -> Sequence[WriteResult]:
        """Carry out the writes of one group of a type with ``x-batch``, and answer in the same order."""
        ...

    def normalise(self, type_name: str, desired: Attributes) -> Attributes:
        """What the service will make of these attributes: lower-cased names, stripped text, and the like.

        Called with the known attributes only, without any call to the service; idempotent.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class MakesMore(Protocol):
    """A provider whose service makes objects on its own together with one that is created."""

    def side_effects(self, created: Object, desired: Attributes) -> Sequence[ObjectKey]:
        """The natural keys of what came with an object, whose create's answer was lost; without any call.

        The same as ``create`` tells in ``Object.side_effects``.
        """
        ...


@runtime_checkable
class ListsTogether(Protocol):
    """A provider that lists several types with fewer calls than one after the other."""

    def list_many(self, type_names: Collection[str]) -> Mapping[str, "Sequence[Object] | ProviderError"]:
        """All objects of each of these types, or why they could not be listed; raises nothing."""
        ...


@runtime_checkable
class KnowsTerraform(Protocol):
    """A provider class that says of Terraform's resource types why they have no counterpart among its own."""

    terraform_without: Mapping[str, str]
    """The reasons by type; a type that stands for one says so itself (``x-terraform``)."""


@runtime_checkable
class HasLimits(Protocol):
    """A provider whose service publishes how many calls it allows."""

    def limits(self) -> Sequence[Limit]:
        """The limits; without any call. What an action takes of them, ``x-takes`` of its type says."""
        ...


class ProviderContext(Protocol):
    """What the engine gives a provider when it makes it."""

    @property
    def clock(self) -> Clock:
        """The clock for waits and times."""
        ...

    @property
    def transport(self) -> "httpx.BaseTransport | None":
        """How requests travel when not over the network: the embedded sandbox."""
        ...

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """Hosts beside the service's own and loopback to which credentials may go."""
        ...

    @property
    def on_retry(self) -> Callable[[Retried], None]:
        """To be told of each repetition before the wait for it; may be called from any thread."""
        ...

    @property
    def budget(self) -> Budget:
        """The repetitions left in this run, shared by all providers."""
        ...

    @property
    def breaker(self) -> Breaker | None:
        """The circuit to this provider's service; None for one of each connection's own."""
        ...

    @property
    def is_stopping(self) -> Callable[[], bool]:
        """Whether the run was asked to stop: waits end then, and nothing is repeated any more."""
        ...

    @property
    def on_request(self) -> Callable[[Call], None]:
        """To be told of each request before it is sent, repeated ones too; may be called from any thread."""
        ...


class ProviderFactory(Protocol):
    """What an entry point of the group ``reconciler.providers`` leads to: a provider class.

    What can be known without an account is on the class, so that ``validate`` needs no connection.
    """

    name: str
    """The prefix of its resource types, ``github``."""
    settings_schema: Mapping[str, Any]
    """JSON Schema of the provider's own settings; ``x-sensitive`` marks credentials."""

    @staticmethod
    def resource_types() -> Mapping[str, ResourceType]:
        """All managed and data types, by name (``github_repository``; data types as ``data.github_user``)."""
        ...

    def __call__(self, settings: Mapping[str, Any], context: ProviderContext) -> Provider:
        """Connect with the given settings, in the clear; makes no call yet."""
        ...
