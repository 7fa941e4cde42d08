"""Values that are more than JSON: what is not known yet, and what must not be shown.

An attribute's value is JSON (``None``, ``bool``, ``int``, ``float``, ``str``, ``list``, ``dict``) in which
any part may be ``Unknown``, ``Sensitive`` or, in what state remembers, ``Digest``.
"""

import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

Value = Any
"""JSON, Unknown, Sensitive or Digest, nested."""


class UnknownValueError(TypeError):
    """Something asked an unknown value for what it cannot know yet."""

    def __init__(self, unknown: "Unknown") -> None:
        super().__init__(f"{unknown.because} is known only after apply")
        self.unknown = unknown


class Unknown:
    """A value that only the service will tell, after apply. ``because`` names the attribute that will.

    It answers no question about its content: truth, text, iteration, containment, length and order raise
    UnknownValueError, so that no code takes it for a value by accident.
    """

    __slots__ = ("because",)

    def __init__(self, because: str) -> None:
        self.because = because

    def __repr__(self) -> str:
        return "(known after apply)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unknown) and other.because == self.because

    def __hash__(self) -> int:
        return hash(("Unknown", self.because))

    def _refuse(self, *_: object) -> NoReturn:
        raise UnknownValueError(self)

    __bool__ = __str__ = __iter__ = __len__ = __contains__ = __getitem__ = _refuse
    __int__ = __float__ = __index__ = __call__ = __html__ = __format__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __mod__ = __rmod__ = _refuse
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __pow__ = __rpow__ = _refuse
    __neg__ = __pos__ = __abs__ = _refuse


@dataclass(frozen=True, slots=True, repr=False)
class Sensitive:
    """A value that appears in no output, state or message. Ask for ``value`` only to hand it to a service."""

    value: Value

    def __repr__(self) -> str:
        return "(sensitive)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Digest:
    """What state keeps of a sensitive value: a keyed hash that can be compared, not read."""

    hexadecimal: str

    def __repr__(self) -> str:
        return "(sensitive)"

    __str__ = __repr__


class Sealer:
    """Makes digests with a key that stays in one state file, so that they compare nowhere else."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def digest(self, value: Value) -> Digest:
        """The digest of a JSON value; a digest is its own. Equal numbers have one digest."""
        if isinstance(value, Digest):
            return value
        return Digest(hmac.digest(self._key, canonical(reveal(value)).encode(), "sha256").hex())

    def seal(self, value: Value) -> Value:
        """A value with every sensitive part replaced by its digest; the value itself when there is none."""
        if not holds(value, Sensitive):
            return value
        return transform(value, lambda part: self.digest(part.value) if isinstance(part, Sensitive) else part)


def transform(value: Value, change: Callable[[Value], Value]) -> Value:
    """A copy of a value with ``change`` applied to each part that is neither a list nor a mapping."""
    if isinstance(value, dict):
        return {key: transform(part, change) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [transform(part, change) for part in value]
    return change(value)


def canonical(value: Value) -> str:
    """A revealed value as JSON text that equal values share: keys sorted, 1.0 written as 1."""
    if holds(value, float):
        value = transform(
            value, lambda part: int(part) if isinstance(part, float) and part.is_integer() else part
        )
    return json.dumps(
        value,
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        default=lambda part: {"$sensitive": part.hexadecimal},
    )


def leaves(value: Value) -> Iterator[Value]:
    """Each part of a value that is neither a list nor a mapping."""
    if isinstance(value, dict):
        for part in value.values():
            yield from leaves(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from leaves(part)
    else:
        yield value


def holds(value: Value, *kinds: type) -> bool:
    """Whether a value, or any part of it, is of one of these kinds.

    Asked several times of every attribute of every resource, so it makes no generators.
    """
    if type(value) is str:
        return False
    if isinstance(value, dict):
        for part in value.values():  # noqa: SIM110 - a generator costs twice as much here
            if type(part) is not str and holds(part, *kinds):
                return True
        return False
    if isinstance(value, list | tuple):
        for part in value:  # noqa: SIM110 - as above
            if type(part) is not str and holds(part, *kinds):
                return True
        return False
    return isinstance(value, kinds)


def reveal(value: Value) -> Value:
    """A value with its sensitive parts in the clear: for the service, and nobody else."""
    if not holds(value, Sensitive):
        return value
    return transform(value, lambda part: reveal(part.value) if isinstance(part, Sensitive) else part)


def is_known(value: Value) -> bool:
    """Whether nothing in it is unknown."""
    return not holds(value, Unknown)


def is_sensitive(value: Value) -> bool:
    """Whether anything in it must not be shown."""
    return holds(value, Sensitive, Digest)
