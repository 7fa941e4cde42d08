"""Static errors in GitHub's words, where clients meet them most; the rest in those of graphql-core.

GitHub's errors of this kind have no ``type`` but ``path``, ``locations`` and ``extensions`` with a ``code``:
``{"path": ["query", "viewer", "x"], "extensions": {"code": "undefinedField", "typeName": "User", "fieldName":
"x"}, …, "message": "Field 'x' doesn't exist on type 'User'"}`` (as seen in public issue threads).
"""

from collections.abc import Sequence
from typing import Any

from graphql import (
    ArgumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    specified_rules,
)
from graphql.validation import (
    FieldsOnCorrectTypeRule,
    KnownArgumentNamesRule,
    ProvidedRequiredArgumentsRule,
    ScalarLeafsRule,
    ValidationRule,
)


class KnownFields(ValidationRule):
    """A field must exist on the type it is selected on."""

    def enter_field(  # noqa: D102 (a visitor's hook)
        self, node: FieldNode, _key: Any, _parent: Any, _path: Any, ancestors: list[Any]
    ) -> None:
        type_ = self.context.get_parent_type()
        if type_ is None or self.context.get_field_def() is not None:
            return
        name = node.name.value
        extensions = {"code": "undefinedField", "typeName": type_.name, "fieldName": name}
        message = f"Field '{name}' doesn't exist on type '{type_.name}'"
        self.report_error(_error(message, node, ancestors, extensions))


class KnownArguments(ValidationRule):
    """An argument must exist on its field."""

    def enter_argument(  # noqa: D102 (a visitor's hook)
        self, node: ArgumentNode, _key: Any, _parent: Any, _path: Any, ancestors: list[Any]
    ) -> None:
        if (
            self.context.get_directive()
            or self.context.get_argument()
            or self.context.get_field_def() is None
        ):
            return
        field, name = _innermost_field(ancestors), node.name.value
        extensions = {"code": "argumentNotAccepted", "name": field, "typeName": "Field", "argumentName": name}
        message = f"Field '{field}' doesn't accept argument '{name}'"
        self.report_error(_error(message, node, ancestors, extensions))


class RequiredArguments(ValidationRule):
    """Arguments without a default that may not be null must be given."""

    def enter_field(  # noqa: D102 (a visitor's hook)
        self, node: FieldNode, _key: Any, _parent: Any, _path: Any, ancestors: list[Any]
    ) -> None:
        definition = self.context.get_field_def()
        if definition is None:
            return
        given = {argument.name.value for argument in node.arguments or ()}
        needed = [key for key, argument in definition.args.items() if is_required_argument(argument)]
        missing = ", ".join(key for key in needed if key not in given)
        if not missing:
            return
        name = node.name.value
        extensions = {
            "code": "missingRequiredArguments",
            "className": "Field",
            "name": name,
            "arguments": missing,
        }
        message = f"Field '{name}' is missing required arguments: {missing}"
        self.report_error(_error(message, node, ancestors, extensions))


class Leaves(ValidationRule):
    """Objects need selections, and scalars must have none."""

    def enter_field(  # noqa: D102 (a visitor's hook)
        self, node: FieldNode, _key: Any, _parent: Any, _path: Any, ancestors: list[Any]
    ) -> None:
        type_ = self.context.get_type()
        if type_ is None or is_leaf_type(get_named_type(type_)) is (node.selection_set is None):
            return
        name, type_name = node.name.value, get_named_type(type_).name
        extensions = {"code": "selectionMismatch", "nodeName": f"field '{name}'", "typeName": type_name}
        if node.selection_set is None:
            message = (
                f"Field must have selections (field '{name}' returns {type_name} but has no selections. "
                f"Did you mean '{name} {{ ... }}'?)"
            )
        else:
            message = (
                f"Selections can't be made on scalars (field '{name}' returns {type_name} but has selections)"
            )
        self.report_error(_error(message, node, ancestors, extensions))


_REPLACED = (FieldsOnCorrectTypeRule, KnownArgumentNamesRule, ProvidedRequiredArgumentsRule, ScalarLeafsRule)
RULES: list[type[Any]] = [
    *(rule for rule in specified_rules if rule not in _REPLACED),
    KnownFields,
    KnownArguments,
    RequiredArguments,
    Leaves,
]


def _error(message: str, node: Any, ancestors: list[Any], extensions: dict[str, Any]) -> GraphQLError:
    return GraphQLError(message, node, path=_path([*ancestors, node]), extensions=extensions)


def _path(nodes: Sequence[Any]) -> list[str | int]:
    """``["query Repositories", "viewer", "… on User", "x"]``: where in the document."""
    path: list[str | int] = []
    for node in nodes:
        if isinstance(node, OperationDefinitionNode):
            name = f" {node.name.value}" if node.name else ""
            path.append(f"{node.operation.value}{name}")
        elif isinstance(node, FragmentDefinitionNode):
            path.append(f"fragment {node.name.value}")
        elif isinstance(node, InlineFragmentNode):
            path.append(f"... on {node.type_condition.name.value}" if node.type_condition else "...")
        elif isinstance(node, FieldNode):
            path.append((node.alias or node.name).value)
        elif isinstance(node, ArgumentNode):
            path.append(node.name.value)
    return path


def _innermost_field(ancestors: Sequence[Any]) -> str:
    return next(str(node.name.value) for node in reversed(ancestors) if isinstance(node, FieldNode))
