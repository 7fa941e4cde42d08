"""Looking one thing up in the state, with the nearest right name when it is not there."""

from reconciler import codes
from reconciler.address import Address
from reconciler.diagnostics import Diagnostic, did_you_mean
from reconciler.errors import Refused
from reconciler.plan.targets import which_is_meant
from reconciler.state.ledger import Ledger
from reconciler.state.model import StateObject
from reconciler.values import Value


def recorded(ledger: Ledger, address: Address) -> StateObject:
    """What is recorded of one object; raises Refused when there is nothing."""
    objects = ledger.objects()
    if address not in objects:
        advice = which_is_meant(address, objects)
        summary = "nothing is recorded for this address"
        raise Refused([Diagnostic(summary, advice, address=str(address), code=codes.NOTHING_FOUND)])
    return objects[address]


def output(ledger: Ledger, name: str) -> Value:
    """One output as the last run recorded it; raises Refused when there is none of this name."""
    outputs = ledger.outputs()
    if name not in outputs:
        advice = did_you_mean(name, outputs) or "declare it under outputs: and apply"
        raise Refused([Diagnostic(f"there is no output {name!r} recorded", advice, code=codes.NOTHING_FOUND)])
    return outputs[name]
