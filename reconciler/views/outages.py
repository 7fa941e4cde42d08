"""The sandbox's outages as lines of text."""

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler.views.line import columns
from reconciler.views.plan_summary import duration


def outage_lines(shown: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """A line for each outage; one that says so, if there are none."""
    rows = [
        (each["service"], each["mode"], _when(each), f"{each['rate']:.0%} of calls", _counts(each))
        for each in shown["outages"]
    ]
    return list(columns(rows)) if rows else ["All services are well."]


def _when(each: Mapping[str, Any]) -> str:
    match each["is"]:
        case "over":
            return "is over"
        case "to come":
            return f"begins in {duration(each['begins_in'])}"
    return "until it is ended" if each["ends_in"] is None else f"for another {duration(each['ends_in'])}"


def _counts(each: Mapping[str, Any]) -> str:
    return f"{each['hit']} of {each['calls']} hit" if each["calls"] else ""
