"""Another content for a file: the old one or the new one is there at any moment, whole."""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from reconciler.state.location import flush_directory, make_file_beside


def replace_file(path: Path, content: bytes) -> None:
    """Give the file at ``path``, or the one that a link there leads to, this content.

    It keeps its permissions and, where that is allowed, its owner. Raises OSError, also for a file that is
    read-only: its directory alone would let it be replaced.
    """
    target = path.resolve()
    was = target.stat()
    if not was.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "it is read-only", str(path))
    made = make_file_beside(target)
    try:
        with made.open("wb") as file:
            file.write(content)
            if (was.st_uid, was.st_gid) != (os.geteuid(), os.getegid()):
                with suppress(PermissionError):
                    os.chown(made, was.st_uid, was.st_gid)
            made.chmod(stat.S_IMODE(was.st_mode))
            file.flush()
            os.fsync(file.fileno())
        made.replace(target)
    except BaseException:
        made.unlink()
        raise
    flush_directory(target.parent)
