"""What a plan works towards, whether it comes from the stack's files or from a snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.address import Address
from reconciler.config.stack import Declaration, Output, Stack


@dataclass(frozen=True)
class Desired:
    """The resources and outputs that should be, and the data that they are worked out from."""

    resources: Mapping[Address, Declaration]
    data: Mapping[Address, Declaration] = field(default_factory=dict)
    outputs: Mapping[str, Output] = field(default_factory=dict)
    removal: str = "it is not declared any more"
    """Why what is not among the resources is removed."""

    @classmethod
    def nothing(cls) -> "Desired":
        """That nothing of the stack is left."""
        return cls({}, removal="all that the stack manages is to be destroyed")

    @classmethod
    def of(cls, stack: Stack) -> "Desired":
        """What the stack's files declare."""
        return cls(stack.resources, stack.data, stack.outputs)
