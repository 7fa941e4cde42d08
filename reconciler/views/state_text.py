"""What state remembers: objects, snapshots, runs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from reconciler.address import Address
from reconciler.plan.world import Types
from reconciler.state.history import Difference, ObjectDifference, SnapshotDifference
from reconciler.state.model import Hold, Run, RunOutcome, Snapshot, SnapshotName, StateObject
from reconciler.values import Value
from reconciler.views.attribute_text import altered, assigned
from reconciler.views.cells import cells
from reconciler.views.explanation import explanation_lines
from reconciler.views.hiding import facts_of, hidden, hidden_value
from reconciler.views.line import BLANK, Line, Meaning, Span, columns, line
from reconciler.views.outputs_text import outputs_lines
from reconciler.views.plan_summary import number
from reconciler.views.sameness import Schema
from reconciler.views.value_rows import Frame
from reconciler.views.value_text import value_lines


def state_list_lines(objects: Iterable[Address]) -> Iterator[Line]:
    """An address a line, sorted, and nothing else: for people and for pipes."""
    return (line(text) for text in sorted(map(str, objects)))


def state_show_lines(found: StateObject, types: Types, *, width: int = 100) -> Iterator[Line]:
    """All that is remembered of one object; what is sensitive is not shown."""
    yield line(f"# {found.address}", "title")
    facts = [("provider", found.provider), ("id", found.id)]
    if found.depends_on:
        facts.append(("depends on", ", ".join(map(str, found.depends_on))))
    if found.prevent_destroy:
        facts.append(("prevent_destroy", "true"))
    if found.on_destroy:
        facts.append(("on_destroy", found.on_destroy))
    yield from (line(f"  {row}", "quiet") for row in columns(facts))
    shown = hidden(found.attributes, facts_of(found.address, types))
    pad = max((len(name) for name in shown), default=0)
    for name, value in shown.items():
        first, *rest = value_lines(value, width - pad - 5)
        yield line(f"  {name.ljust(pad)} = {first}")
        yield from (line(f"  {row}") for row in rest)


def snapshot_list_lines(
    snapshots: Sequence[Snapshot], runs: Iterable[Run], names: Iterable[SnapshotName] = ()
) -> Iterator[Line]:
    """The snapshots, oldest first, under the runs whose steps led to them, with the names they were given.

    The state before the first of them has no step to stand with; it is shown when it has a name.
    """
    known = {run.id: run for run in runs}
    named: dict[int, list[str]] = {}
    for given in names:
        named.setdefault(given.serial, []).append(given.name)
    last: str | None = None
    for serial in sorted(named.keys() - {snapshot.serial for snapshot in snapshots}):
        yield Line((Span(f"  {serial:>6}  ", "title"), Span("before all of these"), *_names(named[serial])))
        yield BLANK
    for snapshot in snapshots:
        if snapshot.run != last:
            if last is not None:
                yield BLANK
            last = snapshot.run
            yield _run_line(known[last]) if last in known else line(f"run {last}", "title")
        yield Line(
            (
                Span(f"  {snapshot.serial:>6}  ", "title"),
                Span(f"{snapshot.when:%H:%M:%S}  ", "quiet"),
                Span(f"{snapshot.action.ljust(7)}  ", _MEANINGS.get(snapshot.action, "")),
                Span(str(snapshot.address)),
                *_names(named.get(snapshot.serial, ())),
            )
        )
    if last is None:
        yield line("No snapshots: nothing has been changed yet.")


def snapshot_show_lines(
    serial: int, objects: Mapping[Address, StateObject], outputs: Mapping[str, Value], *, width: int = 100
) -> Iterator[Line]:
    """The state at a serial: its objects with their ids, and its outputs."""
    yield line(f"Serial {serial:,}: {number(len(objects), 'object')}", "title")
    rows = [(str(address), found.id) for address, found in sorted(objects.items(), key=_by_text)]
    yield from (line(f"  {row}") for row in columns(rows))
    if outputs:
        yield BLANK
        yield line("Outputs:", "title")
        for row in outputs_lines(outputs, width=width - 2):
            yield row.indented(2)


def snapshot_difference_lines(
    found: SnapshotDifference, types: Types, *, width: int = 100, shows_all: bool = False
) -> Iterator[Line]:
    """What differs between two snapshots, or one and the services, in the words and signs of a plan.

    With ``shows_all`` nothing is left out for its length.
    """
    after = "what the services say now" if found.after is None else f"serial {found.after:,}"
    yield line(f"From serial {found.before:,} to {after}:", "title")
    if found.is_empty:
        yield line("  nothing differs")
        return
    for address, error in sorted(found.unread.items(), key=_by_text):
        yield Line((Span("  ? ", "warning"), Span(f"{address} could not be read")))
        for row in explanation_lines(error, width - 6):
            yield row.indented(6)
    for address in sorted(found.added, key=str):
        yield Line((Span("  + ", "create"), Span(str(address))))
    for address, changed in sorted(found.changed.items(), key=_by_text):
        again = " (another object)" if changed.is_recreated else ""
        sign = Span("-/+ ", "replace") if changed.is_recreated else Span("  ~ ", "update")
        yield Line((sign, Span(f"{address}{again}")))
        for row in _attributes(changed, types, Frame(width - 6, shows_all=shows_all)):
            yield row.indented(6)
    for address in sorted(found.removed, key=str):
        yield Line((Span("  - ", "delete"), Span(str(address))))
    if found.outputs:
        yield line("Outputs:", "title")
        for row in _differences(found.outputs, {}, Frame(width - 2, shows_all=shows_all)):
            yield row.indented(2)


def run_lines(runs: Iterable[Run], holds: Iterable[Hold] = (), *, kept_from: int = 0) -> Iterator[Line]:
    """The runs, oldest first: what, when, who, from which commit, and how each ended.

    What a run left before ``kept_from`` has been pruned.
    """
    held = {hold.run: hold for hold in holds}
    for run in runs:
        yield _run_line(run)
        to = "?" if run.to_serial is None else f"{run.to_serial:,}"
        if run.from_serial != run.to_serial:
            is_gone = run.to_serial is not None and run.to_serial < kept_from
            pruned = " (pruned; something is still as it left it)" if is_gone else ""
            yield line(f"  serial {run.from_serial:,} → {to}{pruned}", "quiet")
        if run.why:
            yield line(f"  because: {run.why}", "quiet")
        if run.id in held:
            yield line("  the configuration that it took back is held; `apply --again` applies it", "warning")


def _names(names: Iterable[str]) -> Iterator[Span]:
    return (Span(f"  [{name}]", "title") for name in names)


_MEANINGS: dict[str, Meaning] = {
    "create": "create",
    "update": "update",
    "replace": "replace",
    "delete": "delete",
    "forget": "read",
}


def _run_line(run: Run) -> Line:
    ended = "running, or cut off" if run.outcome is RunOutcome.RUNNING else str(run.outcome)
    parts = [f"{run.command} {run.id}", ended, moment_text(run.started), run.who]
    if run.commit:
        parts.append(f"commit {run.commit}")
    if run.pull_request:
        parts.append(f"pull request {run.pull_request}")
    return line(" · ".join(parts), "title")


def moment_text(moment: datetime) -> str:
    """A moment as people write it, in its own time zone."""
    return f"{moment:%Y-%m-%d %H:%M %Z}".rstrip()


def _attributes(changed: ObjectDifference, types: Types, frame: Frame) -> Iterator[Line]:
    facts = facts_of(changed.after.address, types)
    schemas = {name: attribute.schema for name, attribute in facts.attributes.items()}
    found = {
        name: Difference(hidden_value(each.before, name, facts), hidden_value(each.after, name, facts))
        for name, each in changed.attributes.items()
    }
    return _differences(found, schemas, frame)


def _differences(
    found: Mapping[str, Difference], schemas: Mapping[str, Schema], frame: Frame
) -> Iterator[Line]:
    frame = replace(frame, pad=max((cells(name) for name in found), default=0))
    for name, each in found.items():
        if each.before is None:
            yield from assigned("+", name, each.after, frame)
        elif each.after is None:
            yield from assigned("-", name, each.before, frame)
        else:
            yield from altered(name, each.before, each.after, schemas.get(name, {}), frame)


def _by_text(item: tuple[Address, object]) -> str:
    return str(item[0])
