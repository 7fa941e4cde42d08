"""What a run asks and does that deletes everything, whichever command began it."""

from reconciler.cli.prompts import confirm_by_name
from reconciler.cli.runs import Request
from reconciler.operations.deferring import touched_by
from reconciler.operations.workspace import Workspace


def destruction(workspace: Workspace, is_approved: bool, parallelism: int | None, why: str) -> Request:
    """It asks twice, the second time for the stack's name; what it deletes needs nothing done any more."""
    name = workspace.stack.name
    return Request(
        "destroy",
        is_approved=is_approved,
        parallelism=parallelism,
        why=why,
        question="Do you want to delete all this?",
        drops=lambda prospect: touched_by(workspace.ledger, prospect.plan),
        insist=lambda: confirm_by_name("It cannot be brought back as it was.", name),
    )
