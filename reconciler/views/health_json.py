"""How each service is, as JSON: ``schemas/health.schema.json``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from reconciler.health.report import ProviderHealth
from reconciler.views.explanation import explanation_document
from reconciler.views.health_text import remedy, status
from reconciler.views.terraform_values import timestamp

Json = dict[str, Any]


def health_document(found: Sequence[ProviderHealth], *, moment: datetime) -> Json:
    """All providers; ``moment`` is when they were asked."""
    return {
        "timestamp": timestamp(moment),
        "healthy": all(each.health.is_healthy for each in found),
        "providers": [provider_document(each) for each in found],
    }


def provider_document(found: ProviderHealth) -> Json:
    """One provider; seconds and counts, null for what is not known."""
    health = found.health
    account = health.account
    return {
        "provider": found.provider,
        "status": status(health),
        "healthy": health.is_healthy,
        "reachable": health.is_reachable,
        "authenticated": health.is_authenticated,
        "account": None if account is None else {"id": account.id, "name": account.name},
        "latency_seconds": health.latency,
        "missing_scopes": list(health.missing_scopes),
        "quotas": [
            {
                "name": quota.name,
                "remaining": quota.remaining,
                "limit": quota.limit,
                "resets_in_seconds": quota.resets_in,
            }
            for quota in health.quotas
        ],
        "error": None if health.error is None else explanation_document(health.error),
        "remedy": remedy(health),
        "details": dict(health.details),
    }
