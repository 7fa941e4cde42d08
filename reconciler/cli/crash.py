"""What is kept of a mistake in reconciler itself: the traceback, in a file, without secrets."""

import json
import os
import re
import stat
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from reconciler import __version__
from reconciler.cli.invocation import Invocation
from reconciler.provider.masking import Masker
from reconciler.state.location import ROOM, make_directory
from reconciler.values import leaves

_LIKE_A_SECRET = re.compile(r"token|secret|passw|key|credential|auth|^RECONCILER_VAR_", re.IGNORECASE)
_NAMED_IN_STACK = re.compile(r"\b(?:env|secret)\.([A-Za-z_]\w*)")
_IN_DOT_ENV = re.compile(r"\s*(?:export\s+)?[A-Za-z_]\w*\s*=\s*(['\"]?)(.*?)\1\s*")
_MOST = 1 << 20
"""Files larger than this, in bytes, are not searched."""


def secrets_of(invocation: Invocation) -> Masker:
    """Knows every secret that this process can have come across, even when the stack could not be read.

    They are the values in ``.env``, those variables of the environment that the stack's files name, and
    those whose names sound like a secret's.
    """
    directory = Path(invocation.directory)
    named = {
        name
        for file in (*directory.glob("*.y*ml"), *directory.glob("*/*.y*ml"))
        for name in _NAMED_IN_STACK.findall(_text(file))
    }
    values = {
        value for name, value in invocation.environ.items() if name in named or _LIKE_A_SECRET.search(name)
    }
    return Masker({*values, *_dot_env(_text(directory / ".env"))})


def learn_given(masker: Masker, invocation: Invocation) -> None:
    """Take every value that the command line gave for a secret: a traceback may quote any of them."""
    for text in invocation.variables.values():
        masker.add(text)
        with suppress(ValueError, RecursionError):
            masker.add(*(part for part in leaves(json.loads(text)) if isinstance(part, str)))


def keep_traceback(error: Exception, invocation: Invocation, masker: Masker) -> Path | None:
    """Write the traceback beside the stack's state, or where temporary files go; with ``-v``, show it.

    Returns the file, or None when it could be written nowhere and has been shown instead.
    """
    details = masker.mask("".join(traceback.format_exception(error)))
    now = datetime.now(UTC)
    header = f"reconciler {__version__}, Python {sys.version}, {sys.platform}, {now.isoformat()}\n\n"
    if invocation.is_verbose:
        click.echo(details, err=True, nl=False)
    stack = Path(invocation.directory)
    own = [stack / ROOM] if (stack / "reconciler.yaml").is_file() else []
    for directory in (*own, Path(tempfile.gettempdir())):
        file = directory / f"crash-{now:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
        try:
            make_directory(directory)
            file.touch(mode=0o600)
            file.write_text(header + details, encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue  # the next directory may be writable
        return file
    if not invocation.is_verbose:
        click.echo(details, err=True, nl=False)
    return None


def _dot_env(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if found := _IN_DOT_ENV.fullmatch(line):
            yield found[2]


def _text(file: Path) -> str:
    try:
        found = file.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size >= _MOST:
            return ""  # a pipe or a device may have no end
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""  # what cannot be read cannot have told us a secret
