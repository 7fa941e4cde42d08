"""Data: what is looked up in a service and never managed."""

import json
from collections.abc import Iterator, Mapping

from reconciler import codes
from reconciler.config.stack import Declaration
from reconciler.diagnostics import Diagnostic
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Expectation
from reconciler.plan.compare import matches
from reconciler.plan.draft import Draft
from reconciler.plan.evaluate import after_create, marked_like, masked
from reconciler.plan.record import dependencies
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Unreadable, Wanted
from reconciler.values import Digest, Sealer, Unknown, Value, holds, is_known, is_sensitive, reveal


def look_up(
    draft: Draft, declaration: Declaration, resource_type: ResourceType, attributes: Mapping[str, Value]
) -> None:
    """Ask for one data entry, or take the answer and hold it against what is expected.

    What rests on a resource that this plan changes can be looked up only during apply.
    """
    address = declaration.address
    waits_for = dependencies(declaration)
    if not is_known(dict(attributes)) or any(_changes(draft, dependency) for dependency in waits_for):
        _read_during_apply(draft, declaration, resource_type, attributes)
        return
    draft.values[address] = Unknown(str(address))
    found = draft.world.found.get(address)
    if found is None:
        draft.wanted[address] = (declaration.provider, question(declaration, attributes))
    elif isinstance(found, Unreadable):
        draft.cannot_read(declaration, found)
    elif len(found) != 1:
        draft.problem(declaration, *not_one(len(found)), code=codes.NOT_ONE)
    else:
        values = masked(resource_type, found[0].attributes, attributes, sealer=draft.world.state.sealer)
        draft.values[address] = {
            # Of a secret that the stack does not tell the cache knows a digest.
            name: Unknown(f"{address}.{name}") if holds(value, Digest) else value
            for name, value in values.items()
        }
        draft.expectations += failing(declaration, resource_type, values, draft.world.state.sealer)


def question(declaration: Declaration, attributes: Mapping[str, Value]) -> Wanted:
    """What the provider is asked."""
    given = dict(attributes)
    return Wanted(f"data.{declaration.address.type}", reveal(given), is_sensitive(given))


def not_one(count: int) -> tuple[str, str]:
    """What is wrong when no object answers, or several do, and what to do about it."""
    summary = "nothing answers to it" if not count else f"{count} objects answer to it, and one must"
    return summary, "check its arguments, and that the credentials may see it"


def failing(
    declaration: Declaration, resource_type: ResourceType, values: Mapping[str, Value], sealer: Sealer
) -> Iterator[Expectation]:
    """What is expected of a data entry and does not hold."""
    for name, expected in declaration.expect.items():
        if not matches(expected, values.get(name), resource_type.attributes[name].schema, sealer):
            actual = marked_like(values.get(name), expected)
            yield Expectation(declaration.address, name, expected, actual)


def unmet(failed: Expectation) -> Diagnostic:
    """An expectation that does not hold, as a problem."""
    return Diagnostic(
        f"expected {failed.attribute} to be {_json(failed.expected)}, but it is {_json(failed.actual)}",
        "mend it in the service, or change what is expected",
        address=str(failed.address),
        code=codes.EXPECTATION,
    )


def _json(value: Value) -> str:
    """As it stands in the YAML; sensitive parts say only that they are."""
    return json.dumps(value, ensure_ascii=False, default=repr)


def _changes(draft: Draft, address: object) -> bool:
    change = draft.changes.get(address)  # type: ignore[call-overload]  # an address of data is no key
    return change is not None and change.is_visible


def _read_during_apply(
    draft: Draft, declaration: Declaration, resource_type: ResourceType, attributes: Mapping[str, Value]
) -> None:
    address = declaration.address
    draft.add(
        Change(
            address,
            Action.READ,
            declaration.provider,
            desired=declaration.attributes,
            planned=dict(attributes),
            after=after_create(address, resource_type, attributes),
            reason="it rests on what this plan changes",
            depends_on=dependencies(declaration),
            declaration=declaration,
        ),
        resource_type,
    )
