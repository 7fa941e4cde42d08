"""A whole state as a JSON document, and back: what ``state pull`` writes and ``state push`` reads.

``schemas/state-file.schema.json`` describes it. The key that digests are made with is never in it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reconciler.provider.objects import Account
from reconciler.state.model import Hold, SnapshotName, StateObject
from reconciler.state.object_json import read_objects, read_value, write_object, write_value
from reconciler.values import Value

FORMAT_VERSION = 1
"""The version of the document; one that is higher is a newer reconciler's."""

_DEFAULTS: Mapping[str, Any] = {
    "declared": {},
    "expressions": {},
    "depends_on": [],
    "schema_version": 1,
    "prevent_destroy": False,
    "on_destroy": None,
}
"""The fields that ``write_object`` leaves out."""


@dataclass(frozen=True, slots=True)
class StateDocument:
    """A state at its latest serial, without its history."""

    stack: str
    environment: str
    realm: str
    lineage: str
    serial: int
    accounts: Mapping[str, Account]
    objects: tuple[StateObject, ...]
    outputs: Mapping[str, Value]
    holds: tuple[Hold, ...]
    names: tuple[SnapshotName, ...] | None = ()
    """The names of snapshots; None in a document that says nothing of them."""


def write_document(state: StateDocument) -> dict[str, Any]:
    """The document; objects in the order given. Raises StateError for what cannot be kept."""
    return {
        "format_version": FORMAT_VERSION,
        "lineage": state.lineage,
        "serial": state.serial,
        "stack": state.stack,
        "environment": state.environment,
        "realm": state.realm,
        "accounts": {key: {"id": one.id, "name": one.name} for key, one in state.accounts.items()},
        "objects": [_write(known) for known in state.objects],
        "outputs": json.loads(write_value(dict(state.outputs))),
        "holds": [
            {
                "configuration": hold.configuration,
                "run": hold.run,
                "when": hold.when.isoformat(),
                "who": hold.who,
                "why": hold.why,
            }
            for hold in state.holds
        ],
        "names": [
            {"name": one.name, "serial": one.serial, "when": one.when.isoformat(), "who": one.who}
            for one in state.names or ()
        ],
    }


def read_document(document: Mapping[str, Any]) -> StateDocument:
    """The state that a document describes, which satisfies the schema and whose addresses are addresses.

    Raises ValueError for a moment that is on no calendar.
    """
    return StateDocument(
        document["stack"],
        document["environment"],
        document["realm"],
        document["lineage"],
        document["serial"],
        {key: Account(one["id"], one["name"]) for key, one in document["accounts"].items()},
        tuple(read_objects((fields["address"], _fields(fields)) for fields in document["objects"])),
        dict(read_value(json.dumps(document["outputs"]))),
        tuple(
            Hold(
                one["configuration"], one["run"], datetime.fromisoformat(one["when"]), one["who"], one["why"]
            )
            for one in document["holds"]
        ),
        _names(document["names"]) if "names" in document else None,
    )


def _names(written: Sequence[Mapping[str, Any]]) -> tuple[SnapshotName, ...]:
    return tuple(
        SnapshotName(one["name"], one["serial"], datetime.fromisoformat(one["when"]), one["who"])
        for one in written
    )


def same(one: StateObject, other: StateObject) -> bool:
    """Whether two objects are recorded alike. The order of keys does not count; ``1``, ``1.0`` and ``true``
    are three values."""
    return one.address == other.address and _canonical(one) == _canonical(other)


def _canonical(known: StateObject) -> str:
    return json.dumps(json.loads(write_object(known)), sort_keys=True)


def _write(known: StateObject) -> dict[str, Any]:
    written = {"address": str(known.address), **_DEFAULTS, **json.loads(write_object(known))}
    written["side_effects"] = [
        {"type": kind, "key": values} for kind, values in written.get("side_effects", ())
    ]
    first = ("address", "provider", "id", "attributes")
    return {name: written[name] for name in (*first, *_DEFAULTS, "side_effects")}


def _fields(written: Mapping[str, Any]) -> str:
    """An object of a document as ``write_object`` writes it, but for its defaults."""
    fields = {name: value for name, value in written.items() if name != "address"}
    fields["side_effects"] = [[one["type"], one["key"]] for one in written["side_effects"]]
    return json.dumps(fields)
