"""A stack's outputs, as text and JSON; sensitive ones are never shown."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.values import Value, is_sensitive
from reconciler.views.escape import printable
from reconciler.views.line import Line, line
from reconciler.views.terraform_values import masked
from reconciler.views.value_text import value_lines, value_text


def outputs_lines(outputs: Mapping[str, Value], *, width: int = 100) -> Iterator[Line]:
    """``name = value`` for each output, sorted."""
    if not outputs:
        yield line("No outputs.")
    pad = max((len(name) for name in outputs), default=0)
    for name, value in sorted(outputs.items()):
        first, *rest = value_lines(value, width - pad - 3)
        yield line(f"{name.ljust(pad)} = {first}")
        yield from (line(row) for row in rest)


def output_text(value: Value) -> str:
    """One output for a script to take: a text as it is, without quotes; anything else as JSON would be."""
    if not isinstance(value, str):
        return value_text(value)
    return "\n".join(map(printable, value.split("\n")))


def outputs_document(outputs: Mapping[str, Value]) -> dict[str, Any]:
    """``{name: {"sensitive": …, "value": …}}``, as ``schemas/outputs.schema.json`` says."""
    return {
        name: {"sensitive": is_sensitive(value), "value": masked(value)}
        for name, value in sorted(outputs.items())
    }
