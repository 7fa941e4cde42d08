"""Rows of a state file as values, and back."""

import json
import zlib
from datetime import datetime
from typing import Any

from reconciler.address import Address
from reconciler.provider.objects import ObjectKey
from reconciler.state.model import Hold, Intent, Run, RunOutcome, Snapshot
from reconciler.state.object_json import read_object, read_value, write_object, write_value

Row = tuple[Any, ...]

SELECT_RUNS = (
    "SELECT id, command, started, who, from_serial, git_commit, pull_request, configuration, why, "
    "to_serial, ended, outcome, target FROM run ORDER BY position"
)
INSERT_RUN = (
    "INSERT INTO run (id, command, started, who, from_serial, git_commit, pull_request, configuration, why, "
    "to_serial, ended, outcome, target) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
SELECT_OPEN_INTENTS = (
    "SELECT run, step, address, action, provider, id, key, seen_absent, step_group, seen, meant FROM intent "
    "INDEXED BY open_intent WHERE is_open AND run IS NOT ? ORDER BY position"
)
INSERT_INTENT = (
    "INSERT INTO intent (run, step, address, action, provider, id, key, seen_absent, step_group, seen, "
    "meant) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
SELECT_HOLDS = "SELECT configuration, run, held, who, why FROM hold ORDER BY held, configuration"
REPLACE_HOLD = "INSERT OR REPLACE INTO hold (configuration, run, held, who, why) VALUES (?, ?, ?, ?, ?)"
SELECT_SNAPSHOTS = (
    "SELECT from_serial, run, address, action, committed FROM version WHERE from_serial > ? "
    "ORDER BY from_serial"
)


def checksum(serial: int, address: str, waits_for: str, text: str | None) -> int:
    """What a version's row is checked by: a change of any of its parts, or of its place, shows."""
    return zlib.crc32(f"{serial}\n{address}\n{waits_for}\n{text}".encode())


def run_row(run: Run) -> Row:
    """A run as the values of INSERT_RUN."""
    return (
        run.id,
        run.command,
        run.started.isoformat(),
        run.who,
        run.from_serial,
        run.commit,
        run.pull_request,
        run.configuration,
        run.why,
        run.to_serial,
        run.ended.isoformat() if run.ended else None,
        run.outcome.value,
        run.target,
    )


def read_run(row: Row) -> Run:
    """The run that ``run_row`` wrote."""
    id_, command, started, who, from_serial, commit, pull_request, configuration, why, *rest = row
    to_serial, ended, outcome, target = rest
    return Run(
        id_,
        command,
        datetime.fromisoformat(started),
        who,
        from_serial,
        commit,
        pull_request,
        configuration,
        why,
        target,
        to_serial,
        datetime.fromisoformat(ended) if ended else None,
        RunOutcome(outcome),
    )


def intent_row(intent: Intent) -> Row:
    """An intent as the values of INSERT_INTENT."""
    return (
        intent.run,
        intent.step,
        str(intent.address),
        intent.action,
        intent.provider,
        intent.id,
        write_value([intent.key.type, list(intent.key.values)]) if intent.key else None,
        intent.seen_absent,
        intent.group,
        None if intent.seen is None else json.dumps(intent.seen),
        None if intent.meant is None else write_object(intent.meant),
    )


def read_intent(row: Row) -> Intent:
    """The intent that ``intent_row`` wrote."""
    run, step, address, action, provider, id_, key, seen_absent, group, seen, meant = row
    return Intent(
        run,
        step,
        Address.parse(address),
        action,
        provider,
        id_,
        _read_key(key),
        bool(seen_absent),
        group,
        None if seen is None else tuple(json.loads(seen)),
        None if meant is None else read_object(address, meant),
    )


def hold_row(hold: Hold) -> Row:
    """A hold as the values of REPLACE_HOLD."""
    return (hold.configuration, hold.run, hold.when.isoformat(), hold.who, hold.why)


def read_hold(row: Row) -> Hold:
    """The hold that ``hold_row`` wrote."""
    configuration, run, held, who, why = row
    return Hold(configuration, run, datetime.fromisoformat(held), who, why)


def read_snapshot(row: Row) -> Snapshot:
    """A snapshot from a row of SELECT_SNAPSHOTS."""
    serial, run, address, action, committed = row
    return Snapshot(serial, run, Address.parse(address), action, datetime.fromisoformat(committed))


def _read_key(text: str | None) -> ObjectKey | None:
    if text is None:
        return None
    kind, values = read_value(text)
    return ObjectKey(kind, tuple(values))
