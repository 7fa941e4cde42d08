"""Two resources that own one object: found by type, provider and natural key."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reconciler import codes
from reconciler.config.expressions import StackExpression
from reconciler.config.names import Names
from reconciler.config.stack import Declaration
from reconciler.diagnostics import Diagnostic
from reconciler.provider.facts import ResourceType
from reconciler.values import Digest, Sensitive, Unknown, Value


def owners(
    declared: Iterable[tuple[Declaration, ResourceType, Mapping[str, Value]]],
) -> Iterator[tuple[Declaration, Declaration]]:
    """Pairs of declarations that own one object: the first of it, and each further one.

    Each comes with its type and its attributes (at a plan: normalised ones). One whose natural key is not
    known whole owns nothing yet.
    """
    first: dict[tuple[str, str, str], Declaration] = {}
    for declaration, resource_type, attributes in declared:
        if not resource_type.natural_key or not resource_type.key_decides or resource_type.is_data:
            continue
        values = [attributes.get(name) for name in resource_type.natural_key]
        if all(value is None for value in values) or not all(map(_is_known, values)):
            continue
        text = json.dumps(values, sort_keys=True, default=str)
        other = first.setdefault((resource_type.name, declaration.provider, text), declaration)
        if other is not declaration:
            yield other, declaration


def _is_known(value: Any) -> bool:
    return not isinstance(value, Unknown | Sensitive | Digest) and not hasattr(value, "evaluate")


def double_owners(declarations: Iterable[Declaration], names: Names) -> Iterator[Diagnostic]:
    """A diagnostic for each pair that can be told when the stack is read."""
    by_address = {one.address: one for one in declarations}

    def of_key(value: Value, depth: int = 0) -> Value:
        """What a reference to a declared attribute comes to; the text of any other expression."""
        if not isinstance(value, StackExpression):
            return f"{value.source} of {id(value)}" if hasattr(value, "evaluate") else value
        named = value.target
        if named is None or named[0] not in by_address or len(named[1]) != 1 or depth > 8:
            return f"{value.source} in {value.address}" if value.is_of_part else value.source
        resource_type = names.resource_type(named[0].type)
        target = by_address[named[0]].attributes.get(str(named[1][0]))
        if target is None or resource_type is None:
            return value.source
        return of_key(target, depth + 1)

    rows = []
    for one in by_address.values():
        resource_type = names.resource_type(one.address.type)
        if resource_type is not None and resource_type.natural_key:
            key = {name: of_key(one.attributes.get(name)) for name in resource_type.natural_key}
            rows.append((one, resource_type, key))
    for first, second in owners(rows):
        yield Diagnostic(
            f"{second.address} and {first.address} own the same object",
            "remove one of them, or change " + " or ".join(_key_of(second, names)),
            second.place_of(()),
            str(second.address),
            related=((f"{first.address} is declared here", first.place_of(())),),
            code=codes.TWO_OWNERS,
        )


def _key_of(declaration: Declaration, names: Names) -> tuple[str, ...]:
    resource_type = names.resource_type(declaration.address.type)
    return resource_type.natural_key if resource_type else ()
