"""What the cache holds: answers of services, each with the time at which it was given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from reconciler.values import Value


class Kind(StrEnum):
    """What an answer was given to."""

    OBJECT = "object"
    """A read by id."""
    QUESTION = "question"
    """A search by natural key, or by the arguments of a data entry."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose answers: the key of a provider, and the id of the account that its credentials belong to."""

    provider: str
    account: str


class Key(NamedTuple):
    """One answer among an owner's: a type, and the object's id or the keyed hash of the question.

    A tuple, since ten thousand of them are looked up at a time.
    """

    type: str
    name: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it is kept: JSON text in which all that is secret is a digest.

    ``address`` is what it was last asked for.
    """

    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the cache, told to people."""

    owner: Owner
    kind: Kind
    key: Key
    answer: Answer
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Remembered:
    """One answer that is kept.

    ``age`` is in seconds. ``objects`` are attributes by the object's id; digests are in the place of secrets.
    """

    entry: Entry
    age: float
    is_usable: bool
    """Whether a plan may rest on it: it is no older than retention."""
    objects: Mapping[str, Mapping[str, Value]]


@dataclass(frozen=True, slots=True)
class CacheReport:
    """The cache of a stack in an environment; ``size`` in bytes, 0 where there is none."""

    path: Path
    size: int
    answers: tuple[Remembered, ...]
