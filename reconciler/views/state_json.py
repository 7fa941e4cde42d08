"""What state remembers, as JSON. Digests are not shown.

``schemas/`` describes it: ``state``, ``snapshots``, ``snapshot-names`` and ``snapshot-diff``.schema.json.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.address import Address
from reconciler.plan.world import Types
from reconciler.state.history import Difference, SnapshotDifference
from reconciler.state.model import Run, Snapshot, SnapshotName, StateObject
from reconciler.values import Sensitive, Value
from reconciler.views.explanation import explanation_document
from reconciler.views.hiding import facts_of, hidden
from reconciler.views.outputs_text import outputs_document
from reconciler.views.terraform_state import identity
from reconciler.views.terraform_values import masked, sensitive_shadow, timestamp

Json = dict[str, Any]


def state_document(
    objects: Mapping[Address, StateObject],
    outputs: Mapping[str, Value],
    types: Types,
    *,
    serial: int,
    lineage: str,
) -> Json:
    """The state at a serial: every object with its attributes, and the outputs."""
    ordered = sorted(objects.values(), key=lambda found: str(found.address))
    return {
        "serial": serial,
        "lineage": lineage,
        "resources": [object_document(found, types) for found in ordered],
        "outputs": outputs_document(outputs),
    }


def object_document(found: StateObject, types: Types) -> Json:
    """One object."""
    attributes = hidden(found.attributes, facts_of(found.address, types))
    return {
        **identity(found.address),
        "provider": found.provider,
        "id": found.id,
        "schema_version": found.schema_version,
        "attributes": masked(attributes),
        "sensitive_attributes": sensitive_shadow(attributes),
        "declared": sorted(found.declared),
        "depends_on": [str(address) for address in found.depends_on],
        "prevent_destroy": found.prevent_destroy,
        "on_destroy": found.on_destroy,
    }


def snapshots_document(
    snapshots: Iterable[Snapshot], runs: Iterable[Run], names: Iterable[SnapshotName] = ()
) -> Json:
    """The snapshots, the runs that made them and the names they were given, oldest first."""
    return {
        "runs": [run_document(run) for run in runs],
        "snapshots": [
            {
                "serial": snapshot.serial,
                "run": snapshot.run,
                "address": str(snapshot.address),
                "action": snapshot.action,
                "when": timestamp(snapshot.when),
            }
            for snapshot in snapshots
        ],
        **names_document(names),
    }


def names_document(names: Iterable[SnapshotName]) -> Json:
    """The names of snapshots, the oldest snapshot first."""
    return {
        "names": [
            {"name": given.name, "serial": given.serial, "when": timestamp(given.when), "who": given.who}
            for given in names
        ]
    }


def run_document(run: Run) -> Json:
    """One run; null for what is not known yet."""
    return {
        "id": run.id,
        "command": run.command,
        "outcome": str(run.outcome),
        "started": timestamp(run.started),
        "ended": None if run.ended is None else timestamp(run.ended),
        "who": run.who,
        "commit": run.commit,
        "pull_request": run.pull_request,
        "why": run.why,
        "from_serial": run.from_serial,
        "to_serial": run.to_serial,
    }


def snapshot_difference_document(found: SnapshotDifference, types: Types) -> Json:
    """What differs between two serials, or one and the services: addresses, attributes before and after."""
    return {
        "before": found.before,
        "after": found.after,
        "added": sorted(map(str, found.added)),
        "removed": sorted(map(str, found.removed)),
        "changed": [
            {
                "address": str(address),
                "recreated": changed.is_recreated,
                "attributes": _differences(changed.attributes, address, types),
            }
            for address, changed in sorted(found.changed.items(), key=lambda item: str(item[0]))
        ],
        "outputs": {name: _difference(each) for name, each in found.outputs.items()},
        "unread": [
            {"address": str(address), "error": explanation_document(error)}
            for address, error in sorted(found.unread.items(), key=lambda item: str(item[0]))
        ],
    }


def _differences(found: Mapping[str, Difference], address: Address, types: Types) -> Json:
    attributes = facts_of(address, types).attributes
    return {
        name: _difference(each, is_hidden=name in attributes and attributes[name].is_sensitive)
        for name, each in found.items()
    }


def _difference(found: Difference, *, is_hidden: bool = False) -> Json:
    before, after = (
        Sensitive(value) if is_hidden and value is not None else value
        for value in (found.before, found.after)
    )
    return {"before": masked(before), "after": masked(after)}
