"""The command line at a terminal of its own, with somebody at the keyboard who may also close the window."""

import contextlib
import os
import pty
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.functional.processes import program

CTRL_C = "\x03"

_AT_TERMINAL = "import fcntl, termios\nfcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
"""Makes standard input the terminal that a process's signals come from (it leads a session of its own)."""

_MOST = 65536


class Terminal:
    """What stands at one end of a terminal, while the process is at the other."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int) -> None:
        self.process = process
        self._descriptor = descriptor
        self._is_open = True
        self.seen = ""

    def read_until(self, text: str) -> None:
        """Read what is shown until the text is there; what was read before counts no more."""
        start = len(self.seen)
        while text not in self.seen[start:]:
            shown = self._read()
            assert shown, f"the process ended without {text!r}:\n{self.seen}"
            self.seen += shown

    def read_to_end(self) -> int:
        """Read until the process has ended; gives its exit code."""
        while shown := self._read():
            self.seen += shown
        return self.process.wait()

    def type(self, text: str) -> None:
        """Type something."""
        os.write(self._descriptor, text.encode())

    def close(self) -> None:
        """Close the window: the process loses its terminal."""
        if self._is_open:
            self._is_open = False
            os.close(self._descriptor)

    def _read(self) -> str:
        with contextlib.suppress(OSError):  # EIO: nobody is at the other end any more
            return os.read(self._descriptor, _MOST).decode(errors="replace")
        return ""


@contextmanager
def at_terminal(directory: Path, *arguments: str, environ: Mapping[str, str]) -> Iterator[Terminal]:
    """Start the command line at a terminal, while the block lasts."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        program(*arguments, before=_AT_TERMINAL),
        cwd=directory,
        env={**os.environ, "TERM": "xterm-256color", **environ},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    terminal = Terminal(process, ours)
    try:
        yield terminal
    finally:
        terminal.close()
        if process.poll() is None:
            process.kill()
        process.wait()
