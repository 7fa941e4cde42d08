"""Queries that are refused before they run, in GitHub's words."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.graphql import answer
from reconciler_github.sandbox.store import Store
from reconciler_github.sandbox.viewer import Viewer

Ask = Callable[..., dict[str, Any]]


def test_an_unknown_field_names_its_type_and_its_place(ask: Ask) -> None:
    assert ask("query Mine { viewer { login nope } }") == {
        "errors": [
            {
                "path": ["query Mine", "viewer", "nope"],
                "extensions": {"code": "undefinedField", "typeName": "User", "fieldName": "nope"},
                "locations": [{"line": 1, "column": 29}],
                "message": "Field 'nope' doesn't exist on type 'User'",
            }
        ]
    }


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        (
            '{ user(login: "x", nope: 1) { id } }',
            "argumentNotAccepted",
            "Field 'user' doesn't accept argument 'nope'",
        ),
        (
            '{ repository(owner: "x") { id } }',
            "missingRequiredArguments",
            "Field 'repository' is missing required arguments: name",
        ),
        (
            "{ viewer }",
            "selectionMismatch",
            "Field must have selections (field 'viewer' returns User but has no selections. "
            "Did you mean 'viewer { ... }'?)",
        ),
        (
            "{ viewer { login { x } } }",
            "selectionMismatch",
            "Selections can't be made on scalars (field 'login' returns String but has selections)",
        ),
    ],
)
def test_static_errors_have_a_code_a_path_and_no_type(ask: Ask, query: str, code: str, message: str) -> None:
    body = ask(query)
    assert "data" not in body
    error = body["errors"][0]
    assert error["message"] == message
    assert error["extensions"]["code"] == code
    assert error["path"][0] == "query"
    assert error["locations"]
    assert "type" not in error


def test_several_static_errors_are_all_reported(ask: Ask) -> None:
    assert len(ask("{ viewer { a b c } }")["errors"]) == 3


@pytest.mark.parametrize("query", ["{ viewer { login ", "nonsense", ""])
def test_what_cannot_be_parsed_is_a_parse_error_with_a_location(ask: Ask, query: str) -> None:
    (error,) = ask(query)["errors"]
    assert error["message"].startswith("Parse error")
    assert error["locations"]


@pytest.mark.parametrize("request_body", [{}, {"query": None}, {"query": 5}])
def test_a_request_without_a_query_is_told_so(
    store: Store, octocat: Document, request_body: Mapping[str, Any]
) -> None:
    status, body, _ = answer(Viewer(store, "t", octocat, ()), request_body)
    assert status == 200
    assert body == {"errors": [{"message": "A query attribute must be specified and must be a string."}]}


def test_of_several_operations_the_named_one_runs(store: Store, octocat: Document) -> None:
    viewer = Viewer(store, "t", octocat, ())
    query = "query A { viewer { login } } query B { viewer { databaseId } }"
    assert answer(viewer, {"query": query, "operationName": "A"})[1]["data"] == {
        "viewer": {"login": "octocat"}
    }
    assert answer(viewer, {"query": query})[1] == {"errors": [{"message": "An operation name is required"}]}
    assert answer(viewer, {"query": query, "operationName": "C"})[1] == {
        "errors": [{"message": 'No operation named "C"'}]
    }


def test_a_variable_that_does_not_fit_is_named_with_its_type_and_value(ask: Ask) -> None:
    (error,) = ask("query($login: String!) { user(login: $login) { id } }", login=[1])["errors"]
    assert error["message"] == "Variable $login of type String! was provided invalid value"
    assert error["extensions"]["value"] == [1]
    assert error["extensions"]["problems"][0]["path"] == []


def test_a_missing_variable_is_refused(ask: Ask) -> None:
    (error,) = ask("query($login: String!) { user(login: $login) { id } }")["errors"]
    assert error["message"] == "Variable $login of type String! was provided invalid value"
