"""What resources ask for under ``health``: attributes that must be so, and pages that must answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module

from reconciler.address import Address
from reconciler.config.stack import Declaration
from reconciler.errors import ProviderError
from reconciler.plan.change import Expectation
from reconciler.plan.compare import matches
from reconciler.plan.evaluate import marked_like, masked
from reconciler.plan.world import Types, type_of
from reconciler.provider.objects import Object, ReadResult
from reconciler.provider.side_by_side import side_by_side
from reconciler.values import Sealer


@dataclass(frozen=True, slots=True)
class Unhealthy:
    """A resource whose page does not answer as it must."""

    address: Address
    provider: str
    error: ProviderError


def unmet(
    declarations: Mapping[Address, Declaration],
    live: Mapping[Address, ReadResult],
    types: Types,
    sealer: Sealer,
) -> Iterator[Expectation]:
    """What is expected of live objects and does not hold; of what was not read nothing is said."""
    for address, declaration in declarations.items():
        found = live.get(address)
        if declaration.health is None or not declaration.health.expect or not isinstance(found, Object):
            continue
        facts = type_of(types, address)
        values = masked(facts, found.attributes, declaration.attributes, sealer=sealer)
        for name, expected in declaration.health.expect.items():
            if not matches(expected, values.get(name), facts.attributes[name].schema, sealer):
                yield Expectation(address, name, expected, marked_like(values.get(name), expected))


def unhealthy(pages: Mapping[Address, tuple[str, str]]) -> tuple[Unhealthy, ...]:
    """The resources whose page does not answer with a 2xx; all are asked at the same time.

    ``pages`` are provider key and URL by address. Nothing is sent but the request.
    """
    if not pages:
        return ()
    ask = import_module("reconciler.health.pages").ask  # httpx is not paid for where no page is asked
    errors = side_by_side(lambda page: ask(page[1], service=page[0]), pages.values())
    return tuple(
        Unhealthy(address, key, error)
        for (address, (key, _)), error in zip(pages.items(), errors, strict=True)
        if error is not None
    )
