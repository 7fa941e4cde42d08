"""A service in memory, for tests of the engine: it keeps objects, and fails as it is told to."""

import random
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from reconciler.errors import (
    AlreadyExists,
    NotFound,
    OutcomeUnknown,
    ProviderError,
    Rejected,
    Unauthorized,
    Unreachable,
)
from reconciler.provider.objects import Account, Attributes, Object, ObjectKey
from reconciler.testing.failures import Failure, MemoryCall

Result = TypeVar("Result")

TOKEN = "memory-token"  # noqa: S105 - opens nothing but an object in a test's memory
"""The credential that a new service accepts."""

_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "memory_thing": {
        "text": "",
        "size": 0,
        "tags": [],
        "kind": "plain",
        "with_default_part": False,
        "archived": False,
    },
    "memory_part": {"text": ""},
    "memory_member": {"role": "reader"},
    "memory_note": {"text": ""},
}
_FIXED = {"memory_thing": ("kind", "with_default_part"), "memory_part": ("thing",)}


def normalised(attributes: Attributes) -> dict[str, Any]:
    """What the service makes of attributes: ``name`` and ``text`` lose the white space around them."""
    return {
        name: value.strip() if name in ("name", "text") and isinstance(value, str) else value
        for name, value in attributes.items()
    }


class MemoryService:
    """Things, parts, members and notes. A test holds it; providers made over it share it, also after a crash.

    ``on_call`` is told of each call before it takes effect, ``on_answer`` after; they run without the
    service's lock, in the calling thread, and may block or raise anything, such as KeyboardInterrupt.
    ``calls`` are the calls so far. ``account``, ``token`` and ``missing_scopes`` may be set.
    """

    def __init__(self, *, seed: int = 0) -> None:
        self.account = Account("memory-1", "Memory Lane")
        self.token = TOKEN
        self.missing_scopes: tuple[str, ...] = ()
        self.calls: list[MemoryCall] = []
        self.on_call: Callable[[MemoryCall], None] | None = None
        self.on_answer: Callable[[MemoryCall], None] | None = None
        self._random = random.Random(seed)  # noqa: S311 - ids in tests must be the same each time
        self._lock = threading.RLock()
        self._failures: list[Failure] = []
        self._is_down = False
        self._rows: dict[str, dict[str, dict[str, Any]]] = {name: {} for name in _DEFAULTS}
        self._secrets: dict[str, str] = {}

    # What a test does behind the provider's back; nothing of it is counted, and nothing fails on order.

    def fail(
        self,
        operation: str,
        error: type[ProviderError] | ProviderError,
        *,
        type: str | None = None,
        subject: str | None = None,
        nth: int = 1,
        times: int | None = 1,
        took_effect: bool = False,
    ) -> None:
        """Make the nth matching call from now on raise ``error``, and the ``times - 1`` after it (None: all).

        With ``took_effect`` the call is carried out first: its answer is lost. For ``read``, ``subject`` is
        an object's id, and only that object cannot be read.
        """
        with self._lock:
            self._failures.append(Failure(operation, type, subject, error, nth - 1, times, took_effect))

    def go_down(self, operation: str, *, took_effect: bool, nth: int = 1) -> None:
        """Give the nth call of an operation no answer, and refuse every connection after it.

        So what became of that call cannot be looked up before ``heal``.
        """
        with self._lock:
            self._failures.append(
                Failure(operation, None, None, OutcomeUnknown, nth - 1, 1, took_effect, is_last=True)
            )

    def heal(self) -> None:
        """Forget all orders to fail, and be there again."""
        with self._lock:
            self._failures.clear()
            self._is_down = False

    def count(self, operation: str | None = None, type: str | None = None) -> int:
        """How many calls there were, of an operation or a type if given."""
        with self._lock:
            return sum(
                operation in (None, call.operation) and type in (None, call.type) for call in self.calls
            )

    def objects(self, type: str) -> list[Object]:
        """All objects of a type, the oldest first."""
        with self._lock:
            return [self._told(type, identity) for identity in self._rows[type]]

    def put(self, type: str, **attributes: Any) -> Object:
        """Create an object."""
        with self._lock:
            return self.make(type, attributes, MemoryCall("put", type))

    def change(self, type: str, id: str, **attributes: Any) -> Object:
        """Change an object, also what a provider could not change.

        A secret that is changed so is read as None from then on: somebody else has written it.
        """
        with self._lock:
            if "secret" in attributes:
                self._secrets[id] = attributes.pop("secret")
                self._rows[type][id]["secret"] = None
            self._rows[type][id].update(normalised(attributes))
            return self._told(type, id)

    def remove(self, type: str, id: str) -> None:
        """Delete an object and what lives in it."""
        with self._lock:
            self._drop(type, id)

    def secret_of(self, id: str) -> str | None:
        """The secret that a thing was given."""
        with self._lock:
            return self._secrets.get(id)

    # What the provider calls.

    def perform(self, call: MemoryCall, token: str, effect: Callable[[MemoryCall], Result]) -> Result:
        """Carry out one call: count it, tell the hooks, fail if so ordered; raises ProviderError."""
        with self._lock:
            self.calls.append(call)
        if self.on_call is not None:
            self.on_call(call)
        with self._lock:
            if self._is_down:
                raise Unreachable("the service is down", call=call.as_call)
            failure = next((found for found in self._failures if found.strikes(call)), None)
            self._is_down = failure is not None and failure.is_last
        if failure is not None and not failure.took_effect:
            raise failure.error_for(call)
        with self._lock:
            if token != self.token:
                raise Unauthorized("the token is wrong", call=call.as_call, remedy="set the right token")
            result = effect(call)
        if self.on_answer is not None:
            self.on_answer(call)
        if failure is not None:
            raise failure.error_for(call)
        return result

    def get(self, type: str, id: str) -> Object | ProviderError | None:
        """One object, None when it is not there, or the error that a test ordered for it."""
        call = MemoryCall("read", type, id)
        for failure in self._failures:
            if failure.subject is not None and failure.strikes(call):
                return failure.error_for(call)
        return self._told(type, id) if id in self._rows[type] else None

    def make(self, type: str, desired: Attributes, call: MemoryCall) -> Object:
        """Create an object; raises Rejected, NotFound (no such thing) and AlreadyExists."""
        row = {**_DEFAULTS[type], **normalised({k: v for k, v in desired.items() if v is not None})}
        secret = row.pop("secret", None)
        if type == "memory_part":
            row["_thing"] = self._thing_named(row.pop("thing", ""), call)
        self._check(type, row, "", call)
        identity = f"{type.removeprefix('memory_')}-{self._random.getrandbits(48):012x}"
        if type == "memory_thing":
            row.update(revision=1)
        self._rows[type][identity] = row
        if secret is not None:
            self._secrets[identity] = secret
        made: tuple[ObjectKey, ...] = ()
        if row.get("with_default_part"):
            self.make("memory_part", {"thing": row["name"], "name": "default"}, call)
            made = (ObjectKey("memory_part", (row["name"], "default")),)
        told = self._told(type, identity)
        return Object(told.type, told.id, told.attributes, made)

    def alter(
        self, type: str, id: str, desired: Attributes, changed: frozenset[str], call: MemoryCall
    ) -> Object:
        """Change an object; raises NotFound, Rejected and AlreadyExists."""
        if id not in self._rows[type]:
            raise NotFound(f"there is no {type} with the id {id}", call=call.as_call)
        if fixed := sorted(changed.intersection(_FIXED.get(type, ()))):
            raise Rejected(f"{', '.join(fixed)} cannot be changed", call=call.as_call)
        new = normalised({name: desired.get(name) for name in changed})
        if "secret" in new:
            self._secrets[id] = new.pop("secret")
        new = {name: _DEFAULTS[type].get(name) if value is None else value for name, value in new.items()}
        row = {**self._rows[type][id], **new}
        if "secret" in changed:
            row.pop("secret", None)
        self._check(type, row, id, call)
        if "revision" in row:
            row["revision"] += 1
        self._rows[type][id] = row
        return self._told(type, id)

    def end(self, type: str, id: str, how: str, call: MemoryCall) -> None:
        """Delete or archive an object; it is no error when it is not there."""
        if how == "archive" and type == "memory_thing":
            if id in self._rows[type]:
                self._rows[type][id]["archived"] = True
        elif how == "delete":
            self._drop(type, id)
        else:
            raise Rejected(f"a {type} cannot be destroyed by {how!r}", call=call.as_call)

    def _told(self, type: str, id: str) -> Object:
        row = {"id": id, **self._rows[type][id]}
        if type == "memory_part":
            row["thing"] = self._rows["memory_thing"][row.pop("_thing")]["name"]
            row["url"] = f"memory://things/{row['thing']}/parts/{row['name']}"
        elif type == "memory_thing":
            row["url"] = f"memory://things/{row['name']}"
            row["tags"] = list(row["tags"])
        return Object(type, id, row)

    def _drop(self, type: str, id: str) -> None:
        if self._rows[type].pop(id, None) is None:
            return
        self._secrets.pop(id, None)
        if type == "memory_thing":
            parts = self._rows["memory_part"]
            for part in [key for key, row in parts.items() if row["_thing"] == id]:
                del parts[part]

    def _thing_named(self, name: str, call: MemoryCall) -> str:
        for identity, row in self._rows["memory_thing"].items():
            if row["name"] == name:
                return identity
        raise NotFound(f"there is no thing named {name!r}", call=call.as_call)

    def _check(self, type: str, row: Mapping[str, Any], id: str, call: MemoryCall) -> None:
        if type == "memory_note":
            return
        if not row.get("name"):
            raise Rejected("a name must not be empty", call=call.as_call)
        if any(found != id for found in self._same_name(type, row)):
            raise AlreadyExists(f"there is a {type} named {row['name']!r}", call=call.as_call)

    def _same_name(self, type: str, row: Mapping[str, Any]) -> Iterator[str]:
        for identity, other in self._rows[type].items():
            if other["name"] == row["name"] and other.get("_thing") == row.get("_thing"):
                yield identity
