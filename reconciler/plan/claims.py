"""Whose an object is that answers to the natural key of a resource that state does not know.

It becomes ours only where that was said (``on_exists: adopt``), where another address of ours has it already,
where our own call made it as a side effect, or where a run of ours let go of it without deleting it. What a
cut-off run has made is in the state by now (``apply.recovery``).
"""

from dataclasses import dataclass

from reconciler.address import Address
from reconciler.config.stack import Declaration
from reconciler.plan.draft import Draft
from reconciler.plan.record import sealed_key
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object, ObjectKey
from reconciler.state.model import StateObject


@dataclass(frozen=True, slots=True)
class Claim:
    """What to do about objects that are there: take ``found`` (from ``owner``, if another address of ours
    has it), say what is wrong, or, when all are None, create another."""

    found: Object | None = None
    owner: Address | None = None
    problem: tuple[str, str] | None = None
    released: StateObject | None = None
    """How ``found`` was when a run of ours let go of it."""


def claim(
    draft: Draft, declaration: Declaration, resource_type: ResourceType, found: tuple[Object, ...]
) -> Claim:
    """Decide about everything that answers to a natural key."""
    if not resource_type.key_decides:
        return _undecided(draft, declaration, resource_type, found)
    if not found:
        return Claim()
    if len(found) > 1:
        return Claim(problem=_choose(declaration, resource_type, found))
    owner = _owner(draft, declaration, found[0])
    if owner is not None and owner != declaration.address:
        if draft.desired.keeps(owner):
            if _may_be_freed(draft, owner, resource_type, found[0]):
                draft.expecting[declaration.address] = owner
                return Claim()
            return Claim(problem=_owned(draft, owner, resource_type, found[0]))
        return Claim(found[0], owner)
    released = draft.world.state.released.get((declaration.provider, found[0].type, found[0].id))
    if released is not None or _may_take(draft, declaration, resource_type, found[0]):
        return Claim(found[0], released=released)
    sealer = draft.world.state.sealer
    name = ":".join(str(sealer.hide(found[0].attributes.get(part))) for part in resource_type.natural_key)
    return Claim(
        problem=(
            f"{name} exists already, and no run of ours made it",
            f"adopt it with: reconciler import '{declaration.address}' '{name}', "
            "or declare lifecycle: {on_exists: adopt}",
        )
    )


def _may_be_freed(draft: Draft, owner: Address, resource_type: ResourceType, found: Object) -> bool:
    """Whether the plan may give the object another name, or another object its place (see ``freed``).

    Not if something lives in it: that names its parent as before, and would seem to stay where it is.
    """
    recorded = draft.world.state.objects.get(owner)
    if owner not in draft.desired.resources or recorded is None:
        return False
    names = resource_type.natural_key
    is_as_recorded = all(found.attributes.get(name) == recorded.attributes.get(name) for name in names)
    return is_as_recorded and not draft.is_lived_in(recorded.provider, found)


def _owned(draft: Draft, owner: Address, resource_type: ResourceType, found: Object) -> tuple[str, str]:
    """What is wrong when another address keeps the object: its name here, or there, is a mistake."""
    if owner not in draft.desired.resources:
        return (
            f"{owner} has an object of this name, and is left as it is",
            f"name that too: --target '{owner}'",
        )
    recorded = draft.world.state.objects.get(owner)
    was = {name: recorded.attributes.get(name) for name in resource_type.natural_key} if recorded else {}
    if recorded is None or all(found.attributes.get(name) == value for name, value in was.items()):
        return f"it is the same object as {owner}", "keep one of the two declarations"
    return (
        f"the object of {owner} has this name since somebody renamed it outside of reconciler",
        "give that object its own name back in the service, then plan again",
    )


def _undecided(
    draft: Draft, declaration: Declaration, resource_type: ResourceType, found: tuple[Object, ...]
) -> Claim:
    """Several may have this key, so it decides nothing."""
    if declaration.lifecycle.on_exists != "adopt":
        owners = {_owner(draft, declaration, candidate): candidate for candidate in found}
        left = [owner for owner in owners if owner and not draft.desired.keeps(owner)]
        if len(left) == 1:
            return Claim(owners[left[0]], left[0])
        return _let_go_of(draft, declaration, found)
    free = tuple(candidate for candidate in found if _is_free(draft, declaration, candidate))
    if len(free) > 1:
        return Claim(problem=_choose(declaration, resource_type, free))
    return Claim(free[0]) if free else Claim()


def _let_go_of(draft: Draft, declaration: Declaration, found: tuple[Object, ...]) -> Claim:
    """The one among some objects that stood at the very address when a run of ours let go of it."""
    released = draft.world.state.released
    ours = [
        (candidate, before)
        for candidate in found
        if (before := released.get((declaration.provider, candidate.type, candidate.id))) is not None
        and before.address == declaration.address
        and _is_free(draft, declaration, candidate)
    ]
    return Claim(ours[0][0], released=ours[0][1]) if len(ours) == 1 else Claim()


def _is_free(draft: Draft, declaration: Declaration, found: Object) -> bool:
    key = (declaration.provider, found.type, found.id)
    return _owner(draft, declaration, found) is None and key not in draft.taken


def _choose(
    declaration: Declaration, resource_type: ResourceType, found: tuple[Object, ...]
) -> tuple[str, str]:
    commands = "; ".join(f"reconciler import '{declaration.address}' '{candidate.id}'" for candidate in found)
    return f"{len(found)} objects answer to it, and nothing tells which is meant", f"take one: {commands}"


def _owner(draft: Draft, declaration: Declaration, found: Object) -> Address | None:
    return draft.world.owners.get((declaration.provider, found.type, found.id))


def _may_take(draft: Draft, declaration: Declaration, resource_type: ResourceType, found: Object) -> bool:
    if declaration.lifecycle.on_exists == "adopt":
        return True
    key = ObjectKey(found.type, _values(resource_type, found))
    return (declaration.provider, sealed_key(key, draft.world.state.sealer)) in draft.world.side_effects


def _values(resource_type: ResourceType, found: Object) -> tuple[object, ...]:
    return tuple(found.attributes.get(name) for name in resource_type.natural_key)
