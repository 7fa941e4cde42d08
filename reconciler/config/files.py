"""Finding and reading the files of a stack; nothing outside its directory is ever read."""

import fnmatch
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from reconciler import codes
from reconciler.config.source import Position, Source, position
from reconciler.diagnostics import Diagnostics, Place

MAIN_FILE = "reconciler.yaml"
MAX_SIZE = 16 * 2**20
MAX_FILES = 10_000

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML does not allow anywhere (https://yaml.org/spec/1.2.2/#51-character-set)."""


def has_stack(directory: Path, found: Diagnostics) -> bool:
    """Whether there is a ``reconciler.yaml`` in a directory; if not, ``found`` says what to do."""
    if (directory / MAIN_FILE).exists():
        return True
    advice = "run reconciler init, or name the stack's directory with -C"
    if (directory / "reconciler.yml").exists():
        advice = f"rename reconciler.yml to {MAIN_FILE}"
    found.error(
        f"there is no {MAIN_FILE} in {directory.name or directory}", advice=advice, code=codes.NO_STACK
    )
    return False


def read_source(path: Path, name: str, found: Diagnostics, place: Place | None = None) -> Source | None:
    """The text of a file called ``name``; None when it cannot be read, which ``found`` then says.

    ``place`` is where the file was asked for, for the case that it is not there.
    """
    content = read_content(path, name, found, place)
    return None if content is None else source_of(content, name, found)


def read_content(path: Path, name: str, found: Diagnostics, place: Place | None = None) -> bytes | None:
    """What a file holds, as ``read_source`` reads it; at most one byte more than a file may have."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            found.error(
                f"{name} is not a regular file", place=place or Place(name, 1, 1), code=codes.FILE_UNREADABLE
            )
            return None
        with path.open("rb") as file:
            return file.read(MAX_SIZE + 1)
    except OSError as error:
        found.error(
            f"{name} cannot be read: {error.strerror}",
            place=place or Place(name, 1, 1),
            code=codes.FILE_UNREADABLE,
        )
        return None


def source_of(content: bytes, name: str, found: Diagnostics) -> Source | None:
    """The text that a file called ``name`` holds; None if it is too large or no text."""
    if len(content) > MAX_SIZE:
        found.error(
            f"{name} is larger than {MAX_SIZE // 2**20} MB",
            advice="split it into files under include",
            place=Place(name, 1, 1),
            code=codes.FILE_UNREADABLE,
        )
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _not_utf8(content, error.start, name, found)
        return None
    source = Source(name, text)
    if match := _FORBIDDEN.search(text):
        before = Source(name, text[: match.start()]).lines
        found.error(
            f"the control character U+{ord(match[0]):04X} cannot be in YAML",
            advice="remove it, or write it as an escape inside double quotes",
            place=source.place(position(len(before) - 1, len(before[-1]))),
            code=codes.NOT_YAML,
        )
        return None
    return source


def _not_utf8(content: bytes, offset: int, name: str, found: Diagnostics) -> None:
    before = content[:offset].decode("utf-8-sig", errors="replace")
    line = before.count("\n")
    shown = Source(name, content.decode("utf-8", errors="replace"))
    advice = "save the file as UTF-8"
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        advice += " (it looks like UTF-16)"
    found.error(
        f"the file is not UTF-8: byte 0x{content[offset]:02X} at offset {offset}",
        advice=advice,
        place=shown.place(position(line, len(before) - (before.rfind("\n") + 1))),
        code=codes.FILE_UNREADABLE,
    )


def included(
    directory: Path, pattern: str, asked_by: Source, at: Position, found: Diagnostics
) -> Iterator[tuple[Path, str]]:
    """The files that an ``include`` pattern matches, sorted, each with its name relative to the directory."""
    place = asked_by.place(at, pattern)
    segments = pattern.split("/")
    if os.path.isabs(pattern) or ".." in segments or "\\" in pattern or "\0" in pattern:
        found.error(
            f"include {pattern!r} could leave the stack's directory",
            advice="write a pattern relative to it, with / and without ..",
            place=place,
            code=codes.FILE_UNREADABLE,
        )
        return
    root = directory.resolve()
    matches = sorted(_matches(directory, "", [part for part in segments if part not in ("", ".")]))
    for name in matches:
        path = directory / name
        if not path.resolve().is_relative_to(root):
            found.error(
                f"{name} is a link that leaves the stack's directory",
                advice="put the file itself there",
                place=place,
                code=codes.FILE_UNREADABLE,
            )
        else:
            yield path, name
    if not matches:
        found.error(
            f"include {pattern!r} matches no file",
            advice="correct the pattern or remove it",
            place=place,
            code=codes.FILE_UNREADABLE,
        )


def _matches(directory: Path, name: str, segments: list[str]) -> Iterator[str]:
    """Names of files that match; ``**`` stands for any number of directories and follows no links."""
    if not segments:
        yield name
        return
    first, rest = segments[0], segments[1:]
    try:
        entries = sorted(os.scandir(directory / name), key=lambda entry: entry.name)
    except OSError:
        return
    if first == "**":
        yield from _matches(directory, name, rest or ["*"])
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                yield from _matches(directory, _joined(name, entry.name), segments)
        return
    for entry in entries:
        hidden = entry.name.startswith(".") and not first.startswith(".")
        if not hidden and fnmatch.fnmatchcase(entry.name, first) and entry.is_dir() == bool(rest):
            yield from _matches(directory, _joined(name, entry.name), rest)


def _joined(directory: str, name: str) -> str:
    return f"{directory}/{name}" if directory else name
