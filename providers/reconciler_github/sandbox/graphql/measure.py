"""What a query asks for before it runs: possible nodes, points, scopes, and connections without bounds.

Source: docs.github.com/en/graphql, "Rate limits and query limits": the node limit multiplies the ``first``
and ``last`` of nested connections; the points are the requests needed to fulfil each unique connection,
divided by 100 and rounded, at least 1.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Undefined,
    get_named_type,
    value_from_ast_untyped,
)

NODE_LIMIT = 500_000
_REQUESTS_PER_POINT = 100
_OF_PAGES = frozenset({"nodes", "edges", "pageInfo"})

Path = tuple[str, ...]


@dataclass(frozen=True)
class Measure:
    """The size of a query: points, possible nodes, and the connections that lack ``first`` and ``last``."""

    cost: int
    node_count: int
    unbounded: frozenset[Path]
    fields: tuple[tuple[str, FieldNode], ...]


@dataclass
class _Walk:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: dict[str, Any]
    requests: int = 0
    nodes: int = 0
    counted: set[Path] = field(default_factory=set)
    unbounded: set[Path] = field(default_factory=set)
    fields: list[tuple[str, FieldNode]] = field(default_factory=list)

    def visit(self, selections: SelectionSetNode, parent: GraphQLNamedType, times: int, path: Path) -> None:
        """Count what these selections ask for, each of them ``times`` times."""
        for type_, node in self.each_field(selections, parent):
            self.fields.append((type_.name, node))
            definition = getattr(type_, "fields", {}).get(node.name.value)
            if definition is None or node.selection_set is None:
                continue
            here = (*path, (node.alias or node.name).value)
            target = get_named_type(definition.type)
            below = times
            if target.name.endswith("Connection"):
                below = times * self.page(node, here, times)
            elif type_ is self.schema.query_type and node.name.value == "nodes":
                below = times * len(self.argument(node, "ids") or ())
            self.visit(node.selection_set, target, below, here)

    def page(self, node: FieldNode, path: Path, times: int) -> int:
        """Count one connection, and give the size of its page."""
        size = self.argument(node, "first")
        if size is None:
            size = self.argument(node, "last")
        if size is None and node.selection_set is not None:
            wanted = {name.name.value for _, name in self.each_field(node.selection_set, None)}
            if wanted & _OF_PAGES:
                self.unbounded.add(path)
        records = size if isinstance(size, int) else 0
        if path not in self.counted:
            self.counted.add(path)
            self.requests += times
            self.nodes += times * records
        return records

    def argument(self, node: FieldNode, name: str) -> Any:
        for argument in node.arguments or ():
            if argument.name.value == name:
                value = value_from_ast_untyped(argument.value, self.variables)
                return None if value is Undefined else value
        return None

    def each_field(self, selections: SelectionSetNode, parent: Any) -> Iterator[tuple[Any, FieldNode]]:
        """The fields selected directly and by fragments, each with the type it is selected on."""
        for node in selections.selections:
            if not self.included(node):
                continue
            if isinstance(node, FieldNode):
                yield parent, node
                continue
            fragment = node
            if isinstance(node, FragmentSpreadNode):
                fragment = self.fragments[node.name.value]  # type: ignore[assignment]  # both have the two fields
            assert isinstance(fragment, InlineFragmentNode | FragmentDefinitionNode)  # noqa: S101 (for the checker)
            condition = fragment.type_condition
            narrowed = self.schema.get_type(condition.name.value) if condition else parent
            yield from self.each_field(fragment.selection_set, narrowed if parent is not None else None)

    def included(self, node: Any) -> bool:
        """Whether ``@skip`` and ``@include`` leave it in."""
        for directive in node.directives or ():
            wanted = {"include": True, "skip": False}.get(directive.name.value)
            for argument in directive.arguments or ():
                if (
                    wanted is not None
                    and value_from_ast_untyped(argument.value, self.variables) is not wanted
                ):
                    return False
        return True


def measure(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    variables: Mapping[str, Any],
) -> Measure:
    """Measure a valid operation with the variables it is sent with."""
    given = {
        definition.variable.name.value: value_from_ast_untyped(definition.default_value)
        for definition in operation.variable_definitions or ()
        if definition.default_value is not None
    }
    root = schema.get_root_type(operation.operation)
    assert root is not None  # noqa: S101 (a valid operation has one)
    walk = _Walk(schema, fragments, {**given, **variables})
    walk.visit(operation.selection_set, root, 1, ())
    points = (walk.requests + _REQUESTS_PER_POINT // 2) // _REQUESTS_PER_POINT
    return Measure(max(1, points), walk.nodes, frozenset(walk.unbounded), tuple(walk.fields))
