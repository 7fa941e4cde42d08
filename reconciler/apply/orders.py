"""From a step that may start to an order that a worker can carry out: every value known and checked."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from reconciler import codes
from reconciler.address import Address
from reconciler.apply.order import Done, Order
from reconciler.apply.released import Released, let_go_of
from reconciler.apply.side_effects import SideEffects
from reconciler.apply.steps import Step
from reconciler.config.attributes import check
from reconciler.config.sections import Condition
from reconciler.config.stack import Declaration
from reconciler.diagnostics import Diagnostic
from reconciler.errors import InvalidConfiguration, Refused
from reconciler.plan.action import Action
from reconciler.plan.asserting import POSTCONDITION, PRECONDITION
from reconciler.plan.change import Change, Plan
from reconciler.plan.compare import differing, matches
from reconciler.plan.conditions import answers
from reconciler.plan.evaluate import evaluate, masked, normalised
from reconciler.plan.lookups import failing, unmet
from reconciler.plan.missing import as_before
from reconciler.plan.record import (
    as_it_is,
    intended,
    known_secrets,
    observed,
    sealed_key,
    still_asked,
)
from reconciler.plan.world import Types, type_of
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object, ObjectKey, Wanted
from reconciler.provider.protocol import Provider
from reconciler.state.ledger import Ledger
from reconciler.state.model import Intent, StateObject
from reconciler.values import Sealer, Unknown, Value, is_known, reveal


class Orders:
    """What expressions see while a plan is carried out, and the objects that services made on their own."""

    def __init__(
        self, plan: Plan, types: Types, providers: Mapping[str, Provider], ledger: Ledger, run: str
    ) -> None:
        self._types, self._providers, self._sealer, self._run = types, providers, ledger.sealer, run
        self._values = dict(plan.values)
        recorded = (change.recorded for change in plan.changes if change.recorded is not None)
        self._side_effects = SideEffects(types, recorded)
        self._released = Released(plan, types, ledger)

    @property
    def values(self) -> Mapping[Address, Mapping[str, Value] | Unknown]:
        """What expressions see by now of every resource and data entry."""
        return self._values

    def type_of(self, change: Change) -> ResourceType:
        """The facts of a change's type."""
        return type_of(self._types, change.address)

    def order(self, step: Step) -> Order:
        """Everything that a step's call needs.

        Raises InvalidConfiguration when a value turns out wrong, Refused when a precondition does not hold.
        """
        change = step.change
        if step.is_first and change.declaration is not None:
            self._ask(change.declaration.lifecycle.preconditions, PRECONDITION, change)
        resource_type = self.type_of(change)
        is_grouped = resource_type.batch > 1
        if step.is_removal:
            key = change.recorded.provider if change.recorded else change.provider
            return Order(
                step,
                self._providers[key],
                {},
                self._intent(step),
                is_grouped=is_grouped,
                timeout=_timeout(step),
            )
        provider = self._providers[change.provider]
        asked, changed = self._asked(change, resource_type, provider)
        order = Order(
            step,
            provider,
            asked,
            self._intent(step, resource_type, asked),
            changed,
            self._differing(change, resource_type, asked),
            is_grouped=is_grouped,
            timeout=_timeout(step),
        )
        return self._with_key(order, resource_type) if resource_type.natural_key else order

    def _with_key(self, order: Order, resource_type: ResourceType) -> Order:
        """The order with what its natural key tells: where to look for its traces, and what may be there."""
        step, change, asked = order.step, order.step.change, order.asked
        is_new = step.action == "create"
        if not is_new and (step.action != "update" or order.changed.isdisjoint(resource_type.natural_key)):
            return order
        names = resource_type.natural_key
        wanted = Wanted(resource_type.name, {name: reveal(asked.get(name)) for name in names})
        if not is_new:
            return replace(order, key=wanted)
        key = _key_of(wanted, self._sealer)
        released = self._released.named(change.provider, key) if not step.is_first else None
        may_be_there = released is not None or self._side_effects.has(change.provider, key)
        is_absent = change.seen_absent or not step.is_first or may_be_there
        return replace(
            order,
            intent=_about(order.intent, released),
            key=wanted,
            may_be_there=may_be_there,
            released=released.id if released else None,
            turned=partial(as_before, resource_type, released) if released else order.turned,
            fixed=frozenset(name for name in asked if resource_type.attributes[name].forces_replacement),
            must_look=not resource_type.key_decides or not is_absent,
        )

    def check_after(self, change: Change) -> None:
        """Raises Refused when what a step has brought about is not as its postconditions want it."""
        if change.declaration is not None:
            self._ask(change.declaration.lifecycle.postconditions, POSTCONDITION, change)

    def _ask(self, conditions: tuple[Condition, ...], kind: str, change: Change) -> None:
        if not conditions:
            return
        found = answers(conditions, self._scope, kind, change.address)
        if found.problems:
            raise Refused(found.problems)
        if found.is_open:
            summary = f"its {kind} rests on something that nobody tells"
            place = conditions[0].place
            raise Refused(
                [
                    Diagnostic(
                        summary, "assert what is known", place, str(change.address), code=codes.CONDITION
                    )
                ]
            )

    def settle(self, done: Done) -> StateObject | None:
        """What state should remember after a step; the values are seen by expressions from now on.

        Of a step that is half done only what is there counts as asked for. Raises Refused when a data entry
        is not what is expected of it.
        """
        order, change = done.order, done.order.step.change
        if done.found is None or change.declaration is None:
            return None
        resource_type = self.type_of(change)
        if change.is_read:
            self._values[change.address] = masked(
                resource_type, done.found.attributes, order.asked, sealer=self._sealer
            )
            self._expect(change.declaration, resource_type)
            return None
        earlier = change.recorded if change.action in (Action.UPDATE, Action.NO_OP) else None
        meant = order.intent.meant if order.intent else None
        if meant is None:
            meant = intended(change.declaration, resource_type, order.asked, self._sealer)
        whole = meant.declared
        if done.error is not None:
            missing = order.differing(done.found)
            there = {name: value for name, value in meant.declared.items() if name not in missing}
            meant = replace(meant, declared=there)
        after = observed(meant, resource_type, done.found, order.asked, self._sealer, earlier)
        after = still_asked(after, whole, earlier)
        secrets = known_secrets(order.asked, earlier)
        shown = masked(resource_type, done.found.attributes, order.asked, secrets, sealer=self._sealer)
        untold = change.before if change.action is Action.NO_OP else {}
        self._values[change.address] = {**untold, **order.asked, **shown}
        if earlier is not None:
            after = self._side_effects.follow(earlier, after)
        self._side_effects.remember(after)
        return after

    def adopted(self, order: Order) -> StateObject | None:
        """What is taken over and changed in one step, as it is before the change; None for any other step.

        State has to know it before the call: what somebody else made can be told from what a lost call has
        made of it only so, and a rollback brings it back as it was.
        """
        change, meant = order.step.change, order.intent.meant if order.intent else None
        if not change.takes_over or meant is None or change.live is None or change.declaration is None:
            return None
        if meant.id:
            return None  # a run of ours had archived it, say: it is not ours again before it is back
        resource_type = self.type_of(change)
        return as_it_is(change.declaration, resource_type, change.live, order.asked, self._sealer)

    def claim(self, done: Done) -> StateObject | None:
        """The parent of an object that the service made on its own, without that object.

        It is claimed once; after that it is like any other. None when the object was none of those.
        """
        if not done.claimed or done.order.key is None:
            return None
        key = _key_of(done.order.key, self._sealer)
        return self._side_effects.claim(done.order.step.change.provider, key)

    def _intent(
        self,
        step: Step,
        resource_type: ResourceType | None = None,
        asked: Mapping[str, Value] | None = None,
    ) -> Intent | None:
        """What the journal is to say before the call; None where nothing is changed in the service."""
        change = step.change
        if not step.needs_call or step.action == "read":
            return None
        key: ObjectKey | None = None
        meant: StateObject | None = None
        if resource_type is not None and change.declaration is not None and asked is not None:
            meant = intended(change.declaration, resource_type, asked, self._sealer)
            if change.takes_over and change.live is not None:
                meant = self._released.about(meant, change.live, resource_type)
            if resource_type.natural_key:
                values = tuple(self._sealer.seal(asked.get(name)) for name in resource_type.natural_key)
                key = ObjectKey(resource_type.name, values)
        return Intent(
            self._run,
            step.number,
            step.address,
            change.how if step.is_removal else step.action,
            change.recorded.provider if step.is_removal and change.recorded else change.provider,
            change.live.id if change.live and (change.creates_first or step.action != "create") else None,
            key,
            change.seen_absent or not step.is_first,
            meant=meant,
        )

    def _differing(
        self, change: Change, resource_type: ResourceType, asked: Mapping[str, Value]
    ) -> partial[frozenset[str]]:
        known = change.recorded.declared if change.action is Action.UPDATE and change.recorded else {}
        return partial(_unlike, resource_type, asked, known, self._sealer)

    def _expect(self, declaration: Declaration, resource_type: ResourceType) -> None:
        values = self._values[declaration.address]
        if not isinstance(values, Unknown):
            failed = list(failing(declaration, resource_type, values, self._sealer))
            if failed:
                raise Refused(map(unmet, failed))

    def _asked(
        self, change: Change, resource_type: ResourceType, provider: Provider
    ) -> tuple[Mapping[str, Value], frozenset[str]]:
        if change.declaration is None or is_known(dict(change.planned)):
            return change.planned, change.changed
        settled = {name: value for name, value in change.planned.items() if is_known(value)}
        evaluated = evaluate(change.desired, self._scope)
        asked = normalised(provider, resource_type, {**settled, **evaluated})
        asked = {name: value for name, value in asked.items() if name in change.planned}
        declaration = change.declaration
        if problems := tuple(check(resource_type, asked, declaration.place_of, str(declaration.address))):
            raise InvalidConfiguration(problems)
        same = {
            name
            for name in change.changed
            if not is_known(change.planned[name]) and self._is_there(change, resource_type, name, asked[name])
        }
        return asked, change.changed - same

    def _is_there(self, change: Change, resource_type: ResourceType, name: str, value: Value) -> bool:
        """Whether a value that was unknown turns out to be what the object has already."""
        attribute = resource_type.attributes[name]
        before = change.before.get(name)
        return not attribute.is_write_only and matches(value, before, attribute.schema, self._sealer)

    def _scope(self, address: Address) -> Mapping[str, Value] | Unknown:
        return self._values[address]


def _timeout(step: Step) -> float | None:
    declaration = step.change.declaration
    return declaration.timeouts.get(step.action) if declaration is not None else None


def _unlike(
    resource_type: ResourceType,
    asked: Mapping[str, Value],
    known: Mapping[str, Value],
    sealer: Sealer,
    found: Object,
) -> frozenset[str]:
    return frozenset(differing(resource_type, asked, found.attributes, known, sealer))


def _about(intent: Intent | None, released: StateObject | None) -> Intent | None:
    if intent is None or intent.meant is None or released is None:
        return intent
    return replace(intent, meant=let_go_of(intent.meant, released))


def _key_of(wanted: Wanted, sealer: Sealer) -> ObjectKey:
    return sealed_key(ObjectKey(wanted.type, tuple(wanted.attributes.values())), sealer)
