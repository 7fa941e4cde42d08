"""What stands under a name: a resource, data or a module, once or as often as its ``for_each`` says."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from reconciler.address import Address
from reconciler.config.document import Entry
from reconciler.config.nodes import Mapping as MappingNode
from reconciler.config.stack import Template

Thing = TypeVar("Thing", covariant=True)

NOTHING: frozenset[Address] = frozenset()


@dataclass(frozen=True, slots=True)
class Each:
    """One turn of a ``for_each``: what ``each`` stands for.

    ``value`` may hold expressions. ``rests_on`` is what the ``for_each`` as a whole refers to.
    """

    key: str
    value: Template
    rests_on: Callable[[], frozenset[Address]]

    @property
    def names(self) -> dict[str, Template]:
        """What ``each.key`` and ``each.value`` are."""
        return {"key": self.key, "value": self.value}


Turns = Mapping[str | None, Each | None]
"""By key, the turns of something; its one turn has no key and no Each. Empty when its ``when`` is false."""


class Block(Generic[Thing]):
    """One entry and the things that it comes to, by key; the one thing of an entry without ``for_each`` has
    the key None.

    They are worked out when somebody asks first, which may be while another block's are.
    """

    __slots__ = ("_things", "_turns", "called", "entry")

    def __init__(self, called: str, entry: Entry, turns: "Callable[[Block[Any]], Turns]") -> None:
        self.called = called
        """Its address as a text, without a key."""
        self.entry = entry
        self._turns = turns
        self._things: Mapping[str | None, Thing] | None = None

    @property
    def is_each(self) -> bool:
        """Whether it is a mapping from key to thing."""
        return isinstance(self.entry.node, MappingNode) and "for_each" in self.entry.node.values

    @property
    def things(self) -> Mapping[str | None, Thing]:
        """What it comes to; nothing when its ``when`` is false."""
        if self._things is None:
            self._things = {key: self.make(key, each) for key, each in self._turns(self).items()}
        return self._things

    @abstractmethod
    def make(self, key: str | None, each: Each | None) -> Thing:
        """The thing of one turn."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One resource or data entry that is to be."""

    address: Address
    each: Each | None = None


class Declared(Block[Instance]):
    """A resource or data entry."""

    __slots__ = ("address",)

    def __init__(self, address: Address, entry: Entry, turns: Callable[[Block[Any]], Turns]) -> None:
        super().__init__(str(address), entry, turns)
        self.address = address

    def make(self, key: str | None, each: Each | None) -> Instance:
        """The instance of one turn."""
        return Instance(self.address if key is None else replace(self.address, key=key), each)
