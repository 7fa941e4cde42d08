"""One request to the GraphQL endpoint: parse, check, measure, count the points, execute, answer.

Sources: docs.github.com/en/graphql, "Forming calls with GraphQL", "Rate limits and query limits" (an
exhausted limit is HTTP 200 with an error); recorded errors in public issue threads.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    execute_sync,
    parse,
    print_ast,
    validate,
)

from reconciler_github.sandbox.errors import Refusal
from reconciler_github.sandbox.graphql.measure import NODE_LIMIT, measure
from reconciler_github.sandbox.graphql.refusals import Problem, from_refusal
from reconciler_github.sandbox.graphql.schema import SCHEMA
from reconciler_github.sandbox.graphql.scopes import missing_scopes
from reconciler_github.sandbox.graphql.session import Session
from reconciler_github.sandbox.graphql.validation import RULES
from reconciler_github.sandbox.limits import Usage, spend, usage
from reconciler_github.sandbox.store import timestamp
from reconciler_github.sandbox.viewer import Viewer

_RESOURCE = "graphql"
_OK = 200
_ABOUT_VARIABLE = re.compile(r'Variable [\'"]\$(\w+)[\'"]')

Answer = tuple[int, dict[str, Any], dict[str, str]]
Error = dict[str, Any]


def answer(viewer: Viewer, request: Mapping[str, Any]) -> Answer:
    """Status, JSON body and headers for a decoded request body; see the package's docstring."""
    used = usage(viewer.store, viewer.token, _RESOURCE)
    if used.remaining == 0:
        message = f"API rate limit exceeded for user ID {viewer.user['id']}."
        return _refused([{"type": "RATE_LIMITED", "message": message}], used)
    query = request.get("query")
    if not isinstance(query, str):
        return _refused([{"message": "A query attribute must be specified and must be a string."}], used)
    try:
        document, problems = _checked(query)
        operation = _operation(document, request.get("operationName"))
    except GraphQLError as error:
        return _refused([_static(error)], used)
    if problems:
        return _refused([_static(error) for error in problems], used)
    variables = request.get("variables") or {}
    if not isinstance(variables, Mapping):
        return _refused([{"message": "Variables are invalid JSON."}], used)
    fragments = {
        node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
    }
    measured = measure(SCHEMA, operation, fragments, variables)
    if scoped := missing_scopes(viewer, measured):
        return _refused(scoped, used)
    if measured.node_count > NODE_LIMIT:
        message = (
            f"This query requests up to {measured.node_count:,} possible nodes which exceeds the maximum "
            f"limit of {NODE_LIMIT:,}."
        )
        return _refused([{"type": "MAX_NODE_LIMIT_EXCEEDED", "message": message}], used)
    used = spend(viewer.store, viewer.token, _RESOURCE, measured.cost)
    rate_limit = {
        "cost": measured.cost,
        "limit": used.limit,
        "nodeCount": measured.node_count,
        "remaining": used.remaining,
        "resetAt": timestamp(datetime.fromtimestamp(used.reset, UTC)),
        "used": used.used,
    }
    session = Session(viewer, measured, rate_limit)
    result = execute_sync(
        SCHEMA,
        document,
        context_value=session,
        variable_values=dict(variables),
        operation_name=operation.name.value if operation.name else None,
    )
    if result.errors and all(_ABOUT_VARIABLE.match(e.message) and e.path is None for e in result.errors):
        return _refused([_about_variable(error, operation, variables) for error in result.errors], used)
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [_raised(error) for error in result.errors]
    return _OK, body, used.headers()


@lru_cache(maxsize=256)
def _checked(query: str) -> tuple[DocumentNode, list[GraphQLError]]:
    """The parsed query and what is statically wrong with it; clients repeat their queries."""
    document = parse(query)
    return document, validate(SCHEMA, document, RULES)


def _operation(document: DocumentNode, name: object) -> OperationDefinitionNode:
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    if name is None:
        if len(operations) != 1:
            raise GraphQLError("An operation name is required")
        return operations[0]
    for operation in operations:
        if operation.name is not None and operation.name.value == name:
            return operation
    raise GraphQLError(f'No operation named "{name}"')


def _refused(errors: list[Error], used: Usage) -> Answer:
    """A request that was not executed: no ``data``."""
    return _OK, {"errors": errors}, used.headers()


def _static(error: GraphQLError) -> Error:
    message = error.message
    if isinstance(error, GraphQLSyntaxError):
        message = message.replace("Syntax Error:", "Parse error:", 1)
    path = {"path": error.path} if error.path else {}
    extensions = {"extensions": error.extensions} if error.extensions else {}
    return {**path, **extensions, **_locations(error), "message": message}


def _about_variable(
    error: GraphQLError, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Error:
    """A variable whose value does not fit its type: GitHub names the variable, its type and the value."""
    match = _ABOUT_VARIABLE.match(error.message)
    name = match.group(1) if match else ""
    type_ = next(
        print_ast(each.type)
        for each in operation.variable_definitions or ()
        if each.variable.name.value == name
    )
    return {
        "extensions": {
            "value": variables.get(name),
            "problems": [{"path": [], "explanation": error.message}],
        },
        **_locations(error),
        "message": f"Variable ${name} of type {type_} was provided invalid value",
    }


def _raised(error: GraphQLError) -> Error:
    """What a resolver refused; anything else that it raised is a defect of the emulator, and raised again."""
    original = error.original_error
    if isinstance(original, Refusal):
        original = from_refusal(original)
    if isinstance(original, Problem):
        return {"type": original.type, "path": error.path, **_locations(error), "message": original.message}
    if original is not None:
        raise original
    return {"path": error.path, **_locations(error), "message": error.message}


def _locations(error: GraphQLError) -> dict[str, Any]:
    places = [{"line": place.line, "column": place.column} for place in error.locations or ()]
    return {"locations": places} if places else {}
