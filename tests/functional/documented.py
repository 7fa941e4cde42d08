"""The commands that the pages for bad days and for plans name, out of the pages themselves."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from tests.command_line import CommandLine, Result

DOCS = Path(__file__).parents[2] / "docs"
PAGES = (
    "adoption.md",
    "outages.md",
    "plans.md",
    "rollback.md",
    "setup.md",
    *sorted(f"troubleshooting/{page.name}" for page in (DOCS / "troubleshooting").glob("*.md")),
)

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"^\s*\$ ", re.MULTILINE)

Block = tuple[tuple[str, ...], ...]
"""The commands of one block, each as its words."""


def blocks() -> dict[Block, str]:
    """Every block of commands, each once, with the first page that has it."""
    found: dict[Block, str] = {}
    for page in PAGES:
        for block in _blocks_of((DOCS / page).read_text("utf-8")):
            found.setdefault(block, page)
    return found


def procedure(page: str, heading: str) -> Block:
    """The commands below a heading of a page, in order."""
    text = (DOCS / page).read_text("utf-8")
    _, _, rest = text.partition(f"\n{heading}\n")
    assert rest, f"{page} has no heading {heading!r}"
    level = heading.partition(" ")[0]
    section = re.split(rf"^#{{1,{len(level)}}} ", rest, maxsplit=1, flags=re.MULTILINE)[0]
    return tuple(command for block in _blocks_of(section) for command in block)


def _blocks_of(text: str) -> Iterator[Block]:
    elsewhere = len(_COMMAND.findall(text))
    for language, body in _BLOCK.findall(text):
        if language != "console":
            continue
        lines = [line for line in body.splitlines() if line.startswith("$ ")]
        assert lines, f"a console block without a command: {body}"
        elsewhere -= len(lines)
        yield tuple(tuple(shlex.split(line.removeprefix("$ "))) for line in lines)
    # One in a list, or in a fence of another kind, would be read by people and run by nobody.
    assert not elsewhere, f"{elsewhere} commands outside of the console blocks that are run"


def edit(line: CommandLine, old: str, new: str, name: str = "slack") -> None:
    """Change a text in one of the example's files."""
    file = line.directory / "resources" / f"{name}.yaml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def succeeds(result: Result) -> None:
    """Make sure that a command ended well."""
    assert result.code == 0, result.out + result.err
