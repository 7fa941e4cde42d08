"""What an option such as ``--target`` names: a resource, all instances of one, or all that is in a module."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace

from reconciler.address import Address, AddressSyntaxError, ModuleStep


@dataclass(frozen=True, slots=True)
class Selector:
    """The text that somebody wrote, read: an address, or the way into a module and no further."""

    text: str
    address: Address | None
    """None for one that names a module."""
    module: tuple[ModuleStep, ...] = ()

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, text: str) -> "Selector":
        """Read ``github_repository.docs``, ``module.qa`` and the like; raises AddressSyntaxError."""
        with suppress(AddressSyntaxError):  # a module is called as something in it is, without that
            return cls(text, None, Address.parse(f"{text}.in.it").module)
        address = Address.parse(text)
        return cls(text, address, address.module)

    def meaning(self, known: Iterable[Address]) -> list[Address]:
        """Those of the known addresses that it names; where keys are left out, all instances."""
        return [one for one in known if self._names(one)]

    def _names(self, one: Address) -> bool:
        if self.address is None:
            return _leads_into(self.module, one.module[: len(self.module)])
        if len(one.module) != len(self.module) or not _leads_into(self.module, one.module):
            return False
        return self.address == replace(one, module=self.module) or (
            self.address.key is None and self.address == replace(one, module=self.module, key=None)
        )


def _leads_into(written: tuple[ModuleStep, ...], module: tuple[ModuleStep, ...]) -> bool:
    """Whether a module is one of those that somebody means who may have left keys out."""
    return len(written) == len(module) and all(
        step.name == other.name and step.key in (None, other.key)
        for step, other in zip(written, module, strict=True)
    )


Chosen = Address | Selector
"""What a plan may be for: one known address, or what somebody wrote."""
