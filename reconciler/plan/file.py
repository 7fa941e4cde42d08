"""A saved plan as a JSON document, and back. ``schemas/plan-file.schema.json`` describes it.

It is signed with a key that comes from the state's own, so that nobody can change what somebody has looked
at. The state's key is not in it.
"""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reconciler.address import Address
from reconciler.config.sections import Check, Condition
from reconciler.config.stack import Output
from reconciler.diagnostics import Place
from reconciler.errors import Call, ProviderError, ReconcilerError
from reconciler.plan.action import Mode
from reconciler.plan.change import CheckResult, Drift, Held, Plan, PlannedOutput, Unread
from reconciler.plan.conditions import Verdict
from reconciler.plan.file_changes import read_change, read_earlier, write_change, write_earlier
from reconciler.plan.file_values import read, write
from reconciler.plan.saved import SavedPlan, SavedWay
from reconciler.provider.objects import Account
from reconciler.values import Sealer, Unknown

FORMAT = "reconciler plan"
FORMAT_VERSION = 1
"""The version of the document; one that is higher is a newer reconciler's."""

SIGNATURE = "signature"
_PURPOSE = "plan file"

Json = dict[str, Any]


def write_document(saved: SavedPlan, sealer: Sealer) -> Json:
    """The signed document."""
    document: Json = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "id": saved.id,
        "made": saved.made.isoformat(),
        "version": saved.version,
        "stack": saved.stack,
        "environment": saved.environment,
        "realm": saved.realm,
        "lineage": saved.plan.lineage,
        "serial": saved.plan.serial,
        "configuration": saved.configuration,
        "accounts": {key: {"id": one.id, "name": one.name} for key, one in saved.accounts.items()},
        "variables": write(saved.variables, sealer),
        "given": dict(saved.given),
        "replaced": [str(address) for address in saved.replaced],
        "rollback": None
        if saved.way is None
        else {
            "serial": saved.way.serial,
            "undone": list(saved.way.undone),
            "whole": saved.way.is_whole,
        },
        "plan": _write_plan(saved.plan, sealer),
    }
    return {**document, SIGNATURE: signature(document, sealer)}


def signature(document: Mapping[str, Any], sealer: Sealer) -> str:
    """The signature of a document, whatever stands in it as such."""
    unsigned = {name: part for name, part in document.items() if name != SIGNATURE}
    text = json.dumps(unsigned, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return sealer.signature(_PURPOSE, text)


def is_signed(document: Mapping[str, Any], sealer: Sealer) -> bool:
    """Whether it is as it was written, by somebody who has the state's key."""
    given = document.get(SIGNATURE)
    return isinstance(given, str) and hmac.compare_digest(
        given.encode("utf-8", "replace"), signature(document, sealer).encode()
    )


def read_document(document: Mapping[str, Any]) -> SavedPlan:
    """The plan in a document that ``is_signed``."""
    way = document["rollback"]
    return SavedPlan(
        document["id"],
        datetime.fromisoformat(document["made"]),
        document["version"],
        document["stack"],
        document["environment"],
        document["realm"],
        document["configuration"],
        {key: Account(one["id"], one["name"]) for key, one in document["accounts"].items()},
        _read_plan(document["plan"], document["serial"], document["lineage"]),
        read(document["variables"]),
        document["given"],
        tuple(map(Address.parse, document["replaced"])),
        None if way is None else SavedWay(way["serial"], tuple(way["undone"]), way["whole"]),
    )


def _write_plan(plan: Plan, sealer: Sealer) -> Json:
    return {
        "mode": str(plan.mode),
        "refreshed": plan.is_refreshed,
        "changes": [write_change(change, sealer) for change in plan],
        "data": {
            str(address): write(values if isinstance(values, Unknown) else dict(values), sealer)
            for address, values in ((address, plan.values[address]) for address in plan.read)
        },
        "outputs": [
            {
                "name": output.name,
                "before": write(output.before, sealer),
                "after": write(output.after, sealer),
                "sensitive": output.is_sensitive,
                "removed": output.is_removed,
                "changed": output.is_changed,
            }
            for output in plan.outputs
        ],
        "drift": [_write_drift(found, sealer) for found in plan.drift],
        "held": [_write_held(found) for found in plan.held],
        "unread": [
            {"address": str(one.address), "provider": one.provider, "error": _write_error(one.error)}
            for one in plan.unread
        ],
        "only": None if plan.only is None else {str(address): why for address, why in plan.only.items()},
        "excluded": {str(address): why for address, why in plan.excluded.items()},
        "checks": [_write_check(one) for one in plan.checks],
        "cached": {str(address): write_earlier(found) for address, found in plan.cached.items()},
    }


def _read_plan(written: Mapping[str, Any], serial: int, lineage: str) -> Plan:
    data = {Address.parse(text): read(values) for text, values in written["data"].items()}
    outputs = tuple(
        PlannedOutput(
            one["name"],
            read(one["before"]),
            read(one["after"]),
            one["sensitive"],
            one["removed"],
            one["changed"],
        )
        for one in written["outputs"]
    )
    only = written["only"]
    changes = tuple(map(read_change, written["changes"]))
    return Plan(
        changes,
        serial,
        lineage,
        data,
        outputs,
        {
            one.name: Output(one.after, frozenset(), one.is_sensitive, Place(f"output {one.name}", 1, 1))
            for one in outputs
            if not one.is_removed
        },
        tuple(map(_read_drift, written["drift"])),
        unread=tuple(
            Unread(Address.parse(one["address"]), one["provider"], _read_error(one["error"]))
            for one in written["unread"]
        ),
        read=tuple(data),
        only=None if only is None else {Address.parse(text): why for text, why in only.items()},
        held=tuple(map(_read_held, written["held"])),
        cached={Address.parse(text): read_earlier(one) for text, one in written["cached"].items()},
        mode=Mode(written["mode"]),
        excluded={Address.parse(text): why for text, why in written["excluded"].items()},
        is_refreshed=written["refreshed"],
        checks=tuple(map(_read_check, written["checks"])),
        moved_from={one.address: one.moved_from for one in changes if one.moved_from is not None},
    )


def _write_check(one: CheckResult) -> Json:
    return {
        "name": one.check.name,
        "assert": one.check.condition.text,
        "status": str(one.verdict),
        "severity": "error" if one.check.is_error else "warning",
        "message": one.message,
    }


def _read_check(written: Mapping[str, Any]) -> CheckResult:
    """A check to be shown: what it asserts is asked again when the plan is carried out."""
    name, verdict = written["name"], Verdict(written["status"])
    place = Place(name, 1, 1)
    condition = Condition(verdict is Verdict.PASS, written["message"], frozenset(), place, written["assert"])
    check = Check(name, condition, written["severity"] == "error", place)
    return CheckResult(check, verdict, written["message"])


def _write_drift(found: Drift, sealer: Sealer) -> Json:
    return {
        "address": str(found.address),
        "provider": found.provider,
        "prior": write(found.prior, sealer),
        "live": None if found.live is None else write(found.live, sealer),
        "attributes": list(found.attributes),
        "as_of": None if found.as_of is None else write_earlier(found.as_of),
    }


def _read_drift(written: Mapping[str, Any]) -> Drift:
    return Drift(
        Address.parse(written["address"]),
        written["provider"],
        read(written["prior"]),
        None if written["live"] is None else read(written["live"]),
        tuple(written["attributes"]),
        None if written["as_of"] is None else read_earlier(written["as_of"]),
    )


def _write_held(found: Held) -> Json:
    return {
        "address": str(found.address),
        "provider": found.provider,
        "reason": found.reason,
        "because": None if found.because is None else str(found.because),
        "error": None if found.error is None else _write_error(found.error),
    }


def _read_held(written: Mapping[str, Any]) -> Held:
    return Held(
        Address.parse(written["address"]),
        written["provider"],
        written["reason"],
        None if written["because"] is None else Address.parse(written["because"]),
        None if written["error"] is None else _read_error(written["error"]),
    )


def _write_error(error: ReconcilerError) -> Json:
    if not isinstance(error, ProviderError):
        return {"service": "", "operation": "", "cause": str(error), "remedy": "", "code": ""}
    return {
        "service": error.call.service,
        "operation": error.call.operation,
        "cause": error.cause,
        "remedy": error.advice,
        "code": error.code,
    }


def _read_error(written: Mapping[str, str]) -> ProviderError:
    call = Call(written["service"], written["operation"])
    return ProviderError(written["cause"], call=call, remedy=written["remedy"], code=written["code"])
