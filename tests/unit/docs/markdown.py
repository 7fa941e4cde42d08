"""The documents of the project: their blocks, links and headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted(
    file
    for pattern in ("*.md", "docs/**/*.md", "examples/*/*.md", "providers/*/*.md")
    for file in ROOT.glob(pattern)
)

_FENCE = re.compile(r"^```(.*)$")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """A fenced block: what stands behind its fence, and its lines."""

    kind: str
    text: str


def blocks(file: Path) -> Iterator[Block]:
    """All fenced blocks of a document."""
    kind: str | None = None
    lines: list[str] = []
    for line in file.read_text(encoding="utf-8").splitlines():
        fence = _FENCE.match(line)
        if fence and kind is None:
            kind, lines = fence[1].strip(), []
        elif fence:
            yield Block(kind or "", "\n".join(lines) + "\n")
            kind = None
        elif kind is not None:
            lines.append(line)
    assert kind is None, f"{file} ends inside a block"


def write_modules(file: Path, directory: Path) -> None:
    """Write the modules that a document shows, each in a block ``yaml module NAME``, into a directory."""
    for block in blocks(file):
        if block.kind.startswith("yaml module "):
            folder = directory / block.kind.removeprefix("yaml module ")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "reconciler.yaml").write_text(block.text, encoding="utf-8")


def prose(file: Path) -> str:
    """A document without its fenced blocks."""
    outside = True
    kept = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if _FENCE.match(line):
            outside = not outside
        elif outside:
            kept.append(line)
    return "\n".join(kept)


def links(file: Path) -> list[str]:
    """Where a document's links lead."""
    return _LINK.findall(prose(file))


def headings(file: Path) -> list[str]:
    """A document's headings, as the anchors that a reader on the web gets."""
    titles = re.findall(r"^#+ (.+)$", prose(file), re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles]


def section(file: Path, title: str) -> str:
    """What stands under a heading of the second level."""
    parts = prose(file).split("\n## ")
    found = [part for part in parts if part.startswith(title + "\n")]
    assert len(found) == 1, f"{file} has {len(found)} sections {title!r}"
    return found[0]


def first_column(text: str) -> list[str]:
    """The first cells of a table's rows, without its head."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return [row.strip("|").split(" | ")[0].strip() for row in rows[2:]]
