"""What the command's exit code tells."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The whole list; nothing else is returned."""

    DONE = 0
    """Done, and nothing to report."""
    ERROR = 1
    FOUND = 2
    """``plan --detailed-exitcode`` has changes, ``drift`` found drift, ``fmt --check`` would write."""
    INCOMPLETE = 3
    """An apply failed part-way, and what was done stands."""
    ROLLED_BACK = 4
    """An apply failed, and what it had done was undone."""
    LOCKED = 5
    """Somebody else is writing the state."""
    USAGE = 64
    """The command line is wrong."""
    INTERRUPTED = 130
