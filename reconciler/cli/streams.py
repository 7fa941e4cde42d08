"""Standard input and output that may be closed, or whose reader may leave, as in ``apply | head``."""

import errno
import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_LAST = 2
"""The descriptor of standard error."""


class Pipe(io.FileIO):
    """A file descriptor that takes everything, and drops what can go nowhere.

    A run must not be cut off because the pager that showed its progress was closed, its terminal is gone, or
    the disk that its log goes to is full. ``lost`` is why something was dropped that somebody may have
    wanted: a reader that has left wants nothing.
    """

    lost: OSError | None = None

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "w", closefd=False)
        self._was_terminal = self.isatty()  # one that is gone does not say so any more

    def write(self, text: "ReadableBuffer", /) -> int:
        """Write, or let it go; see ``io.RawIOBase.write``."""
        try:
            return super().write(text)
        except OSError as error:
            has_left = error.errno == errno.EPIPE or (self._was_terminal and error.errno == errno.EIO)
            if not has_left and self.lost is None:
                self.lost = error
            return len(memoryview(text))


def keep_running_without_reader() -> None:
    """Let this process outlive the readers of its output; what cannot be encoded is shown as ``?``.

    What the process was started without (``<&-``, ``>&-``) becomes empty input, and output that nobody reads:
    otherwise the next file that is opened, a state perhaps, would take its place.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= _LAST:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")
    sys.stdout = _patient(sys.stdout, 1)
    sys.stderr = _patient(sys.stderr, _LAST)


def lost_output() -> OSError | None:
    """Why a part of standard output is not where it should be, if so; what was printed is written first."""
    sys.stdout.flush()
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return raw.lost if isinstance(raw, Pipe) else None


def _patient(stream: object, descriptor: int) -> io.TextIOWrapper:
    encoding = "utf-8"
    if isinstance(stream, io.TextIOWrapper):
        encoding = stream.encoding
    elif stream is not None:
        return stream  # type: ignore[return-value] # what stood there stays
    raw = Pipe(descriptor)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=encoding,
        errors="replace" if descriptor == 1 else "backslashreplace",
        line_buffering=raw.isatty() or descriptor == _LAST,
    )
