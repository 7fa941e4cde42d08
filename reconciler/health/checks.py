"""Asking services how they are."""

from collections.abc import Mapping

from reconciler.health.report import ProviderHealth
from reconciler.provider.protocol import Provider
from reconciler.provider.side_by_side import side_by_side


def check(providers: Mapping[str, Provider]) -> tuple[ProviderHealth, ...]:
    """The health of each provider, in the order given; all are asked at the same time.

    What is wrong with a service is in its answer; nothing is raised.
    """
    answers = side_by_side(lambda provider: provider.health(), providers.values())
    return tuple(ProviderHealth(key, health) for key, health in zip(providers, answers, strict=True))
