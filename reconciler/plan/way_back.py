"""What a reader of a plan should know before it is carried out: what came along, what does not come back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reconciler.plan.action import Action
from reconciler.plan.change import Change, WayBack
from reconciler.plan.desired import Desired, Earlier
from reconciler.plan.world import Types, type_of
from reconciler.provider.facts import ResourceType

_RETURNING = frozenset((Action.CREATE, Action.UPDATE, Action.REPLACE))


def annotated(changes: Iterable[Change], desired: Desired, types: Types) -> Iterator[Change]:
    """The changes, each with the reason why it came along, and with what a way back cannot restore."""
    for change in changes:
        along = desired.only.get(change.address, "") if desired.only else ""
        if along and change.is_visible:
            change = replace(change, along=along)
        earlier = desired.earlier.get(change.address)
        if earlier is not None and change.action in _RETURNING:
            found = _way_back(change, earlier, type_of(types, change.address))
            change = change if found.is_exact else replace(change, way_back=found)
        yield change


def _way_back(change: Change, earlier: Earlier, resource_type: ResourceType) -> WayBack:
    is_new = change.action is not Action.UPDATE
    left_alone = change.declaration.left_alone if change.declaration else {}

    def written(expressions: Mapping[str, str]) -> dict[str, str]:
        return {name: source for name, source in expressions.items() if is_new or name in change.changed}

    return WayBack(
        is_recreated=is_new,
        id=earlier.id if is_new else "",
        lost=_lost(change, resource_type) if is_new else "",
        asked_again=written(earlier.asked_again),
        kept=written(earlier.kept),
        left_alone=tuple(sorted(left_alone)),
    )


def _lost(change: Change, resource_type: ResourceType) -> str:
    """Why deleting such an object cannot be undone exactly: how it went, nobody may have seen."""
    ways = (change.how,) if change.action is Action.REPLACE else ("delete", *resource_type.destroy)
    return next((reason for way in ways if (reason := resource_type.irreversible.get(way))), "")
