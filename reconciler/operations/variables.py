"""Values for variables from the command line: assignments, and files of them."""

import json
from collections.abc import Iterable
from pathlib import Path

from reconciler.config import nodes
from reconciler.config.plain_values import plain_value
from reconciler.config.shapes import ANY
from reconciler.operations.documents import read_mapping


def given(assignments: Iterable[str], files: Iterable[Path]) -> dict[str, str]:
    """By name, the texts that variables are given.

    A later file goes before an earlier one, ``NAME=VALUE`` before any file. Raises InvalidConfiguration and
    OSError.
    """
    values: dict[str, str] = {}
    for file in files:
        document = read_mapping(file, is_secret=True)
        if document is not None:
            values.update({name: _text(part) for name, part in document.values.items()})
    for assignment in assignments:
        name, _, value = assignment.partition("=")
        values[name.strip()] = value
    return values


def _text(node: nodes.Node) -> str:
    """A value as the text that it would have as an assignment, which is read by its variable's type."""
    return node.text if isinstance(node, nodes.Scalar) else json.dumps(plain_value(node, ANY))
