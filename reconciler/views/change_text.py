"""One change of a plan in lines: header, reason, and the attributes that say something."""

from collections.abc import Container, Iterable, Iterator, Mapping

from reconciler.plan.action import Action
from reconciler.plan.change import Change, Drift
from reconciler.plan.world import Types
from reconciler.provider.facts import ResourceType
from reconciler.values import Unknown, Value
from reconciler.views.attribute_text import altered, assigned
from reconciler.views.cache_text import rests_on_text
from reconciler.views.differences import settled
from reconciler.views.hiding import facts_of, hidden_value
from reconciler.views.line import Line, Meaning, Span, line, wrapped
from reconciler.views.way_back_text import remarks

SYMBOLS = {
    "read": "<=",
    "import": "=",
    "take over": "=",
    "move": ">",
    "forget": ".",
    "create": "+",
    "update": "~",
    "replace": "-/+",
    "destroy": "-",
}
"""What stands for each group of changes, in the order in which they are shown."""

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


def what_happens(change: Change) -> str:
    """What becomes of a resource, as the rest of a sentence that begins with its address."""
    if change.import_id:
        updated = " and updated" if change.action is Action.UPDATE else ""
        return f"will be imported (id {change.import_id}){updated}"
    if change.takes_over and change.action is Action.UPDATE:
        return "exists already and will be taken over and updated"
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


def change_lines(change: Change, types: Types, width: int) -> Iterator[Line]:
    """A change, with a header line ``# ADDRESS will be created``."""
    yield from _header(change, width)
    facts = facts_of(change.address, types)
    rows = {
        Action.CREATE: _created,
        Action.READ: _created,
        Action.UPDATE: _updated,
        Action.REPLACE: _updated,
        Action.DELETE: _deleted,
    }.get(change.action)
    if rows is not None:
        for row in rows(change, facts, width - _INDENT):
            yield row.indented(_INDENT)


def _header(change: Change, width: int) -> Iterator[Line]:
    verb = "take over" if change.takes_over and change.action is Action.NO_OP else str(change.action)
    meaning = MEANINGS.get("destroy" if verb == "delete" else verb, "")
    yield Line(
        (Span("# ", meaning), Span(str(change.address), "title"), Span(f" {what_happens(change)}", meaning))
    )
    goes_with = f"goes with {change.goes_with}" if change.goes_with else ""
    moved = f"it has moved here from {change.moved_from}" if change.moved_from and verb != "no-op" else ""
    along = f"comes along: {change.along}" if change.along else ""
    first = "the new object is made before the old one is removed" if change.creates_first else ""
    for remark in (change.reason, first, moved, goes_with, along):
        if remark and not (remark == change.reason and change.goes_with and change.action is Action.DELETE):
            for row in wrapped(f"({remark})", width, first="  "):
                yield line(row, "quiet")
    if change.as_of is not None:
        yield line(f"  ({rests_on_text(change.as_of)})", "warning")
    for remark in remarks(change):
        for row in wrapped(remark, width, first="  ! "):
            yield line(row, "warning")


def _created(change: Change, facts: ResourceType, width: int) -> Iterator[Line]:
    shown = _declared_first(change.after, change.planned)
    pad = _pad(shown)
    for name, value in shown.items():
        yield from assigned("+", name, hidden_value(value, name, facts), pad=pad, width=width)
    yield from _later(change, facts, shown, width)


def _updated(change: Change, facts: ResourceType, width: int) -> Iterator[Line]:
    names = _moving(change, facts)
    pad = _pad(names)
    for name in names:
        schema = facts.attributes[name].schema if name in facts.attributes else {}
        before = hidden_value(change.before.get(name), name, facts)
        after = hidden_value(change.after.get(name), name, facts)
        note = "forces replacement" if name in change.forced_by else ""
        if name in change.follows:
            note = "follows its parent's name"
        if before is None and not isinstance(after, Unknown):
            symbol = "~" if name in facts.attributes and facts.attributes[name].is_write_only else "+"
            yield from assigned(symbol, name, after, pad=pad, width=width, note=note)
        elif after is None:
            yield from assigned("-", name, before, pad=pad, width=width, note=note)
        else:
            is_whole = name not in facts.attributes or facts.attributes[name].is_whole(change.planned)
            after = settled(before, after, schema, is_whole)
            yield from altered(name, before, after, schema, pad=pad, width=width, note=note)
    yield from _later(change, facts, names, width)
    unchanged = [
        name
        for name, value in change.before.items()
        if value is not None and name not in names and not isinstance(change.after.get(name), Unknown)
    ]
    if unchanged:
        noun = "attribute" if len(unchanged) == 1 else "attributes"
        yield line(f"  # {len(unchanged)} unchanged {noun} hidden", "quiet")


def _moving(change: Change, facts: ResourceType) -> list[str]:
    """The attributes to show: what differs or forces, in the type's order."""
    named = change.changed | change.follows | frozenset(change.forced_by)
    order = {name: place for place, name in enumerate(facts.attributes)}
    return sorted(named, key=lambda name: (order.get(name, len(order)), name))


def _deleted(change: Change, facts: ResourceType, width: int) -> Iterator[Line]:
    """What had been declared, so that a reader recognises it; nothing for what goes with its parent."""
    if change.goes_with:
        return
    declared = change.recorded.declared if change.recorded else change.before
    shown = {
        name: value
        for name, value in change.before.items()
        if value is not None and (name in declared or name in facts.natural_key)
    }
    pad = _pad(shown)
    for name, value in shown.items():
        yield from assigned("-", name, hidden_value(value, name, facts), pad=pad, width=width)


def _later(change: Change, facts: ResourceType, shown: Container[str], width: int) -> Iterator[Line]:
    """One remark for what the service will tell, one for what is left to it: the second can be many."""
    names = [name for name, value in change.after.items() if isinstance(value, Unknown) and name not in shown]
    told = [name for name in names if name not in facts.attributes or facts.attributes[name].is_computed]
    if told:
        for row in wrapped(", ".join(told), width, first="  # known after apply: ", then="  #   "):
            yield line(row, "quiet")
    if left := len(names) - len(told):
        noun = "attribute" if left == 1 else "attributes"
        yield line(f"  # {left} undeclared {noun} left to the service", "quiet")


def _declared_first(after: Mapping[str, Value], planned: Mapping[str, Value]) -> dict[str, Value]:
    known = {
        name: value
        for name, value in after.items()
        if value is not None and (name in planned or not isinstance(value, Unknown))
    }
    return {name: known[name] for name in (*planned, *known) if name in known}


def drift_lines(found: Drift, types: Types, width: int) -> Iterator[Line]:
    """One object that is not as the last run left it, as live against prior."""
    if found.live is None:
        yield Line((Span("# ", "delete"), Span(str(found.address), "title"), Span(" is missing", "delete")))
        return
    yield Line((Span("# ", "update"), Span(str(found.address), "title"), Span(" has changed", "update")))
    if found.as_of is not None:
        yield line(f"  ({rests_on_text(found.as_of)})", "warning")
    facts = facts_of(found.address, types)
    pad = _pad(found.attributes)
    for name in found.attributes:
        schema = facts.attributes[name].schema if name in facts.attributes else {}
        prior = hidden_value(found.prior.get(name), name, facts)
        live = hidden_value(found.live.get(name), name, facts)
        is_whole = name not in facts.attributes or facts.attributes[name].is_whole(found.prior)
        prior = settled(live, prior, schema, is_whole)  # what had not been asked for is no news
        for row in altered(name, prior, live, schema, pad=pad, width=width - _INDENT):
            yield row.indented(_INDENT)


def _pad(names: Iterable[str]) -> int:
    """The width of the column of names; a very long name does not push all the others away."""
    return max((len(name) for name in names if len(name) <= 32), default=0)
