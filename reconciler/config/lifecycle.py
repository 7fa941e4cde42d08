"""What a resource's ``lifecycle`` needs of others."""

from reconciler.address import Address
from reconciler.config.stack import Lifecycle

_NOTHING: frozenset[Address] = frozenset()


def needed_by(lifecycle: Lifecycle) -> frozenset[Address]:
    """What must come first so that a lifecycle's triggers and conditions can be asked."""
    triggers = (one.addresses for one in lifecycle.replace_triggered_by)
    return _NOTHING.union(*triggers, *(one.references for one in lifecycle.conditions))
