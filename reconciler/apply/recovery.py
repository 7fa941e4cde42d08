"""What cut-off runs have left behind: every open intent is settled by looking, before anything else is done.

It is taken (what the call made, changed or removed is recorded under the run that made it), found undone, or,
where nobody can tell, reported with the candidates and a command for each.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler import codes
from reconciler.address import Address
from reconciler.apply.lookups import side_effects_of
from reconciler.apply.released import is_back, is_taken_back
from reconciler.apply.side_effects import SideEffects
from reconciler.apply.traces import removed_by, traces_of
from reconciler.apply.verdicts import NeverHappened, TookEffect, Undecidable, commands
from reconciler.diagnostics import Diagnostic
from reconciler.errors import ProviderError
from reconciler.plan.compare import differing
from reconciler.plan.parents import parent_keys
from reconciler.plan.record import observed, still_asked
from reconciler.plan.world import ParentKey, Types, type_of
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object, Unreadable
from reconciler.provider.protocol import Provider
from reconciler.state.deposed import ACTION as DEPOSE
from reconciler.state.deposed import as_deposed
from reconciler.state.model import Committed, Failed, Intent, StateObject
from reconciler.values import Digest, Sealer, Value, holds

UNDONE = "looked up after the run was cut off: it did not take effect"


@dataclass(frozen=True, slots=True)
class Settled:
    """An intent of which everything is known now; ``after`` is the object that state is to remember."""

    intent: Intent
    took_effect: bool
    after: StateObject | None = None
    along: tuple[Address, ...] = ()
    """Other addresses whose objects are gone with a removal: of what lived in the object, and the one that it
    was about to be taken over from."""
    deed: str = ""
    """What the history is to say, where that is not what the intent says."""
    deposed: StateObject | None = None
    """The object that had the address before, and is still to be removed."""


@dataclass(frozen=True, slots=True)
class Pending:
    """An intent that stays open, and the error that came instead of an answer."""

    intent: Intent
    error: ProviderError


@dataclass(frozen=True)
class Recovery:
    """What became of the open intents, and what is wrong with those of which nobody can tell.

    ``pending`` are those that could not be looked up, since a service did not tell.
    """

    settled: tuple[Settled, ...] = ()
    problems: tuple[Diagnostic, ...] = ()
    pending: tuple[Pending, ...] = ()

    def results(self) -> list[Committed | Failed]:
        """What the ledger is to record, each under the run that had the intent."""
        return [result for found in self.settled for result in _results(found)]

    def applied_to(self, objects: Mapping[Address, StateObject]) -> dict[Address, StateObject]:
        """The objects of a state as they are once the results are recorded."""
        after = dict(objects)
        for found in self.settled:
            if found.took_effect:
                for gone in (found.intent.address, *found.along):
                    after.pop(gone, None)
                for known in (found.after, found.deposed):
                    if known is not None:
                        after[known.address] = known
        return after


def _results(found: Settled) -> Iterator[Committed | Failed]:
    run, step = found.intent.run, found.intent.step
    if not found.took_effect:
        yield Failed(run, step, UNDONE)
        return
    yield Committed(run, step, found.intent.address, found.after, found.deed)
    if found.deposed is not None:
        yield Committed(run, step, found.deposed.address, found.deposed, DEPOSE)
    for address in found.along:
        yield Committed(run, step, address, None, found.intent.action)


def recover(
    intents: Sequence[Intent],
    objects: Mapping[Address, StateObject],
    types: Types,
    providers: Mapping[str, Provider],
    sealer: Sealer,
) -> Recovery:
    """Look up, in bulk, what became of all open intents; ``objects`` are those of the latest state.

    Nothing is written, neither to a service nor to the state.
    """
    latest = {intent.address: intent for intent in intents}
    verdicts = traces_of(latest, objects, types, providers, sealer)
    removing = frozenset(address for address, intent in latest.items() if intent.is_removal)
    judge = _Judge(objects, types, providers, sealer, removing)
    settled: list[Settled] = []
    problems: list[Diagnostic] = []
    pending: list[Pending] = []
    for intent in intents:
        if latest[intent.address] is not intent:
            settled.append(Settled(intent, took_effect=False))  # a later one says what became of it
            continue
        verdict = verdicts[intent.address]
        if isinstance(verdict, Undecidable):
            problems.append(_undecided(intent, verdict))
        elif isinstance(verdict, Unreadable):
            pending.append(Pending(intent, verdict.error))
        else:
            settled.append(judge.settle(intent, verdict))
    return Recovery(tuple(settled), tuple(problems), tuple(pending))


@dataclass(frozen=True)
class _Judge:
    """Makes of what was found what state is to remember."""

    objects: Mapping[Address, StateObject]
    types: Types
    providers: Mapping[str, Provider]
    sealer: Sealer
    removing: frozenset[Address]
    """The addresses whose own removal is looked up."""

    def settle(self, intent: Intent, verdict: TookEffect | NeverHappened) -> Settled:
        """What became of an intent about which there is no doubt."""
        if isinstance(verdict, NeverHappened):
            return Settled(intent, took_effect=False)
        if verdict.found is None:
            return Settled(intent, took_effect=True, along=tuple(self._gone_with(intent)))
        if intent.is_removal:
            return self._let_go(intent, verdict.found)
        if intent.meant is not None and is_taken_back(intent.meant):
            resource_type = type_of(self.types, intent.address)
            if not is_back(intent.meant, verdict.found, resource_type):
                return Settled(intent, took_effect=False)  # it is let go of, as before
        recorded = self.objects.get(intent.address) if intent.action == "update" else None
        after = self._remembered(intent, verdict.found, recorded)
        old = self._replaced(intent)
        return Settled(intent, after != recorded, after if after != recorded else None, deposed=old)

    def _replaced(self, intent: Intent) -> StateObject | None:
        """The object that one which was made first was to take the place of."""
        known = self.objects.get(intent.address)
        is_known = intent.action == "create" and known is not None and known.id == intent.id
        return as_deposed(known) if is_known and known is not None else None

    def _let_go(self, intent: Intent, found: Object) -> Settled:
        """An object that is there after it was to be archived, disabled or the like: its switches tell.

        What no service tells may have been taken away or not: it is not known any more.
        """
        recorded = removed_by(intent, self.objects)
        if recorded is None:
            return Settled(intent, took_effect=False)
        resource_type = type_of(self.types, recorded.address)
        turned = resource_type.turns.get(intent.action, {})
        if turned and all(found.attributes.get(name) == value for name, value in turned.items()):
            return Settled(intent, took_effect=True)
        known = _without(resource_type.untold, recorded.declared)
        if known == recorded.declared:
            return Settled(intent, took_effect=False)
        return Settled(intent, took_effect=True, after=replace(recorded, declared=known), deed="record")

    def _gone_with(self, intent: Intent) -> Iterator[Address]:
        """What else state must not name any more: the object's other address, and what lived in it."""
        gone = removed_by(intent, self.objects)
        if gone is None:
            return
        if gone.address != intent.address:
            yield gone.address
        inside = _keys_of(gone)
        left = {one: known for one, known in self.objects.items() if one != gone.address}
        while found := [known for known in left.values() if self._lives_in(known, inside)]:
            for known in found:
                del left[known.address]
                inside |= _keys_of(known)
                if known.address not in self.removing:
                    yield known.address

    def _lives_in(self, known: StateObject, parents: Container[ParentKey]) -> bool:
        resource_type = type_of(self.types, known.address)
        return any(key in parents for _, key in parent_keys(resource_type, known.provider, known.attributes))

    def _remembered(self, intent: Intent, found: Object, recorded: StateObject | None) -> StateObject:
        """Only what the object shows of what was asked for counts as asked; a plan finds out the rest."""
        resource_type = type_of(self.types, intent.address)
        meant = intent.meant or recorded or StateObject(intent.address, intent.provider, "", {})
        earlier = recorded.declared if recorded else {}
        # What was to be left as it was is as it was; of anything else, only what the object shows is known.
        same = {name: value for name, value in earlier.items() if meant.declared.get(name) == value}
        unsure = resource_type.untold & meant.declared.keys() - same.keys()
        guessed = {name: meant.declared[name] for name in unsure if not holds(meant.declared[name], Digest)}
        found = replace(found, attributes={**_without(unsure, found.attributes), **guessed})
        shown = {
            **self._shown(resource_type, earlier, found, same),
            **self._shown(resource_type, meant.declared, found, same),
        }
        there = {name: shown[name] for name in meant.declared if name in shown}
        is_new = intent.action == "create"
        found = side_effects_of(self.providers[intent.provider], found, meant.declared, is_new=is_new)
        meant = replace(meant, declared=there, side_effects=recorded.side_effects if recorded else ())
        asked = intent.meant.declared if intent.meant else {}
        after = observed(meant, resource_type, found, asked, self.sealer, recorded)
        after = still_asked(after, asked, recorded)
        return SideEffects(self.types).follow(recorded, after) if recorded is not None else after

    def _shown(
        self,
        resource_type: ResourceType,
        asked: Mapping[str, Value],
        found: Object,
        earlier: Mapping[str, Value],
    ) -> dict[str, Value]:
        other = differing(resource_type, asked, found.attributes, earlier, self.sealer)
        return {name: value for name, value in asked.items() if name not in other}


def _keys_of(known: StateObject) -> set[ParentKey]:
    """All that those who live in an object may name it by."""
    texts = ((name, value) for name, value in known.attributes.items() if isinstance(value, str))
    return {(known.provider, known.type, name, value) for name, value in texts}


def _without(names: Container[str], attributes: Mapping[str, Value]) -> dict[str, Value]:
    return {name: value for name, value in attributes.items() if name not in names}


def _undecided(intent: Intent, verdict: Undecidable) -> Diagnostic:
    return Diagnostic(
        f"run {intent.run} was cut off while it was to {intent.action} it, and {verdict.reason}",
        f"look in the service, then say what is so: {commands(intent.address, verdict.candidates)}",
        address=str(intent.address),
        code=codes.UNDECIDED,
    )


def unread(pending: Pending) -> Diagnostic:
    """That an intent could not be looked up, for what cannot be done before it is."""
    intent, error = pending.intent, pending.error
    return Diagnostic(
        f"run {intent.run} was cut off while it was to {intent.action} it, and what became of that could not "
        f"be looked up: {error}",
        error.advice,
        address=str(intent.address),
        code=error.code,
    )
