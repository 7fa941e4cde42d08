"""Nodes to values: scalars get their types, ``${…}`` their values."""

from typing import Any

from reconciler.address import Address
from reconciler.config.expressions import Reader, StackExpression
from reconciler.config.nodes import Mapping, Node, Scalar, Sequence
from reconciler.config.scalars import resolve
from reconciler.config.shapes import Shape
from reconciler.config.source import Source
from reconciler.config.stack import Template, ValuePath
from reconciler.values import Value, is_sensitive


def plain_value(node: Node, shape: Shape) -> Value:
    """The value of a node whose ``${…}`` are left as the texts that they are."""
    if isinstance(node, Scalar):
        return scalar_value(node, shape)
    if isinstance(node, Mapping):
        return {key: plain_value(part, shape.part(key)) for key, part in node.values.items()}
    return [plain_value(part, shape.items) for part in node.items]


def scalar_value(node: Scalar, shape: Shape) -> Value:
    """The value of a scalar: of the type that the schema wants where it wants text, otherwise YAML's."""
    text = node.text
    if not node.is_plain:
        return text
    value = resolve(text)
    return text if value is not text and shape.wants_text(value) else value


class TemplateBuilder:
    """Builds the values of one resource or section after another, and gathers what they refer to."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._source = Source("", "")
        self._address: str | None = None
        self._references: list[frozenset[Address]] = []

    def begin(self, source: Source, address: str | None) -> None:
        """From here on, nodes are of this file and belong to this address."""
        self._source = source
        self._address = address
        self._references = []
        self._reader.was_sensitive = False

    @property
    def references(self) -> frozenset[Address]:
        """What has been referred to since ``begin``."""
        found = self._references
        if not found:
            return _NOTHING
        return found[0] if len(found) == 1 else frozenset().union(*found)

    def build(self, node: Node, shape: Shape) -> Template:
        """The value of a node."""
        if isinstance(node, Scalar):
            if "${" in node.text:
                return self._read(node)
            if shape.is_sensitive:
                self._source.hide(node.position, node.text)
            return scalar_value(node, shape)
        if shape.is_sensitive:
            hide_all(node, self._source)
        if isinstance(node, Mapping):
            return {key: self.build(part, shape.part(key)) for key, part in node.values.items()}
        return [self.build(part, shape.items) for part in node.items]

    def _read(self, node: Scalar) -> Template:
        value = self._reader.read(node.text, self._source, node.position, self._address)
        if type(value) is StackExpression:
            self._references.append(value.references)
        return value

    def sensitive_sources(self, node: Node, value: Template) -> dict[ValuePath, str]:
        """The ``${…}`` text behind each value that is sensitive and known, by its path."""
        if not self._reader.was_sensitive:
            return {}
        found: dict[ValuePath, str] = {}
        _collect_sources(node, value, (), found)
        return found


def hide_all(node: Node, source: Source) -> None:
    """Never show the literals of a value in a message."""
    if isinstance(node, Scalar):
        if "${" not in node.text:
            source.hide(node.position, node.text)
        return
    for part in node.values.values() if isinstance(node, Mapping) else node.items:
        hide_all(part, source)


_NOTHING: frozenset[Address] = frozenset()


def _collect_sources(node: Node, value: Any, path: ValuePath, found: dict[ValuePath, str]) -> None:
    if isinstance(node, Scalar):
        if "${" in node.text and not isinstance(value, StackExpression) and is_sensitive(value):
            found[path] = node.text
    elif isinstance(node, Sequence):
        for index, part in enumerate(node.items):
            _collect_sources(part, value[index], (*path, index), found)
    else:
        for key, part in node.values.items():
            if key in value:  # what is reserved, such as lifecycle, is no attribute
                _collect_sources(part, value[key], (*path, key), found)
