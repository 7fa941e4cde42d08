"""A good answer on its way into the history and out again, so that it need not be asked for twice."""

import json
from datetime import datetime

from reconciler.provider.objects import Account, Health, Quota


def kept(health: Health) -> str:
    """A good answer as text; empty for any other: what is wrong is asked for again."""
    if health.error is not None or not health.is_authenticated:
        return ""
    account = health.account
    return json.dumps(
        {
            "latency": health.latency,
            "account": None if account is None else [account.id, account.name],
            "missing_scopes": list(health.missing_scopes),
            "quotas": [[one.name, one.remaining, one.limit, one.resets_in] for one in health.quotas],
        },
        sort_keys=True,
    )


def reused(text: str, age: float) -> Health | None:
    """The answer again, ``age`` seconds later; None when a limit has begun anew meanwhile."""
    if not text:
        return None
    parts = json.loads(text)
    quotas = tuple(Quota(name, left, limit, resets - age) for name, left, limit, resets in parts["quotas"])
    if any(quota.resets_in <= 0 for quota in quotas):
        return None
    return Health(
        is_reachable=True,
        is_authenticated=True,
        latency=parts["latency"],
        account=Account(*parts["account"]) if parts["account"] else None,
        missing_scopes=tuple(parts["missing_scopes"]),
        quotas=quotas,
    )


def age_of(moment: datetime, now: datetime) -> float:
    """Seconds since a moment."""
    return (now - moment).total_seconds()
