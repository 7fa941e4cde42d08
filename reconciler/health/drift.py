"""Objects that live in a service and in no state."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reconciler.health.report import Unmanaged
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object
from reconciler.provider.protocol import Provider
from reconciler.state.model import StateObject
from reconciler.values import Sealer


def unmanaged_objects(
    recorded: Iterable[StateObject],
    kinds: Iterable[tuple[str, ResourceType]],
    providers: Mapping[str, Provider],
    sealer: Sealer,
) -> tuple[Unmanaged, ...]:
    """The objects of the given types that no state knows, in the order in which the services tell them.

    ``kinds`` are provider keys with a type each. Raises ProviderError: what cannot be listed is not absent.
    """
    managed = {(found.provider, found.type, found.id) for found in recorded}
    return tuple(
        Unmanaged(
            key,
            replace(found, id=str(sealer.hide(found.id))),
            import_id(resource_type, found, sealer),
            _name(resource_type, found, sealer),
        )
        for key, resource_type in sorted(kinds, key=lambda kind: (kind[0], kind[1].name))
        for found in providers[key].list(resource_type.name)
        if (key, found.type, found.id) not in managed
    )


def _name(resource_type: ResourceType, found: Object, sealer: Sealer) -> str:
    """What people call an object within what it lives in; empty where it has no name."""
    values = (found.attributes.get(name) for name in resource_type.called_by)
    return " ".join(str(sealer.hide(value)) for value in values if isinstance(value, str))


def import_id(resource_type: ResourceType, found: Object, sealer: Sealer) -> str:
    """What ``import`` names an object by; its id where the type has no form for that.

    A part that shows a secret is masked, such as the secret name of the repository that a label is in.
    """
    shown = {
        name: sealer.hide(value)
        for name, value in {"id": found.id, **found.attributes}.items()
        if value is not None
    }
    try:
        return resource_type.import_id.format_map(shown) or str(shown["id"])
    except KeyError:
        return str(shown["id"])
