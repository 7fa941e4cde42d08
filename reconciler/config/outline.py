"""What a stack's files name, as far as that can be read without evaluating anything."""

from dataclasses import dataclass
from pathlib import Path

from reconciler.config.document import Document, read_document
from reconciler.config.load import DEFAULT_ENVIRONMENT
from reconciler.config.nodes import Mapping, Scalar
from reconciler.diagnostics import Diagnostics


@dataclass(frozen=True)
class Outline:
    """A stack's name, empty if it has none that can be read, and what else its files name.

    ``variables`` have their descriptions.
    """

    name: str
    environments: tuple[str, ...]
    variables: dict[str, str]
    locals: tuple[str, ...]


def outline(directory: Path) -> Outline:
    """The names in the files of a directory; what is wrong with them, others say."""
    document = Document(directory)
    read_document(document, Diagnostics())
    stack = document.single.get("stack")
    variables: dict[str, str] = {}
    for name, entry in document.sections["variables"].items():
        told = entry.node.values.get("description") if isinstance(entry.node, Mapping) else None
        variables[name] = told.text if isinstance(told, Scalar) else ""
    return Outline(
        stack.node.text if stack is not None and isinstance(stack.node, Scalar) else "",
        tuple(dict.fromkeys((*document.sections["environments"], DEFAULT_ENVIRONMENT))),
        variables,
        tuple(document.sections["locals"]),
    )
