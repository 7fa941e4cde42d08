"""Forgetting the past: what would go, and letting it go."""

from reconciler.state.history import resolve
from reconciler.state.ledger import Ledger
from reconciler.state.model import Pruning


def prepare(ledger: Ledger, *, keep: int | None = None, before: str | None = None) -> Pruning:
    """What goes so that the last ``keep`` runs can still be taken back, or the snapshot ``before`` gone to.

    Raises Refused when there is no such snapshot, and when one that would go is still needed.
    """
    latest = ledger.serial
    if before is not None:
        serial = resolve(ledger, before)
    else:
        began = [run.from_serial for run in ledger.runs()]
        kept = keep or 0
        serial = ledger.kept_from if kept > len(began) else [*began, latest][len(began) - kept]
    ledger.check_prunable(serial)
    return Pruning(ledger.kept_from, max(serial, ledger.kept_from), latest)


def carry_out(ledger: Ledger, pruning: Pruning) -> None:
    """Let go of what ``prepare`` found; raises Refused and StateError."""
    ledger.prune(pruning.before)
