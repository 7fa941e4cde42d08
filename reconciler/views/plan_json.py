"""A plan in Terraform's JSON plan representation, for the tools that read those.

Source: developer.hashicorp.com/terraform/internals/json-format, "Plan representation". The keys of a change
are always there, all of them. What Terraform has no place for stands under the key ``reconciler``, of the
plan and of each resource change. ``schemas/plan.schema.json`` describes the document.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from reconciler.address import Address
from reconciler.plan.action import Action, ActionReason
from reconciler.plan.change import Change, Drift, Expectation, Plan, PlannedOutput, WayBack
from reconciler.plan.cost import Cost
from reconciler.plan.world import Types
from reconciler.provider.facts import ResourceType
from reconciler.state.deposed import origin
from reconciler.values import Sensitive, Value, is_sensitive
from reconciler.views.cache_text import cached_document, earlier_document
from reconciler.views.check_text import terraform_check
from reconciler.views.explanation import explain
from reconciler.views.held_text import held_document
from reconciler.views.hiding import facts_of, hidden
from reconciler.views.plan_summary import counts
from reconciler.views.settling import settled
from reconciler.views.terraform_state import (
    identity,
    planned_values,
    prior_values,
    provider_name,
)
from reconciler.views.terraform_values import change_of, masked, timestamp
from reconciler.views.value_text import value_text

FORMAT_VERSION = "1.2"
TERRAFORM_VERSION = "1.11.0"
"""The version of Terraform whose plans these are like."""

Json = Any

_ACTIONS = {
    Action.REPLACE: ["delete", "create"],
    Action.NO_OP: ["no-op"],
}


def plan_document(
    plan: Plan,
    types: Types,
    *,
    moment: datetime,
    cost: Cost | None = None,
    variables: Mapping[str, Value] | None = None,
) -> dict[str, Json]:
    """The plan as a JSON document; ``moment`` is when it was made, ``variables`` the stack's, by name."""
    return {
        "format_version": FORMAT_VERSION,
        "terraform_version": TERRAFORM_VERSION,
        "variables": {name: {"value": masked(value)} for name, value in (variables or {}).items()},
        "planned_values": planned_values(plan, types),
        "resource_drift": [_drift(found, types) for found in plan.drift],
        "resource_changes": [_change(change, types) for change in plan],
        "output_changes": {output.name: _output(output) for output in plan.outputs},
        "prior_state": {
            "format_version": "1.0",
            "terraform_version": TERRAFORM_VERSION,
            "values": prior_values(plan, types),
        },
        "configuration": _configuration(plan, types),
        "relevant_attributes": [],
        "checks": [
            *map(terraform_check, plan.checks),
            *(_check(failed) for failed in plan.failed_expectations),
        ],
        "timestamp": timestamp(moment),
        "applyable": plan.has_changes,
        "complete": not (plan.unread or plan.held),
        "errored": False,
        "reconciler": _ours(plan, cost),
    }


def _change(change: Change, types: Types) -> dict[str, Json]:
    removes = change.action in (Action.DELETE, Action.FORGET)
    facts = facts_of(change.address, types)
    before = hidden(change.before, facts) if change.live is not None else None
    after = None if removes else hidden(_after(change, facts), facts)
    found = change_of(
        ["create", "delete"] if change.creates_first else _ACTIONS.get(change.action, [str(change.action)]),
        before,
        after,
        [[name] for name in change.forced_by],
    )
    if change.takes_over and change.live is not None:
        found["importing"] = {"id": change.import_id or change.live.id}
    entry = {
        **identity(change.address),
        "provider_name": provider_name(change.address),
        "change": found,
        "reconciler": _ours_of(change),
    }
    if (stood_at := origin(change.address)) is not None:
        del entry["index"]
        entry |= {**identity(stood_at), "deposed": str(change.address.key)[-9:-1]}
    if change.moved_from is not None:
        entry["previous_address"] = str(change.moved_from)
    if reason := _action_reason(change):
        entry["action_reason"] = reason
    return entry


def _after(change: Change, facts: ResourceType) -> dict[str, Value]:
    """What will be, nested attributes whole even where only a part of them is declared."""
    if change.action not in (Action.UPDATE, Action.NO_OP):
        return dict(change.after)
    return {
        name: settled(
            change.before[name],
            value,
            facts.attributes[name].schema,
            facts.attributes[name].is_whole(change.planned),
        )
        if name in change.before and name in facts.attributes
        else value
        for name, value in change.after.items()
    }


def _action_reason(change: Change) -> str:
    """Terraform's own word for why; nothing where it has none that fits."""
    if change.action is Action.READ:
        return str(ActionReason.READ_BECAUSE_CONFIG_UNKNOWN)
    if change.action is Action.REPLACE and change.forced_by:
        return str(ActionReason.REPLACE_BECAUSE_CANNOT_UPDATE)
    if change.action is Action.REPLACE and change.triggered_by:
        return str(ActionReason.REPLACE_BY_TRIGGERS)
    return str(change.action_reason or "")


def _ours_of(change: Change) -> dict[str, Json]:
    return {
        "provider": change.provider,
        "reason": change.reason,
        "irreversible": change.irreversible,
        "how": change.how if change.action in (Action.DELETE, Action.REPLACE) else None,
        "goes_with": str(change.goes_with) if change.goes_with else None,
        "takes_over": change.takes_over,
        "changed": sorted(change.changed),
        "depends_on": [str(address) for address in change.depends_on],
        "along": change.along,
        "way_back": None if change.way_back is None else _way_back(change.way_back),
        "as_of": earlier_document(change.as_of),
    }


def _way_back(found: WayBack) -> dict[str, Json]:
    return {
        "recreated": found.is_recreated,
        "id": found.id,
        "lost": found.lost,
        "asked_again": dict(found.asked_again),
        "kept": dict(found.kept),
        "left_alone": list(found.left_alone),
    }


def _drift(found: Drift, types: Types) -> dict[str, Json]:
    actions = ["delete"] if found.is_missing else ["update"]
    facts = facts_of(found.address, types)
    live = None if found.live is None else hidden(found.live, facts)
    return {
        **identity(found.address),
        "provider_name": provider_name(found.address),
        "change": change_of(actions, hidden(found.prior, facts), live),
        "reconciler": {
            "provider": found.provider,
            "changed": list(found.attributes),
            "as_of": earlier_document(found.as_of),
        },
    }


def _output(output: PlannedOutput) -> dict[str, Json]:
    if output.is_removed:
        action = "delete"
    elif output.before is None:
        action = "create"
    else:
        action = "update" if output.is_changed else "no-op"
    before, after = (
        Sensitive(value) if output.is_sensitive and value is not None else value
        for value in (output.before, output.after)
    )
    found = change_of([action], before, after)
    if after is None:
        found["after_unknown"] = False
    if output.is_sensitive:  # Terraform marks the output, not the value
        found["before_sensitive"] = found["after_sensitive"] = True
    return found


def _configuration(plan: Plan, types: Types) -> dict[str, Json]:
    """What is declared, as far as a plan remembers it: names and references, no expressions."""
    declared = [change for change in plan if change.action not in (Action.DELETE, Action.FORGET)]
    keys = {change.provider: provider_name(change.address) for change in declared}
    resources: dict[str, Json] = {}
    for change in declared:
        address = change.address
        if not address.module:
            named = identity(Address(address.type, address.name, is_data=address.is_data))
            resources[named["address"]] = {
                **named,
                "provider_config_key": change.provider,
                "expressions": {},
                "schema_version": facts_of(address, types).version,
            }
    outputs: dict[str, Json] = {name: {"expression": {}} for name in plan.declared_outputs}
    return {
        "provider_config": {key: {"name": name, "full_name": name} for key, name in keys.items()},
        "root_module": {"outputs": outputs, "resources": list(resources.values())},
    }


def _check(failed: Expectation) -> dict[str, Json]:
    address = failed.address
    named = identity(address)
    whole = f"{'data.' if address.is_data else ''}{address.type}.{address.name}"
    if address.module:
        whole = f"{named['module_address']}.{whole}"
    kind = {"kind": "resource", "mode": named["mode"], "type": address.type, "name": address.name}
    is_hidden = is_sensitive([failed.expected, failed.actual])
    problem = (
        f"{failed.attribute} should be {value_text(failed.expected)}, but is {value_text(failed.actual)}"
    )
    message = f"{failed.attribute} is not as expected" if is_hidden else problem
    return {
        "address": {**kind, "to_display": whole},
        "status": "fail",
        "instances": [
            {
                "address": {"to_display": str(address)},
                "status": "fail",
                "problems": [{"message": message}],
            }
        ],
    }


def _ours(plan: Plan, cost: Cost | None) -> dict[str, Json]:
    return {
        "serial": plan.serial,
        "lineage": plan.lineage,
        "counts": counts(plan),
        "cost": None if cost is None else cost_document(cost),
        "unread": list(_unread(plan)),
        "held": held_document(plan.held),
        "cached": cached_document(plan.cached),
        "mode": str(plan.mode),
        "refreshed": plan.is_refreshed,
        "excluded": {
            str(address): why for address, why in sorted(plan.excluded.items(), key=lambda item: str(item[0]))
        },
        "only": None
        if plan.only is None
        else {str(address): why for address, why in sorted(plan.only.items(), key=lambda item: str(item[0]))},
    }


def _unread(plan: Plan) -> Iterator[dict[str, Json]]:
    for unread in plan.unread:
        told = explain(unread.error)
        yield {
            "address": str(unread.address),
            "provider": unread.provider,
            "code": told.code,
            "cause": told.cause,
            "remedy": told.remedy,
        }


def cost_document(cost: Cost) -> dict[str, Json]:
    """Calls by provider key, seconds, and what is left of each service's limit."""
    return {
        "calls": dict(cost.calls),
        "seconds": round(cost.seconds, 3),
        "retries": dict(cost.retries),
        "pacing": [
            {
                "provider": pacing.provider,
                "limit": pacing.limit.name,
                "count": pacing.limit.count,
                "in_seconds": pacing.limit.seconds,
                "what": pacing.limit.what,
                "source": pacing.limit.source,
                "units": pacing.units,
                "seconds": round(pacing.seconds, 3),
                "kept": pacing.limit.is_kept,
            }
            for pacing in cost.pacing
        ],
        "quotas": {
            provider: {
                "name": quota.name,
                "remaining": quota.remaining,
                "limit": quota.limit,
                "resets_in_seconds": round(quota.resets_in, 3),
            }
            for provider, quota in cost.quotas.items()
        },
    }
