"""What is done while a service is down: nothing, plans from what was read last, or writes put off."""

from collections.abc import Mapping

from reconciler.config.stack import ProviderConfiguration
from reconciler.errors import Forbidden, ProviderError, Unauthorized
from reconciler.operations import switches

FALLBACK = "INTEGRATION_FALLBACK_ENABLED"
"""``false`` in the environment: every provider's ``fallback`` is ``fail``."""

QUEUE = "LOCAL_STORAGE_FALLBACK"
"""``false`` in the environment: there is no queue of deferred writes; ``queue`` is ``cached`` then."""

Configured = Mapping[str, ProviderConfiguration]


def fallback_of(configured: Configured, key: str, environ: Mapping[str, str]) -> str:
    """``fail``, ``cached`` or ``queue``. Raises Refused for what the environment says and makes no sense."""
    configuration = configured.get(key)
    declared = str(configuration.settings.get("fallback", "fail")) if configuration else "fail"
    is_enabled = switches.is_on(environ, FALLBACK, otherwise=True)
    has_queue = switches.is_on(environ, QUEUE, otherwise=True)
    if not is_enabled:
        return "fail"
    return "cached" if declared == "queue" and not has_queue else declared


def can_wait(configured: Configured, key: str, environ: Mapping[str, str], error: ProviderError) -> bool:
    """Whether the writes of a provider that is not ready are put off. Raises Refused.

    Wrong credentials are no outage: they do not end by themselves.
    """
    is_outage = not isinstance(error, Unauthorized | Forbidden)
    return fallback_of(configured, key, environ) == "queue" and is_outage
