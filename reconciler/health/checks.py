"""Asking services how they are."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from reconciler.health.report import ProviderHealth
from reconciler.provider.protocol import Provider


def check(providers: Mapping[str, Provider]) -> tuple[ProviderHealth, ...]:
    """The health of each provider, in the order given; all are asked at the same time.

    What is wrong with a service is in its answer; nothing is raised.
    """
    if not providers:
        return ()
    with ThreadPoolExecutor(max_workers=len(providers)) as pool:
        answers = pool.map(lambda provider: provider.health(), providers.values())
        return tuple(ProviderHealth(key, health) for key, health in zip(providers, answers, strict=True))
