"""What a type marks as sensitive is hidden here once more, whoever made the values."""

from collections.abc import Mapping

from reconciler.address import Address
from reconciler.plan.world import Types
from reconciler.provider.facts import ResourceType
from reconciler.values import Digest, Sensitive, Unknown, Value


def facts_of(address: Address, types: Types) -> ResourceType:
    """The facts of a type; none for a type that no provider has any more."""
    found = types.data_type(address.type) if address.is_data else types.type(address.type)
    return found if found is not None else ResourceType(address.type, {}, {})


def hidden(values: Mapping[str, Value], facts: ResourceType) -> dict[str, Value]:
    """The attributes with those marked Sensitive that the type says are."""
    return {name: hidden_value(value, name, facts) for name, value in values.items()}


def hidden_value(value: Value, name: str, facts: ResourceType) -> Value:
    """One attribute's value, marked Sensitive if the type says that it is."""
    attribute = facts.attributes.get(name)
    if attribute is None or not attribute.is_sensitive:
        return value
    if value is None or isinstance(value, Unknown | Sensitive | Digest):
        return value
    return Sensitive(value)
