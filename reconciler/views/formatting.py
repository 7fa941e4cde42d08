"""What ``fmt`` has done or would do, for people and as ``schemas/fmt.schema.json`` describes it."""

import difflib
from collections.abc import Callable, Iterator
from typing import Any

from reconciler.config.formatted import Formatted, Formatting
from reconciler.views.diagnostics import diagnostic_document
from reconciler.views.line import Line, Meaning, line

_MEANINGS: dict[str, Meaning] = {"+": "create", "-": "delete", "@": "read"}


def formatting_lines(
    formatting: Formatting, *, with_diff: bool, mask: Callable[[str], str]
) -> Iterator[Line]:
    """The names of the files that were not in canonical layout, each with what differs if asked for.

    ``mask`` hides what is secret in a line of a file.
    """
    for file in formatting.files:
        if file.is_changed:
            yield line(file.name)
            for row in _diff(file, mask) if with_diff else ():
                meaning = "title" if row.startswith(("--- ", "+++ ")) else _MEANINGS.get(row[:1], "")
                yield line(row, meaning)


def formatting_document(
    formatting: Formatting, *, is_written: bool, with_diff: bool, with_text: bool, mask: Callable[[str], str]
) -> dict[str, Any]:
    """The same as JSON, with what is wrong with files that stay as they are.

    ``is_written`` is whether files that were not in canonical layout are now; ``with_text`` adds the result.
    """
    return {
        "files": [
            {
                "file": file.name,
                "changed": file.is_changed,
                "written": file.is_changed and is_written,
                **({"diff": "".join(f"{row}\n" for row in _diff(file, mask))} if with_diff else {}),
                **({"text": file.after} if with_text else {}),
            }
            for file in formatting.files
        ],
        "diagnostics": [diagnostic_document(problem) for problem in formatting.problems],
    }


def _diff(file: Formatted, mask: Callable[[str], str]) -> Iterator[str]:
    for row in difflib.unified_diff(_lines(file.before), _lines(file.after), file.name, file.name):
        yield mask(row.removesuffix("\n"))
        if not row.endswith("\n"):
            yield "\\ No newline at end of file"


def _lines(text: str) -> list[str]:
    """The lines, each with its newline; the last one may have none."""
    rows = text.split("\n")
    return [f"{row}\n" for row in rows[:-1]] + [row for row in rows[-1:] if row]
