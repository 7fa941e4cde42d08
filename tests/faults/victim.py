"""The command line in a process that is watched, and killed at a moment chosen before.

What is watched are the calls that write the journal (``begin``, ``record``, ``end`` of the ledger) and those
that go to a service, all numbered as they begin. Each is noted in a file before it is made and after, so that
what was done up to the end is known even of a process that is no more. Nothing in the product knows of this.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import httpx

from reconciler.cli import main
from reconciler.state.model import Committed, Failed, Intent, Run
from reconciler.state.sqlite import SqliteLedger

Moment = Literal["before", "sent", "after"]
"""``sent`` is the moment at which the last byte of a request has left; only requests have it."""

Kind = Literal["request", "record", "end"]
Phase = Literal["planning", "run", "undo"]
Fate = Literal["killed", "lost"]
"""``lost``: the process goes on, and its connection is broken."""


@dataclass(frozen=True)
class Fault:
    """What happens when: at one moment of the n-th call, counted from 0.

    ``phase`` says from where it is counted: from the start of the command to the beginning of its run
    (``planning``), from there (``run``), or from where a failed run begins to be undone (``undo``). ``kind``
    counts the calls of one kind only.
    """

    number: int
    moment: Moment
    fate: Fate = "killed"
    phase: Phase = "run"
    kind: Kind | Literal[""] = ""


class Watch:
    """Numbers the calls, notes them, and does what the fault says."""

    def __init__(self, notes: str, fault: Fault | None) -> None:
        self._notes = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._fault = fault
        self._lock = threading.Lock()
        self._phase: Phase = "planning"
        self._counts: dict[str, int] = {}

    @contextmanager
    def call(self, kind: str, **told: Any) -> Iterator[Callable[[Moment], None]]:
        """One call: gives what is to be told of its moments; ``before`` and ``after`` are told here."""
        with self._lock:
            if kind == "begin":
                self._phase, self._counts = "run" if self._phase == "planning" else "undo", {}
            numbers = {which: self._counts.get(which, 0) for which in ("", kind)}
            self._counts.update({which: number + 1 for which, number in numbers.items()})
            told = {"phase": self._phase, "number": numbers[""], "kind": kind, "nth": numbers[kind], **told}

        def reached(moment: Moment) -> None:
            with self._lock:
                os.write(self._notes, json.dumps({**told, "moment": moment}).encode() + b"\n")
                self._strike(told, numbers, moment)

        reached("before")
        yield reached
        reached("after")

    def _strike(self, told: Mapping[str, Any], numbers: Mapping[str, int], moment: Moment) -> None:
        fault = self._fault
        if fault is None or (fault.phase, fault.moment) != (told["phase"], moment):
            return
        if numbers.get(fault.kind) != fault.number:
            return
        os.write(self._notes, json.dumps({**told, "moment": "struck"}).encode() + b"\n")
        if fault.fate == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        raise httpx.ReadError("connection reset by peer")


def install(watch: Watch) -> None:
    """Watch the ledger and the connections of this process."""
    begin, record, end = SqliteLedger.begin, SqliteLedger.record, SqliteLedger.end
    send = httpx.HTTPTransport.handle_request

    def watched_begin(self: SqliteLedger, run: Run) -> None:
        with watch.call("begin"):
            begin(self, run)

    def watched_record(
        self: SqliteLedger,
        intents: Sequence[Intent] = (),
        results: Sequence[Committed | Failed] = (),
    ) -> int:
        with watch.call(
            "record",
            intents=[[str(intent.address), intent.action] for intent in intents],
            results=[_result(result) for result in results],
        ):
            return record(self, intents, results)

    def watched_end(self: SqliteLedger, *arguments: Any, **named: Any) -> None:
        with watch.call("end"):
            end(self, *arguments, **named)

    def watched_send(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        with watch.call("request", method=request.method, path=request.url.path) as reached:

            def trace(event: str, _: Mapping[str, Any]) -> None:
                if event == "http11.send_request_body.complete":
                    reached("sent")

            request.extensions = {**request.extensions, "trace": trace}
            answer = send(self, request)
            answer.read()
            return answer

    for owner, name, watched in (
        (SqliteLedger, "begin", watched_begin),
        (SqliteLedger, "record", watched_record),
        (SqliteLedger, "end", watched_end),
        (httpx.HTTPTransport, "handle_request", watched_send),
    ):
        setattr(owner, name, watched)


def _result(result: Committed | Failed) -> list[str]:
    if isinstance(result, Committed):
        return [str(result.address), "done" if result.after else "gone"]
    return [str(result.step), "failed"]


def live(arguments: list[str], environ: Mapping[str, str], notes: str, fault: Fault | None) -> None:
    """Carry out one command line in this process, which ends with it."""
    install(Watch(notes, fault))
    os.environ.update(environ)
    sys.argv = ["reconciler", *arguments]
    main()
