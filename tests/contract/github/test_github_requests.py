"""Every request that the provider makes is one that GitHub documents."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import graphql
import httpx
import jsonschema_rs
import pytest
from graphql.execution.values import get_variable_values

PREFIX = "/github"
ONLY_ENTERPRISE = {"internal"}


@pytest.fixture(scope="session")
def schema(github_data: Any) -> graphql.GraphQLSchema:
    text = (github_data / "github.schema.graphql").read_text("utf-8")
    return graphql.build_schema(text, assume_valid=True)


def documented_path(path: str) -> str:
    """Redirects after a rename lead to ``/repositories/{id}``, which stands for ``/repos/{owner}/{repo}``."""
    return re.sub(r"^/repositories/\d+", "/repos/owner/repo", path)


def operation(openapi: Mapping[str, Any], method: str, path: str) -> Mapping[str, Any] | None:
    best: tuple[int, Mapping[str, Any]] | None = None
    for template, item in openapi["paths"].items():
        pattern = re.sub(
            r"\\\{(\w+)\\\}", lambda part: "(.+)" if part[1] == "ref" else "([^/]+)", re.escape(template)
        )
        if method.lower() in item and re.fullmatch(pattern, path):
            fixed = -template.count("{")
            if best is None or fixed > best[0]:
                best = (fixed, item[method.lower()])
    return best[1] if best else None


def body_schema(operation: Mapping[str, Any]) -> dict[str, Any] | None:
    content = operation.get("requestBody", {}).get("content", {})
    found: dict[str, Any] | None = content.get("application/json", {}).get("schema")
    return found


def nullable(node: Any) -> Any:
    """OpenAPI 3.0's ``nullable`` in JSON Schema's words, and no undocumented keys."""
    if isinstance(node, list):
        return [nullable(part) for part in node]
    if not isinstance(node, dict):
        return node
    found = {key: nullable(part) for key, part in node.items() if key not in ("example", "nullable", "$ref")}
    if "properties" in found:
        found.setdefault("additionalProperties", False)
    if node.get("nullable") and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
    return found


def rest_requests(toured: list[httpx.Request]) -> Iterator[httpx.Request]:
    for request in toured:
        if not request.url.path.endswith("/graphql"):
            yield request


def queries(toured: list[httpx.Request]) -> Iterator[dict[str, Any]]:
    for request in toured:
        if request.url.path.endswith("/graphql"):
            yield json.loads(request.content)


def test_every_rest_request_is_documented_with_all_keys_of_its_body(
    toured: list[httpx.Request], openapi: dict[str, Any]
) -> None:
    seen = set()
    for request in rest_requests(toured):
        path = documented_path(request.url.raw_path.decode().partition("?")[0].removeprefix(PREFIX))
        found = operation(openapi, request.method, path)
        assert found is not None, f"{request.method} {path} is documented nowhere"
        seen.add(found["operationId"])
        schema = body_schema(found)
        if not request.content:
            assert not (found.get("requestBody") or {}).get("required"), path
            continue
        assert schema is not None, f"{request.method} {path} takes no body"
        problems = jsonschema_rs.validator_for(nullable(schema)).iter_errors(json.loads(request.content))
        assert [problem.message for problem in problems] == [], path
    assert len(seen) >= 28, sorted(seen)


def test_every_rest_request_names_the_version_and_the_client(toured: list[httpx.Request]) -> None:
    for request in toured:
        assert request.headers["accept"] == "application/vnd.github+json"
        assert request.headers["x-github-api-version"] == "2022-11-28"
        assert request.headers["user-agent"].startswith("reconciler/")


def test_every_graphql_document_is_valid_against_githubs_own_schema(
    toured: list[httpx.Request], schema: graphql.GraphQLSchema
) -> None:
    checked: set[str] = set()
    for body in queries(toured):
        if body["query"] in checked:
            continue
        checked.add(body["query"])
        problems = graphql.validate(schema, graphql.parse(body["query"]))
        assert problems == [], body["query"][:300]
    assert len(checked) > 15


def test_every_graphql_variable_fits_its_type(
    toured: list[httpx.Request], schema: graphql.GraphQLSchema
) -> None:
    for body in queries(toured):
        (definition,) = [
            part
            for part in graphql.parse(body["query"]).definitions
            if isinstance(part, graphql.OperationDefinitionNode)
        ]
        values = get_variable_values(schema, definition.variable_definitions or (), body["variables"])
        assert not isinstance(values, list), values


def test_no_value_is_written_into_a_query(toured: list[httpx.Request]) -> None:
    for body in queries(toured):
        for value in ("tour2", "acme", "crew", "trunk"):
            assert value not in body["query"]
