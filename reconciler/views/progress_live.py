"""A run on a terminal: what is being done now, below the list of what is done. Imports rich."""

import threading
from collections.abc import Iterator
from types import TracebackType

from rich.console import Console, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from reconciler.address import Address
from reconciler.clock import Clock
from reconciler.errors import ReconcilerError
from reconciler.plan.change import Change
from reconciler.views.escape import printable
from reconciler.views.plan_summary import duration
from reconciler.views.progress import failed_text, finished_text, stopping_text
from reconciler.views.step_words import doing

_SHOWN = 8
"""Running steps that are named; of more there is a count."""
_LISTED = 200
"""With more steps than this, only failures are listed one by one: the rest would scroll by unread."""


class TerminalProgress:
    """Shows running steps, how many are done, and lists what has ended. A context manager.

    Whatever ends it, an interruption too, leaves the terminal with its cursor and only whole lines.
    rich draws it from a thread of its own.
    """

    def __init__(self, total: int, clock: Clock, console: Console | None = None) -> None:
        self._total = total
        self._clock = clock
        self._console = console or Console(highlight=False)
        self._lock = threading.Lock()
        self._running: dict[Address, tuple[Change, float]] = {}
        self._ended = 0
        self._is_stopping = False
        self._spinner = Spinner("dots", style="cyan")
        self._live = Live(
            console=self._console, get_renderable=self._picture, refresh_per_second=10, transient=True
        )

    def __enter__(self) -> "TerminalProgress":
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._live.stop()

    def started(self, change: Change) -> None:
        """A step begins."""
        with self._lock:
            self._running[change.address] = (change, self._clock.monotonic())

    def finished(self, change: Change, seconds: float) -> None:
        """A step is done."""
        self._end(change)
        if change.is_visible and self._total <= _LISTED:
            self._say("✓", "green", finished_text(change, seconds))

    def failed(self, change: Change, error: ReconcilerError) -> None:
        """A step has failed."""
        self._end(change)
        self._say("✗", "bold red", failed_text(change, error))

    def stopping(self, running: int) -> None:
        """Somebody asked to stop."""
        with self._lock:
            self._is_stopping = True
        self._say("!", "yellow", stopping_text(running))

    def _end(self, change: Change) -> None:
        with self._lock:
            self._running.pop(change.address, None)
            self._ended += 1

    def _say(self, symbol: str, style: str, text: str) -> None:
        self._console.print(Text.assemble((f"{symbol} ", style), text), soft_wrap=True)

    def _picture(self) -> RenderableType:
        with self._lock:
            running, ended, is_stopping = list(self._running.values()), self._ended, self._is_stopping
        grid = Table.grid(padding=(0, 1))
        verb = "stopping" if is_stopping else "done"
        grid.add_row(self._spinner, Text(f"{ended:,} of {self._total:,} {verb}"))
        for text in self._rows(running):
            grid.add_row("", Text(printable(text), style="dim", no_wrap=True, overflow="ellipsis"))
        return grid

    def _rows(self, running: list[tuple[Change, float]]) -> Iterator[str]:
        now = self._clock.monotonic()
        for change, begun in running[:_SHOWN]:
            yield f"{change.address}: {doing(change)}, {duration(now - begun)}"
        if len(running) > _SHOWN:
            yield f"and {len(running) - _SHOWN} more"
