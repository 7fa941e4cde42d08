"""Nodes to values, without looking into ``${…}``."""

from reconciler.config.nodes import Mapping, Node, Scalar
from reconciler.config.scalars import resolve
from reconciler.config.shapes import Shape
from reconciler.values import Value


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
