"""Configurations that were rolled back, and are not to be applied again unnoticed."""

from reconciler import codes
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused
from reconciler.state.ledger import Ledger


def check(ledger: Ledger, configuration: str) -> None:
    """Raises Refused, with who rolled it back and why, when a configuration is held back."""
    for hold in ledger.holds():
        if hold.configuration == configuration:
            why = f": {hold.why}" if hold.why else " and gave no reason (--why)"
            raise Refused(
                [
                    Diagnostic(
                        f"this very configuration was rolled back: {hold.who}, "
                        f"{hold.when:%Y-%m-%d %H:%M:%S %Z}, run {hold.run}{why}",
                        "change the stack's files, or apply it all the same with --again",
                        code=codes.ROLLED_BACK,
                    )
                ]
            )
