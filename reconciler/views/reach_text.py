"""How much of the stack a plan is about, and what it was made from: sentences for people."""

from collections.abc import Iterator

from reconciler.plan.action import Mode
from reconciler.plan.change import Plan
from reconciler.views.listing import listed
from reconciler.views.plan_summary import number


def reach_texts(plan: Plan) -> Iterator[str]:
    """A sentence for each thing that a reader should know; none for a plan of everything as it is now."""
    if plan.mode is Mode.REFRESH_ONLY:
        yield "Nothing is changed in the services: the state takes over what they say."
    if not plan.is_refreshed:
        yield "Nothing was read again (--no-refresh): the objects are taken to be as the state says."
    if plan.excluded:
        yield _left_out(plan)
    elif plan.only:
        yield _only(plan)


def _only(plan: Plan) -> str:
    only = plan.only or {}
    named = sorted(str(address) for address, why in only.items() if not why)
    more = len(only) - len(named)
    needed = f", and {number(more, 'resource')} that must come along" if more else ""
    return f"Only {listed(named)}{needed}. Everything else is left as it is."


def _left_out(plan: Plan) -> str:
    groups: dict[str, list[str]] = {}
    for address, why in plan.excluded.items():
        groups.setdefault(why, []).append(str(address))
    parts = (f"{listed(sorted(addresses))} ({why})" for why, addresses in groups.items())
    return f"Left out, and left as it is: {'; '.join(parts)}."
