"""How each service is, as JSON: ``schemas/health.schema.json``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from reconciler.health.report import ProviderHealth
from reconciler.health.watching import Transition
from reconciler.views.explanation import explanation_document
from reconciler.views.health_text import reason, remedy
from reconciler.views.terraform_values import timestamp

Json = dict[str, Any]


def health_document(found: Sequence[ProviderHealth], *, moment: datetime) -> Json:
    """All providers; ``moment`` is when the command was given."""
    return {
        "timestamp": timestamp(moment),
        "ready": all(each.is_ready for each in found),
        "providers": [provider_document(each) for each in found],
    }


def transition_document(found: Transition) -> Json:
    """One line of ``health --watch --json``: ``schemas/health-event.schema.json``."""
    return {
        "event": "transition",
        "time": timestamp(found.after.asked),
        "from": None if found.before is None else str(found.before),
        **provider_document(found.after),
    }


def provider_document(found: ProviderHealth) -> Json:
    """One provider; seconds, shares and counts, null for what is not known."""
    health = found.health
    account = health.account
    since = found.standing.since
    return {
        "provider": found.provider,
        "state": str(found.state),
        "circuit": None
        if found.circuit is None
        else {"state": str(found.circuit.state), "since": timestamp(found.circuit.since)},
        "since": None if since is None else timestamp(since),
        "asked": timestamp(found.asked),
        "reachable": health.is_reachable,
        "authenticated": health.is_authenticated,
        "account": None if account is None else {"id": account.id, "name": account.name},
        "latency_seconds": health.latency,
        "last_24_hours": None
        if found.figures is None
        else {
            "checks": found.figures.checks,
            "p50_seconds": found.figures.p50,
            "p95_seconds": found.figures.p95,
            "p99_seconds": found.figures.p99,
            "uptime": found.figures.uptime,
        },
        "missing_scopes": list(health.missing_scopes),
        "lacking_scopes": list(found.lacking),
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
        "reason": reason(found),
        "remedy": remedy(found),
        "details": dict(health.details),
    }
