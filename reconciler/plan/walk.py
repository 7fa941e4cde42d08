"""One walk over everything desired, in dependency order: each resource is compared with what is there."""

from collections.abc import Mapping

from reconciler.config.attributes import check
from reconciler.config.stack import Declaration
from reconciler.errors import InvalidConfiguration
from reconciler.graph import in_order
from reconciler.plan.asserting import ask_after, ask_before
from reconciler.plan.desired import Desired
from reconciler.plan.draft import Draft
from reconciler.plan.evaluate import evaluate, normalised
from reconciler.plan.existing import Existing, keep
from reconciler.plan.lookups import look_up
from reconciler.plan.missing import create
from reconciler.plan.world import World
from reconciler.provider.objects import Absent, Object
from reconciler.values import Value


def walk(desired: Desired, world: World) -> Draft:
    """A draft of the plan, given what has been read and found so far."""
    draft = Draft(desired, world)
    declarations = {**desired.data, **desired.resources}
    edges = {
        address: declaration.references | declaration.depends_on
        if declaration.depends_on
        else declaration.references
        for address, declaration in declarations.items()
    }
    for address in in_order(edges):
        if draft.held and not draft.held.isdisjoint(edges[address]):
            draft.hold(address)
            continue
        try:
            _visit(draft, declarations[address])
            ask_after(draft, declarations[address])
        except InvalidConfiguration as invalid:
            draft.problems.extend(invalid.diagnostics)
            draft.hold(address)
    return draft


def _visit(draft: Draft, declaration: Declaration) -> None:
    world, address = draft.world, declaration.address
    resource_type = world.type_of(address)
    if not ask_before(draft, declaration):
        return
    attributes: Mapping[str, Value] = declaration.attributes
    if declaration.references:
        attributes = evaluate(attributes, draft.values.__getitem__)
        if problems := tuple(check(resource_type, attributes, declaration.place_of, str(address))):
            raise InvalidConfiguration(problems)
    if address.is_data:
        look_up(draft, declaration, resource_type, attributes)
        return
    asked = normalised(world.providers[declaration.provider], resource_type, attributes)
    recorded = world.state.objects.get(address)
    if recorded is None:
        create(draft, declaration, resource_type, asked, "")
        return
    live = world.live[address]
    if isinstance(live, Object):
        keep(draft, Existing(declaration, resource_type, asked, live, recorded))
    elif isinstance(live, Absent):
        create(draft, declaration, resource_type, asked, "it is missing in the service")
    else:
        draft.cannot_read(declaration, live)
