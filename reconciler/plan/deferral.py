"""What of all that is held back is put off: the writes that its service is asked for once it is back."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from reconciler.address import Address
from reconciler.config.digest import declaration_digest
from reconciler.config.stack import Declaration
from reconciler.errors import InvalidConfiguration
from reconciler.graph import in_order
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Deferral, Held, Plan
from reconciler.plan.compare import differing, matches
from reconciler.plan.desired import Desired
from reconciler.plan.evaluate import evaluate, normalised
from reconciler.plan.record import intended
from reconciler.plan.world import PlanState, Types, type_of
from reconciler.provider.facts import ResourceType
from reconciler.provider.protocol import Provider
from reconciler.state.model import StateObject
from reconciler.values import Digest, Sealer, Unknown, Value, holds


def put_off(
    plan: Plan,
    whole: Plan,
    desired: Desired,
    state: PlanState,
    types: Types,
    providers: Mapping[str, Provider],
) -> Plan:
    """The plan with a ``deferral`` at each resource that is held back, can wait, and is to be written.

    ``whole`` is the plan before anything was held back. Of an object that could not be read, what is declared
    now is held against what was declared the last time: where that is the same, nothing is put off. ``held``
    is in the order in which the writes are to come.
    """
    if not plan.held:
        return plan
    waiting = _Waiting(plan, whole, desired, state, types, providers)
    return replace(plan, held=waiting.in_order([waiting.told(found) for found in plan.held]))


def deferral_of(change: Change, sealer: Sealer) -> Deferral:
    """What is put off with a change that was planned."""
    declared = declaration_digest(change.declaration) if change.declaration is not None else ""
    return Deferral(change.action, declared, fingerprint(change, sealer))


def fingerprint(change: Change, sealer: Sealer) -> str:
    """A keyed digest of what a change was planned from: the object, as far as the change speaks of it."""
    if change.live is None:
        return ""
    recorded = change.recorded.declared if change.recorded is not None else {}
    names = sorted({*change.planned, *recorded})
    return sealer.digest({name: change.live.attributes.get(name) for name in names}).hexadecimal


def has_changed(change: Change, resource_type: ResourceType, sealer: Sealer) -> bool:
    """Whether an object is not as the state knows it, in what a change speaks of.

    One that nobody knew counts as changed, and so does one that is gone.
    """
    if change.recorded is None or change.live is None:
        return (change.recorded is None) is not (change.live is None)
    recorded, attributes = change.recorded, resource_type.attributes
    known = {
        name: recorded.attributes[name]
        for name in {*change.planned, *recorded.declared}
        if name in recorded.attributes and not attributes[name].is_write_only
    }
    return bool(differing(resource_type, known, change.live.attributes, {}, sealer))


class _Waiting:
    """What is known of that which is held back."""

    def __init__(
        self,
        plan: Plan,
        whole: Plan,
        desired: Desired,
        state: PlanState,
        types: Types,
        providers: Mapping[str, Provider],
    ) -> None:
        self._whole, self._desired, self._state = whole, desired, state
        self._types, self._providers = types, providers
        self._held = {found.address for found in plan.held}

    def told(self, found: Held) -> Held:
        """The same with what is put off, if anything is."""
        if not found.can_wait or found.address.is_data:
            return found
        change = self._whole.by_address.get(found.address)
        if change is not None:
            is_write = change.is_visible and not change.is_read
            return replace(found, deferral=deferral_of(change, self._state.sealer)) if is_write else found
        return replace(found, deferral=self._unseen(found.address))

    def in_order(self, held: list[Held]) -> tuple[Held, ...]:
        """Writes after what they wait for, then removals, what depends on another before that."""
        by_address = {found.address: found for found in held}
        resources, objects = self._desired.resources, self._state.objects
        writes, removals = {}, {}
        for address in by_address:
            if address in resources:
                writes[address] = resources[address].references | resources[address].depends_on
            else:
                known = objects.get(address)
                removals[address] = known.depends_on if known is not None else ()
        order = [*in_order(writes), *reversed(in_order(removals))]
        return tuple(by_address[address] for address in order)

    def _unseen(self, address: Address) -> Deferral | None:
        """What is to be done as far as the state alone tells."""
        recorded, declaration = self._state.objects.get(address), self._desired.resources.get(address)
        if declaration is None:
            if recorded is None:
                return None
            return Deferral(Action.FORGET if recorded.on_destroy == "forget" else Action.DELETE)
        if recorded is None:
            return Deferral(Action.CREATE, declaration_digest(declaration))
        changed = self._declared_otherwise(declaration, recorded)
        if not changed:
            return None
        attributes = type_of(self._types, address).attributes
        forces = any(name in attributes and attributes[name].forces_replacement for name in changed)
        return Deferral(Action.REPLACE if forces else Action.UPDATE, declaration_digest(declaration))

    def _declared_otherwise(self, declaration: Declaration, recorded: StateObject) -> Collection[str]:
        """The attributes that are declared otherwise since the state was written, as far as that is known."""
        resource_type, sealer = type_of(self._types, declaration.address), self._state.sealer
        provider = self._providers.get(declaration.provider)
        if provider is None or declaration.provider != recorded.provider:
            return ("provider",)
        try:
            asked = evaluate(dict(declaration.attributes), self._scope)
        except InvalidConfiguration:
            return ("references",)
        asked = normalised(provider, resource_type, asked)
        meant = intended(declaration, resource_type, asked, sealer).declared
        attributes, known = resource_type.attributes, recorded.declared
        return [
            name
            for name in {**meant, **known}
            if name not in meant
            or name not in known
            or not matches(meant[name], known[name], attributes[name].schema, sealer)
        ]

    def _scope(self, address: Address) -> Mapping[str, Value] | Unknown:
        """What expressions see: of what is held back, what the state says, without its secrets."""
        recorded = self._state.objects.get(address)
        if address not in self._held or recorded is None:
            return self._whole.values.get(address, Unknown(str(address)))
        return {
            name: Unknown(f"{address}.{name}") if holds(value, Digest) else value
            for name, value in recorded.attributes.items()
        }
