"""A plan as one page that needs nothing else: no script, no other file, in light and dark."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from reconciler.errors import ProviderError
from reconciler.plan.change import Plan
from reconciler.plan.cost import Cost
from reconciler.plan.world import Types
from reconciler.views.cache_text import cached_lines
from reconciler.views.escape import printable
from reconciler.views.line import Line, Span, plain
from reconciler.views.plan_sections import lost, not_restored, sections, table
from reconciler.views.plan_summary import summary
from reconciler.views.plan_text import doubt_lines
from reconciler.views.reach_text import reach_texts
from reconciler.views.value_rows import Frame

_WIDTH = 120
_OPEN = 40
"""Changes of a section that is not folded away at first."""
_NOBODY: Mapping[str, ProviderError] = {}


def plan_html(
    plan: Plan,
    types: Types,
    *,
    cost: Cost | None = None,
    title: str = "Plan",
    fell_back: Mapping[str, ProviderError] = _NOBODY,
    preface: str = "",
    shows_all: bool = False,
) -> str:
    """The plan as HTML; ``preface`` is a text to stand before it, lines and all.

    All that comes from elsewhere is escaped twice over: what a terminal or an editor would obey by
    ``printable``, what a browser would by the template.
    """
    parts = list(sections(plan, types, Frame(_WIDTH, shows_all=shows_all)))
    remarks = (
        preface,
        plain(cached_lines(plan.cached, fell_back, _WIDTH)),
        plain(doubt_lines(plan, _WIDTH)),
        " ".join(reach_texts(plan)),
    )
    return _template().render(
        title=printable(title),
        summary=printable(summary(plan, cost)),
        warnings=list(_warnings(plan)),
        remarks=["\n".join(map(printable, remark.strip().split("\n"))) for remark in remarks if remark],
        rows=[
            replace(row, subject=printable(row.subject), what=printable(row.what), why=printable(row.why))
            for row in table(parts)
        ],
        sections=[
            {
                "heading": printable(part.heading),
                "is_open": len(part.entries) <= _OPEN,
                "entries": [[_pieces(shown) for shown in entry.lines] for entry in part.entries],
            }
            for part in parts
        ],
    )


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    return environment.get_template("plan.html")


def _warnings(plan: Plan) -> Iterator[dict[str, object]]:
    for heading, found in (
        ("Cannot be undone exactly", lost(plan)),
        ("Cannot be restored exactly", not_restored(plan)),
    ):
        if found:
            entries = [(printable(str(change.address)), printable(text)) for change, text in found]
            yield {"heading": heading, "entries": entries}


def _pieces(shown: Line) -> list[Span]:
    return [Span(printable(piece.text), piece.meaning) for piece in shown.pieces]
