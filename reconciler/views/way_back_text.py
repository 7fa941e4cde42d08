"""What a rollback cannot bring back as it was: as sentences for people."""

from collections.abc import Iterator, Mapping

from reconciler.plan.change import Change, Plan, WayBack
from reconciler.views.plan_summary import number


def restoration_texts(found: WayBack | None) -> Iterator[str]:
    """What does not come back as it was, a sentence each, to stand below the resource's address."""
    if found is None:
        return
    if found.is_recreated:
        lost = f"; the loss is not undone: {found.lost}" if found.lost else ""
        yield f"comes back as a new object with a new id, in place of {found.id}{lost}"
    if found.asked_again:
        yield f"asked for again, since no snapshot has secrets: {_each(found.asked_again)}"
    if found.kept:
        yield f"written as it was then, and not worked out again: {_each(found.kept)}"
    if found.left_alone:
        yield f"left as it is, since only a keyed hash is known: {', '.join(found.left_alone)}"


def remarks(change: Change) -> Iterator[str]:
    """All that a reader should know of a change beside what it is and why."""
    if change.irreversible:
        yield f"cannot be undone exactly: {change.irreversible}"
    yield from restoration_texts(change.way_back)


def restoration_summary(plan: Plan) -> str:
    """How much a rollback does not bring back as it was; empty when all is."""
    found = [change.way_back for change in plan if change.way_back is not None]
    parts = (
        (
            sum(one.is_recreated for one in found),
            "object",
            "comes back with a new id",
            "come back with new ids",
        ),
        (sum(len(one.asked_again) for one in found), "secret", "is asked for again", "are asked for again"),
        (sum(len(one.kept) for one in found), "value", "is not worked out again", "are not worked out again"),
        (sum(len(one.left_alone) for one in found), "secret", "is left as it is", "are left as they are"),
    )
    told = [
        f"{number(count, noun)} {one if count == 1 else many}" for count, noun, one, many in parts if count
    ]
    return f"Not exactly as it was: {', '.join(told)}." if told else ""


def _each(expressions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} ({source})" for name, source in sorted(expressions.items()))
