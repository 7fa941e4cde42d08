"""What happens to an object that is there and is ours, or becomes ours."""

from collections.abc import Mapping

from reconciler.address import Address
from reconciler.config.stack import Declaration
from reconciler.plan.action import Action
from reconciler.plan.change import Change
from reconciler.plan.compare import differing
from reconciler.plan.draft import Draft
from reconciler.plan.evaluate import after_create, masked
from reconciler.plan.record import dependencies, record
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object
from reconciler.state.model import StateObject
from reconciler.values import Digest, Unknown, Value, holds, is_sensitive


def keep(
    draft: Draft,
    declaration: Declaration,
    resource_type: ResourceType,
    asked: dict[str, Value],
    live: Object,
    recorded: StateObject | None,
) -> None:
    """Compare an object that is ours, or becomes ours, with what is asked for."""
    known = recorded.declared if recorded else {}
    before = masked(resource_type, live.attributes, asked, known)
    if recorded is not None and holds(recorded.attributes, Digest):
        before |= _not_told(draft, declaration, asked, live, recorded)
    planned = _unless_ignored(asked, before, declaration.lifecycle.ignore_changes)
    follows = _follows(draft, declaration, resource_type, planned, before)
    changed = differing(
        resource_type,
        {name: value for name, value in planned.items() if name not in follows} if follows else planned,
        before,
        known,
        draft.world.state.sealer,
    )
    parent = _replaced_parent(draft, declaration, resource_type, before)
    forced = tuple(name for name in changed if resource_type.attributes[name].forces_replacement)
    reason = f"{parent} is replaced" if parent else ""
    if recorded is not None and recorded.provider != declaration.provider:
        reason = f"its provider was {recorded.provider}"
    if forced or reason:
        _replace(draft, declaration, resource_type, (live, recorded), before, asked, changed, forced, reason)
        return
    after = {**before, **planned} if changed or follows else before
    if changed or follows:
        after |= {
            name: Unknown(f"{declaration.address}.{name}")
            for name in resource_type.computed
            if _moves(resource_type.attributes[name].changes_with, (*changed, *follows))
        }
    anew = bool(follows) or (
        not changed and not _is_recorded(draft, declaration, resource_type, planned, live, recorded)
    )
    draft.add(
        Change(
            declaration.address,
            Action.UPDATE if changed else Action.NO_OP,
            declaration.provider,
            live=live,
            recorded=recorded,
            desired=declaration.attributes,
            planned=planned,
            before=before,
            after=after,
            changed=frozenset(changed),
            irreversible=resource_type.irreversible.get("update", "") if changed else "",
            takes_over=recorded is None,
            depends_on=dependencies(declaration),
            declaration=declaration,
            follows=follows,
            records_anew=anew,
        ),
        resource_type,
    )


def _replace(
    draft: Draft,
    declaration: Declaration,
    resource_type: ResourceType,
    versions: tuple[Object, StateObject | None],
    before: Mapping[str, Value],
    asked: Mapping[str, Value],
    changed: list[str],
    forced: tuple[str, ...],
    reason: str,
) -> None:
    live, recorded = versions
    draft.add(
        Change(
            declaration.address,
            Action.REPLACE,
            declaration.provider,
            live=live,
            recorded=recorded,
            desired=declaration.attributes,
            planned=asked,
            before=before,
            after=after_create(declaration.address, resource_type, asked),
            changed=frozenset(changed),
            forced_by=forced,
            reason=reason,
            irreversible=resource_type.irreversible.get("delete", ""),
            how=_way_out(declaration, resource_type),
            goes_with=_replaced_parent(draft, declaration, resource_type, before),
            depends_on=dependencies(declaration),
            declaration=declaration,
        ),
        resource_type,
    )


def _is_recorded(
    draft: Draft,
    declaration: Declaration,
    resource_type: ResourceType,
    planned: Mapping[str, Value],
    live: Object,
    recorded: StateObject | None,
) -> bool:
    """Whether state already remembers all that there is to remember of an unchanged object."""
    if recorded is None:
        return False
    return record(declaration, resource_type, live, planned, draft.world.state.sealer, recorded) == recorded


def _not_told(
    draft: Draft,
    declaration: Declaration,
    asked: Mapping[str, Value],
    live: Object,
    recorded: StateObject,
) -> dict[str, Value]:
    """Sensitive attributes that no service tells again, such as a secret value's ``output``.

    One that equals a declared attribute is known from the declaration; any other is not known at all.
    """
    seal = draft.world.state.sealer.seal
    sealed = {name: seal(value) for name, value in asked.items() if is_sensitive(value)}
    return {
        name: next(
            (asked[other] for other, digest in sealed.items() if digest == value),
            Unknown(f"{declaration.address}.{name}"),
        )
        for name, value in recorded.attributes.items()
        if name not in live.attributes and isinstance(value, Digest)
    }


def _follows(
    draft: Draft,
    declaration: Declaration,
    resource_type: ResourceType,
    planned: Mapping[str, Value],
    before: Mapping[str, Value],
) -> frozenset[str]:
    """The attributes that differ only because the parent that they name gets another name."""
    if not draft.renamed:
        return frozenset()
    return frozenset(
        parent.attribute
        for parent in resource_type.parents
        if (key := (declaration.provider, parent.type, parent.key, before.get(parent.attribute)))
        in draft.renamed
        and draft.renamed[key] == planned.get(parent.attribute)
    )


def _replaced_parent(
    draft: Draft, declaration: Declaration, resource_type: ResourceType, before: Mapping[str, Value]
) -> Address | None:
    if not draft.replaced:
        return None
    for parent in resource_type.parents:
        key = (declaration.provider, parent.type, parent.key, before.get(parent.attribute))
        if key in draft.replaced:
            return draft.replaced[key]
    return None


def _moves(changes_with: tuple[str, ...], changed: tuple[str, ...]) -> bool:
    return "*" in changes_with or any(name in changed for name in changes_with)


def _unless_ignored(
    asked: dict[str, Value], before: Mapping[str, Value], ignored: tuple[str, ...]
) -> dict[str, Value]:
    if not ignored:
        return asked
    if "*" in ignored:
        return {}
    return {name: value for name, value in asked.items() if name not in ignored}


def _way_out(declaration: Declaration, resource_type: ResourceType) -> str:
    """How an object is removed before it is made anew: an archive would keep the name."""
    way = declaration.lifecycle.on_destroy or resource_type.destroy[0]
    return "delete" if way == "forget" else way
