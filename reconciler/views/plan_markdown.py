"""A plan for a pull request: a table to glance at, the details folded away."""

from collections.abc import Iterable, Iterator

from reconciler.plan.action import Action
from reconciler.plan.change import Change, Plan
from reconciler.plan.cost import Cost
from reconciler.plan.world import Types
from reconciler.views.cache_text import cached_lines, rests_on_text
from reconciler.views.change_text import SYMBOLS, change_lines, drift_lines, what_happens
from reconciler.views.escape import fenced, markdown
from reconciler.views.line import Line, plain
from reconciler.views.plan_summary import kind, summary
from reconciler.views.plan_text import doubt_lines, output_lines
from reconciler.views.way_back_text import reach_text, restoration_texts

_WIDTH = 110
_DIFF_MARKS = {"+": "+", "-": "-", "~": "!", "-/+": "!"}
LONGEST_TABLE = 50
"""Rows that a reader still takes in; all changes are in the details anyway."""


def plan_markdown(
    plan: Plan, types: Types, *, cost: Cost | None = None, title: str = "Plan", longest: int = 60_000
) -> str:
    """The plan as GitHub-flavoured markdown of at most about ``longest`` characters.

    A comment holds 65,536 (docs.github.com, "Creating a comment"); what is too much is left out, and said.
    """
    parts = [f"## {markdown(title)}", f"**{markdown(summary(plan, cost))}**"]
    parts += _warnings(plan)
    if plan.visible:
        parts.append("\n".join(_table(plan)))
    room = longest - sum(map(len, parts))
    for heading, block in _blocks(plan, types):
        text = f"<details><summary>{heading}</summary>\n\n{fenced(block, 'diff')}\n\n</details>"
        if len(text) > room:
            parts.append(f"{heading}: too long for a comment, `reconciler plan` shows it.")
            continue
        room -= len(text)
        parts.append(text)
    return "\n\n".join(parts) + "\n"


def _warnings(plan: Plan) -> Iterator[str]:
    lost = [change for change in plan.visible if change.irreversible]
    if lost:
        rows = "\n".join(f"> - {_code(change)}: {markdown(change.irreversible)}" for change in lost)
        yield f"> [!WARNING]\n> Cannot be undone exactly:\n{rows}"
    inexact = [
        f"> - {_code(change)} {markdown(text)}"
        for change in plan.visible
        for text in restoration_texts(change.way_back)
    ]
    if inexact:
        rows = "\n".join(inexact)
        yield f"> [!WARNING]\n> Cannot be restored exactly:\n{rows}"
    if reach := reach_text(plan):
        yield markdown(reach)
    if cached := plain(cached_lines(plan.cached, {}, _WIDTH)).strip():
        yield f"> [!WARNING]\n> {markdown(cached)}"
    doubts = plain(doubt_lines(plan, _WIDTH)).strip()
    if doubts:
        yield fenced(doubts)


def _table(plan: Plan) -> Iterator[str]:
    yield "| | resource | what happens | why |"
    yield "|---|---|---|---|"
    ordered = [change for name in SYMBOLS for change in plan.visible if kind(change) == name]
    for change in ordered[:LONGEST_TABLE]:
        why = f"goes with {change.goes_with}" if change.goes_with else change.reason
        if change.forced_by and not why:
            why = f"{', '.join(change.forced_by)} cannot be changed in place"
        elif change.action is Action.UPDATE and not why:
            why = f"{', '.join(sorted(change.changed))} differ{'s' if len(change.changed) == 1 else ''}"
        if change.along:
            why = f"{why + '; ' if why else ''}comes along: {change.along}"
        if change.as_of is not None:
            why = f"{why + '; ' if why else ''}{rests_on_text(change.as_of)}"
        cells = (f"<code>{markdown(SYMBOLS[kind(change)])}</code>", _code(change))
        yield f"| {' | '.join((*cells, markdown(what_happens(change)), markdown(why)))} |"
    if len(ordered) > LONGEST_TABLE:
        yield f"| | and {len(ordered) - LONGEST_TABLE:,} more | | |"


def _code(change: Change) -> str:
    return f"<code>{markdown(str(change.address))}</code>"


def _blocks(plan: Plan, types: Types) -> Iterator[tuple[str, str]]:
    """Headings (escaped) and texts of the parts to fold away."""
    if plan.drift:
        rows = (row for found in plan.drift for row in drift_lines(found, types, _WIDTH))
        yield "Changed outside of reconciler since the last run", _diff(rows)
    for name in SYMBOLS:
        group = [change for change in plan.visible if kind(change) == name]
        if group:
            texts = (_diff(change_lines(change, types, _WIDTH)) for change in group)
            yield f"{len(group):,} to {name}", "\n\n".join(texts)
    heading_and_outputs = list(output_lines(plan, _WIDTH))
    if heading_and_outputs:
        yield "Outputs", _diff(heading_and_outputs[1:-1])


def _diff(rows: Iterable[Line]) -> str:
    """Lines with their mark in the first column, where a ``diff`` block looks for it."""
    return "\n".join(_marked(str(row)) for row in rows)


def _marked(row: str) -> str:
    if not row.startswith("  "):
        return row
    stripped = row.lstrip()
    indent = " " * (len(row) - len(stripped) - 2)
    symbol, space, rest = stripped.partition(" ")
    mark = _DIFF_MARKS.get(symbol, "") if space else ""
    if not mark:
        return f"  {indent}{stripped}"
    return f"{mark} {indent}{stripped if mark == '!' else rest}"
