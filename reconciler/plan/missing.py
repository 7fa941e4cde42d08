"""What happens to a resource whose object is not there, as far as state knows."""

from reconciler import codes
from reconciler.config.stack import Declaration
from reconciler.plan.action import Action
from reconciler.plan.change import Change
from reconciler.plan.claims import Claim, claim
from reconciler.plan.draft import Draft
from reconciler.plan.evaluate import after_create
from reconciler.plan.existing import Existing, keep, not_restorable
from reconciler.plan.importing import import_of, imported, mark
from reconciler.plan.parents import has_new_parent
from reconciler.plan.record import dependencies
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object, Unreadable, Wanted
from reconciler.state.model import StateObject
from reconciler.values import Value, is_known, is_sensitive, reveal


def create(
    draft: Draft, declaration: Declaration, resource_type: ResourceType, asked: dict[str, Value], reason: str
) -> None:
    """Plan the creation of an object, once the service has said that there is none yet.

    Where the natural key names one that exists, it becomes ours if that is allowed.
    """
    address = declaration.address
    if declaration.left_alone:
        draft.problem(declaration, *not_restorable(declaration.left_alone), code=codes.SECRET_LOST)
        return
    if (entry := import_of(draft, declaration)) is not None:
        if (there := imported(draft, declaration, resource_type, asked, entry)) is not None:
            released = draft.world.state.released.get((declaration.provider, there.type, there.id))
            _take(draft, declaration, resource_type, asked, Claim(there, released=released))
            mark(draft, entry)
        return
    key = {name: asked.get(name) for name in resource_type.natural_key}
    seen_absent = has_new_parent(draft, resource_type, declaration.provider, asked)
    if key and not seen_absent and is_known(key) and _must_look(draft, declaration, resource_type):
        found = draft.world.found.get(address)
        if found is None:
            draft.wanted[address] = (
                declaration.provider,
                Wanted(address.type, reveal(key), is_sensitive(key)),
            )
        elif isinstance(found, Unreadable):
            draft.cannot_read(declaration, found)
            return
        else:
            taken = claim(draft, declaration, resource_type, found)
            if _take(draft, declaration, resource_type, asked, taken):
                return
        seen_absent = not found
    draft.add(
        Change(
            address,
            Action.CREATE,
            declaration.provider,
            recorded=draft.world.state.objects.get(address),
            desired=declaration.attributes,
            planned=asked,
            after=after_create(address, resource_type, asked),
            changed=frozenset(asked),
            reason=reason,
            irreversible=resource_type.irreversible.get("create", ""),
            seen_absent=seen_absent,
            depends_on=dependencies(declaration),
            declaration=declaration,
        ),
        resource_type,
    )


def _must_look(draft: Draft, declaration: Declaration, resource_type: ResourceType) -> bool:
    """Whether what is there already matters: always where the key decides, seldom where it does not."""
    if resource_type.key_decides or declaration.lifecycle.on_exists == "adopt":
        return True
    if declaration.address in draft.world.let_go_of:
        return True
    return any(
        owner.type == resource_type.name and not draft.desired.keeps(owner)
        for owner in draft.world.state.objects
    )


def _take(
    draft: Draft,
    declaration: Declaration,
    resource_type: ResourceType,
    asked: dict[str, Value],
    taken: Claim,
) -> bool:
    """Carry a claim out; False when there is nothing to take, and the object is to be made."""
    if taken.problem is not None:
        draft.problem(declaration, *taken.problem, code=codes.EXISTS_ALREADY)
        return True
    if taken.found is None:
        return False
    draft.taken.add((declaration.provider, taken.found.type, taken.found.id))
    recorded = None
    if taken.owner is not None:
        draft.moved[taken.owner] = declaration.address
        recorded = draft.world.state.objects[taken.owner]
    if taken.released is not None:
        asked = {**as_before(resource_type, taken.released, taken.found), **asked}
    keep(draft, Existing(declaration, resource_type, asked, taken.found, recorded))
    return True


def as_before(resource_type: ResourceType, released: StateObject, found: Object) -> dict[str, Value]:
    """The switches that letting go of an object has turned (archived, enabled), as they were before."""
    return {
        name: value
        for name, value in released.attributes.items()
        if name in resource_type.attributes
        and not resource_type.attributes[name].is_computed
        and name in found.attributes
        and found.attributes[name] != value
        and isinstance(value, bool)
    }
