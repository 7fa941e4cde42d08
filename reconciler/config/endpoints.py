"""What ``moved`` and ``removed`` name: a resource with all its instances, one instance, or a module."""

from dataclasses import dataclass, replace

from reconciler.address import Address, AddressSyntaxError, ModuleStep

MODULE = "module"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """``TYPE.NAME``, ``TYPE.NAME["KEY"]``, ``module.NAME`` or ``module.NAME["KEY"]``, below a module.

    ``module`` is the way there; for a module itself it ends with that, and ``type`` and ``name`` are empty.
    """

    module: tuple[ModuleStep, ...]
    type: str = ""
    name: str = ""
    own_key: str | None = None

    @classmethod
    def parse(cls, text: str, below: tuple[ModuleStep, ...] = ()) -> "Endpoint":
        """Read one; raises AddressSyntaxError."""
        address = Address.parse(text)
        if address.type == MODULE and not address.is_data:
            return cls((*below, *Address.parse(f"{text}.type.name").module))
        if address.is_data:
            raise AddressSyntaxError(f"{text} is looked up and in no state, so it has no address there")
        return cls((*below, *address.module), address.type, address.name, address.key)

    @property
    def is_module(self) -> bool:
        """Whether it is a module with all that is in it."""
        return not self.type

    @property
    def key(self) -> str | None:
        """The key of the one instance that is meant; None for all of them, or for the one without a key."""
        return self.module[-1].key if self.is_module else self.own_key

    def __str__(self) -> str:
        if self.is_module:
            return ".".join(map(str, self.module))
        return str(Address(self.type, self.name, self.own_key, self.module))

    def holds(self, address: Address, *, all_keys: bool) -> bool:
        """Whether an address is it, or in it. With ``all_keys``, one without a key stands for every key."""
        if self.is_module:
            size = len(self.module)
            steps = address.module[:size]
            return len(steps) == size and steps[:-1] == self.module[:-1] and self._is(steps[-1], all_keys)
        if (address.type, address.name, address.module) != (self.type, self.name, self.module):
            return False
        return address.key == self.own_key or (all_keys and self.own_key is None)

    def _is(self, step: ModuleStep, all_keys: bool) -> bool:
        last = self.module[-1]
        return step.name == last.name and (step.key == last.key or (all_keys and last.key is None))


@dataclass(frozen=True, slots=True)
class Way:
    """From one endpoint to another. Two without keys are about all instances, each of which keeps its key."""

    old: Endpoint
    new: Endpoint

    @property
    def is_whole(self) -> bool:
        """Whether it is about every instance."""
        return self.old.key is None and self.new.key is None

    def leads(self, address: Address) -> Address | None:
        """Where what is at an address goes; None when the way does not begin there."""
        old, new = self.old, self.new
        if not old.holds(address, all_keys=self.is_whole):
            return None
        if not old.is_module:
            key = address.key if self.is_whole else new.own_key
            return Address(new.type, new.name, key, new.module)
        size = len(old.module)
        last = new.module[-1]
        if self.is_whole:
            last = replace(last, key=address.module[size - 1].key)
        module = (*new.module[:-1], last, *address.module[size:])
        return Address(address.type, address.name, address.key, module)

    def leads_into(self, other: "Way") -> bool:
        """Whether what has gone this way may be where the other begins."""
        here, there = self.new, other.old
        inner, outer = (here, there) if _depth(here) >= _depth(there) else (there, here)
        is_open = self.is_whole or other.is_whole
        if outer.is_module:
            size = len(outer.module)
            steps = inner.module[:size]
            if (
                len(steps) < size
                or steps[:-1] != outer.module[:-1]
                or steps[-1].name != outer.module[-1].name
            ):
                return False
            return steps[-1].key == outer.module[-1].key or is_open
        same = (inner.module, inner.type, inner.name) == (outer.module, outer.type, outer.name)
        return same and (inner.own_key == outer.own_key or is_open)


def _depth(one: Endpoint) -> tuple[int, bool]:
    return len(one.module), not one.is_module
