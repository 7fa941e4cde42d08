"""Giving names to snapshots, and taking them away."""

from reconciler.operations.workspace import Workspace
from reconciler.state.history import resolve
from reconciler.state.model import SnapshotName
from reconciler.state.who import who_runs


def give(workspace: Workspace, name: str, which: str | None = None) -> SnapshotName:
    """Name the snapshot that ``which`` means, the latest by default; raises Refused."""
    ledger = workspace.ledger
    serial = ledger.serial if which is None else resolve(ledger, which)
    ledger.name(name, serial, workspace.clock.now(), who_runs(workspace.setting.environ))
    return ledger.names()[name]


def remove(workspace: Workspace, name: str) -> None:
    """Take a name away; raises Refused when no snapshot has it."""
    workspace.ledger.unname(name)
