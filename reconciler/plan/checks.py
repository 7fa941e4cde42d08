"""The stack's checks, asked of a plan; and the plan as they see it."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from reconciler import codes
from reconciler.address import Address
from reconciler.config.checks import PLAN, as_written
from reconciler.config.sections import Check
from reconciler.diagnostics import Diagnostic
from reconciler.errors import InvalidConfiguration
from reconciler.plan.action import Action
from reconciler.plan.change import Change, CheckResult, Plan
from reconciler.plan.conditions import Verdict, ask
from reconciler.values import Unknown, Value, is_known, is_sensitive

Values = Mapping[Address, Mapping[str, Value] | Unknown]

_COUNTS: Mapping[str, Callable[[Change], bool]] = {
    "creates": lambda change: change.action is Action.CREATE,
    "updates": lambda change: change.action is Action.UPDATE,
    "replaces": lambda change: change.action is Action.REPLACE,
    "deletes": lambda change: change.action is Action.DELETE,
    "forgets": lambda change: change.action is Action.FORGET,
    "imports": lambda change: bool(change.import_id),
    "moves": lambda change: change.moved_from is not None,
}


def checked(checks: Iterable[Check], plan: Plan, values: Values | None = None) -> tuple[CheckResult, ...]:
    """What became of each check, given a plan; ``values`` are what expressions see, if not what it says."""
    return tuple(_checked(check, plan, plan.values if values is None else values) for check in checks)


def asked_again(plan: Plan, values: Values) -> tuple[CheckResult, ...]:
    """The checks that nobody could answer before the plan was carried out."""
    return checked((one.check for one in plan.checks if one.verdict is Verdict.UNKNOWN), plan, values)


def refusals(checks: Iterable[CheckResult]) -> Iterator[Diagnostic]:
    """Those that do not hold and are no mere warnings, as problems."""
    for one in checks:
        if one.is_refusal:
            text = one.check.condition.text
            yield Diagnostic(
                f"{one.check.name} does not hold: {one.message or text}",
                f"make it true: {text}" if text else "change what it asserts",
                one.check.condition.place,
                code=codes.CONDITION,
            )


def _checked(check: Check, plan: Plan, values: Values) -> CheckResult:
    if not check.condition.references - {PLAN} <= values.keys():
        return CheckResult(check, Verdict.UNKNOWN)  # a plan for a part of the stack knows nothing of the rest

    def scope(address: Address) -> Mapping[str, Value] | Unknown:
        return plan_value(plan) if address == PLAN else values[address]

    try:
        asked = ask(check.condition, scope)
    except InvalidConfiguration as invalid:
        told = "; ".join(found.summary for found in invalid.diagnostics)
        return CheckResult(check, Verdict.FAIL, as_written(told))
    return CheckResult(check, asked.verdict, asked.message)


def plan_value(plan: Plan) -> dict[str, Value]:
    """The plan as checks see it: what is secret is ``(sensitive)``, what is unknown is null and is named."""
    shown = plan.visible
    counts = {name: sum(map(is_one, shown)) for name, is_one in _COUNTS.items()}
    return {"changes": [_change(change) for change in shown], **counts}


def _change(change: Change) -> dict[str, Value]:
    address = change.address
    return {
        "address": str(address),
        "type": address.type,
        "name": address.name,
        "key": address.key,
        "module": ".".join(map(str, address.module)),
        "provider": change.provider,
        "action": str(change.action),
        "changed": sorted(change.changed),
        "forced_by": list(change.forced_by),
        "reason": change.reason,
        "irreversible": change.irreversible,
        "before": _shown(change.before),
        "after": {} if change.action is Action.DELETE else _shown(change.after),
        "after_unknown": sorted(name for name, value in change.after.items() if not is_known(value)),
    }


def _shown(attributes: Mapping[str, Value]) -> dict[str, Value]:
    return {
        name: None if not is_known(value) else "(sensitive)" if is_sensitive(value) else value
        for name, value in attributes.items()
    }
