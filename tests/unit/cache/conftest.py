"""A cache in a directory that has room for one, over the types in memory, with a clock that stands still."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from reconciler.cache.entries import Owner
from reconciler.cache.memory import Memory
from reconciler.cache.store import Store
from reconciler.provider.objects import Lookup, Object
from reconciler.registry import Registry
from reconciler.testing import FakeClock, MemoryFactory, MemoryService
from reconciler.values import Sealer

OWNER = Owner("memory", "memory-1")


@dataclass
class Shelf:
    """One cache, and what a test needs around it."""

    path: Path
    clock: FakeClock
    sealer: Sealer

    def memory(self, *, hours: float = 24, sealer: Sealer | None = None) -> Memory:
        """The cache as a process finds it."""
        registry = Registry({"memory": MemoryFactory(MemoryService())})
        return Memory(Store(self.path), registry, sealer or self.sealer, self.clock, timedelta(hours=hours))


def thing(number: int, **attributes: object) -> Object:
    told = {"name": f"thing-{number}", "text": "", "size": number, "tags": ["a", "b"]}
    return Object("memory_thing", f"id-{number}", {**told, **attributes})


def lookup(found: Object, **sealed: object) -> Lookup:
    return Lookup(found.type, found.id, {}, None, sealed)


def keep(memory: Memory, *found: Object, owner: Owner = OWNER) -> None:
    """As one call that told these objects."""
    memory.keep_read(owner, {one.id: lookup(one) for one in found}, {one.id: one for one in found})


def read(memory: Memory, *found: Object, owner: Owner = OWNER) -> dict[str, Object]:
    return memory.read(owner, {one.id: lookup(one) for one in found})


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    (tmp_path / ".reconciler").mkdir()
    return Shelf(tmp_path / ".reconciler" / "cache" / "lab.default.db", FakeClock(), Sealer(b"k" * 32))
