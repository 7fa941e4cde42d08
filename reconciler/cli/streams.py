"""Standard output whose reader may leave, as in ``reconciler apply | head``."""

import io
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class Pipe(io.FileIO):
    """A file descriptor that takes everything, and drops it once nobody reads any more.

    A run must not be cut off because the pager that showed its progress was closed.
    """

    def write(self, text: "ReadableBuffer", /) -> int:
        """Write, or let it go; see ``io.RawIOBase.write``."""
        try:
            return super().write(text)
        except BrokenPipeError:
            return len(memoryview(text))


def keep_running_without_reader() -> None:
    """Let this process outlive the readers of its output; what cannot be encoded is shown as ``?``."""
    sys.stdout = _patient(sys.stdout, 1)
    sys.stderr = _patient(sys.stderr, 2)


def _patient(stream: object, descriptor: int) -> io.TextIOWrapper:
    # A process may have been started with its output closed; then there is nothing to protect.
    if not isinstance(stream, io.TextIOWrapper):
        return stream  # type: ignore[return-value] # what stood there stays
    raw = Pipe(descriptor, "w", closefd=False)
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors="replace" if descriptor == 1 else "backslashreplace",
        line_buffering=raw.isatty() or descriptor == 2,
    )
