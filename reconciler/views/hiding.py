"""What a type marks as sensitive is hidden here once more, whoever made the values."""

from collections.abc import Mapping

from reconciler.address import Address
from reconciler.plan.world import Types
from reconciler.provider.facts import ResourceType
from reconciler.values import Digest, Sensitive, Unknown, Value
from reconciler.views.sameness import ANYTHING, Schema, items_of, part_of


def facts_of(address: Address, types: Types) -> ResourceType:
    """The facts of a type; none for a type that no provider has any more."""
    found = types.data_type(address.type) if address.is_data else types.type(address.type)
    return found if found is not None else ResourceType(address.type, {}, {})


def hidden(values: Mapping[str, Value], facts: ResourceType) -> dict[str, Value]:
    """The attributes with those marked Sensitive that the type says are."""
    return {name: hidden_value(value, name, facts) for name, value in values.items()}


def hidden_value(value: Value, name: str, facts: ResourceType) -> Value:
    """One attribute's value, marked Sensitive where the type says that it is, at whatever depth."""
    attribute = facts.attributes.get(name)
    return value if attribute is None else _hidden(value, attribute.schema)


def _hidden(value: Value, schema: Schema) -> Value:
    if value is None or schema is ANYTHING or isinstance(value, Unknown | Sensitive | Digest):
        return value
    if schema.get("x-sensitive", False):
        return Sensitive(value)
    if isinstance(value, dict):
        return {name: _hidden(part, part_of(schema, name)) for name, part in value.items()}
    if isinstance(value, list | tuple):
        items = items_of(schema)
        return value if items is ANYTHING else [_hidden(part, items) for part in value]
    return value
