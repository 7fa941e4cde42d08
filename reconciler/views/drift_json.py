"""A drift report as JSON: ``schemas/drift.schema.json``."""

from datetime import datetime
from typing import Any

from reconciler.health.report import DriftReport
from reconciler.plan.change import Drift, Unread
from reconciler.plan.world import Types
from reconciler.views.cache_text import cached_document, earlier_document
from reconciler.views.check_text import check_entry
from reconciler.views.drift_text import EXPECTATION_REMEDY, drift_remedy, unmanaged_remedy
from reconciler.views.explanation import explanation_document
from reconciler.views.health_json import provider_document
from reconciler.views.hiding import facts_of, hidden
from reconciler.views.terraform_values import masked, timestamp

Json = dict[str, Any]


def drift_document(report: DriftReport, types: Types, *, moment: datetime) -> Json:
    """The whole report; ``moment`` is when the services were asked."""
    return {
        "timestamp": timestamp(moment),
        "drift": report.has_drift,
        "checked": report.checked,
        "changed": [_changed(found, types) for found in report.changed],
        "failed_expectations": [
            {
                "address": str(failed.address),
                "attribute": failed.attribute,
                "expected": masked(failed.expected),
                "actual": masked(failed.actual),
                "remedy": EXPECTATION_REMEDY,
            }
            for failed in report.failed_expectations
        ],
        "failed_checks": [check_entry(one) for one in report.failed_checks],
        "cached": cached_document(report.cached),
        "unread": [unread_entry(found) for found in report.unread],
        "unhealthy_resources": [
            {
                "address": str(found.address),
                "provider": found.provider,
                "error": explanation_document(found.error),
            }
            for found in report.unhealthy_resources
        ],
        "health": [provider_document(found) for found in report.health],
        "unlisted": dict(report.unlisted),
        "unmanaged": [
            {
                "provider": found.provider,
                "type": found.object.type,
                "id": found.object.id,
                "import_id": found.import_id,
                "remedy": unmanaged_remedy(found),
            }
            for found in report.unmanaged
        ],
    }


def drift_entry(found: Drift) -> Json:
    """An object that is not as it was left, without its values."""
    return {
        "address": str(found.address),
        "provider": found.provider,
        "missing": found.is_missing,
        "attributes": list(found.attributes),
    }


def unread_entry(found: Unread) -> Json:
    """An object that could not be read, and why."""
    return {
        "address": str(found.address),
        "provider": found.provider,
        "error": explanation_document(found.error),
    }


def drift_values(found: Drift, types: Types) -> tuple[Any, Any]:
    """The attributes that differ as they were and as they are, masked; None for an object that is gone."""
    facts = facts_of(found.address, types)
    prior = hidden({name: found.prior.get(name) for name in found.attributes}, facts)
    live = hidden({name: (found.live or {}).get(name) for name in found.attributes}, facts)
    return masked(prior), None if found.is_missing else masked(live)


def _changed(found: Drift, types: Types) -> Json:
    prior, live = drift_values(found, types)
    return {
        **drift_entry(found),
        "prior": prior,
        "live": live,
        "remedy": drift_remedy(found),
        "as_of": earlier_document(found.as_of),
    }
