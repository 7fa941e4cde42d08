"""Checks one file against the schema of stack documents, except for what belongs to resource types."""

from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Any

from reconciler import codes
from reconciler.config.nodes import Mapping, Node, Scalar, Sequence
from reconciler.config.plain_values import plain_value
from reconciler.config.schemas import schema
from reconciler.config.shapes import Shape
from reconciler.config.source import Position, Source
from reconciler.config.stack import ValuePath
from reconciler.config.validation import Fault, Validation
from reconciler.diagnostics import Diagnostic

RESERVED_KEYS = frozenset(
    ("depends_on", "for_each", "when", "provider", "lifecycle", "expect", "health", "timeouts")
)
"""What stands beside a resource's attributes without being one."""

LISTS = ("imports", "moved", "removed", "checks")
"""The sections that are lists of entries without names."""

_MAIN_ONLY = ("stack", "requires", "include", "state", "apply")
_STACK_ONLY = ("providers", "environments", "state", "apply")


class FileKind(Enum):
    """What a file is: the main one of a stack or of a module, or included by it."""

    STACK = "reconciler.yaml"
    MODULE = "the reconciler.yaml of a module"
    PART = "an included file"
    MODULE_PART = "a file included in a module"

    @property
    def is_main(self) -> bool:
        """Whether it is a reconciler.yaml."""
        return self in (FileKind.STACK, FileKind.MODULE)

    @property
    def is_in_module(self) -> bool:
        """Whether it belongs to a module."""
        return self in (FileKind.MODULE, FileKind.MODULE_PART)

    @property
    def part(self) -> "FileKind":
        """What the files are that it includes."""
        return FileKind.MODULE_PART if self.is_in_module else FileKind.PART


@cache
def _stack_validation(definition: str = "") -> tuple[Validation, Shape]:
    """The schema of files, or of one of its definitions."""
    document = dict(schema("stack.schema.json"))
    if definition:
        document = {"$defs": document["$defs"], **document["$defs"][definition]}
    return Validation(document), Shape(document)


def check_file(source: Source, root: Mapping, kind: FileKind) -> Iterator[Diagnostic]:
    """What is wrong with a file's sections and everything in them but resources and data."""
    validation, shape = _stack_validation()
    instance: dict[str, Any] = {}
    for key, node in root.values.items():
        if key in _STACK_ONLY and kind.is_in_module:
            yield Diagnostic(
                f"{key!r} belongs to the stack, not into a module",
                "move it to the stack's reconciler.yaml",
                source.place(root.key_position(key)),
                code=codes.MODULE,
            )
        elif key in _MAIN_ONLY and not kind.is_main:
            yield Diagnostic(
                f"{key!r} belongs into reconciler.yaml, not into an included file",
                "move it there",
                source.place(root.key_position(key)),
            )
        elif key in ("resources", "data"):
            instance[key] = _shell(
                node, plain_value(node, shape.part(key)) if not isinstance(node, Mapping) else {}
            )
        else:
            instance[key] = None if _is_empty_section(key, node) else plain_value(node, shape.part(key))
            if instance[key] is None and key not in _MAIN_ONLY:
                instance[key] = [] if key in LISTS else {}
    if kind is FileKind.STACK and "stack" not in root.values:
        yield Diagnostic("the stack has no name", "begin the file with stack: NAME", source.place(0))
    for fault in validation.faults(instance):
        yield diagnostic_of(fault, source, root, address=None)


def _shell(node: Node, otherwise: Any) -> Any:
    """A section by type and name, with nothing inside the entries."""
    if not isinstance(node, Mapping):
        return {} if otherwise is None else otherwise
    return {
        type_name: {
            name: {} if isinstance(entry, Mapping) else plain_value(entry, Shape({}))
            for name, entry in names.values.items()
        }
        if isinstance(names, Mapping)
        else plain_value(names, Shape({}))
        for type_name, names in node.values.items()
    }


def _is_empty_section(key: str, node: Node) -> bool:
    return isinstance(node, Scalar) and node.is_plain and node.text == "" and key not in ("stack", "requires")


def check_reserved(source: Source, node: Mapping, address: str, *, is_data: bool) -> Iterator[Diagnostic]:
    """What is wrong with the keys beside a resource's attributes."""
    validation, shape = _stack_validation("data" if is_data else "resource")
    instance: dict[str, Any] = {}
    for key in RESERVED_KEYS.intersection(node.values):
        at = node.key_position(key)
        if (key == "health" and is_data) or (key == "expect" and not is_data):
            kind = "data" if is_data else "resources"
            yield Diagnostic(f"{key!r} is not for {kind}", "remove it", source.place(at), address)
        else:
            instance[key] = plain_value(node.values[key], shape.part(key))
    for fault in validation.faults(instance):
        yield diagnostic_of(fault, source, node, address)


def diagnostic_of(fault: Fault, source: Source, node: Node, address: str | None) -> Diagnostic:
    """A fault with its place in a file."""
    at = position_of(node, fault.path, key=fault.key)
    return Diagnostic(fault.summary, fault.advice, source.place(at), address)


def position_of(node: Node, path: ValuePath, *, key: str | None = None) -> Position:
    """Where the value stands that a path leads to, or one of its keys; otherwise the nearest around it."""
    for step in path:
        if isinstance(node, Mapping) and step in node.values:
            node = node.values[str(step)]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return node.position
    if key is not None and isinstance(node, Mapping) and key in node.values:
        return node.key_position(key)
    return node.position
