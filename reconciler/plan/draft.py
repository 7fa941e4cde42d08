"""One pass over everything desired: what each resource needs, given what has been read and found so far."""

from collections.abc import Mapping

from reconciler.address import Address
from reconciler.config.stack import Declaration
from reconciler.diagnostics import Diagnostic, Diagnostics
from reconciler.errors import InvalidConfiguration
from reconciler.graph import in_order
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Expectation, Unread
from reconciler.plan.compare import differing, matches
from reconciler.plan.desired import Desired
from reconciler.plan.evaluate import evaluate, masked, normalised
from reconciler.plan.record import dependencies, record
from reconciler.plan.world import ParentKey, World
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Absent, Object, ObjectKey, Unreadable, Wanted
from reconciler.state.model import StateObject
from reconciler.values import Unknown, Value, is_known, reveal


class Draft:
    """Walks the desired resources in dependency order and collects changes, questions and problems.

    ``wanted`` are the questions that only a service can answer; while there are any, the draft is not a
    plan yet: the answers go into the world and a new draft is made.
    """

    def __init__(self, desired: Desired, world: World) -> None:
        self.changes: dict[Address, Change] = {}
        self.values: dict[Address, Mapping[str, Value] | Unknown] = {}
        self.wanted: dict[Address, tuple[str, Wanted]] = {}
        self.problems = Diagnostics()
        self.unread: list[Unread] = []
        self.expectations: list[Expectation] = []
        self.moved: dict[Address, Address] = {}
        self.replaced: dict[ParentKey, Address] = {}
        self._desired = desired
        self._world = world
        self._created: set[ParentKey] = set()
        self._renamed: dict[ParentKey, Value] = {}
        self._held: set[Address] = set()
        types = frozenset(address.type for address in (*desired.resources, *world.state.objects))
        self._parent_keys = world.parent_keys(types)
        self._walk()

    def _walk(self) -> None:
        declarations = {**self._desired.data, **self._desired.resources}
        edges = {
            address: declaration.references | declaration.depends_on
            if declaration.depends_on
            else declaration.references
            for address, declaration in declarations.items()
        }
        for address in in_order(edges):
            if self._held and not self._held.isdisjoint(edges[address]):
                self._hold(address)
                continue
            try:
                self._visit(declarations[address])
            except InvalidConfiguration as invalid:
                self.problems.extend(invalid.diagnostics)
                self._hold(address)

    def _hold(self, address: Address) -> None:
        """Plan nothing for a resource, nor for what depends on it."""
        self._held.add(address)
        self.values[address] = Unknown(str(address))

    def _visit(self, declaration: Declaration) -> None:
        resource_type = self._world.type_of(declaration.address)
        attributes: Mapping[str, Value] = declaration.attributes
        if declaration.references:
            attributes = evaluate(attributes, self.values.__getitem__)
            self.problems.extend(declaration.check(attributes))
        if declaration.address.is_data:
            self._look_up(declaration, resource_type, attributes)
            return
        asked = normalised(self._world.providers[declaration.provider], resource_type, attributes)
        recorded = self._world.state.objects.get(declaration.address)
        if recorded is None:
            self._create(declaration, resource_type, asked, "")
            return
        live = self._world.live[declaration.address]
        if isinstance(live, Object):
            self._keep(declaration, resource_type, asked, live, recorded)
        elif isinstance(live, Absent):
            self._create(declaration, resource_type, asked, "it is missing in the service")
        else:
            self._cannot_read(declaration, live)

    # --- what exists ---

    def _keep(
        self,
        declaration: Declaration,
        resource_type: ResourceType,
        asked: dict[str, Value],
        live: Object,
        recorded: StateObject | None,
    ) -> None:
        """Compare an object that is ours, or becomes ours, with what is asked for."""
        known = recorded.declared if recorded else {}
        before = masked(resource_type, live.attributes, asked, known)
        planned = _unless_ignored(asked, before, declaration.lifecycle.ignore_changes)
        follows = self._follows(declaration, resource_type, planned, before)
        changed = differing(
            resource_type,
            {name: value for name, value in planned.items() if name not in follows} if follows else planned,
            before,
            known,
            self._world.state.sealer,
        )
        parent = self._replaced_parent(declaration, resource_type, before)
        forced = tuple(name for name in changed if resource_type.attributes[name].forces_replacement)
        reason = f"{parent} is replaced" if parent else ""
        if recorded is not None and recorded.provider != declaration.provider:
            reason = f"its provider was {recorded.provider}"
        if forced or reason:
            self._replace(
                declaration, resource_type, (live, recorded), before, asked, changed, forced, reason
            )
            return
        after = {**before, **planned} if changed or follows else before
        if changed:
            after |= {
                name: Unknown(f"{declaration.address}.{name}")
                for name in resource_type.computed
                if _moves(resource_type.attributes[name].changes_with, changed)
            }
        anew = bool(follows) or (
            not changed and self._next_record(declaration, resource_type, planned, live, recorded) != recorded
        )
        self._add(
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
        self,
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
        self._add(
            Change(
                declaration.address,
                Action.REPLACE,
                declaration.provider,
                live=live,
                recorded=recorded,
                desired=declaration.attributes,
                planned=asked,
                before=before,
                after=_after_create(declaration.address, resource_type, asked),
                changed=frozenset(changed),
                forced_by=forced,
                reason=reason,
                irreversible=resource_type.irreversible.get("delete", ""),
                how=_way_out(declaration, resource_type),
                goes_with=self._replaced_parent(declaration, resource_type, before),
                depends_on=dependencies(declaration),
                declaration=declaration,
            ),
            resource_type,
        )

    def _next_record(
        self,
        declaration: Declaration,
        resource_type: ResourceType,
        planned: Mapping[str, Value],
        live: Object,
        recorded: StateObject | None,
    ) -> StateObject:
        return record(declaration, resource_type, live, planned, self._world.state.sealer, recorded)

    def _follows(
        self,
        declaration: Declaration,
        resource_type: ResourceType,
        planned: Mapping[str, Value],
        before: Mapping[str, Value],
    ) -> frozenset[str]:
        """The attributes that differ only because the parent that they name gets another name."""
        if not self._renamed:
            return frozenset()
        return frozenset(
            parent.attribute
            for parent in resource_type.parents
            if (key := (declaration.provider, parent.type, parent.key, before.get(parent.attribute)))
            in self._renamed
            and self._renamed[key] == planned.get(parent.attribute)
        )

    def _replaced_parent(
        self, declaration: Declaration, resource_type: ResourceType, before: Mapping[str, Value]
    ) -> Address | None:
        if not self.replaced:
            return None
        for parent in resource_type.parents:
            key = (declaration.provider, parent.type, parent.key, before.get(parent.attribute))
            if key in self.replaced:
                return self.replaced[key]
        return None

    # --- what does not exist, as far as state knows ---

    def _create(
        self, declaration: Declaration, resource_type: ResourceType, asked: dict[str, Value], reason: str
    ) -> None:
        address = declaration.address
        key = {name: asked.get(name) for name in resource_type.natural_key}
        seen_absent = self._parent_is_new(declaration, resource_type, asked)
        if key and not seen_absent and is_known(key):
            found = self._world.found.get(address)
            if found is None:
                self.wanted[address] = (declaration.provider, Wanted(address.type, reveal(key)))
            elif isinstance(found, Unreadable):
                self._cannot_read(declaration, found)
                return
            elif found:
                self._meet(declaration, resource_type, asked, found)
                return
            seen_absent = True
        self._add(
            Change(
                address,
                Action.CREATE,
                declaration.provider,
                recorded=self._world.state.objects.get(address),
                desired=declaration.attributes,
                planned=asked,
                after=_after_create(address, resource_type, asked),
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
        self,
        declaration: Declaration,
        resource_type: ResourceType,
        asked: dict[str, Value],
        found: tuple[Object, ...],
    ) -> None:
        """There is an object already: it becomes ours where that is allowed, and is a problem elsewhere."""
        address, provider = declaration.address, declaration.provider
        first = found[0]
        owner = self._world.owners.get((provider, first.type, first.id))
        if len(found) > 1:
            ids = ", ".join(candidate.id for candidate in found)
            self._problem(
                declaration,
                f"several objects answer to its natural key: {ids}",
                f"choose one: reconciler import '{address}' ID",
            )
        elif owner is not None and owner != address and owner in self._desired.resources:
            self._problem(
                declaration, f"it is the same object as {owner}", "keep one of the two declarations"
            )
        elif owner is not None and owner != address:
            self.moved[owner] = address
            self._keep(declaration, resource_type, asked, first, self._world.state.objects[owner])
        elif self._may_take(declaration, resource_type, first):
            self._keep(declaration, resource_type, asked, first, None)
        else:
            name = ":".join(str(first.attributes.get(part)) for part in resource_type.natural_key)
            self._problem(
                declaration,
                f"{name} exists already, and no run of ours made it",
                f"adopt it with: reconciler import '{address}' '{name}', "
                "or declare lifecycle: {on_exists: adopt}",
            )

    def _may_take(self, declaration: Declaration, resource_type: ResourceType, found: Object) -> bool:
        state = self._world.state
        if declaration.lifecycle.on_exists == "adopt" or declaration.address in state.ours:
            return True
        values = tuple(found.attributes.get(name) for name in resource_type.natural_key)
        return (declaration.provider, ObjectKey(found.type, values)) in self._world.side_effects

    def _parent_is_new(
        self, declaration: Declaration, resource_type: ResourceType, asked: Mapping[str, Value]
    ) -> bool:
        return any(
            (declaration.provider, parent.type, parent.key, asked.get(parent.attribute)) in self._created
            for parent in resource_type.parents
        )

    # --- data ---

    def _look_up(
        self, declaration: Declaration, resource_type: ResourceType, attributes: Mapping[str, Value]
    ) -> None:
        address = declaration.address
        self.values[address] = Unknown(str(address))
        if not is_known(dict(attributes)):
            return
        found = self._world.found.get(address)
        if found is None:
            question = Wanted(f"data.{address.type}", reveal(dict(attributes)))
            self.wanted[address] = (declaration.provider, question)
        elif isinstance(found, Unreadable):
            self._cannot_read(declaration, found)
        elif len(found) != 1:
            count = "nothing answers" if not found else f"{len(found)} objects answer"
            self._problem(declaration, f"{count} to it", "check its arguments, and that the token may see it")
        else:
            values = masked(resource_type, found[0].attributes, attributes)
            self.values[address] = values
            sealer = self._world.state.sealer
            self.expectations += [
                Expectation(address, name, expected, values.get(name))
                for name, expected in declaration.expect.items()
                if not matches(expected, values.get(name), resource_type.attributes[name].schema, sealer)
            ]

    # --- bookkeeping ---

    def _add(self, change: Change, resource_type: ResourceType) -> None:
        self.changes[change.address] = change
        self.values[change.address] = change.after
        for key in self._parent_keys.get(resource_type.name, ()):
            parent_key = (change.provider, resource_type.name, key)
            if change.action is Action.CREATE or change.action is Action.REPLACE:
                self._created.add((*parent_key, _hashable(change.after.get(key))))
            if change.action is Action.REPLACE:
                self.replaced[(*parent_key, _hashable(change.before.get(key)))] = change.address
            if change.action is Action.UPDATE and change.before.get(key) != change.after.get(key):
                self._renamed[(*parent_key, _hashable(change.before.get(key)))] = change.after.get(key)

    def _cannot_read(self, declaration: Declaration, unreadable: Unreadable) -> None:
        self.unread.append(Unread(declaration.address, declaration.provider, unreadable.error))
        self._hold(declaration.address)

    def _problem(self, declaration: Declaration, summary: str, advice: str) -> None:
        self.problems.add(
            Diagnostic(summary, advice, declaration.place_of(()), address=str(declaration.address))
        )
        self._hold(declaration.address)


def _hashable(value: Value) -> Value:
    return value if not isinstance(value, dict | list) else str(value)


def _moves(changes_with: tuple[str, ...], changed: list[str]) -> bool:
    return "*" in changes_with or any(name in changed for name in changes_with)


def _unless_ignored(
    asked: dict[str, Value], before: Mapping[str, Value], ignored: tuple[str, ...]
) -> dict[str, Value]:
    if not ignored:
        return asked
    if "*" in ignored:
        return {}
    return {name: value for name, value in asked.items() if name not in ignored}


def _after_create(
    address: Address, resource_type: ResourceType, asked: Mapping[str, Value]
) -> dict[str, Value]:
    return {
        name: asked[name] if name in asked else Unknown(f"{address}.{name}")
        for name in resource_type.attributes
    }


def _way_out(declaration: Declaration, resource_type: ResourceType) -> str:
    """How an object is removed before it is made anew: an archive would keep the name."""
    way = declaration.lifecycle.on_destroy or resource_type.destroy[0]
    return "delete" if way == "forget" else way
