"""Kills, in one process: from a moment on nothing is written to the state, and no new call is answered."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from hypothesis import strategies as st

from reconciler.state.sqlite import SqliteLedger
from reconciler.testing.failures import MemoryCall
from tests.lifecycle.lab import Lab

WRITES = ("create", "update", "delete", "write_many")

MOMENTS = (
    "before a write to the state",
    "after a write to the state",
    "at a read",
    "before a call",
    "after a call",
)


class Killed(BaseException):
    """The process is gone; nothing catches this but the one who killed it."""


@dataclass(frozen=True)
class Kill:
    """The nth time that a moment comes. ``others`` says whether calls already under way take effect."""

    moment: str
    nth: int
    others: bool


_CALLS = MOMENTS[-2:]
kills = st.builds(
    Kill, st.sampled_from((*_CALLS, *_CALLS, *MOMENTS)), st.sampled_from((1, 1, 2, 2, 3, 4, 6)), st.booleans()
)


class Death:
    """Watches a lab and strikes at the moment."""

    def __init__(self, kill: Kill) -> None:
        self._kill = kill
        self._left = kill.nth
        self._lock = threading.Lock()
        self.has_come = False

    def on_call(self, call: MemoryCall) -> None:
        """Before a call takes effect."""
        is_write = call.operation in WRITES
        if self.has_come and not (is_write and self._kill.others):
            raise Killed
        self._moment("before a call" if is_write else "at a read")

    def on_answer(self, call: MemoryCall) -> None:
        """After it took effect."""
        if call.operation in WRITES:
            self._moment("after a call")

    def around(self, write: Callable[..., Any]) -> Callable[..., Any]:
        """A method of the ledger that the process may not live to call, or to see the end of."""

        def written(*positional: Any, **named: Any) -> Any:
            if self.has_come:
                raise Killed
            self._moment("before a write to the state")
            answer = write(*positional, **named)
            self._moment("after a write to the state")
            return answer

        return written

    def _moment(self, moment: str) -> None:
        with self._lock:
            if moment != self._kill.moment or self.has_come:
                return
            self._left -= 1
            if self._left:
                return
            self.has_come = True
        raise Killed


@contextmanager
def killed(lab: Lab, kill: Kill | None) -> Iterator[None]:
    """Whatever is done inside is cut off at the moment, if that comes; then the state is opened anew."""
    if kill is None:
        yield
        return
    death = Death(kill)
    with ExitStack() as patches:
        for name in ("begin", "record", "end"):
            patches.enter_context(patch.object(SqliteLedger, name, death.around(getattr(SqliteLedger, name))))
        lab.service.on_call, lab.service.on_answer = death.on_call, death.on_answer
        with suppress(Killed):
            yield
        for worker in threading.enumerate():
            if worker.name.startswith("step"):
                worker.join()  # its call takes effect or not, and nobody hears of it
        lab.service.on_call = lab.service.on_answer = None
    if death.has_come:
        lab.reopen()
