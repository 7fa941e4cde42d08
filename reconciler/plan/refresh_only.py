"""A plan that changes nothing in the services: the state takes over what they say.

What was asked for becomes what somebody has made of it, so that it is drift no more; what is gone is
forgotten. The next plan holds what is declared against that, as ever.
"""

from collections.abc import Iterable, Mapping

from reconciler.address import Address
from reconciler.config.stack import Declaration, Lifecycle, Output, ValuePath
from reconciler.diagnostics import Place
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Unread
from reconciler.plan.compare import differing, matches
from reconciler.plan.desired import Desired
from reconciler.plan.draft import Draft
from reconciler.plan.evaluate import masked
from reconciler.plan.record import record
from reconciler.plan.targets import as_before
from reconciler.plan.world import World
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Absent, Object, Unreadable
from reconciler.state.model import StateObject
from reconciler.values import Unknown, Value

GONE = "it is gone from the service"


def taken_over(desired: Desired, world: World) -> Draft:
    """A draft in which every object that was read is recorded as it is."""
    draft = Draft(desired, world)
    for address, recorded in desired.within(world.state.objects).items():
        found = world.live[address]
        resource_type = world.type_of(address)
        if isinstance(found, Unreadable):
            draft.unread.append(Unread(address, recorded.provider, found.error))
            draft.hold(address)
        elif isinstance(found, Absent):
            draft.hold(address)
            draft.changes[address] = Change(
                address,
                Action.FORGET,
                recorded.provider,
                recorded=recorded,
                before=recorded.attributes,
                reason=GONE,
                depends_on=recorded.depends_on,
            )
        else:
            draft.add(_as_it_is(recorded, found, resource_type, world), resource_type)
    return draft


def known_outputs(
    outputs: Mapping[str, Output],
    values: Mapping[Address, Mapping[str, Value] | Unknown],
    earlier: Mapping[str, Value],
) -> dict[str, Output]:
    """The outputs that can be worked out from what was read; others stay as the state has them."""

    def is_known(address: Address) -> bool:
        return address in values and not isinstance(values[address], Unknown)

    known = {name: output for name, output in outputs.items() if all(map(is_known, output.references))}
    return {**{name: as_before(name, value) for name, value in earlier.items()}, **known}


def _as_it_is(recorded: StateObject, found: Object, resource_type: ResourceType, world: World) -> Change:
    sealer = world.state.sealer
    asked = {name: value for name, value in recorded.declared.items() if name in resource_type.attributes}
    drifted = differing(resource_type, asked, found.attributes, asked, sealer)
    shown = masked(resource_type, found.attributes, recorded.declared, recorded.attributes, sealer=sealer)
    planned = dict(recorded.declared)
    for name in drifted:
        attribute = resource_type.attributes[name]
        if attribute.is_write_only or name not in shown:
            del planned[name]  # somebody has written it, and nobody tells what
            continue
        part = _in_part(planned[name], shown[name])
        is_enough = matches(part, shown[name], attribute.schema, sealer, attribute.is_whole(asked))
        planned[name] = part if is_enough else shown[name]
    declaration = _declaration(recorded, planned, drifted)
    after = record(declaration, resource_type, found, planned, sealer, recorded)
    return Change(
        recorded.address,
        Action.NO_OP,
        recorded.provider,
        live=found,
        recorded=recorded,
        desired=planned,
        planned=planned,
        before=shown,
        after=shown,
        depends_on=recorded.depends_on,
        declaration=declaration,
        records_anew=after != recorded,
    )


def _in_part(asked: Value, live: Value) -> Value:
    """What is live, without what nobody had asked for."""
    if isinstance(asked, dict) and isinstance(live, dict):
        return {name: _in_part(part, live[name]) for name, part in asked.items() if name in live}
    return live


def _declaration(recorded: StateObject, planned: Mapping[str, Value], drifted: Iterable[str]) -> Declaration:
    """What state is to say was asked for; the expressions of what somebody has changed hold no more."""
    lost = frozenset(drifted)
    sources: dict[ValuePath, str] = {}
    for pointer, text in recorded.expressions.items():
        path = tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
        if path[0] not in lost:
            sources[path] = text
    return Declaration(
        recorded.address,
        recorded.provider,
        planned,
        frozenset(),
        frozenset(recorded.depends_on),
        Lifecycle(recorded.prevent_destroy, on_destroy=recorded.on_destroy),
        _somewhere,
        sources=sources,
    )


def _somewhere(_: ValuePath) -> Place:
    return Place("the state", 1, 1)
