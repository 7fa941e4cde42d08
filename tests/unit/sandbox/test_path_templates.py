"""A request's path is counted under the template that the service documents."""

import pytest

from reconciler.sandbox.paths import UNKNOWN, Templates

OPERATIONS = [
    ("GET", "/notes"),
    ("GET", "/notes/{id}"),
    ("PATCH", "/notes/{id}"),
    ("GET", "/files/{path}/raw"),
]


@pytest.mark.parametrize(
    ("method", "path", "template"),
    [
        ("GET", "/notes", "/notes"),
        ("PATCH", "/notes/7", "/notes/{id}"),
        ("DELETE", "/notes/7", UNKNOWN),
        ("GET", "/notes/7/8", UNKNOWN),
        ("GET", "/notes/", UNKNOWN),
        ("GET", "/files/a/b/raw", "/files/{path}/raw"),
    ],
)
def test_a_path_has_the_template_of_its_method(method: str, path: str, template: str) -> None:
    assert Templates(OPERATIONS, frozenset({"path"})).find(method, path) == template


def test_a_parameter_holds_no_slash_unless_it_may() -> None:
    assert Templates(OPERATIONS).find("GET", "/files/a/b/raw") == UNKNOWN
