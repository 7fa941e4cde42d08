"""What runs of ours let go of without deleting it, where a plan takes it back.

It is ours again as soon as the switches that letting go of it has turned (archived, enabled) are as they were
before, and no sooner: so the intent to take it back says what it was like.
"""

from dataclasses import replace

from reconciler.plan.action import Action
from reconciler.plan.change import Plan
from reconciler.plan.missing import as_before
from reconciler.plan.world import Types, type_of
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object, ObjectKey
from reconciler.state.ledger import Ledger
from reconciler.state.model import StateObject


class Released:
    """The objects that were let go of, of the types that a plan may take some back of."""

    def __init__(self, plan: Plan, types: Types, ledger: Ledger) -> None:
        takes = {
            change.address.type
            for change in plan.changes
            if change.takes_over or change.action is Action.REPLACE
        }
        found = [one for one in (ledger.released() if takes else ()) if one.type in takes]
        self._by_id = {(one.provider, one.type, one.id): one for one in found}
        self._by_key = {(one.provider, _key_in_state(one, types)): one for one in found}

    def named(self, provider: str, key: ObjectKey) -> StateObject | None:
        """The one with a natural key, as it was before."""
        return self._by_key.get((provider, key))

    def about(self, meant: StateObject, live: Object, resource_type: ResourceType) -> StateObject:
        """What an object is to become; with what it was like before, if it has to be brought back."""
        released = self._by_id.get((meant.provider, live.type, live.id))
        if released is None or not as_before(resource_type, released, live):
            return meant
        return let_go_of(meant, released)


def let_go_of(meant: StateObject, released: StateObject) -> StateObject:
    """What an object is to become, with the id and the attributes that it had before it was let go of."""
    return replace(meant, id=released.id, attributes=released.attributes)


def is_taken_back(meant: StateObject) -> bool:
    """Whether an object is to be brought back that was let go of."""
    return bool(meant.id)


def is_back(meant: StateObject, found: Object, resource_type: ResourceType) -> bool:
    """Whether it is as it was before it was let go of."""
    return meant.id != found.id or not as_before(resource_type, meant, found)


def _key_in_state(recorded: StateObject, types: Types) -> ObjectKey:
    names = type_of(types, recorded.address).natural_key
    return ObjectKey(recorded.type, tuple(recorded.attributes.get(name) for name in names))
