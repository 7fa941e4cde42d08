"""What a random history has come to: who made which object, who removed it, and what the state was when."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from reconciler.address import Address
from reconciler.config.stack import Stack as ConfiguredStack
from reconciler.operations.workspace import Setting, Workspace
from reconciler.provider.breaker import Breaker
from reconciler.provider.objects import Object
from reconciler.state.model import StateObject
from reconciler.testing.failures import MemoryCall
from tests.lifecycle.lab import Lab
from tests.lifecycle.law_stacks import FOREIGN

KINDS = ("memory_thing", "memory_part", "memory_member", "memory_note")
_OURS = ("create", "write_many")


class _Connected:
    """Connections of a workspace to the lab's providers."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self.breakers: dict[str, Breaker] = {}
        self.retries: Counter[str] = Counter()

    def open(self, keys: Any) -> Any:
        """The lab's providers for some keys."""
        return {key: self._lab.providers[key] for key in keys}

    def reading(self, keys: Any) -> Any:
        """The same; nothing is cached here."""
        return self.open(keys)


class World:
    """A lab, and a book of its own of what has happened to the service, to hold the state against.

    ``made`` are the ids of what our calls asked for; ``theirs`` of what others made; ``lost`` of what others
    removed; ``let_go`` of what was ours and was then forgotten with ``state rm``.
    """

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.made: set[str] = set()
        self.theirs: set[str] = set()
        self.lost: set[str] = set()
        self.let_go: set[str] = set()
        self.past: dict[int, Mapping[Address, StateObject]] = {0: {}}
        self._make = lab.service.make
        lab.service.make = self._noted  # type: ignore[method-assign]  # to see each object that comes to be
        self.foreign = self.put("memory_thing", name=FOREIGN, text="theirs")

    def workspace(self) -> Workspace:
        """The lab as commands see it."""
        stack: ConfiguredStack = self.lab.stack()
        self.lab.ledger.sealer.learn(stack.secrets())
        lab, connected = self.lab, _Connected(self.lab)
        setting = Setting(lab.directory, lab.registry, environ=lab.environ, clock=lab.clock)
        return Workspace(stack, lab.registry, lab.ledger, connected, lab.clock, setting)  # type: ignore[arg-type]  # as narrow as what is used of it

    def put(self, kind: str, **attributes: Any) -> Object:
        """Somebody else makes an object."""
        found = self.lab.service.put(kind, **attributes)
        self.theirs.add(found.id)
        return found

    def remove(self, kind: str, identity: str) -> None:
        """Somebody else removes an object, with what lives in it."""
        before = self.living()
        self.lab.service.remove(kind, identity)
        self.lost |= before - self.living()

    def forget(self, address: Address) -> None:
        """Remember that an object is let go of."""
        self.let_go.add(self.lab.ledger.objects()[address].id)

    def living(self) -> set[str]:
        """The ids of all that is in the service."""
        return {found.id for kind in KINDS for found in self.lab.service.objects(kind)}

    @property
    def strays(self) -> set[str]:
        """What is in the service, and rightly in no state, but for the one thing of others that always is."""
        return (self.theirs | self.let_go) - self.recorded() - {self.foreign.id}

    def recorded(self) -> set[str]:
        """The ids that the state names."""
        return {known.id for known in self.lab.ledger.objects().values()}

    def check(self) -> None:
        """The laws that hold whenever nothing is under way."""
        living, recorded = self.living(), self.recorded()
        assert recorded - living <= self.lost, "state names what is not there"
        assert (self.made & living) - recorded <= self.let_go, "an orphan"
        assert self.foreign in self.lab.service.objects("memory_thing")
        assert self.lab.ledger.open_intents() == []
        self.let_go -= recorded

    @property
    def has_each_once(self) -> bool:
        """Whether no object stands at two addresses."""
        ids = [known.id for known in self.lab.ledger.objects().values()]
        return len(ids) == len(set(ids))

    def remember(self) -> None:
        """The past is what it was, and has no gaps."""
        ledger = self.lab.ledger
        self.past = {serial: objects for serial, objects in self.past.items() if serial >= ledger.kept_from}
        latest = ledger.serial
        assert latest >= max(self.past, default=0)
        for serial, objects in self.past.items():
            assert ledger.objects(serial) == objects
        serials = [snapshot.serial for snapshot in ledger.snapshots()]
        assert serials == list(range(latest - len(serials) + 1, latest + 1))
        assert len(serials) >= latest - ledger.kept_from
        self.past[latest] = ledger.objects()

    def _noted(self, type: str, desired: Any, call: MemoryCall) -> Object:
        found = self._make(type, desired, call)
        if call.operation in _OURS and call.type == type:
            self.made.add(found.id)
        return found
