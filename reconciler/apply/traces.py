"""Asking services, in bulk, for the traces of calls that cut-off runs may have made."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from reconciler.address import Address
from reconciler.apply.lookups import together
from reconciler.apply.released import is_taken_back
from reconciler.apply.verdicts import (
    NeverHappened,
    Undecidable,
    Verdict,
    on_all_created,
    on_changed,
    on_let_go,
    on_removed,
)
from reconciler.errors import ProviderError
from reconciler.plan.compare import matches
from reconciler.plan.refresh import find, refresh
from reconciler.plan.world import Types, type_of
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Absent, FindResult, Object, Unreadable, Wanted
from reconciler.provider.protocol import Provider
from reconciler.state.model import Intent, StateObject
from reconciler.values import Digest, Sealer, holds, reveal


def traces_of(
    intents: Mapping[Address, Intent],
    objects: Mapping[Address, StateObject],
    types: Types,
    providers: Mapping[str, Provider],
    sealer: Sealer,
) -> dict[Address, Verdict]:
    """What became of each intent, by address: creates are looked up by natural key, all else by id."""
    creates = {address: intent for address, intent in intents.items() if intent.action == "create"}
    others = {address: intent for address, intent in intents.items() if intent.action != "create"}
    verdicts: dict[Address, Verdict] = {}
    known = {
        address: objects[address]
        for address, intent in others.items()
        if address in objects and objects[address].id == intent.id
    }
    for address, intent in others.items():
        if intent.is_removal and (recorded := removed_by(intent, objects)) is not None:
            known[address] = recorded
        elif intent.meant is not None and address in known:
            known[address] = _as_meant(known[address], intent.meant, type_of(types, address))
    owned = {(recorded.provider, recorded.type, recorded.id) for recorded in objects.values()}
    for address, intent in others.items():
        meant = intent.meant
        if address in objects or meant is None or not is_taken_back(meant):
            continue
        if (intent.provider, address.type, meant.id) not in owned:
            known[address] = _as_meant(meant, meant, type_of(types, address))
    live = refresh(known, providers, sealer)
    # What has another name may have another id with it: then it is found by the name that it was to get.
    renamed = {
        address: others[address]
        for address, answer in live.items()
        if others[address].action == "update" and isinstance(answer, Absent)
    }
    answers = _answers(creates | renamed, types, providers, sealer)
    for address, intent in others.items():
        if address not in known:
            verdicts[address] = NeverHappened()  # state speaks of another object by now
        elif intent.is_removal:
            judge = on_removed if intent.action == "delete" else on_let_go
            verdicts[address] = judge(live[address])
        else:
            found = answers.get(address, ())
            if not isinstance(found, Unreadable):
                found = tuple(one for one in found if (intent.provider, one.type, one.id) not in owned)
            verdicts[address] = on_changed(live[address], found)
    for alike in _alike(creates.values()):
        verdicts.update(_on_creates(alike, answers, owned))
    return verdicts


def _as_meant(recorded: StateObject, meant: StateObject, resource_type: ResourceType) -> StateObject:
    """What to ask about: what was there and what was to be; the object's name stays as it is known."""
    parts = {
        name: together(recorded.attributes.get(name), value)
        for name, value in meant.declared.items()
        if name not in resource_type.natural_key
    }
    return replace(recorded, attributes={**recorded.attributes, **parts})


def removed_by(intent: Intent, objects: Mapping[Address, StateObject]) -> StateObject | None:
    """The object that a removal is about, as state knows it; None when it speaks of it no more.

    It may be recorded at another address: at the one that this one was about to take it over from.
    """
    if intent.address in objects:
        found = objects[intent.address]
        return found if found.id == intent.id else None
    same = (intent.provider, intent.address.type, intent.id)
    return next((one for one in objects.values() if (one.provider, one.type, one.id) == same), None)


def _on_creates(
    together: Sequence[Intent], answers: Mapping[Address, FindResult], owned: set[tuple[str, str, str]]
) -> dict[Address, Verdict]:
    """Creates with one natural key."""
    first = together[0]
    if first.address not in answers:
        reason = "objects of its type have no name to look for them by"
        if first.key is not None:
            reason = "its name is secret, and its service does not list all objects of the type"
        return {intent.address: Undecidable(reason) for intent in together}

    def is_taken(found: Object) -> bool:
        return (first.provider, found.type, found.id) in owned

    verdicts = on_all_created(together, answers[first.address], is_taken)
    return {intent.address: verdict for intent, verdict in zip(together, verdicts, strict=True)}


def _answers(
    creates: Mapping[Address, Intent], types: Types, providers: Mapping[str, Provider], sealer: Sealer
) -> dict[Address, FindResult]:
    """All that answers to each intent's natural key; nothing for one that cannot be looked for."""
    wanted: dict[Address, tuple[str, Wanted]] = {}
    answers: dict[Address, FindResult] = {}
    lists = _Lists(providers)
    for address, intent in creates.items():
        resource_type = type_of(types, address)
        if intent.key is None:
            continue
        values = reveal(sealer.open(list(intent.key.values)))
        names = resource_type.natural_key
        if not holds(values, Digest):
            wanted[address] = (intent.provider, Wanted(address.type, dict(zip(names, values, strict=True))))
        elif not resource_type.unlisted:

            def is_meant(
                found: Object, names: Sequence[str] = names, values: Sequence[object] = values
            ) -> bool:
                there = [found.attributes.get(name) for name in names]
                return matches(list(values), there, {}, sealer)

            answers[address] = lists.matching(intent.provider, address.type, is_meant)
    return answers | find(wanted, providers)


class _Lists:
    """All objects of some types, each listed once."""

    def __init__(self, providers: Mapping[str, Provider]) -> None:
        self._providers = providers
        self._known: dict[tuple[str, str], FindResult] = {}

    def matching(self, key: str, type_name: str, is_meant: Callable[[Object], bool]) -> FindResult:
        """Those of a type that are meant, or that they could not be listed."""
        if (key, type_name) not in self._known:
            self._known[key, type_name] = self._listed(key, type_name)
        found = self._known[key, type_name]
        return found if isinstance(found, Unreadable) else tuple(filter(is_meant, found))

    def _listed(self, key: str, type_name: str) -> FindResult:
        try:
            return tuple(self._providers[key].list(type_name))
        except ProviderError as error:
            return Unreadable(error)


def _alike(intents: Iterable[Intent]) -> list[list[Intent]]:
    """The intents in groups that have one provider and one natural key."""
    groups: dict[object, list[Intent]] = {}
    for intent in intents:
        same = (intent.provider, repr(intent.key)) if intent.key is not None else intent.address
        groups.setdefault(same, []).append(intent)
    return list(groups.values())
