"""What state knows and nobody declares any more: it is deleted, forgotten, or goes with its parent."""

from collections.abc import Mapping
from functools import partial

from reconciler.address import Address
from reconciler.diagnostics import Diagnostics
from reconciler.graph import in_order
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Unread
from reconciler.plan.draft import Draft
from reconciler.plan.evaluate import masked
from reconciler.plan.world import ParentKey, World
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Absent, Unreadable
from reconciler.state.model import StateObject


def removals(draft: Draft, undeclared: Mapping[Address, StateObject], world: World) -> list[Change]:
    """The changes for objects that are declared no more, dependents before what they depend on."""
    ways = {address: _way_out(recorded, world) for address, recorded in undeclared.items()}
    leaving: dict[ParentKey, Address] = dict(draft.replaced)
    staying: dict[ParentKey, Address] = {}
    parent_keys = world.parent_keys(frozenset(address.type for address in undeclared))
    for address, recorded in undeclared.items():
        if address in draft.moved:
            continue
        for key in parent_keys.get(address.type, ()):
            parent_key = (recorded.provider, address.type, key, recorded.attributes.get(key))
            (leaving if ways[address] == "delete" else staying)[parent_key] = address
    decide = partial(_removal, draft=draft, world=world, ways=ways, leaving=leaving, staying=staying)
    order = in_order({address: recorded.depends_on for address, recorded in undeclared.items()})
    return [change for address in reversed(order) if (change := decide(undeclared[address]))]


def _removal(
    recorded: StateObject,
    draft: Draft,
    world: World,
    ways: Mapping[Address, str],
    leaving: Mapping[ParentKey, Address],
    staying: Mapping[ParentKey, Address],
) -> Change | None:
    address = recorded.address
    live = world.live[address]
    resource_type = world.type_of(address)
    if address in draft.moved:
        return _forget(recorded, f"it is {draft.moved[address]} from now on")
    if isinstance(live, Absent):
        return _forget(recorded, "it is gone already")
    if isinstance(live, Unreadable):
        draft.unread.append(Unread(address, recorded.provider, live.error))
        return None
    if parent := _parent(recorded, resource_type, staying):
        return _forget(recorded, f"it stays in {parent}, which is not deleted")
    if ways[address] == "forget":
        return _forget(recorded, "lifecycle.on_destroy is forget")
    if recorded.prevent_destroy:
        _refuse(draft.problems, address)
        return None
    return Change(
        address,
        Action.DELETE,
        recorded.provider,
        live=live,
        recorded=recorded,
        before=masked(resource_type, live.attributes, recorded.declared),
        reason="it is not declared any more",
        irreversible=resource_type.irreversible.get(ways[address], ""),
        how=ways[address],
        goes_with=_parent(recorded, resource_type, leaving),
        depends_on=recorded.depends_on,
    )


def _way_out(recorded: StateObject, world: World) -> str:
    return recorded.on_destroy or world.type_of(recorded.address).destroy[0]


def _parent(
    recorded: StateObject, resource_type: ResourceType, parents: Mapping[ParentKey, Address]
) -> Address | None:
    for parent in resource_type.parents:
        value = recorded.attributes.get(parent.attribute)
        key = (recorded.provider, parent.type, parent.key, value)
        if key in parents:
            return parents[key]
    return None


def _forget(recorded: StateObject, reason: str) -> Change:
    return Change(
        recorded.address,
        Action.FORGET,
        recorded.provider,
        recorded=recorded,
        before=recorded.attributes,
        reason=reason,
        depends_on=recorded.depends_on,
    )


def _refuse(problems: Diagnostics, address: Address) -> None:
    problems.error(
        "its deletion is prevented: prevent_destroy was set when it was applied",
        advice="declare it again with lifecycle: {prevent_destroy: false} and apply, then remove it",
        address=str(address),
    )
