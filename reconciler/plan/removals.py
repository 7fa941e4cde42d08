"""What state knows and nobody declares any more: it is deleted, forgotten, or goes with its parent."""

from collections.abc import Iterable, Mapping, Sequence

from reconciler import codes
from reconciler.address import Address
from reconciler.diagnostics import Diagnostic, Diagnostics
from reconciler.graph import in_order
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Unread
from reconciler.plan.draft import Draft
from reconciler.plan.evaluate import masked
from reconciler.plan.reasons import Declared
from reconciler.plan.world import ParentKey, World
from reconciler.provider.facts import Parent
from reconciler.provider.objects import Absent, Object, Unreadable
from reconciler.state.deposed import origin
from reconciler.state.model import StateObject


def removals(draft: Draft, undeclared: Mapping[Address, StateObject], world: World) -> list[Change]:
    """The changes for objects that are declared no more, dependents before what they depend on."""
    if not undeclared:
        return []
    order = in_order({address: recorded.depends_on for address, recorded in undeclared.items()})
    leavers = _Leavers(draft, [undeclared[address] for address in order], world)
    if leavers.leaving:
        _keep_what_is_declared(leavers)
    return [change for address in reversed(order) if (change := _removal(undeclared[address], leavers))]


class _Leavers:
    """What goes and what stays of the objects that others live in, and of those that got another address.

    Parents come first among the undeclared, so that what stays in one that stays is known to stay.
    """

    def __init__(self, draft: Draft, undeclared: Sequence[StateObject], world: World) -> None:
        self.draft, self.world = draft, world
        self.declared = Declared(draft.desired)
        self.becomes = {**_taken_over(undeclared, world), **draft.moved}
        self.leaving: dict[ParentKey, Address] = dict(draft.replaced)
        self.staying: dict[ParentKey, Address] = {}
        parent_keys = world.parent_keys(frozenset(address.type for address in world.state.objects))
        for recorded in undeclared:
            address = recorded.address
            if address in self.becomes or not isinstance(world.live[address], Object):
                continue
            if address in draft.desired.stays and self.parent(recorded, self.staying) is None:
                continue  # it was there before it was ours; what a run of ours made in it was not
            stays = self.way_out(recorded) != "delete" or self.parent(recorded, self.staying) is not None
            for key in parent_keys.get(address.type, ()):
                parent_key = (recorded.provider, address.type, key, recorded.attributes.get(key))
                (self.staying if stays else self.leaving)[parent_key] = address

    def way_out(self, recorded: StateObject) -> str:
        """How an object is to go."""
        if recorded.address in self.draft.desired.stays:
            return "forget"
        if recorded.address in self.draft.desired.deleted and recorded.on_destroy == "forget":
            return self.world.type_of(recorded.address).destroy[0]
        return recorded.on_destroy or self.world.type_of(recorded.address).destroy[0]

    def parent(self, recorded: StateObject, parents: Mapping[ParentKey, Address]) -> Address | None:
        """The one among some parents that an object lives in."""
        return _parent(recorded, self.world.type_of(recorded.address).parents, parents)

    def takes_along(self, recorded: StateObject) -> Address | None:
        """The parent that leaves and takes the object along, wholly and without a call."""
        parents = self.world.type_of(recorded.address).parents
        return _parent(recorded, [parent for parent in parents if parent.goes_along], self.leaving)


def _parent(
    recorded: StateObject, parents: Iterable[Parent], known: Mapping[ParentKey, Address]
) -> Address | None:
    for parent in parents:
        value = recorded.attributes.get(parent.attribute)
        if found := known.get((recorded.provider, parent.type, parent.key, value)):
            return found
    return None


def _keep_what_is_declared(leavers: _Leavers) -> None:
    """Refuse to delete an object while something is declared that lives in it and would go with it."""
    for change in leavers.draft.changes.values():
        attributes = {parent.attribute for parent in leavers.world.type_of(change.address).parents}
        stays = change.action in (Action.NO_OP, Action.UPDATE) and attributes.isdisjoint(change.changed)
        if change.recorded is None or not stays:
            continue
        parent = leavers.parent(change.recorded, leavers.leaving)
        if parent is not None and change.declaration is not None:
            leavers.draft.problems.add(
                Diagnostic(
                    f"it lives in {parent}, which is declared no more and would take it along",
                    f"declare {parent} again, or remove this too",
                    change.declaration.place_of(()),
                    address=str(change.address),
                )
            )


def _taken_over(undeclared: Sequence[StateObject], world: World) -> dict[Address, Address]:
    """Addresses whose object a declared one has already: a run was cut off between giving and forgetting."""
    gone = {recorded.address for recorded in undeclared}
    owners = {
        (recorded.provider, recorded.type, recorded.id): address
        for address, recorded in world.state.objects.items()
        if address not in gone
    }
    found = {
        recorded.address: owners.get((recorded.provider, recorded.type, recorded.id))
        for recorded in undeclared
    }
    return {address: owner for address, owner in found.items() if owner is not None}


def _removal(recorded: StateObject, leavers: _Leavers) -> Change | None:
    address = recorded.address
    draft, live = leavers.draft, leavers.world.live[recorded.address]
    if becomes := leavers.becomes.get(address):
        return _forget(recorded, f"it is {becomes} from now on", becomes)
    if isinstance(live, Absent):
        return _forget(recorded, "it is gone already")
    if isinstance(live, Unreadable):
        draft.unread.append(Unread(address, recorded.provider, live.error))
        return None
    if parent := leavers.parent(recorded, leavers.staying):
        return _forget(recorded, f"it stays in {parent}, which is not deleted")
    way_out = leavers.way_out(recorded)
    if way_out == "forget":
        return _forget(recorded, draft.desired.stays.get(address, "lifecycle.on_destroy is forget"))
    if recorded.prevent_destroy:
        _refuse(draft.problems, address)
        return None
    resource_type = leavers.world.type_of(address)
    return Change(
        address,
        Action.DELETE,
        recorded.provider,
        live=live,
        recorded=recorded,
        before=masked(
            resource_type,
            live.attributes,
            recorded.declared,
            recorded.attributes,
            sealer=leavers.world.state.sealer,
        ),
        reason=_reason(draft, address),
        irreversible=resource_type.irreversible.get(way_out, ""),
        how=way_out,
        goes_with=leavers.takes_along(recorded),
        depends_on=recorded.depends_on,
        action_reason=leavers.declared.why_deleted(address),
    )


def _reason(draft: Draft, address: Address) -> str:
    before = origin(address)
    if before is None or draft.desired.earlier:
        return draft.desired.removal
    return f"a run has made a new object for {before}, and did not come to remove the old one"


def _forget(recorded: StateObject, reason: str, becomes: Address | None = None) -> Change:
    return Change(
        recorded.address,
        Action.FORGET,
        recorded.provider,
        recorded=recorded,
        before=recorded.attributes,
        reason=reason,
        becomes=becomes,
        depends_on=recorded.depends_on,
    )


def _refuse(problems: Diagnostics, address: Address) -> None:
    problems.error(
        "its deletion is prevented: prevent_destroy was set when it was applied",
        advice="declare it again with lifecycle: {prevent_destroy: false} and apply, then remove it",
        address=str(address),
        code=codes.PROTECTED,
    )
