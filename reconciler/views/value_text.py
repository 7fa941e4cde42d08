"""Values as text: much like JSON, with words for what is unknown and what must not be shown."""

import json
from collections.abc import Iterator, Mapping

from reconciler.values import Digest, Sensitive, Unknown, Value


def value_text(value: Value) -> str:
    """A value in one line; ``(known after apply)`` and ``(sensitive)`` stand where a value cannot."""
    if isinstance(value, Unknown | Sensitive | Digest):
        return repr(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{name}: {value_text(part)}" for name, part in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(value_text, value))}]"
    return json.dumps(value, ensure_ascii=False)


def value_lines(value: Value, width: int) -> Iterator[str]:
    """A value in one line when it fits into ``width``, otherwise one line for each of its parts."""
    whole = value_text(value)
    if len(whole) <= width or not value:
        yield whole
    elif isinstance(value, Mapping):
        yield "{"
        for name, part in value.items():
            yield from _part(f"{name}: ", part, width)
        yield "}"
    elif isinstance(value, list | tuple):
        yield "["
        for part in value:
            yield from _part("", part, width)
        yield "]"
    else:
        yield whole


def _part(name: str, part: Value, width: int) -> Iterator[str]:
    first, *rest = value_lines(part, width - 2 - len(name))
    yield f"  {name}{first}"
    for row in rest:
        yield f"  {row}"
