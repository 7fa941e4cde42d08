"""The history of a state: its runs, and which snapshots are kept. ``schemas/state-history.schema.json``."""

from collections.abc import Iterator

from reconciler.state.ledger import Ledger
from reconciler.state.model import Pruning
from reconciler.views.line import BLANK, Line, line
from reconciler.views.plan_summary import number
from reconciler.views.state_json import Json, names_document, run_document
from reconciler.views.state_text import run_lines


def history_lines(ledger: Ledger) -> Iterator[Line]:
    """The runs, oldest first, and from where the snapshots are kept."""
    runs = ledger.runs()
    if not runs:
        yield line("No runs: nothing has been changed yet.")
        return
    yield from run_lines(runs, ledger.holds(), kept_from=ledger.kept_from)
    yield BLANK
    yield line(f"Snapshots {ledger.kept_from:,} to {ledger.serial:,} can be gone back to.", "quiet")


def history_document(ledger: Ledger, *, pruned: int | None = None) -> Json:
    """The runs, the names of snapshots, and which are kept; how many were ``pruned`` just now."""
    return {
        "runs": [run_document(run) for run in ledger.runs()],
        **names_document(ledger.names().values()),
        "kept_from": ledger.kept_from,
        "serial": ledger.serial,
        "pruned": pruned,
    }


def prospect_line(found: Pruning) -> Line:
    """What would go and what would stay."""
    if not found.snapshots:
        return line(f"Nothing to remove: the snapshots begin at {found.first:,}.")
    last = found.before - 1
    which = f"{found.first:,}" if last == found.first else f"{found.first:,} to {last:,}"
    stays = f"{found.before:,}" if found.before == found.latest else f"{found.before:,} to {found.latest:,}"
    return line(
        f"{number(found.snapshots, 'snapshot')} would be removed ({which}), "
        f"with the runs that led to them; {stays} would stay."
    )


def pruned_line(found: Pruning) -> Line:
    """What is gone."""
    return line(f"Removed {number(found.snapshots, 'snapshot')}; the oldest one is {found.before:,} now.")
