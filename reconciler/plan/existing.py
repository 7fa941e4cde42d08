"""What happens to an object that is there and is ours, or becomes ours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from reconciler import codes
from reconciler.address import Address
from reconciler.config.stack import Declaration
from reconciler.plan.action import Action, ActionReason
from reconciler.plan.change import Change
from reconciler.plan.compare import differing, matches
from reconciler.plan.draft import Draft
from reconciler.plan.evaluate import after_create, masked
from reconciler.plan.first import has_same_name
from reconciler.plan.parents import followed, replaced_parent
from reconciler.plan.record import dependencies, known_secrets, record
from reconciler.plan.triggers import triggered
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object
from reconciler.state.model import StateObject
from reconciler.values import Digest, Sealer, Unknown, Value, holds, is_sensitive


@dataclass(frozen=True, slots=True)
class Existing:
    """A declared object that is there: what is asked for, what is live, and what state says of it."""

    declaration: Declaration
    resource_type: ResourceType
    asked: dict[str, Value]
    live: Object
    recorded: StateObject | None
    """None for one that becomes ours with this plan."""

    @property
    def live_provider(self) -> str:
        """The key of the provider that the object is of."""
        return self.recorded.provider if self.recorded else self.declaration.provider

    @property
    def known(self) -> Mapping[str, Value]:
        """What was asked for the last time."""
        return self.recorded.declared if self.recorded else {}


ASKED_FOR = "asked for with --replace"
"""The reason of a replacement that nothing but somebody's wish forces."""


def keep(draft: Draft, it: Existing) -> None:
    """Compare an object with what is asked for: leave it, update it or replace it."""
    sealer, provider = draft.world.state.sealer, it.declaration.provider
    before = _before(it, sealer)
    planned = _unless_ignored(it.asked, it.declaration.lifecycle.ignore_changes)
    left_alone = it.declaration.left_alone
    follows = followed(draft, it.resource_type, provider, before, planned)
    compared = {name: planned[name] for name in planned if name not in follows} if follows else planned
    changed = differing(it.resource_type, compared, before, it.known, sealer)
    forced = tuple(name for name in changed if it.resource_type.attributes[name].forces_replacement)
    parent, goes_along = replaced_parent(draft, it.resource_type, provider, before)
    reason = f"{parent} is replaced" if parent else ""
    if it.recorded is not None and it.recorded.provider != provider:
        reason = f"its provider was {it.recorded.provider}"
    if it.declaration.address in draft.desired.replaced and not (forced or reason):
        reason = ASKED_FOR
    if forced and it.recorded is None:
        draft.problem(
            it.declaration,
            f"it exists already, and taking it over would replace it ({', '.join(forced)})",
            "declare these attributes as they are and apply; they can be changed after that",
            codes.EXISTS_ALREADY,
        )
        return
    causes = triggered(draft, it.declaration) if it.recorded is not None else ()
    if forced or reason or causes:
        taken = parent if goes_along else None
        change = _replacement(it, before, frozenset(changed), forced, reason, taken)
        if causes:
            change = replace(change, triggered_by=causes, reason=reason or f"{', '.join(causes)} changes")
        if it.declaration.address in draft.made_first and _may_be_first(it):
            change = replace(change, creates_first=True)
            if it.declaration.provider == it.live_provider and has_same_name(
                it.resource_type.natural_key if it.resource_type.key_decides else (),
                it.asked,
                before,
                changed,
            ):
                draft.problem(it.declaration, *_same_name(it, draft), code=codes.REPLACEMENT)
                return
    else:
        change = _update(it, before, planned, changed, follows, sealer)
    gone = sorted(differing(it.resource_type, left_alone, before, it.known, sealer) if left_alone else ())
    if left_alone and (gone or change.action is Action.REPLACE):
        draft.problem(it.declaration, *not_restorable(gone or left_alone), code=codes.SECRET_LOST)
        return
    draft.add(change, it.resource_type)


def not_restorable(names: Iterable[str]) -> tuple[str, str]:
    """What is wrong when a secret that nobody can tell any more would have to be written, and what to do."""
    summary = (
        f"{', '.join(sorted(names))} would have to be written again, and only a keyed hash of it is kept"
    )
    return summary, "set the secret to what it was, or roll the other resources back with --target"


def _may_be_first(it: Existing) -> bool:
    """Whether state can know both objects at once: not while the old one has yet another address."""
    return it.recorded is not None and it.recorded.address == it.declaration.address


def _same_name(it: Existing, draft: Draft) -> tuple[str, str]:
    """What is wrong when two objects would have to have one name at once, and what to do."""
    wanted_by = draft.made_first[it.declaration.address]
    because = "" if wanted_by == it.declaration.address else f" ({wanted_by} depends on it, and says so)"
    names = ", ".join(it.resource_type.natural_key)
    return (
        f"create_before_destroy{because} would make a second object of the same {names} beside the old one",
        f"change {names} too, or take create_before_destroy out",
    )


def _before(it: Existing, sealer: Sealer) -> dict[str, Value]:
    secrets = known_secrets(it.asked, it.recorded)
    before = masked(it.resource_type, it.live.attributes, it.asked, it.known, secrets, sealer=sealer)
    if it.recorded is not None and holds(it.recorded.attributes, Digest):
        before |= _not_told(it, it.recorded, sealer)
    if it.live.earlier is not None:
        before = _of_cache(it, before, sealer)
    return before


def _of_cache(it: Existing, before: Mapping[str, Value], sealer: Sealer) -> dict[str, Value]:
    """The same, where the cache tells digests: what no declaration tells is unknown to expressions."""

    def told(name: str, value: Value) -> Value:
        if not holds(value, Digest):
            return value
        if name not in it.asked:
            return Unknown(f"{it.declaration.address}.{name}")
        return it.asked[name] if matches(it.asked[name], value, {}, sealer) else value

    return {name: told(name, value) for name, value in before.items()}


def _update(
    it: Existing,
    before: Mapping[str, Value],
    planned: Mapping[str, Value],
    changed: list[str],
    follows: frozenset[str],
    sealer: Sealer,
) -> Change:
    """An update, or a no-op when nothing differs."""
    address, declaration = it.declaration.address, it.declaration
    after = before
    if changed or follows:
        after = {**before, **planned}
        for name in it.resource_type.computed:
            if _moves(it.resource_type.attributes[name].changes_with, (*changed, *follows)):
                after[name] = Unknown(f"{address}.{name}")
    return Change(
        address,
        Action.UPDATE if changed else Action.NO_OP,
        declaration.provider,
        live=it.live,
        recorded=it.recorded,
        desired=declaration.attributes,
        planned=planned,
        before=before,
        after=after,
        changed=frozenset(changed),
        irreversible=it.resource_type.irreversible.get("update", "") if changed else "",
        takes_over=it.recorded is None,
        depends_on=dependencies(declaration),
        declaration=declaration,
        follows=follows,
        records_anew=bool(follows) or not (changed or _is_recorded(it, planned, sealer)),
    )


def _replacement(
    it: Existing,
    before: Mapping[str, Value],
    changed: frozenset[str],
    forced: tuple[str, ...],
    reason: str,
    parent: Address | None,
) -> Change:
    declaration = it.declaration
    how = declaration.lifecycle.on_destroy or it.resource_type.destroy[0]
    word = ActionReason.REPLACE_BECAUSE_CANNOT_UPDATE
    if not forced and reason == ASKED_FOR:
        word = ActionReason.REPLACE_BY_REQUEST
    elif not forced and it.recorded is not None and it.recorded.provider == declaration.provider:
        word = ActionReason.REPLACE_BY_TRIGGERS
    return Change(
        declaration.address,
        Action.REPLACE,
        declaration.provider,
        live=it.live,
        recorded=it.recorded,
        desired=declaration.attributes,
        planned=it.asked,
        before=before,
        after=after_create(declaration.address, it.resource_type, it.asked),
        changed=changed,
        forced_by=forced,
        reason=reason,
        irreversible=it.resource_type.irreversible.get(how, ""),
        how=how,
        goes_with=parent,
        depends_on=dependencies(declaration),
        declaration=declaration,
        action_reason=word,
    )


def _is_recorded(it: Existing, planned: Mapping[str, Value], sealer: Sealer) -> bool:
    """Whether state already remembers all that there is to remember of an unchanged object."""
    if it.recorded is None:
        return False
    if it.live.earlier is not None:
        return True  # what a cache tells is no news to be remembered
    if it.live.attributes != it.recorded.attributes and not holds(it.recorded.attributes, Digest):
        return False
    return record(it.declaration, it.resource_type, it.live, planned, sealer, it.recorded) == it.recorded


def _not_told(it: Existing, recorded: StateObject, sealer: Sealer) -> dict[str, Value]:
    """Sensitive attributes that no service tells again, such as a secret value's ``output``.

    One that equals a declared attribute is known from the declaration; any other is not known at all.
    """
    secret = {name: value for name, value in it.asked.items() if is_sensitive(value)}

    def is_same(other: str, value: Value) -> bool:
        asked = secret[other]
        if matches(asked, value, {}, sealer):
            return True
        as_before = matches(asked, recorded.declared.get(other), {}, sealer)
        return as_before and recorded.attributes.get(other) == value

    return {
        name: next(
            (secret[other] for other in secret if is_same(other, value)),
            Unknown(f"{recorded.address}.{name}"),
        )
        for name, value in recorded.attributes.items()
        if holds(value, Digest) and it.live.attributes.get(name, value) == value
    }


def _moves(changes_with: tuple[str, ...], changed: tuple[str, ...]) -> bool:
    return "*" in changes_with or any(name in changed for name in changes_with)


def _unless_ignored(asked: dict[str, Value], ignored: tuple[str, ...]) -> dict[str, Value]:
    if not ignored:
        return asked
    if "*" in ignored:
        return {}
    return {name: value for name, value in asked.items() if name not in ignored}
