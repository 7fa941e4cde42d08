"""Checks that do not hold, in lines and as documents."""

from collections.abc import Iterable, Iterator
from typing import Any

from reconciler.plan.change import CheckResult
from reconciler.views.line import BLANK, Line, line, wrapped

TITLE = "Checks that do not hold:"
REMEDY = "make it true, or change what the check asserts"


def check_sentence(one: CheckResult) -> str:
    """What a check has to say."""
    told = one.message or one.check.condition.text
    return f"{one.check.name}: {told}" if one.check.is_error else f"{one.check.name} (a warning): {told}"


def check_lines(checks: Iterable[CheckResult], width: int) -> Iterator[Line]:
    """A section with those that do not hold; nothing when all do."""
    failed = [one for one in checks if one.has_failed]
    if not failed:
        return
    yield line(TITLE, "warning")
    for one in failed:
        yield from (line(row) for row in wrapped(check_sentence(one), width, first="  ! "))
    yield BLANK


def check_entry(one: CheckResult) -> dict[str, Any]:
    """A check and what became of it."""
    return {
        "name": one.check.name,
        "status": str(one.verdict),
        "severity": "error" if one.check.is_error else "warning",
        "message": one.message,
        "remedy": REMEDY if one.has_failed else "",
    }


def terraform_check(one: CheckResult) -> dict[str, Any]:
    """A check as Terraform's plans have it."""
    module, _, name = one.check.name.rpartition("check.")
    address = {"kind": "check", "name": name, "to_display": one.check.name}
    if module:
        address["module"] = module.rstrip(".")
    return {
        "address": address,
        "status": str(one.verdict),
        "instances": [
            {
                "address": {"to_display": one.check.name},
                "status": str(one.verdict),
                "problems": [{"message": one.message}] if one.has_failed else [],
            }
        ],
    }
