"""Data: what is looked up in a service and never managed."""

from collections.abc import Mapping

from reconciler.config.stack import Declaration
from reconciler.plan.change import Expectation
from reconciler.plan.compare import matches
from reconciler.plan.draft import Draft
from reconciler.plan.evaluate import masked
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Unreadable, Wanted
from reconciler.values import Unknown, Value, is_known, reveal


def look_up(
    draft: Draft, declaration: Declaration, resource_type: ResourceType, attributes: Mapping[str, Value]
) -> None:
    """Ask for one data entry, or take the answer and hold it against what is expected."""
    address = declaration.address
    draft.values[address] = Unknown(str(address))
    if not is_known(dict(attributes)):
        return
    found = draft.world.found.get(address)
    if found is None:
        question = Wanted(f"data.{address.type}", reveal(dict(attributes)))
        draft.wanted[address] = (declaration.provider, question)
    elif isinstance(found, Unreadable):
        draft.cannot_read(declaration, found)
    elif len(found) != 1:
        count = "nothing answers" if not found else f"{len(found)} objects answer"
        draft.problem(declaration, f"{count} to it", "check its arguments, and that the token may see it")
    else:
        values = masked(resource_type, found[0].attributes, attributes)
        draft.values[address] = values
        sealer = draft.world.state.sealer
        draft.expectations += [
            Expectation(address, name, expected, values.get(name))
            for name, expected in declaration.expect.items()
            if not matches(expected, values.get(name), resource_type.attributes[name].schema, sealer)
        ]
