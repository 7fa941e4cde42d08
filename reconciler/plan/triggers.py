"""``replace_triggered_by``: what is made anew because something else changes."""

from reconciler.config.stack import Declaration
from reconciler.plan.action import Action
from reconciler.plan.change import Change
from reconciler.plan.draft import Draft

_MOVING = frozenset((Action.UPDATE, Action.REPLACE))


def triggered(draft: Draft, declaration: Declaration) -> tuple[str, ...]:
    """What a resource names there and this plan changes, as it is written."""
    return tuple(
        trigger.text
        for trigger in declaration.lifecycle.replace_triggered_by
        if any(_moves(draft.changes.get(address), trigger.attribute) for address in trigger.addresses)
    )


def _moves(change: Change | None, attribute: str) -> bool:
    """Whether a change, or its change of one attribute, is one: what is created for the first time is not."""
    if change is None:
        return False
    is_again = change.action is Action.CREATE and change.recorded is not None
    if change.action not in _MOVING and not is_again:
        return False
    if not attribute:
        return True
    before = change.before or (change.recorded.attributes if change.recorded else {})
    return bool(before.get(attribute) != change.after.get(attribute))
