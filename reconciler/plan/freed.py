"""Natural keys that one object gives up and another takes within a plan.

A service has such a name once: who takes it waits until the other has given it up (``Change.takes_from``).
Where the other keeps it, or the two wait for each other, the plan is refused: apply would fail in its middle.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from reconciler import codes
from reconciler.address import Address
from reconciler.diagnostics import Diagnostic
from reconciler.graph import circles
from reconciler.plan.action import Action
from reconciler.plan.change import Change
from reconciler.plan.draft import Draft
from reconciler.plan.world import ParentKey, World
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object
from reconciler.values import Sensitive, Value, canonical, is_known, reveal

Key = tuple[str, str, str]
"""Provider key, type, and the values of the natural key as one text."""

_WRITING = frozenset((Action.CREATE, Action.UPDATE, Action.REPLACE, Action.NO_OP, Action.READ))


def in_turn(draft: Draft, changes: Sequence[Change]) -> list[Change]:
    """The changes, each with the address that its natural key is taken from, if another has that now.

    What cannot be had goes into the draft's problems. Keys that only the service will tell are passed over.
    Takes time in proportion to changes, dependencies and objects of the state.
    """
    old_names = {
        (provider, type_name, key, after): before
        for (provider, type_name, key, before), after in draft.renamed.items()
        if is_known(after) and isinstance(after, str)
    }
    taken = {
        change.address: key
        for change in changes
        if (key := _taken(change, draft, old_names)) is not None or change.address in draft.expecting
    }
    if not taken:
        return list(changes)
    holders = _Holders(draft, changes)
    found = []
    for change in changes:
        owner = draft.expecting.get(change.address)
        if owner is None and (key := taken.get(change.address)) is not None:
            owner = holders.of(key, change.address)
        found.append(change if owner is None else _from(change, owner, taken, holders, draft))
    draft.problems.extend(_circles(found, draft))
    return found


class _Holders:
    """Who has which natural key before the plan is carried out, also of what the plan leaves alone."""

    def __init__(self, draft: Draft, changes: Sequence[Change]) -> None:
        world = draft.world
        self.changes = {change.address: change for change in changes}
        self.keys: dict[Address, Key] = {}
        for change in changes:
            if (attributes := _attributes(change, world)) is not None:
                provider = change.recorded.provider if change.recorded else change.provider
                self._hold(change.address, provider, attributes, world)
        for address, recorded in world.state.objects.items():
            if address not in self.changes:
                self._hold(address, recorded.provider, recorded.attributes, world)
        self._exact = {key: address for address, key in self.keys.items()}
        # Some services do not tell capitals from small letters; which, nobody but they know.
        self._folded = {_folded(key): address for address, key in self.keys.items()}

    def of(self, key: Key, taker: Address) -> Address | None:
        """Another one that has a key, or one that differs in capitals alone and is given up."""
        if (found := self._exact.get(key)) is not None:
            return found if found != taker else None
        found = self._folded.get(_folded(key))
        return found if found is not None and found != taker and found in self.changes else None

    def _hold(self, address: Address, provider: str, attributes: Mapping[str, Value], world: World) -> None:
        resource_type = world.types.type(address.type)
        if resource_type is not None and (key := _key(provider, resource_type, attributes)) is not None:
            self.keys[address] = key


def _attributes(change: Change, world: World) -> Mapping[str, Value] | None:
    """What is there of a change's object; None when nothing is, or when it is another change's object."""
    if change.live is not None:
        return change.before
    live = world.live.get(change.address)
    is_left = change.action is Action.FORGET and change.becomes is None
    return live.attributes if is_left and isinstance(live, Object) else None


def _taken(change: Change, draft: Draft, old_names: Mapping[ParentKey, Value]) -> Key | None:
    """The natural key that an object has after its change and had not before, in the names of before."""
    if change.action not in (Action.CREATE, Action.UPDATE, Action.REPLACE):
        return None
    resource_type = draft.world.type_of(change.address)
    names = resource_type.natural_key
    if change.action is Action.UPDATE and change.changed.isdisjoint(names):
        return None
    after = {name: change.after.get(name) for name in names}
    for parent in resource_type.parents:
        if parent.attribute not in after or not isinstance(after[parent.attribute], str):
            continue
        parent_key = (change.provider, parent.type, parent.key, after[parent.attribute])
        if parent.attribute in change.follows:
            after[parent.attribute] = change.before.get(parent.attribute)
        elif parent_key in draft.created:
            return None  # nothing lives in it yet
        else:
            after[parent.attribute] = old_names.get(parent_key, after[parent.attribute])
    return _key(change.provider, resource_type, after)


def _key(provider: str, resource_type: ResourceType, attributes: Mapping[str, Value]) -> Key | None:
    values = [attributes.get(name) for name in resource_type.natural_key]
    if not values or not resource_type.key_decides or not is_known(values):
        return None
    return provider, resource_type.name, canonical(reveal(values))


def _folded(key: Key) -> Key:
    return key[0], key[1], key[2].casefold()


def _from(
    change: Change, owner: Address, taken: Mapping[Address, Key | None], holders: _Holders, draft: Draft
) -> Change:
    """A change that takes a key from another address; what is wrong with that goes into the problems."""
    holding = holders.changes.get(owner)
    is_unread = holding is None and (draft.desired.only is None or owner in draft.desired.only)
    if is_unread or (holding and _frees(holding, taken.get(owner), holders.keys.get(owner))):
        return replace(change, takes_from=owner)
    key, wanted = holders.keys.get(owner), taken[change.address]
    if change.address in draft.expecting or key is None or key == wanted:
        draft.problems.add(_not_freed(change, owner, holding, draft))
    return change


def _frees(change: Change, after: Key | None, before: Key | None) -> bool:
    if change.action.removes and change.how != "delete" and change.goes_with is None:
        return False
    if change.action is Action.DELETE:
        return True
    return change.action in (Action.UPDATE, Action.REPLACE) and after is not None and after != before


def _not_freed(change: Change, owner: Address, holding: Change | None, draft: Draft) -> Diagnostic:
    summary, advice = f"{owner} has this name, and keeps it", "give one of the two another name"
    if owner not in draft.desired.resources and (holding is None or holding.action is Action.NO_OP):
        summary = f"{owner} has an object of this name, and is left as it is"
        advice = f"name that too: --target '{owner}'"
    elif holding is not None and (holding.action is Action.FORGET or holding.action.removes):
        summary = f"the object of {owner} keeps this name, since it is not deleted{_way(holding)}"
        advice = "choose another name, or rename that object in the service"
    elif change.address in draft.expecting:
        summary, advice = f"it is the same object as {owner}", "keep one of the two declarations"
    return _problem(change, draft.world.type_of(change.address), summary, advice, codes.EXISTS_ALREADY)


def _way(change: Change) -> str:
    return f" ({change.how})" if change.action is not Action.FORGET else ""


def _problem(change: Change, resource_type: ResourceType, summary: str, advice: str, code: str) -> Diagnostic:
    declared = change.declaration.attributes if change.declaration else {}
    name = next((name for name in resource_type.natural_key if name in declared), None)
    place = change.declaration.place_of((name,) if name else ()) if change.declaration else None
    return Diagnostic(summary, advice, place, str(change.address), code=code)


def _circles(changes: Sequence[Change], draft: Draft) -> Iterator[Diagnostic]:
    """Renames that wait for each other, or for what waits for them: no order carries them out.

    Only an update gives its old key up and takes the new one in one call; a replacement first gives up.
    """
    by_address = {change.address: change for change in changes if change.is_step}
    if not any(change.takes_from for change in by_address.values()):
        return
    edges = {
        address: [*change.depends_on, *_renamed_first(change, by_address)]
        for address, change in by_address.items()
        if change.action in _WRITING
    }
    for circle in circles(edges):
        pairs = list(zip(circle, [*circle[1:], circle[0]], strict=True))
        takers = [(one, other) for one, other in pairs if by_address[one].takes_from == other]
        taker, holder = min(takers, key=lambda pair: [str(one) for one in pair])
        told = ", ".join(_waits(by_address[one], other, draft) for one, other in pairs)
        yield _problem(
            by_address[taker],
            draft.world.type_of(taker),
            f"the names cannot be given in one apply, since each waits for the next: {told}",
            f"give {holder} another name that is free, leave the others as they are, and apply; after that "
            "the names can be given as wanted",
            codes.NAMES_IN_A_CIRCLE,
        )


def _renamed_first(change: Change, changes: Mapping[Address, Change]) -> Iterator[Address]:
    owner = change.takes_from
    if owner is not None and owner in changes and changes[owner].action is Action.UPDATE:
        yield owner


def _waits(change: Change, other: Address, draft: Draft) -> str:
    if change.takes_from != other:
        return f"{change.address} depends on {other}"
    names = draft.world.type_of(change.address).natural_key
    new = [part for part in names if part in change.changed]
    name = ", ".join(
        str(value) for part in new or names if not isinstance(value := change.after.get(part), Sensitive)
    )
    return f"{change.address} takes {name!r} from {other}"
