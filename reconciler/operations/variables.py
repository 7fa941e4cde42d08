"""Values for variables from the command line: assignments, and files of them."""

import json
from collections.abc import Iterable
from pathlib import Path

from reconciler.config import nodes
from reconciler.config.scalars import resolve
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
    return node.text if isinstance(node, nodes.Scalar) else _flow(node)


def _flow(node: nodes.Node) -> str:
    """A value in YAML's flow style, in which ``007`` stays as it was written."""
    if isinstance(node, nodes.Sequence):
        return f"[{', '.join(map(_flow, node.items))}]"
    if isinstance(node, nodes.Mapping):
        return "{" + ", ".join(f"{json.dumps(key)}: {_flow(part)}" for key, part in node.values.items()) + "}"
    is_text = not node.is_plain or resolve(node.text) is node.text
    return json.dumps(node.text) if is_text else node.text
