"""What came of a change of the state alone, in which no service was called. These are values."""

from dataclasses import dataclass

from reconciler.address import Address
from reconciler.state.model import StateObject


@dataclass(frozen=True, slots=True)
class Moved:
    """An object got another address. ``rewritten`` are the objects that referred to the old one."""

    run: str
    serial: int
    old: Address
    after: StateObject
    rewritten: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """One address of which nothing is known any more.

    ``id`` and ``import_command``, which takes it back, are None where only a step that was cut off was
    recorded.
    """

    address: Address
    id: str | None
    import_command: str | None


@dataclass(frozen=True, slots=True)
class Removal:
    """Objects were forgotten. ``rewritten`` are the objects that depended on them."""

    run: str
    serial: int
    forgotten: tuple[Forgotten, ...]
    rewritten: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Pushed:
    """A state became what a document says. ``run`` is None when it was that already.

    ``has_recovered``: a new state took over the lineage and serial of one that was lost.
    ``secrets_unknown`` are the objects with digests that this state's key has not made, ``names_lost`` the
    names of snapshots that are lost.
    """

    run: str | None
    serial: int
    added: tuple[Address, ...] = ()
    changed: tuple[Address, ...] = ()
    removed: tuple[Address, ...] = ()
    outputs_changed: bool = False
    has_recovered: bool = False
    secrets_unknown: tuple[Address, ...] = ()
    names_lost: tuple[str, ...] = ()
