"""What happens to a resource whose object is not there, as far as state knows."""

from reconciler.config.stack import Declaration
from reconciler.plan.action import Action
from reconciler.plan.change import Change
from reconciler.plan.compare import matches
from reconciler.plan.draft import Draft
from reconciler.plan.evaluate import after_create
from reconciler.plan.existing import Existing, keep, not_restorable
from reconciler.plan.parents import has_new_parent
from reconciler.plan.record import dependencies
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object, ObjectKey, Unreadable, Wanted
from reconciler.values import Value, is_known, reveal


def create(
    draft: Draft, declaration: Declaration, resource_type: ResourceType, asked: dict[str, Value], reason: str
) -> None:
    """Plan the creation of an object, once the service has said that there is none yet.

    Where the natural key names one that exists, it becomes ours if that is allowed.
    """
    address = declaration.address
    if declaration.left_alone:
        draft.problem(declaration, *not_restorable(declaration.left_alone))
        return
    key = {name: asked.get(name) for name in resource_type.natural_key}
    seen_absent = has_new_parent(draft, resource_type, declaration.provider, asked)
    if key and not seen_absent and is_known(key):
        found = draft.world.found.get(address)
        if found is None:
            draft.wanted[address] = (declaration.provider, Wanted(address.type, reveal(key)))
        elif isinstance(found, Unreadable):
            draft.cannot_read(declaration, found)
            return
        elif found:
            _meet(draft, declaration, resource_type, asked, found)
            return
        seen_absent = True
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


def _meet(
    draft: Draft,
    declaration: Declaration,
    resource_type: ResourceType,
    asked: dict[str, Value],
    found: tuple[Object, ...],
) -> None:
    """There is an object already: it becomes ours where that is allowed, and is a problem elsewhere."""
    address, provider = declaration.address, declaration.provider
    first = found[0]
    owner = draft.world.owners.get((provider, first.type, first.id))
    if len(found) > 1:
        ids = ", ".join(candidate.id for candidate in found)
        draft.problem(
            declaration,
            f"several objects answer to its natural key: {ids}",
            f"choose one: reconciler import '{address}' ID",
        )
    elif owner is not None and owner != address and owner in draft.desired.resources:
        draft.problem(declaration, f"it is the same object as {owner}", "keep one of the two declarations")
    elif owner is not None and owner != address:
        draft.moved[owner] = address
        recorded = draft.world.state.objects[owner]
        keep(draft, Existing(declaration, resource_type, asked, first, recorded))
    elif _may_take(draft, declaration, resource_type, first):
        keep(draft, Existing(declaration, resource_type, asked, first, None))
    else:
        name = ":".join(str(first.attributes.get(part)) for part in resource_type.natural_key)
        draft.problem(
            declaration,
            f"{name} exists already, and no run of ours made it",
            f"adopt it with: reconciler import '{address}' '{name}', "
            "or declare lifecycle: {on_exists: adopt}",
        )


def _may_take(draft: Draft, declaration: Declaration, resource_type: ResourceType, found: Object) -> bool:
    state = draft.world.state
    if declaration.lifecycle.on_exists == "adopt":
        return True
    values = tuple(found.attributes.get(name) for name in resource_type.natural_key)
    intended = state.ours.get(declaration.address)
    if intended is not None and matches(list(intended.values), list(values), {}, state.sealer):
        return True
    return (declaration.provider, ObjectKey(found.type, values)) in draft.world.side_effects
