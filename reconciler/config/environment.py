"""What comes from outside the files: the environment's variables, the ``.env`` file, and secrets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from reconciler import codes
from reconciler.diagnostics import Diagnostics, Place

ENV_FILE = ".env"
_MAX_SIZE = 2**20
_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(?:#.*)?')
_SINGLE = re.compile(r"'([^']*)'\s*(?:#.*)?")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass
class Secrets:
    """Secrets by name: from the environment, then from ``.env``, which is read when it is first needed.

    In the sandbox a secret that is set nowhere has a stand-in, so that a newcomer needs no account.
    """

    directory: Path
    environ: Mapping[str, str]
    is_sandbox: bool
    found: Diagnostics

    def __call__(self, name: str) -> str | None:
        """The secret of this name, or None."""
        if name in self.environ:
            return self.environ[name]
        if name in self._file:
            return self._file[name]
        return f"sandbox-{name}" if self.is_sandbox else None

    @cached_property
    def _file(self) -> Mapping[str, str]:
        return read_env_file(self.directory / ENV_FILE, self.found)


def read_env_file(path: Path, found: Diagnostics) -> dict[str, str]:
    """The ``KEY=VALUE`` lines of a file, empty if there is none.

    Comments, ``export`` and quotes are as in a shell; nothing is expanded. What is wrong goes to ``found``,
    without the line, since it may hold a secret.
    """
    try:
        if not path.is_file():
            return {}
        content = path.read_bytes()[: _MAX_SIZE + 1]
        text = content.decode("utf-8-sig")
    except OSError as error:
        found.error(
            f"{path.name} cannot be read: {error.strerror}",
            place=Place(path.name, 1, 1),
            code=codes.FILE_UNREADABLE,
        )
        return {}
    except UnicodeDecodeError:
        found.error(
            f"{path.name} is not UTF-8",
            advice="save it as UTF-8",
            place=Place(path.name, 1, 1),
            code=codes.FILE_UNREADABLE,
        )
        return {}
    if len(content) > _MAX_SIZE:
        found.error(
            f"{path.name} is larger than 1 MB", place=Place(path.name, 1, 1), code=codes.FILE_UNREADABLE
        )
        return {}
    values: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line.strip())
        value = _value(match[2]) if match else None
        if match is None or value is None:
            advice = "write NAME=value, with the value in quotes if it holds spaces, quotes or #"
            found.error(
                "the line cannot be read",
                advice=advice,
                place=Place(path.name, number, 1),
                code=codes.FILE_UNREADABLE,
            )
            continue
        values[match[1]] = value
    return values


def _value(text: str) -> str | None:
    """The value behind the ``=``; None when its quotes are not closed."""
    if match := _DOUBLE.fullmatch(text):
        return re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), match[1])
    if match := _SINGLE.fullmatch(text):
        return match[1]
    if text[:1] in ("'", '"'):
        return None
    return re.split(r"(?:^|\s)#", text, maxsplit=1)[0].strip()
