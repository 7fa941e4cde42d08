"""What a code means: its section of the documents about troubleshooting."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reconciler import codes
from reconciler.diagnostics import Diagnostic, did_you_mean
from reconciler.errors import Refused

_HEADING = re.compile(r"^## ([A-Z0-9]+-[A-Z]+-\d{3}): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """One code: a few words about it, and all that is written about it (Markdown, without its heading)."""

    code: str
    title: str
    service: str
    text: str


def sections() -> list[Section]:
    """All codes that are written about, by service and in the order in which they are written."""
    return [found for file in sorted(_documents().glob("*.md")) for found in _sections(file)]


def section(code: str) -> Section:
    """What is written about a code, in whatever case; raises Refused, with the nearest, when nothing is."""
    known = {found.code: found for found in sections()}
    wanted = code.strip().strip("[]").upper()
    if wanted not in known:
        advice = did_you_mean(wanted, known) or "`reconciler explain` lists all"
        raise Refused([Diagnostic(f"there is no code {code!r}", advice, code=codes.NOTHING_FOUND)])
    return known[wanted]


def _sections(file: Path) -> Iterator[Section]:
    text = file.read_text(encoding="utf-8")
    found = list(_HEADING.finditer(text))
    ends = [one.start() for one in found[1:]] + [len(text)]
    for one, end in zip(found, ends, strict=True):
        yield Section(one[1], one[2], file.stem, text[one.end() : end].strip())


def _documents() -> Path:
    """``troubleshooting`` inside the installed package, or below ``docs`` beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "troubleshooting"
    return installed if installed.is_dir() else package.parent / "docs" / "troubleshooting"
