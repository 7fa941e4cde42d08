"""Changes as a plan file has them. What is at its default is left out."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reconciler.address import Address
from reconciler.plan.action import Action, ActionReason
from reconciler.plan.change import Change, WayBack
from reconciler.plan.file_values import read, write
from reconciler.provider.objects import Earlier, Object
from reconciler.state.object_json import read_object, write_object
from reconciler.values import Sealer

Json = dict[str, Any]

_TEXTS = ("reason", "irreversible", "along", "import_id")
_FLAGS = ("takes_over", "seen_absent", "records_anew", "creates_first")
_NAMES = ("changed", "forced_by", "follows", "triggered_by")


def write_change(change: Change, sealer: Sealer) -> Json:
    """One change; what its object was is there in ``before`` and in what the state had ``recorded``."""
    recorded, live = change.recorded, change.live
    written: Json = {
        "address": str(change.address),
        "action": str(change.action),
        "provider": change.provider,
        "object": None if live is None else {"type": live.type, "id": live.id},
        "recorded": None
        if recorded is None
        else {"address": str(recorded.address), "object": json.loads(write_object(recorded))},
        "planned": write(change.planned, sealer),
        "before": write(change.before, sealer),
    }
    if change.after != change.before:
        written["after"] = write(change.after, sealer)
    written |= {name: getattr(change, name) for name in (*_TEXTS, *_FLAGS) if getattr(change, name)}
    written |= {name: sorted(getattr(change, name)) for name in _NAMES if getattr(change, name)}
    if change.how != "delete":
        written["how"] = change.how
    for name, address in (
        ("goes_with", change.goes_with),
        ("becomes", change.becomes),
        ("takes_from", change.takes_from),
        ("moved_from", change.moved_from),
    ):
        if address is not None:
            written[name] = str(address)
    if change.depends_on:
        written["depends_on"] = [str(address) for address in change.depends_on]
    if change.action_reason is not None:
        written["action_reason"] = str(change.action_reason)
    if change.way_back is not None:
        written["way_back"] = _write_way_back(change.way_back)
    if change.as_of is not None:
        written["as_of"] = write_earlier(change.as_of)
    return written


def read_change(written: Mapping[str, Any]) -> Change:
    """The change that ``write_change`` wrote, without its declaration and with digests for secrets."""
    recorded, found = written["recorded"], written["object"]
    before = read(written["before"])
    return Change(
        Address.parse(written["address"]),
        Action(written["action"]),
        written["provider"],
        live=None if found is None else Object(found["type"], found["id"], before),
        recorded=None
        if recorded is None
        else read_object(recorded["address"], json.dumps(recorded["object"])),
        planned=read(written["planned"]),
        before=before,
        after=read(written["after"]) if "after" in written else before,
        changed=frozenset(written.get("changed", ())),
        forced_by=tuple(written.get("forced_by", ())),
        reason=written.get("reason", ""),
        irreversible=written.get("irreversible", ""),
        how=written.get("how", "delete"),
        goes_with=_address(written.get("goes_with")),
        becomes=_address(written.get("becomes")),
        takes_from=_address(written.get("takes_from")),
        takes_over=written.get("takes_over", False),
        seen_absent=written.get("seen_absent", False),
        depends_on=tuple(map(Address.parse, written.get("depends_on", ()))),
        follows=frozenset(written.get("follows", ())),
        triggered_by=tuple(written.get("triggered_by", ())),
        creates_first=written.get("creates_first", False),
        import_id=written.get("import_id", ""),
        moved_from=_address(written.get("moved_from")),
        records_anew=written.get("records_anew", False),
        along=written.get("along", ""),
        way_back=_read_way_back(written["way_back"]) if "way_back" in written else None,
        as_of=read_earlier(written["as_of"]) if "as_of" in written else None,
        action_reason=ActionReason(written["action_reason"]) if "action_reason" in written else None,
    )


def write_earlier(found: Earlier) -> Json:
    """When the cache was told what it told."""
    return {"read_at": found.read_at.isoformat(), "age": found.age}


def read_earlier(written: Mapping[str, Any]) -> Earlier:
    """What ``write_earlier`` wrote."""
    return Earlier(datetime.fromisoformat(written["read_at"]), written["age"])


def _write_way_back(found: WayBack) -> Json:
    return {
        "recreated": found.is_recreated,
        "id": found.id,
        "lost": found.lost,
        "asked_again": dict(found.asked_again),
        "kept": dict(found.kept),
        "left_alone": list(found.left_alone),
    }


def _read_way_back(written: Mapping[str, Any]) -> WayBack:
    return WayBack(
        written["recreated"],
        written["id"],
        written["lost"],
        written["asked_again"],
        written["kept"],
        tuple(written["left_alone"]),
    )


def _address(text: str | None) -> Address | None:
    return None if text is None else Address.parse(text)
