"""Ctrl-C and its relatives: the first asks a run to stop, the second stops it."""

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

import click

_TOLD_TO_END = (signal.SIGTERM, signal.SIGHUP)
"""What a process gets when it is to end, and when its terminal is gone."""


class StopRequests:
    """What signals ask of a run. ``stop`` is set by the first: no new steps, running ones finish.

    The second Ctrl-C or SIGTERM does what it would do without this: it raises KeyboardInterrupt, once, in the
    main thread. A hang-up (SIGHUP) only ever asks: a closing terminal sends several, from the shell and from
    the system.
    """

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.handlers: Mapping[signal.Signals, signal._HANDLER] = {}
        """What the signals did before."""
        self._next_interrupts = False

    def receive(self, number: int, frame: FrameType | None) -> None:
        """Take in a signal; installed as its handler."""
        if number != signal.SIGHUP:
            if self._next_interrupts:
                self._interrupt(number, frame)
            self._next_interrupts = True
        self.stop.set()

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        before = self.handlers.get(signal.Signals(number))
        if not callable(before):
            raise KeyboardInterrupt
        before(number, frame)

    def ended(self) -> None:
        """Say that no step is left to finish: whatever comes after it, the next Ctrl-C cuts short."""
        self._next_interrupts = True


@contextmanager
def interruptible(give_up: Callable[[], None]) -> Iterator[None]:
    """While it lasts, SIGTERM and a lost terminal are like Ctrl-C: what is open is closed on the way out.

    Whoever asks again while that is done makes this process ``give_up``, so that nothing can hold it up.
    After an exception the signals stay as they are: the process ends.
    """
    is_ending = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal is_ending
        if not is_ending:
            is_ending = True
            raise KeyboardInterrupt
        if number != signal.SIGHUP:
            give_up()

    before = _install(interrupt, signal.SIGINT, *_TOLD_TO_END)
    yield
    _restore(before)


@contextmanager
def stop_requests() -> Iterator[StopRequests]:
    """While it lasts, signals ask first and interrupt only then."""
    requests = StopRequests()
    with _handled(requests.receive, signal.SIGINT, *_TOLD_TO_END) as requests.handlers:
        yield requests


@contextmanager
def interruptible_each_time() -> Iterator[None]:
    """While it lasts, every Ctrl-C raises KeyboardInterrupt, for who goes on after it.

    SIGTERM and a lost terminal raise Abort: there is nothing to go on with.
    """

    def end(number: int, frame: FrameType | None) -> None:
        raise click.Abort

    with _handled(signal.default_int_handler, signal.SIGINT), _handled(end, *_TOLD_TO_END):
        yield


def deaf_from_now_on() -> None:
    """Take in no signal any more, until the process ends."""
    signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, *_TOLD_TO_END))


@contextmanager
def undisturbed() -> Iterator[None]:
    """While it lasts, no signal interrupts: for the last words of a command that has been interrupted."""
    with _handled(signal.SIG_IGN, signal.SIGINT, *_TOLD_TO_END):
        yield


@contextmanager
def _handled(
    handler: "signal._HANDLER", *numbers: signal.Signals
) -> Iterator[dict[signal.Signals, "signal._HANDLER"]]:
    """While it lasts, signals do this; gives what they did before."""
    before = _install(handler, *numbers)
    try:
        yield before
    finally:
        _restore(before)


def _install(handler: "signal._HANDLER", *numbers: signal.Signals) -> dict[signal.Signals, "signal._HANDLER"]:
    """Say what signals do from now on, and give what they did before.

    Only the main thread may say it; elsewhere nothing changes. A signal that this process was started to
    ignore (``nohup``, a job in the background) stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        return {}
    heard = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    return {number: signal.signal(number, handler) for number in heard}


def _restore(handlers: Mapping[signal.Signals, "signal._HANDLER"]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)
