"""A snapshot against what the services say now."""

from collections.abc import Mapping
from dataclasses import replace

from reconciler.address import Address
from reconciler.operations.connections import accounts_of, check_accounts
from reconciler.operations.workspace import Workspace
from reconciler.plan.compare import matches
from reconciler.plan.evaluate import masked
from reconciler.plan.refresh import refresh
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object, Unreadable
from reconciler.state.history import Difference, ObjectDifference, SnapshotDifference
from reconciler.state.model import StateObject
from reconciler.values import Sealer


def with_live(workspace: Workspace, serial: int) -> SnapshotDifference:
    """What differs between a snapshot and the services, read in bulk: all that the services told both times.

    What has an address by now is read as the object that it has now; what has none, as the one that it had.
    Raises StateError, Refused and WrongAccount; what cannot be read is part of the answer.
    """
    ledger = workspace.ledger
    then, latest = ledger.objects(serial), ledger.objects()
    asked = _asked(then, latest)
    providers = workspace.connections.open({known.provider for known in asked.values()})
    check_accounts(accounts_of(providers), ledger.accounts())
    live = refresh(asked, providers, ledger.sealer)
    added: dict[Address, StateObject] = {}
    changed: dict[Address, ObjectDifference] = {}
    for address, found in live.items():
        if not isinstance(found, Object):
            continue
        facts = workspace.registry.type(address.type) or ResourceType(address.type, {}, {})
        present = _present((asked[address], then.get(address)), found, facts, ledger.sealer)
        if address not in then:
            added[address] = present
        elif difference := _difference(then[address], present, facts, ledger.sealer):
            changed[address] = difference
    unread = {address: found.error for address, found in live.items() if isinstance(found, Unreadable)}
    return SnapshotDifference(
        serial,
        None,
        added,
        {
            address: known
            for address, known in then.items()
            if address not in unread and not isinstance(live.get(address), Object)
        },
        changed,
        unread=unread,
    )


def _asked(
    then: Mapping[Address, StateObject], latest: Mapping[Address, StateObject]
) -> dict[Address, StateObject]:
    """The objects to read, with all that was declared of them then or is now; each object once."""
    owned = {(known.provider, known.type, known.id) for known in latest.values()}
    asked = {
        address: known
        for address, known in then.items()
        if address not in latest and (known.provider, known.type, known.id) not in owned
    }
    for address, known in latest.items():
        earlier = then[address].declared if address in then else {}
        asked[address] = replace(known, declared={**earlier, **known.declared})
    return asked


def _present(
    known: tuple[StateObject, StateObject | None], found: Object, facts: ResourceType, sealer: Sealer
) -> StateObject:
    """An object as it is now, sealed like what state remembers of it and what the snapshot does."""
    models = [part for one in known if one is not None for part in (one.declared, one.attributes)]
    shown = masked(facts, found.attributes, *models, sealer=sealer)
    return replace(known[0], id=found.id, attributes=sealer.seal(shown))


def _difference(
    then: StateObject, present: StateObject, facts: ResourceType, sealer: Sealer
) -> ObjectDifference | None:
    differing = {
        name: Difference(then.attributes[name], value)
        for name, value in present.attributes.items()
        if name in then.attributes and not _is_same(then.attributes[name], value, name, facts, sealer)
    }
    if not differing and then.id == present.id:
        return None
    return ObjectDifference(then, present, differing)


def _is_same(before: object, after: object, name: str, facts: ResourceType, sealer: Sealer) -> bool:
    schema = facts.attributes[name].schema if name in facts.attributes else {}
    return before == after or matches(before, after, schema, sealer)
