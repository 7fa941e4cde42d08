"""Canaries: secrets that nothing else looks like, one for each place, so that a leak names its place.

A canary is looked for by its two halves. Between them may stand characters that every encoding writes in a
way of its own; the halves are letters and digits, which URL, JSON, HTML, ``repr`` and YAML leave as they are.
What is left are base64, at each of its three alignments, and hexadecimal.
"""

import base64
import random
import sqlite3
import string
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from tests.command_line import CommandLine, Result

_HALF = 9
"""Characters: short enough for names of every service, too long to turn up by chance."""

_WORLD = ".reconciler/sandbox/world.db"


class Canaries:
    """The canaries of one test, by place; ``round`` tells those of before and after a rotation apart."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}
        self._seen: dict[tuple[Path, int, int], set[str]] = {}

    def __call__(self, place: str, between: str = "-") -> str:
        """The canary of a place: the same each time, and another for each place."""
        halves = _halves(place)
        if halves[0] not in self._places:
            self._places |= dict.fromkeys(halves, place)
            self._seen.clear()
        return between.join(halves)

    def environment(self, *names: str, between: str = "-", turn: int = 1) -> dict[str, str]:
        """A canary for each variable of the environment, another one at each turn."""
        return {name: self(f"{name}, turn {turn}", between) for name in names}

    def seen_in(self, content: bytes) -> set[str]:
        """The places whose canary can be read in a content."""
        small = content.lower()
        return {
            place
            for half, place in self._places.items()
            if half.encode() in small
            or any(form in small for form in _hexadecimal(half))
            or any(form in content for form in _base64(half))
        }

    def leaks(self, directory: Path, result: Result, written: Iterable[Path] = ()) -> dict[str, set[str]]:
        """Where canaries can be read after a command, by what holds them: what it printed, and every file.

        ``written`` are the user's own files; the sandbox's world is the services themselves.
        """
        found = {"stdout": self.seen_in(result.out.encode()), "stderr": self.seen_in(result.err.encode())}
        for file in sorted(directory.rglob("*")):
            own = file.relative_to(directory)
            if not file.is_file() or file in written or own.as_posix().startswith(_WORLD):
                continue
            found[str(own)] = set(self._seen_in_file(file))
        return {where: places for where, places in found.items() if places}

    def _seen_in_file(self, file: Path) -> set[str]:
        """What can be read in a file; one that is as it was is not read again."""
        now = file.stat()
        key = (file, now.st_size, now.st_mtime_ns)
        if key not in self._seen:
            content = file.read_bytes() + file.name.encode()
            self._seen[key] = self.seen_in(content + _rows(file) if file.suffix == ".db" else content)
        return self._seen[key]


class Watched:
    """A command line that looks for canaries after each command, in the ways in which it can be called."""

    def __init__(self, command: CommandLine, canaries: Canaries) -> None:
        self.command = command
        self.canaries = canaries
        self.leaks: list[str] = []
        self.given: tuple[str, ...] = ()
        """Arguments that give the stack's variables their values."""
        self.given_by_environment: dict[str, str] = {}
        """The same for commands that take no such arguments."""
        self._written: set[Path] = set()
        self._kept: dict[str, set[str]] = {}

    def write(self, text: str, name: str = "reconciler.yaml") -> Path:
        """A file of the user's, who may write there what they like."""
        self.command.write(text, name)
        file = self.command.directory / name
        self._written.add(file)
        return file

    def __call__(self, *arguments: str) -> Result:
        result = self.command(*arguments)
        found = self.canaries.leaks(self.command.directory, result, self._written)
        for where, places in found.items():
            if where not in ("stdout", "stderr"):
                places -= self._kept.setdefault(where, set())  # told with the command that wrote it
                self._kept[where] |= places
            self.leaks += [f"{' '.join(arguments)}: {where} shows {place}" for place in sorted(places)]
        return result

    def each_way(self, *arguments: str) -> None:
        """Call one that changes nothing as text and as JSON, with all that there is to log in both forms."""
        for before in (("-v",), ("-v", "--json", "--log-format", "json")):
            self(*before, *arguments)


def shown(leaks: Iterable[str]) -> str:
    """Leaks for a test's failure, a line each."""
    return "\n".join(dict.fromkeys(leaks))


def _halves(place: str) -> tuple[str, str]:
    chance = random.Random(place)
    letters = string.ascii_lowercase + string.digits
    first, second = ("".join(chance.choices(letters, k=_HALF - 1)) for _ in range(2))
    return f"q{first}", f"z{second}"


@cache
def _hexadecimal(half: str) -> tuple[bytes, ...]:
    return tuple(form.encode().hex().encode() for form in (half, half.upper()))


@cache
def _base64(half: str) -> tuple[bytes, ...]:
    """At each place that it can have in a group of three bytes, without what its neighbours have a say in."""
    return tuple(
        base64.b64encode(bytes(before) + raw)[(before * 8 + 5) // 6 : (before + len(raw)) * 8 // 6]
        for raw in (half.encode(), half.upper().encode())
        for before in range(3)
    )


def _rows(database: Path) -> bytes:
    """All that the tables hold: in the file a long value may lie in pieces."""
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    try:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        rows = [row for table in tables for row in connection.execute(f'SELECT * FROM "{table}"')]
    finally:
        connection.close()
    return b"\n".join(part if isinstance(part, bytes) else str(part).encode() for row in rows for part in row)


def dot_env(values: Mapping[str, str]) -> str:
    """The text of a ``.env`` file."""
    return "".join(f"{name}='{value}'\n" for name, value in values.items())
