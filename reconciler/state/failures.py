"""What SQLite and the file system complain of, as errors that say what to do."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reconciler import codes
from reconciler.errors import StateDamaged, StateError

NOTHING_LOST = "what was recorded before is safe"
RESTORE = (
    "keep the file as it is, restore the state from a backup (the file with its -wal file, if there is one), "
    "or move it away and `import` the objects again"
)

_FULL = f"free some disk space and run the same command again; {NOTHING_LOST}"
_PERMISSIONS = f"make the file and its directory writable for this user, then try again; {NOTHING_LOST}"
_DISK = (
    "check the disk and the file system, and whether a quota or a limit to the size of files is reached, "
    f"then try again; {NOTHING_LOST}"
)
_IN_THE_WAY = "move what is in its place away, then try again"
_REMEDIES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EIO: _DISK,
    errno.EFBIG: _DISK,
    errno.EISDIR: _IN_THE_WAY,
}
_CODES = {
    errno.ENOSPC: codes.DISK_FULL,
    errno.EDQUOT: codes.DISK_FULL,
    errno.EACCES: codes.STATE_FORBIDDEN,
    errno.EPERM: codes.STATE_FORBIDDEN,
    errno.EROFS: codes.STATE_FORBIDDEN,
}


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Raises StateError or StateDamaged in place of what SQLite or the file system raise inside."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explain(error, path) from error
    except UnicodeEncodeError as error:
        raise StateError(
            f"{path}: the state cannot keep a text that is not Unicode: {error.reason}"
        ) from error
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0, _PERMISSIONS)
        code = _CODES.get(error.errno or 0, "")
        raise StateError(f"{path}: the state cannot be used: {error.strerror}", remedy, code=code) from error


def _explain(error: sqlite3.Error, path: Path) -> StateError:
    # The primary result code is the lowest byte: https://www.sqlite.org/rescode.html
    code = getattr(error, "sqlite_errorcode", None)
    match None if code is None else code & 0xFF:
        case sqlite3.SQLITE_FULL:
            return StateError(
                f"{path}: the disk is full; the state could not be written", _FULL, code=codes.DISK_FULL
            )
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return StateDamaged(f"{path}: the state file is damaged: {error}", RESTORE)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return StateError(
                f"{path}: the state cannot be written or opened: {error}",
                _PERMISSIONS,
                code=codes.STATE_FORBIDDEN,
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StateError(
                f"{path}: another process keeps the state file busy", "try again once it has finished"
            )
        case sqlite3.SQLITE_IOERR:
            return StateError(f"{path}: reading or writing the state failed: {error}", _DISK)
        case _:
            return StateError(f"{path}: the state cannot be used: {error}", NOTHING_LOST)
