"""``reconciler_value``: a resource type without a service.

State is the only place where its objects are, so reading one answers what state recorded, and nothing can be
found or listed. Nothing here imports an HTTP client: a stack of values alone needs none.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from reconciler.provider.catalogue import resource_types_in
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import (
    Account,
    Attributes,
    FindResult,
    Health,
    Lookup,
    Object,
    ReadResult,
    Wanted,
    Write,
    WriteResult,
)
from reconciler.provider.protocol import ProviderContext

_TYPE = "reconciler_value"
_ACCOUNT = Account("reconciler", "this stack's state")


def _new_id() -> str:
    return uuid.uuid4().hex


class BuiltinProvider:
    """The provider ``reconciler``. It has no settings, makes no calls and raises no errors."""

    name: ClassVar[str] = "reconciler"
    settings_schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "properties": {},
        "additionalProperties": False,
    }

    def __init__(
        self, settings: Mapping[str, Any], context: ProviderContext, *, new_id: Callable[[], str] = _new_id
    ) -> None:
        self._new_id = new_id

    @staticmethod
    def resource_types() -> Mapping[str, ResourceType]:
        """The one type, ``reconciler_value``."""
        return resource_types_in("reconciler.builtin", "reconciler_")

    def account(self) -> Account:
        """Always the same: values belong to nobody but their state."""
        return _ACCOUNT

    def health(self) -> Health:
        """Always healthy: there is no service."""
        return Health(is_reachable=True, is_authenticated=True, latency=0.0, account=_ACCOUNT)

    def read(self, lookups: Mapping[str, Lookup]) -> Mapping[str, ReadResult]:
        """Each object as it was recorded."""
        return {key: Object(_TYPE, lookup.id, lookup.attributes) for key, lookup in lookups.items()}

    def find(self, wanted: Mapping[str, Wanted]) -> Mapping[str, FindResult]:
        """None: there is no service that could hold one."""
        return dict.fromkeys(wanted, ())

    def list(self, type_name: str) -> Iterable[Object]:
        """None: there is no service that could hold one."""
        return ()

    def create(self, type_name: str, desired: Attributes) -> Object:
        """A new value with a new id."""
        return _value(self._new_id(), desired)

    def update(self, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
        """The value with the new input, and the id that it had."""
        return _value(prior.id, desired)

    def delete(self, prior: Object, how: str) -> None:
        """Nothing to do: the value goes with its record in state."""

    def write_many(self, writes: Sequence[Write]) -> Sequence[WriteResult]:
        """Each write on its own; the type has no batches."""
        return [self._write(write) for write in writes]

    def normalise(self, type_name: str, desired: Attributes) -> Attributes:
        """Nothing changes."""
        return desired

    def close(self) -> None:
        """Nothing to let go of."""

    def _write(self, write: Write) -> WriteResult:
        if write.action == "delete":
            return None
        return _value(write.prior.id if write.prior else self._new_id(), write.desired)


def _value(identity: str, desired: Attributes) -> Object:
    given = desired.get("input")
    return Object(
        _TYPE,
        identity,
        {"id": identity, "input": given, "triggers": desired.get("triggers"), "output": given},
    )
