"""``init``: a starter stack, from the same examples that the documentation shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused

TEMPLATES = ("empty", "testx")
_IGNORED = ".gitignore"
_STACK_FILE = "reconciler.yaml"


@dataclass(frozen=True)
class Started:
    """The files of a new stack, relative to its directory: those written, and those left as they were."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]


def start(directory: Path, template: str) -> Started:
    """Write a template's files. What is there already stays; ``.gitignore`` gets the lines that it lacks.

    Raises Refused when there is a stack already, OSError when files cannot be written.
    """
    if (directory / _STACK_FILE).exists():
        raise Refused(
            [
                Diagnostic(
                    f"there is a stack already: {directory / _STACK_FILE}",
                    "choose another directory with -C, or remove the file first",
                )
            ]
        )
    source = _examples() / template
    written: list[Path] = []
    kept: list[Path] = []
    for file in _files(source):
        place = file.relative_to(source)
        done = _write(directory / place, file.read_text(encoding="utf-8"))
        (written if done else kept).append(place)
    return Started(tuple(written), tuple(kept))


def _examples() -> Path:
    """``examples`` inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "examples"
    return installed if installed.is_dir() else package.parent / "examples"


def _files(source: Path) -> Iterator[Path]:
    """The template's own files, without what has come of trying it out."""
    for file in sorted(source.rglob("*")):
        inside = file.relative_to(source).parts
        if file.is_file() and ".reconciler" not in inside and inside[-1] != ".env":
            yield file


def _write(target: Path, text: str) -> bool:
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        target.write_text(text, encoding="utf-8")
        return True
    if target.name != _IGNORED:
        return False
    present = target.read_text(encoding="utf-8")
    rules = [line for line in text.splitlines() if line and not line.startswith("#")]
    missing = [line for line in rules if line not in present.splitlines()]
    if missing:
        gap = "" if present.endswith("\n") or not present else "\n"
        target.write_text(present + gap + "\n".join(missing) + "\n", encoding="utf-8")
    return bool(missing)
