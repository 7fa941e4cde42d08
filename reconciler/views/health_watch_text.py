"""What changes while services are watched, a line for each change."""

from collections.abc import Iterator

from reconciler.health.watching import Transition
from reconciler.views.health_text import meaning, trouble_lines
from reconciler.views.line import Line, Span


def transition_lines(found: Transition, width: int = 100) -> Iterator[Line]:
    """``2026-01-02 03:04:05  github  ready → down``, and below it why and what to do."""
    after = found.after
    before = "" if found.before in (None, after.state) else f"{found.before} → "
    yield Line(
        (
            Span(f"{after.asked:%Y-%m-%d %H:%M:%S}  ", "quiet"),
            Span(f"{after.provider}  ", "title"),
            Span(before),
            Span(str(after.state), meaning(after.state)),
        )
    )
    for row in trouble_lines(after, width - 4):
        yield row.indented(4)
