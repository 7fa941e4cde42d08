"""Nodes to values: scalars get their types, ``${…}`` their values."""

from collections.abc import Sequence as Many
from dataclasses import replace
from typing import Any

from reconciler.address import Address
from reconciler.config.blocks import NOTHING, Each
from reconciler.config.expressions import StackExpression, evaluated, no_scope
from reconciler.config.names import Names
from reconciler.config.nodes import Mapping, Node, Scalar, Sequence
from reconciler.config.plain_values import scalar_value
from reconciler.config.reader import Reader
from reconciler.config.shapes import Shape
from reconciler.config.source import Source
from reconciler.config.stack import Template, ValuePath
from reconciler.diagnostics import Diagnostics
from reconciler.errors import InvalidConfiguration
from reconciler.values import Value, is_sensitive


class TemplateBuilder:
    """Builds the values of one resource or section after another, and gathers what they refer to."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._source = Source("", "")
        self._address: str | None = None
        self._names: Names | None = None
        self._expressions: list[StackExpression] = []
        self._was_sensitive = False

    def begin(self, source: Source, address: str | None, each: Each | None = None) -> None:
        """From here on, nodes are of this file and belong to this address, and to this turn of a for_each."""
        self._source = source
        self._address = address
        self._names = replace(self._reader.names, each=each) if each is not None else None
        self._expressions = []
        self._was_sensitive = False

    @property
    def is_open(self) -> bool:
        """Whether any expression has been built since ``begin``: a value that a plan tells."""
        return bool(self._expressions)

    @property
    def references(self) -> frozenset[Address]:
        """What has been referred to since ``begin``. Asks how often other things are to be."""
        found = self._expressions
        if not found:
            return NOTHING
        return found[0].references if len(found) == 1 else NOTHING.union(*(one.references for one in found))

    @property
    def expressions(self) -> Many[StackExpression]:
        """The expressions built since ``begin``."""
        return self._expressions

    def folded(self, values: dict[str, Template], found: Diagnostics) -> dict[str, Template]:
        """Values whose expressions refer to nothing after all, as those of a module may, evaluated."""
        try:
            return {name: self._evaluated(value) for name, value in values.items()}
        except InvalidConfiguration as invalid:
            found.extend(invalid.diagnostics)
            return values

    def _evaluated(self, value: Template) -> Value:
        value = evaluated(value, no_scope)
        self._was_sensitive = self._was_sensitive or is_sensitive(value)
        return value

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
        value = self._reader.read(node.text, self._source, node.position, self._address, self._names)
        if type(value) is StackExpression:
            self._expressions.append(value)
        elif type(value) is not str and is_sensitive(value):
            self._was_sensitive = True
        return value

    def sensitive_sources(self, node: Node, value: Template) -> dict[ValuePath, str]:
        """The ``${…}`` text behind each value that is sensitive and known, by its path."""
        if not self._was_sensitive:
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
