"""Drift: objects that are not as our last run left them, over what was declared then."""

from collections.abc import Iterator

from reconciler.plan.change import Drift
from reconciler.plan.compare import differing
from reconciler.plan.evaluate import masked
from reconciler.plan.world import World
from reconciler.provider.objects import Absent, Object
from reconciler.state.model import StateObject
from reconciler.values import Value


def drift(world: World) -> Iterator[Drift]:
    """Every object that is missing or has changed; what was not or could not be read is no drift."""
    sealer = world.state.sealer
    for address, recorded in world.state.objects.items():
        live = world.live.get(address)
        if isinstance(live, Absent):
            yield Drift(address, recorded.provider, _prior(recorded), None)
        elif isinstance(live, Object) and live.attributes != recorded.attributes:
            resource_type = world.type_of(address)
            asked = {k: v for k, v in recorded.declared.items() if k in resource_type.attributes}
            changed = differing(resource_type, asked, live.attributes, asked, sealer)
            if changed:
                shown = masked(
                    resource_type, live.attributes, recorded.declared, recorded.attributes, sealer=sealer
                )
                prior = _prior(recorded)
                yield Drift(address, recorded.provider, prior, shown, tuple(changed), live.earlier)


def _prior(recorded: StateObject) -> dict[str, Value]:
    return {**recorded.attributes, **recorded.declared}
