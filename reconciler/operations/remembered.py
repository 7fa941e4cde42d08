"""What ``cache`` shows and clears: what the services have last said, as far as it is kept."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from reconciler import codes
from reconciler.address import Address
from reconciler.cache.entries import CacheReport, Entry, Kind, Remembered
from reconciler.cache.sealing import apart
from reconciler.cache.store import Store
from reconciler.config.stack import Stack
from reconciler.diagnostics import Diagnostic, did_you_mean
from reconciler.errors import Refused
from reconciler.operations.caching import cache_path
from reconciler.operations.workspace import Setting, Workspace, check_may_write, path_of
from reconciler.state.object_json import read_value
from reconciler.values import Value


def remembered(workspace: Workspace, address: Address | None = None) -> CacheReport:
    """All that is kept, or what was told for one address, by provider and address.

    Raises Refused when nothing is kept for it, and for what the environment says and nobody understands.
    """
    path = _path(workspace.setting, workspace.stack)
    entries = Store(path).entries()
    if address is not None:
        found = [entry for entry in entries if entry.answer.address == str(address)]
        if not found:
            known = {entry.answer.address for entry in entries}
            advice = did_you_mean(str(address), known) or "`reconciler cache show` shows all"
            summary = "nothing is in the cache for this address"
            raise Refused([Diagnostic(summary, advice, address=str(address), code=codes.NOTHING_FOUND)])
        entries = found
    now = workspace.clock.now()
    answers = tuple(_remembered(entry, workspace, now) for entry in entries)
    return CacheReport(path, path.stat().st_size if path.is_file() else 0, answers)


def clear(setting: Setting, stack: Stack) -> int:
    """Remove the cache; returns how many answers were in it. Raises Refused when it cannot be removed."""
    check_may_write("cache clear", setting)
    path = _path(setting, stack)
    try:
        return Store(path).clear()
    except OSError as error:
        advice = "remove it by hand; nothing but answers of the services is in it"
        raise Refused([Diagnostic(f"{path} cannot be removed: {error.strerror}", advice)]) from error


def _path(setting: Setting, stack: Stack) -> Path:
    return cache_path(path_of(setting, stack))


def _remembered(entry: Entry, workspace: Workspace, now: datetime) -> Remembered:
    age = max(0.0, (now - entry.read_at).total_seconds())
    caching = workspace.connections.caching
    is_usable = caching is not None and age <= caching.retention(entry.owner.provider).total_seconds()
    return Remembered(entry, age, is_usable, dict(_objects(entry)))


def _objects(entry: Entry) -> list[tuple[str, Mapping[str, Value]]]:
    """Ids and attributes; nothing of what makes no sense."""
    try:
        texts = [entry.answer.text] if entry.kind is Kind.OBJECT else apart(entry.answer.text)
        read = [read_value(text) for text in texts]
        return [(str(one["id"]), dict(one["attributes"])) for one in read]
    except (json.JSONDecodeError, KeyError, TypeError, ValueError):
        return []
