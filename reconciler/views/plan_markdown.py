"""A plan for a pull request: a table to glance at, the details folded away."""

from collections.abc import Iterable, Iterator, Sequence

from reconciler.plan.change import Change, Plan
from reconciler.plan.cost import Cost
from reconciler.plan.world import Types
from reconciler.views.cache_text import cached_lines
from reconciler.views.escape import fenced, markdown, printable
from reconciler.views.line import Line, plain
from reconciler.views.plan_sections import Row, Section, lost, not_restored, sections, table
from reconciler.views.plan_summary import summary
from reconciler.views.plan_text import doubt_lines
from reconciler.views.reach_text import reach_texts
from reconciler.views.value_rows import Frame

_WIDTH = 110
_DIFF_MARKS = {"+": "+", "-": "-", "~": "!"}
LONGEST_TABLE = 50
"""Rows that a reader still takes in; all changes are in the details anyway."""
_LEAST = 500
"""Characters: with less room than that nothing is begun any more."""


def plan_markdown(
    plan: Plan,
    types: Types,
    *,
    cost: Cost | None = None,
    title: str = "Plan",
    longest: int = 60_000,
    shows_all: bool = False,
) -> str:
    """The plan as GitHub-flavoured markdown of at most ``longest`` characters.

    A comment holds 65,536 (docs.github.com, "Creating a comment"); what is too much is left out, and said:
    of the details first, and of what is harmless before what is destroyed or replaced.
    """
    parts = [f"## {markdown(title)}", f"**{markdown(summary(plan, cost))}**"]
    room = longest - sum(map(len, parts)) - _LEAST
    found = list(sections(plan, types, Frame(_WIDTH, shows_all=shows_all)))
    for part in (*_warnings(plan, room // 4), *_table(found, room // 2)):
        parts.append(part)
        room -= len(part) + 2
    left_out = 0
    for section in found:
        text = _folded(section, room) if room > _LEAST else ""
        left_out += not text
        room -= len(text) + 2
        parts += [text] if text else []
    if left_out:
        several = f"{left_out:,} parts are" if left_out > 1 else "1 part is"
        parts.append(f"**{several} too long for a comment**: `reconciler plan` shows all.")
    return "\n\n".join(parts) + "\n"


def _folded(section: Section, room: int) -> str:
    """As many of a section's entries as there is room for, and how many there are besides; empty for none."""
    heading, shown, left_out, taken = markdown(section.heading), [], 0, 250
    for entry in section.entries:
        block = "\n".join(map(diff_row, entry.lines))
        taken += len(block) + 2
        if taken <= room and not left_out:
            shown.append(block)
        else:
            left_out += max(len(entry.changes), 1)
    if not shown:
        return ""
    inner = fenced("\n\n".join(shown), "diff")
    more = f"\n\n**{left_out:,} more left out**: too long for a comment, `reconciler plan` shows all."
    text = f"<details><summary>{heading}</summary>\n\n{inner}{more if left_out else ''}\n\n</details>"
    return text if len(text) <= room else ""  # many backticks make long fences


def _warnings(plan: Plan, room: int) -> Iterator[str]:
    if found := lost(plan):
        yield _quoted(
            "Cannot be undone exactly:", [f"{_code(one)}: {markdown(why)}" for one, why in found], room
        )
    if found := not_restored(plan):
        yield _quoted(
            "Cannot be restored exactly:", [f"{_code(one)} {markdown(why)}" for one, why in found], room
        )
    yield from map(markdown, reach_texts(plan))
    if cached := plain(cached_lines(plan.cached, {}, _WIDTH)).strip():
        yield f"> [!WARNING]\n> {markdown(cached)}"
    doubts = plain(doubt_lines(plan, _WIDTH)).strip()
    if doubts:
        yield fenced("\n".join(_fitting(doubts.split("\n"), room, "")))


def _quoted(heading: str, items: Iterable[str], room: int) -> str:
    return "\n".join(
        ["> [!WARNING]", f"> {heading}", *_fitting([f"> - {item}" for item in items], room, "> - ")]
    )


def _fitting(rows: Sequence[str], room: int, then: str, most: int | None = None) -> Iterator[str]:
    """At most ``most`` of the rows, as many as there is room for, and a last one that counts the others."""
    shown = 0
    for row in rows[:most]:
        room -= len(row) + 1
        if room < 0:
            break
        yield row
        shown += 1
    if left_out := len(rows) - shown:
        yield f"{then}and {left_out:,} more: `reconciler plan` shows all"


def _table(parts: Sequence[Section], room: int) -> Iterator[str]:
    """The most dangerous first; of what is neither destroyed nor replaced, no more than a reader takes in."""
    found = table(parts)
    if not found:
        return
    most = max(sum(row.meaning in ("delete", "replace") for row in found), LONGEST_TABLE)
    head = ("| | resource | what happens | why |", "|---|---|---|---|")
    yield "\n".join((*head, *_fitting([_row(row) for row in found], room, "| | ", most)))


def _row(row: Row) -> str:
    cells = (f"<code>{markdown(row.symbol)}</code>", f"<code>{markdown(row.subject)}</code>")
    return f"| {' | '.join((*cells, markdown(row.what), markdown(row.why)))} |"


def _code(change: Change) -> str:
    return f"<code>{markdown(str(change.address))}</code>"


def diff_row(shown: Line) -> str:
    """A line with its mark in the first column, where a ``diff`` block looks for it."""
    text = printable("".join(span.text for span in shown.spans)).rstrip()
    if shown.sign is None:
        return f"{' ' * shown.indent}{text}"
    mark = _DIFF_MARKS.get(shown.sign.text, " ")
    return f"{mark} {' ' * shown.indent}{text}".rstrip()
