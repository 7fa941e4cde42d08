"""What there is at one moment: in the services, and in the state of the stack."""

from dataclasses import dataclass
from pathlib import Path

from reconciler.clock import SystemClock
from reconciler.state.location import state_path
from reconciler.state.model import Intent
from reconciler.state.sqlite import SqliteLedger
from tests.faults import census
from tests.faults.census import Census
from tests.faults.services import Services


@dataclass(frozen=True)
class Situation:
    """What there is: in the services, and in the state by address."""

    counted: Census
    living: Census
    """The same without what was thrown away, and without the history of payments."""
    addresses: frozenset[str]
    open_intents: tuple[Intent, ...]


def situation(services: Services, directory: Path) -> Situation:
    """What there is just now, where the stack is in a directory."""
    world = services.show()
    path = state_path(directory, "testx", "default", "real")
    with SqliteLedger.open(
        path, stack="testx", environment="default", realm="real", clock=SystemClock(), read_only=True
    ) as ledger:
        return Situation(
            census.take(world),
            census.take(world, with_history=False),
            frozenset(map(str, ledger.objects())),
            tuple(ledger.open_intents()),
        )
