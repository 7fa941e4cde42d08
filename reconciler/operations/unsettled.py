"""Steps that were cut off stand in the way of changing the state by hand."""

from collections.abc import Iterable, Iterator

from reconciler import codes
from reconciler.diagnostics import Diagnostic
from reconciler.state.model import Intent


def unsettled(intents: Iterable[Intent]) -> Iterator[Diagnostic]:
    """For each step of which nobody knows whether it took effect: that it must be settled first."""
    for intent in intents:
        yield Diagnostic(
            f"the run {intent.run} was cut off before it was known whether its {intent.action} took effect",
            "settle that first: `reconciler plan` shows it, `reconciler apply` settles it",
            address=str(intent.address),
            code=codes.UNDECIDED,
        )
