"""One change of a plan in lines: header, reason, and the attributes that say something."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace

from reconciler.plan.action import Action
from reconciler.plan.change import Change, Drift
from reconciler.plan.world import Types
from reconciler.provider.facts import ResourceType
from reconciler.values import Unknown, Value
from reconciler.views.attribute_text import FORCES, altered, assigned
from reconciler.views.cache_text import rests_on_text
from reconciler.views.cells import cells
from reconciler.views.hiding import facts_of, hidden_value
from reconciler.views.line import Line, Meaning, Span, line, wrapped
from reconciler.views.plan_summary import kind
from reconciler.views.settling import settled
from reconciler.views.value_rows import Frame
from reconciler.views.way_back_text import remarks

MEANINGS: dict[str, Meaning] = {
    "import": "read",
    "take over": "read",
    "move": "read",
    "create": "create",
    "update": "update",
    "replace": "replace",
    "destroy": "delete",
    "forget": "read",
    "read": "read",
}
_INDENT = 4


def what_happens(change: Change, *, is_several: bool = False) -> str:
    """What becomes of a resource, as the rest of a sentence that begins with its address, or with several."""
    if change.import_id:
        updated = " and updated" if change.action is Action.UPDATE else ""
        return f"will be imported (id {change.import_id}){updated}"
    if change.takes_over and change.action is Action.UPDATE:
        return f"{'exist' if is_several else 'exists'} already and will be taken over and updated"
    if is_several and change.action is Action.NO_OP:
        return "exist already and will be taken over as they are"
    if is_several and change.action is Action.FORGET:
        return "will be forgotten, and stay in the service"
    return {
        Action.CREATE: "will be created",
        Action.READ: "will be read during apply",
        Action.UPDATE: "will be updated",
        Action.REPLACE: "must be replaced",
        Action.DELETE: _REMOVED.get(change.how, f"will be removed ({change.how})"),
        Action.FORGET: "will be forgotten, and stays in the service",
        Action.NO_OP: f"has moved here from {change.moved_from}"
        if change.moved_from is not None and not change.takes_over
        else "exists already and will be taken over as it is",
    }[change.action]


_REMOVED = {"delete": "will be destroyed", "archive": "will be archived"}


def why(change: Change) -> str:
    """The reason, for what needs one; empty where the change speaks for itself."""
    if change.reason or not change.forced_by:
        return change.reason
    return f"{', '.join(change.forced_by)} cannot be changed in place"


def header_lines(subject: str, text: str, meaning: Meaning, width: int) -> Iterator[Line]:
    """``# SUBJECT text``; the text below where it does not fit beside it."""
    head = Line((Span("# ", meaning), Span(subject, "title"), Span(f" {text}", meaning)))
    if cells(str(head)) <= width:
        yield head
        return
    yield Line(head.spans[:2])
    yield from (line(row, meaning) for row in wrapped(text, width, first="  "))


def meaning_of(change: Change) -> Meaning:
    """What a change is about, for its colour."""
    return MEANINGS[kind(change)] if change.is_visible else ""


def detail_lines(change: Change, types: Types, frame: Frame) -> Iterator[Line]:
    """All but the header: the reasons, and the attributes."""
    yield from _reasons(change, frame.width)
    facts = facts_of(change.address, types)
    rows = {
        Action.CREATE: _created,
        Action.READ: _created,
        Action.UPDATE: _updated,
        Action.REPLACE: _updated,
        Action.DELETE: _deleted,
    }.get(change.action)
    if rows is not None:
        for row in rows(change, facts, replace(frame, width=frame.width - _INDENT)):
            yield row.indented(_INDENT)


def _reasons(change: Change, width: int) -> Iterator[Line]:
    goes_with = f"goes with {change.goes_with}" if change.goes_with else ""
    moved = (
        f"it has moved here from {change.moved_from}"
        if change.moved_from and change.action is not Action.NO_OP
        else ""
    )
    along = f"comes along: {change.along}" if change.along else ""
    first = "the new object is made before the old one is removed" if change.creates_first else ""
    reason = "" if change.goes_with and change.action is Action.DELETE else why(change)
    for remark in (reason, first, moved, goes_with, along):
        if remark:
            for row in wrapped(f"({remark})", width, first="  "):
                yield line(row, "quiet")
    if change.as_of is not None:
        yield line(f"  ({rests_on_text(change.as_of)})", "warning")
    for remark in remarks(change):
        for row in wrapped(remark, width, first="  ! "):
            yield line(row, "warning")


def _created(change: Change, facts: ResourceType, frame: Frame) -> Iterator[Line]:
    shown = _declared_first(change.after, change.planned)
    frame = replace(frame, pad=_pad(shown))
    for name, value in shown.items():
        yield from assigned("+", name, hidden_value(value, name, facts), frame)
    yield from _later(change, facts, shown, frame.width)


def _updated(change: Change, facts: ResourceType, frame: Frame) -> Iterator[Line]:
    names = _moving(change, facts)
    frame = replace(frame, pad=_pad(names), tells_forcing=change.action is Action.REPLACE)
    for name in names:
        yield from _update(name, change, facts, frame)
    yield from _later(change, facts, names, frame.width)
    unchanged = [
        name
        for name, value in change.before.items()
        if value is not None and name not in names and not isinstance(change.after.get(name), Unknown)
    ]
    if unchanged:
        noun = "attribute" if len(unchanged) == 1 else "attributes"
        yield line(f"# {len(unchanged)} unchanged {noun} hidden", "quiet", 2)


def _update(name: str, change: Change, facts: ResourceType, frame: Frame) -> Iterator[Line]:
    attribute = facts.attributes.get(name)
    schema = attribute.schema if attribute else {}
    before = hidden_value(change.before.get(name), name, facts)
    after = hidden_value(change.after.get(name), name, facts)
    note = FORCES if name in change.forced_by else ""
    if name in change.follows:
        note = "follows its parent's name"
    if before is None and not isinstance(after, Unknown):
        symbol = "~" if attribute and attribute.is_write_only else "+"
        yield from assigned(symbol, name, after, frame, note)
    elif after is None:
        yield from assigned("-", name, before, frame, note)
    else:
        is_whole = attribute is None or attribute.is_whole(change.planned)
        yield from altered(name, before, settled(before, after, schema, is_whole), schema, frame, note)


def _moving(change: Change, facts: ResourceType) -> list[str]:
    """The attributes to show: what differs or forces, in the type's order."""
    named = change.changed | change.follows | frozenset(change.forced_by)
    order = {name: place for place, name in enumerate(facts.attributes)}
    return sorted(named, key=lambda name: (order.get(name, len(order)), name))


def _deleted(change: Change, facts: ResourceType, frame: Frame) -> Iterator[Line]:
    """What had been declared, so that a reader recognises it; nothing for what goes with its parent."""
    if change.goes_with:
        return
    declared = change.recorded.declared if change.recorded else change.before
    shown = {
        name: value
        for name, value in change.before.items()
        if value is not None and (name in declared or name in facts.natural_key)
    }
    frame = replace(frame, pad=_pad(shown))
    for name, value in shown.items():
        yield from assigned("-", name, hidden_value(value, name, facts), frame)


def _later(change: Change, facts: ResourceType, shown: Container[str], width: int) -> Iterator[Line]:
    """One remark for what the service will tell, one for what is left to it: the second can be many."""
    names = [name for name, value in change.after.items() if isinstance(value, Unknown) and name not in shown]
    told = [name for name in names if name not in facts.attributes or facts.attributes[name].is_computed]
    if told:
        for row in wrapped(", ".join(told), width - 2, first="# known after apply: ", then="#   "):
            yield line(row, "quiet", 2)
    if left := len(names) - len(told):
        noun = "attribute" if left == 1 else "attributes"
        yield line(f"# {left} undeclared {noun} left to the service", "quiet", 2)


def _declared_first(after: Mapping[str, Value], planned: Mapping[str, Value]) -> dict[str, Value]:
    known = {
        name: value
        for name, value in after.items()
        if value is not None and (name in planned or not isinstance(value, Unknown))
    }
    return {name: known[name] for name in (*planned, *known) if name in known}


def drift_lines(found: Drift, types: Types, width: int, *, shows_all: bool = False) -> Iterator[Line]:
    """One object that is not as the last run left it, as live against prior."""
    if found.live is None:
        yield from header_lines(str(found.address), "is missing", "delete", width)
        return
    yield from header_lines(str(found.address), "has changed", "update", width)
    yield from drift_detail_lines(found, types, width, shows_all=shows_all)


def drift_detail_lines(found: Drift, types: Types, width: int, *, shows_all: bool = False) -> Iterator[Line]:
    """The attributes that are not as the last run left them; nothing of an object that is missing."""
    if found.live is None:
        return
    if found.as_of is not None:
        yield line(f"  ({rests_on_text(found.as_of)})", "warning")
    facts = facts_of(found.address, types)
    frame = Frame(width - _INDENT, _pad(found.attributes), shows_all)
    for name in found.attributes:
        schema = facts.attributes[name].schema if name in facts.attributes else {}
        prior = hidden_value(found.prior.get(name), name, facts)
        live = hidden_value(found.live.get(name), name, facts)
        is_whole = name not in facts.attributes or facts.attributes[name].is_whole(found.prior)
        prior = settled(live, prior, schema, is_whole)  # what had not been asked for is no news
        for row in altered(name, prior, live, schema, frame):
            yield row.indented(_INDENT)


def _pad(names: Iterable[str]) -> int:
    """The width of the column of names; a very long name does not push all the others away."""
    return max((cells(name) for name in names if len(name) <= 32), default=0)
