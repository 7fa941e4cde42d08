"""Values that are more than JSON: what is not known yet, and what must not be shown.

An attribute's value is JSON (``None``, ``bool``, ``int``, ``float``, ``str``, ``list``, ``dict``) in which
any part may be ``Unknown``, ``Sensitive`` or, in what state remembers, ``Digest``.
"""

import hmac
import json
from collections.abc import Callable, Iterable, Iterator
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


_TELLING = 6
"""Characters: a shorter secret, such as a port or "true", is looked for in no other text."""


class Sealer:
    """Makes digests with a key that stays in one state file, so that they compare nowhere else.

    It may learn the secrets that the stack tells today: their digests can be opened again, and a text that
    holds one is known for what it is.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[str, Value] = {}
        self._texts: tuple[str, ...] = ()

    def learn(self, secrets: Iterable[Value]) -> None:
        """Know these revealed values for secrets from now on."""
        more = {self.digest(secret).hexadecimal: secret for secret in secrets}
        if more.keys() <= self._known.keys():
            return
        self._known |= more
        self._texts = tuple({text.casefold() for text in self.texts})

    @property
    def texts(self) -> Iterator[str]:
        """The texts of the known secrets that are long enough to be looked for in other texts."""
        return (text for known in self._known.values() for text in telling_texts(known))

    @property
    def knows_texts(self) -> bool:
        """Whether there is a secret to look for in texts."""
        return bool(self._texts)

    def shows_secret(self, text: str) -> bool:
        """Whether a text holds a known secret that is long enough not to stand there by chance.

        Upper and lower case are one: a service may write a name as it likes.
        """
        folded = text.casefold()
        return any(secret in folded for secret in self._texts)

    def hide(self, value: Value) -> Value:
        """A value that nobody has marked, with each text that shows a known secret marked Sensitive."""
        return transform(value, self._hidden) if self._known else value

    def _hidden(self, part: Value) -> Value:
        return Sensitive(part) if isinstance(part, str) and self.shows_secret(part) else part

    def open(self, value: Value) -> Value:
        """A value with each digest of a known secret replaced by that secret, which is Sensitive."""
        if not self._known or not holds(value, Digest):
            return value
        return transform(value, self._opened)

    def _opened(self, part: Value) -> Value:
        if isinstance(part, Digest) and part.hexadecimal in self._known:
            return Sensitive(self._known[part.hexadecimal])
        return part

    def digest(self, value: Value) -> Digest:
        """The digest of a JSON value; a digest is its own. Equal numbers have one digest."""
        if isinstance(value, Digest):
            return value
        return Digest(hmac.digest(self._key, canonical(reveal(value)).encode(), "sha256").hex())

    def signature(self, purpose: str, text: str) -> str:
        """What shows that whoever has this key wrote a text, for one purpose and no other; hexadecimal."""
        key = hmac.digest(self._key, f"signature: {purpose}".encode(), "sha256")
        return hmac.digest(key, text.encode(), "sha256").hex()

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


def telling_texts(value: Value) -> Iterator[str]:
    """The texts in a revealed value that are long enough to be looked for in other texts."""
    return (part for part in leaves(value) if isinstance(part, str) and len(part) >= _TELLING)


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
