"""Why an object that is declared no more goes, in the word that programs know."""

from functools import cached_property

from reconciler.address import Address
from reconciler.plan.action import ActionReason, Mode
from reconciler.plan.desired import Desired


class Declared:
    """What is declared, as far as it tells why something else is deleted."""

    def __init__(self, desired: Desired) -> None:
        self._desired = desired

    @cached_property
    def _instances(self) -> set[tuple[object, str, str, bool]]:
        """Module, type, name, and whether it has a key, of all that is declared."""
        return {(one.module, one.type, one.name, one.key is not None) for one in self._desired.resources}

    @cached_property
    def _modules(self) -> set[object]:
        """Every module with something in it, and all around it."""
        return {
            one.module[:depth]
            for one in (*self._desired.resources, *self._desired.data)
            for depth in range(len(one.module) + 1)
        }

    def why_deleted(self, address: Address) -> ActionReason | None:
        """The reason; None when all that the stack manages is to go."""
        if self._desired.mode is Mode.DESTROY:
            return None
        if address.module and address.module not in self._modules:
            return ActionReason.DELETE_BECAUSE_NO_MODULE
        has_key = address.key is not None
        if (address.module, address.type, address.name, not has_key) in self._instances:
            return ActionReason.DELETE_BECAUSE_WRONG_REPETITION
        if has_key and (address.module, address.type, address.name, True) in self._instances:
            return ActionReason.DELETE_BECAUSE_EACH_KEY
        return ActionReason.DELETE_BECAUSE_NO_RESOURCE_CONFIG
