"""Objects that live in a service and in no state."""

from collections.abc import Iterable, Mapping

from reconciler.health.report import Unmanaged
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object
from reconciler.provider.protocol import Provider
from reconciler.state.model import StateObject


def unmanaged_objects(
    recorded: Iterable[StateObject],
    kinds: Iterable[tuple[str, ResourceType]],
    providers: Mapping[str, Provider],
) -> tuple[Unmanaged, ...]:
    """The objects of the given types that no state knows, in the order in which the services tell them.

    ``kinds`` are provider keys with a type each. Raises ProviderError: what cannot be listed is not absent.
    """
    managed = {(found.provider, found.type, found.id) for found in recorded}
    return tuple(
        Unmanaged(key, found, import_id(resource_type, found))
        for key, resource_type in sorted(kinds, key=lambda kind: (kind[0], kind[1].name))
        for found in providers[key].list(resource_type.name)
        if (key, found.type, found.id) not in managed
    )


def import_id(resource_type: ResourceType, found: Object) -> str:
    """What ``import`` names an object by: its natural key, or its id where the type has none."""
    parts = [found.attributes.get(name) for name in resource_type.natural_key]
    return ":".join(map(str, parts)) if parts and None not in parts else found.id
