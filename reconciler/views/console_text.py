"""What the console answers."""

from collections.abc import Iterator
from typing import Any

from reconciler.values import Value, is_known, is_sensitive
from reconciler.views.line import Line, line
from reconciler.views.terraform_values import masked
from reconciler.views.value_text import value_lines, value_text


def answer_line(value: Value) -> Line:
    """A value in one line, for who reads line by line."""
    return line(value_text(value))


def answer_lines(value: Value, width: int) -> Iterator[Line]:
    """A value for a person: in one line if it fits, otherwise one for each of its parts."""
    return (line(row) for row in value_lines(value, width))


def answer_document(value: Value) -> dict[str, Any]:
    """``{"value", "sensitive", "known"}``, as ``schemas/console.schema.json`` says."""
    return {"value": masked(value), "sensitive": is_sensitive(value), "known": is_known(value)}
