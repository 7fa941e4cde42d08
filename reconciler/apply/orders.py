"""From a step that may start to an order that a worker can carry out: every value known and checked."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from reconciler.address import Address
from reconciler.apply.perform import Done, Order
from reconciler.apply.steps import Step
from reconciler.config.attributes import check
from reconciler.config.stack import Declaration
from reconciler.errors import InvalidConfiguration, Refused
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Plan
from reconciler.plan.compare import matches
from reconciler.plan.evaluate import evaluate, masked, normalised
from reconciler.plan.lookups import failing, unmet
from reconciler.plan.record import known_secrets, record
from reconciler.plan.world import Types, type_of
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import ObjectKey, Unreadable, Wanted
from reconciler.provider.protocol import Provider
from reconciler.state.model import StateObject
from reconciler.values import Sealer, Unknown, Value, is_known, reveal


class Orders:
    """What expressions see while a plan is carried out, and the objects that services made on their own."""

    def __init__(self, plan: Plan, types: Types, providers: Mapping[str, Provider], sealer: Sealer) -> None:
        self._types, self._providers, self._sealer = types, providers, sealer
        self._values = dict(plan.values)
        self._side_effects: dict[tuple[str, ObjectKey], StateObject] = {}
        for change in plan.changes:
            if change.recorded is not None:
                self._remember_side_effects(change.recorded)

    @property
    def values(self) -> Mapping[Address, Mapping[str, Value] | Unknown]:
        """What expressions see by now of every resource and data entry."""
        return self._values

    def type_of(self, change: Change) -> ResourceType:
        """The facts of a change's type."""
        return type_of(self._types, change.address)

    def order(self, step: Step) -> Order:
        """Everything that a step's call needs.

        Raises InvalidConfiguration when a value turns out wrong, ProviderError when it cannot be seen what
        is there before a call whose traces no key would tell from others.
        """
        change = step.change
        resource_type = self.type_of(change)
        if step.is_removal:
            key = change.recorded.provider if change.recorded else change.provider
            return Order(step, self._providers[key], {}, is_grouped=resource_type.batch > 1)
        provider = self._providers[change.provider]
        asked, changed = self._asked(change, resource_type, provider)
        look_first = self._look_first(step, resource_type, asked)
        seen = self._seen(step, resource_type, provider, asked)
        return Order(step, provider, asked, changed, look_first, seen, resource_type.batch > 1)

    def settle(self, done: Done) -> StateObject | None:
        """What state should remember after a step; the values are seen by expressions from now on.

        Raises Refused when a data entry is not what is expected of it.
        """
        order, change = done.order, done.order.step.change
        if done.found is None or change.declaration is None:
            return None
        resource_type = self.type_of(change)
        if change.is_read:
            self._values[change.address] = masked(resource_type, done.found.attributes, order.asked)
            self._expect(change.declaration, resource_type)
            return None
        earlier = change.recorded if change.action in (Action.UPDATE, Action.NO_OP) else None
        after = record(change.declaration, resource_type, done.found, order.asked, self._sealer, earlier)
        secrets = known_secrets(order.asked, earlier)
        shown = masked(resource_type, done.found.attributes, order.asked, secrets)
        untold = change.before if change.action is Action.NO_OP else {}
        self._values[change.address] = {**untold, **order.asked, **shown}
        if earlier is not None and after.side_effects:
            after = replace(after, side_effects=tuple(self._under_new_name(earlier, after)))
        self._remember_side_effects(after)
        return after

    def _under_new_name(self, earlier: StateObject, after: StateObject) -> Iterator[ObjectKey]:
        """An object's side effects, by the name that it has after the step where they are named by it."""
        for key in after.side_effects:
            child = self._types.type(key.type)
            parents = child.parents if child else ()
            names = {parent.attribute: parent.key for parent in parents if parent.type == after.type}
            natural_key = child.natural_key if child else ()
            self._side_effects.pop((earlier.provider, key), None)
            yield ObjectKey(
                key.type,
                tuple(
                    after.attributes.get(names[attribute])
                    if attribute in names and value == earlier.attributes.get(names[attribute])
                    else value
                    for attribute, value in zip(natural_key, key.values, strict=True)
                ),
            )

    def _expect(self, declaration: Declaration, resource_type: ResourceType) -> None:
        values = self._values[declaration.address]
        if not isinstance(values, Unknown):
            failed = list(failing(declaration, resource_type, values, self._sealer))
            if failed:
                raise Refused(map(unmet, failed))

    def claim(self, done: Done) -> StateObject | None:
        """The parent of an object that the service made on its own, without that object.

        It is claimed once; after that it is like any other. None when the object was none of those.
        """
        if not done.claimed or done.order.look_first is None:
            return None
        wanted = done.order.look_first
        key = ObjectKey(wanted.type, tuple(wanted.attributes.values()))
        parent = self._side_effects.pop((done.order.step.change.provider, key), None)
        if parent is None:
            return None
        left = tuple(other for other in parent.side_effects if other != key)
        parent = replace(parent, side_effects=left)
        self._remember_side_effects(parent)
        return parent

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

    def _look_first(
        self, step: Step, resource_type: ResourceType, asked: Mapping[str, Value]
    ) -> Wanted | None:
        """A question about the natural key, when the service may have made the object on its own."""
        if step.action != "create" or not resource_type.natural_key:
            return None
        attributes = {name: reveal(asked.get(name)) for name in resource_type.natural_key}
        key = ObjectKey(resource_type.name, tuple(attributes.values()))
        if (step.change.provider, key) not in self._side_effects:
            return None
        return Wanted(resource_type.name, attributes)

    def _seen(
        self, step: Step, resource_type: ResourceType, provider: Provider, asked: Mapping[str, Value]
    ) -> tuple[str, ...] | None:
        if step.action != "create" or resource_type.key_decides:
            return None
        key = {name: reveal(asked.get(name)) for name in resource_type.natural_key}
        found = provider.find({"": Wanted(resource_type.name, key)})[""]
        if isinstance(found, Unreadable):
            raise found.error
        return tuple(candidate.id for candidate in found)

    def _remember_side_effects(self, recorded: StateObject) -> None:
        for key in recorded.side_effects:
            self._side_effects[(recorded.provider, key)] = recorded
