"""One attribute in a plan: what it is, was, and becomes."""

import difflib
from collections.abc import Iterable, Iterator

from reconciler.values import Digest, Sensitive, Value, is_known
from reconciler.views.differences import ABSENT, Path, Schema, differences
from reconciler.views.line import Line, Meaning, Span, line
from reconciler.views.value_text import value_lines, value_text

MEANING: dict[str, Meaning] = {"+": "create", "-": "delete", "~": "update"}

_TEXT_CONTEXT = 1
"""Unchanged lines shown around a change in a long text."""


def assigned(symbol: str, name: str, value: Value, *, pad: int, width: int, note: str = "") -> Iterator[Line]:
    """An attribute with one value: it is new, or goes. ``pad`` is the width of the column of names."""
    head = f"{symbol} {name.ljust(pad)} = "
    meaning = MEANING[symbol]
    if isinstance(value, str) and "\n" in value.rstrip("\n"):
        rows = value.rstrip("\n").split("\n")
        yield _noted((Span(symbol, meaning), Span(f"{head[1:]}text of {len(rows)} lines")), note)
        for row in rows:
            yield Line((Span(f"    {symbol} ", meaning), Span(row)))
        return
    first, *rest = value_lines(value, width - len(head))
    yield _noted((Span(symbol, meaning), Span(head[1:]), _value(first, value)), note)
    for row in rest:
        yield line(f"  {row}")


def altered(
    name: str, before: Value, after: Value, schema: Schema, *, pad: int, width: int, note: str = ""
) -> Iterator[Line]:
    """An attribute that gets another value; of nested ones only the parts that differ."""
    if isinstance(before, str) and isinstance(after, str) and ("\n" in before or "\n" in after):
        yield _noted((Span("~", "update"), Span(f" {name}")), note)
        yield from _text_difference(before, after)
        return
    nested = isinstance(before, dict) and isinstance(after, dict)
    if nested or (isinstance(before, list) and isinstance(after, list)):
        parts = differences(before, after, schema)
        if parts:
            yield _noted((Span("~", "update"), Span(f" {name}")), note)
            for part in parts:
                for row in _part(part.path, part.before, part.after, width - 4, part.in_set):
                    yield row.indented(4)
            return
    yield from _both(name.ljust(pad), before, after, width, note)


def _part(path: Path, before: Value, after: Value, width: int, in_set: bool) -> Iterator[Line]:
    name = path_text(path[:-1] if in_set else path)
    if before is not ABSENT and after is not ABSENT:
        yield from _both(name, before, after, width)
        return
    symbol, value = ("+", after) if before is ABSENT else ("-", before)
    if name and not in_set:
        yield from assigned(symbol, name, value, pad=0, width=width)
        return
    head = f"{name}: " if name else ""
    first, *rest = value_lines(value, width - 2 - len(head))
    yield Line((Span(f"{symbol} ", MEANING[symbol]), Span(head), _value(first, value)))
    for row in rest:
        yield line(f"  {row}")


def _both(name: str, before: Value, after: Value, width: int, note: str = "") -> Iterator[Line]:
    old, new = value_text(before), value_text(after)
    if old == new:
        hidden = isinstance(after, Sensitive | Digest)
        new = "(sensitive, another value)" if hidden else f"{new} (a sensitive part differs)"
    head = (Span("~", "update"), Span(f" {name} = "))
    taken = 5 + len(name) + len(note) + (4 if note else 0)
    if taken + len(old) + len(new) + 3 <= width:
        yield _noted((*head, _value(old, before), Span(" → "), _value(new, after)), note)
        return
    yield _noted((*head, _value(old, before)), note)
    yield Line((Span(f"{' ' * (len(name) + 3)}→ "), _value(new, after)))


def _text_difference(before: str, after: str) -> Iterator[Line]:
    old, new = before.split("\n"), after.split("\n")
    hunks = difflib.unified_diff(old, new, lineterm="", n=_TEXT_CONTEXT)
    for row in list(hunks)[2:]:
        if row.startswith("@@"):
            yield line("    …", "quiet")
        else:
            yield Line((Span(f"    {row[0]} ", MEANING.get(row[0], "quiet")), Span(row[1:])))


def path_text(path: Iterable[str | int]) -> str:
    """A way into a value as one would write it: ``checks[0].name``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif step.isidentifier():
            text += f".{step}" if text else step
        else:
            text += f"[{value_text(step)}]"
    return text


def _value(text: str, value: Value) -> Span:
    hidden = isinstance(value, Sensitive | Digest) or not is_known(value)
    return Span(text, "quiet" if hidden and not isinstance(value, dict | list) else "")


def _noted(spans: tuple[Span, ...], note: str) -> Line:
    return Line((*spans, Span(f"  # {note}", "replace"))) if note else Line(spans)
