"""What a stack says beside what there should be: what has moved, what is let go of, what is taken over."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reconciler.address import Address
from reconciler.config.endpoints import Endpoint, Way
from reconciler.diagnostics import Place
from reconciler.values import Value


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold, and what to say if it does not."""

    assertion: Value
    """True or false, or an Expression that will tell."""
    message: Value
    references: frozenset[Address]
    place: Place
    text: str = ""
    """The assertion as it is written."""

    def with_text(self, text: str) -> "Condition":
        """The same, told with another text."""
        return replace(self, text=text)


@dataclass(frozen=True, slots=True)
class Check:
    """An entry of ``checks``."""

    name: str
    """``check.NAME``, with the module before it."""
    condition: Condition
    is_error: bool
    """Whether nothing is applied while it does not hold; else it is only told."""
    place: Place


@dataclass(frozen=True, slots=True)
class Moved:
    """An entry of ``moved``: what has got another address."""

    way: Way
    place: Place
    to_place: Place


@dataclass(frozen=True, slots=True)
class Removed:
    """An entry of ``removed``: what is declared no more, and whether its object is to go too."""

    old: Endpoint
    is_destroyed: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Import:
    """An entry of ``imports``: the id of the object that a resource is to take over."""

    to: Address
    id: str
    place: Place
    id_place: Place


@dataclass(frozen=True)
class Sections:
    """All of these entries, in the order of the files."""

    moved: tuple[Moved, ...] = ()
    removed: tuple[Removed, ...] = ()
    imports: Mapping[Address, Import] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there are none."""
        return not (self.moved or self.removed or self.imports or self.checks)

    def with_those_of(self, other: "Sections") -> "Sections":
        """These and others, such as those of a module."""
        return Sections(
            (*self.moved, *other.moved),
            (*self.removed, *other.removed),
            {**self.imports, **other.imports},
            (*self.checks, *other.checks),
        )
