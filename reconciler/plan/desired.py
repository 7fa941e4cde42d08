"""What a plan works towards, whether it comes from the stack's files or from a snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from reconciler.address import Address
from reconciler.config.sections import Sections
from reconciler.config.stack import Declaration, Output, Stack
from reconciler.diagnostics import Diagnostic
from reconciler.plan.action import Mode

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is known of an object that is to be again as a snapshot has it, beside its attributes."""

    id: str
    """The id that it had then."""
    asked_again: Mapping[str, str] = field(default_factory=dict)
    """By attribute: the ``${…}`` of a secret, which no snapshot has."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """By attribute: the ``${…}`` that cannot be worked out from the snapshot, so that its value stays."""


@dataclass(frozen=True)
class Desired:
    """The resources and outputs that should be, and the data that they are worked out from."""

    resources: Mapping[Address, Declaration]
    data: Mapping[Address, Declaration] = field(default_factory=dict)
    outputs: Mapping[str, Output] = field(default_factory=dict)
    removal: str = "it is not declared any more"
    """Why what is not among the resources is removed."""
    only: Mapping[Address, str] | None = None
    """All that the plan may touch, each with the reason why it came along, empty for what was named; None
    when that is everything (see ``targets``)."""
    stays: Mapping[Address, str] = field(default_factory=dict)
    """What is not among the resources and is yet not to be deleted, only forgotten, each with the reason."""
    same: Mapping[Address, Address] = field(default_factory=dict)
    """Of resources that state does not know: the address that has their object at present."""
    earlier: Mapping[Address, Earlier] = field(default_factory=dict)
    """For the way back: the resources as a snapshot knows them."""
    problems: Mapping[Address, tuple[Diagnostic, ...]] = field(default_factory=dict)
    """Why some resources cannot be had; a plan that may touch one of them is refused."""
    mode: Mode = Mode.NORMAL
    replaced: frozenset[Address] = frozenset()
    """The resources whose objects are to be made anew although nothing forces that."""
    excluded: Mapping[Address, str] = field(default_factory=dict)
    """What the plan leaves out as asked, each with the reason (see ``exclusion``)."""
    is_refreshed: bool = True
    """Whether objects are read again; if not, they are taken to be as the state says."""
    sections: Sections = field(default_factory=Sections)
    """What has moved, what is let go of, what is taken over (see ``refactoring``)."""
    deleted: frozenset[Address] = frozenset()
    """What is to be deleted although it was declared to be forgotten when it goes."""

    @classmethod
    def nothing(cls, stack: Stack | None = None) -> "Desired":
        """That nothing of the stack is left, but for what it says is to be let go of."""
        sections = Sections(stack.sections.moved, stack.sections.removed) if stack else Sections()
        removal = "all that the stack manages is to be destroyed"
        return cls({}, removal=removal, mode=Mode.DESTROY, sections=sections)

    @classmethod
    def as_it_is(cls, outputs: Mapping[str, Output]) -> "Desired":
        """That the state says what the services say; ``outputs`` are worked out from that."""
        return cls({}, outputs=outputs, mode=Mode.REFRESH_ONLY)

    @classmethod
    def of(cls, stack: Stack) -> "Desired":
        """What the stack's files declare."""
        return cls(stack.resources, stack.data, stack.outputs, sections=stack.sections)

    def keeps(self, address: Address) -> bool:
        """Whether an address goes on having an object: it is among the resources, or left as it is."""
        return address in self.resources or (self.only is not None and address not in self.only)

    def within(self, things: Mapping[Address, Thing]) -> Mapping[Address, Thing]:
        """The part that the plan may touch."""
        if self.only is None:
            return things
        return {address: thing for address, thing in things.items() if address in self.only}
