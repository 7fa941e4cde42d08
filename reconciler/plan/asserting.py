"""Preconditions and postconditions of what is planned: those that do not hold refuse the plan."""

from dataclasses import replace

from reconciler.config.stack import Declaration
from reconciler.plan.action import Action
from reconciler.plan.conditions import answers
from reconciler.plan.draft import Draft

PRECONDITION, POSTCONDITION = "precondition", "postcondition"


def ask_before(draft: Draft, declaration: Declaration) -> bool:
    """Whether a resource or data entry may be planned: no precondition is known not to hold."""
    if not declaration.lifecycle.preconditions:
        return True
    found = answers(
        declaration.lifecycle.preconditions, draft.values.__getitem__, PRECONDITION, declaration.address
    )
    draft.problems.extend(found.problems)
    if found.problems:
        draft.hold(declaration.address)
    return not found.problems


def ask_after(draft: Draft, declaration: Declaration) -> None:
    """Ask the postconditions of what will be, as far as that is known.

    What nobody can know yet is asked when the step is done: an unchanged object gets one for that.
    """
    lifecycle, address = declaration.lifecycle, declaration.address
    is_done = address not in draft.held and address not in draft.wanted
    if not is_done or not (lifecycle.preconditions or lifecycle.postconditions):
        return
    scope = draft.values.__getitem__
    found = answers(lifecycle.postconditions, scope, POSTCONDITION, address)
    draft.problems.extend(found.problems)
    change = draft.changes.get(address)
    if change is None or change.action is not Action.NO_OP:
        return
    if found.is_open or answers(lifecycle.preconditions, scope, PRECONDITION, address).is_open:
        draft.changes[address] = replace(change, records_anew=True)
