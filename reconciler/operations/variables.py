"""Values for variables from the command line: assignments, and files of them."""

import json
from collections.abc import Iterable
from pathlib import Path

from reconciler.config import nodes
from reconciler.config.parse import parse
from reconciler.config.shapes import ANY
from reconciler.config.source import Source
from reconciler.config.templates import plain_value
from reconciler.diagnostics import Diagnostics
from reconciler.errors import InvalidConfiguration

_LARGEST = 1 << 20
"""Bytes that a file of variables may have."""


def given(assignments: Iterable[str], files: Iterable[Path]) -> dict[str, str]:
    """By name, the texts that variables are given: a later file goes before an earlier one, ``NAME=VALUE``
    before any file. Raises InvalidConfiguration and OSError.
    """
    values: dict[str, str] = {}
    for file in files:
        values.update(_of_file(file))
    for assignment in assignments:
        name, _, value = assignment.partition("=")
        values[name.strip()] = value
    return values


def _of_file(file: Path) -> dict[str, str]:
    found = Diagnostics()
    with file.open("rb") as stream:
        content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        found.error(f"{file} is too large for a file of variables", advice="name a YAML or JSON mapping")
        raise InvalidConfiguration(found)
    source = Source(str(file), content.decode("utf-8", errors="replace"), is_secret=True)
    node = parse(source, found)
    if node is not None and not isinstance(node, nodes.Mapping):
        found.error(
            f"{file} must hold a mapping from variables to values",
            advice="write one NAME: VALUE a line",
            place=source.place(node.position),
        )
    if found.has_errors:
        raise InvalidConfiguration(found)
    if not isinstance(node, nodes.Mapping):
        return {}
    return {name: _text(part) for name, part in node.values.items()}


def _text(node: nodes.Node) -> str:
    """A value as the text that it would have as an assignment, which is read by its variable's type."""
    return node.text if isinstance(node, nodes.Scalar) else json.dumps(plain_value(node, ANY))
