"""Values as text: much like JSON, with words for what is unknown and what must not be shown."""

import json
import re
from collections.abc import Iterator

from reconciler.values import Digest, Sensitive, Unknown, Value
from reconciler.views.cells import cells
from reconciler.views.escape import printable

_SINGLE_SPACE = re.compile(r"(?<=[^ ]) (?=[^ ])")


def value_text(value: Value) -> str:
    """A value in one line; ``(known after apply)`` and ``(sensitive)`` stand where a value cannot."""
    if isinstance(value, Unknown | Sensitive | Digest):
        return repr(value)
    if isinstance(value, dict):
        inner = ", ".join(f"{name}: {value_text(part)}" for name, part in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(value_text, value))}]"
    return json.dumps(value, ensure_ascii=False)


def value_lines(value: Value, width: int) -> Iterator[str]:
    """A value in one line when it fits into ``width`` cells, otherwise one line for each of its parts.

    A text goes on in the next line, one cell further in, so that its quotes hold it together; no word is
    broken, and so a line may be longer.
    """
    whole = value_text(value)
    if cells(printable(whole)) <= width:
        yield whole
    elif isinstance(value, dict) and value:
        yield "{"
        for name, part in value.items():
            yield from _part(f"{name}: ", part, width)
        yield "}"
    elif isinstance(value, list | tuple) and value:
        yield "["
        for part in value:
            yield from _part("", part, width)
        yield "]"
    elif isinstance(value, str):
        yield from folded_text(whole, width)
    else:
        yield whole


def folded_text(text: str, width: int, then: str = " ") -> Iterator[str]:
    """A text in lines of at most ``width`` cells, where its words allow; ``then`` comes before all but the
    first. Lines end only where a single space stands: more of them stay visible, side by side."""
    row, taken, start = "", 0, 0
    for end in (*(found.start() for found in _SINGLE_SPACE.finditer(text)), len(text)):
        word = text[start:end]
        room = cells(printable(word))
        if row and taken + 1 + room > width:
            yield row
            row, taken = then + word, cells(then) + room
        else:
            row, taken = (f"{row} {word}", taken + 1 + room) if row else (word, room)
        start = end + 1
    yield row


def _part(name: str, part: Value, width: int) -> Iterator[str]:
    first, *rest = value_lines(part, width - 2 - cells(printable(name)))
    yield f"  {name}{first}"
    for row in rest:
        yield f"  {row}"
