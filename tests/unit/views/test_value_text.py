"""Values as text."""

from typing import Any

import pytest

from reconciler.values import Digest, Sensitive, Unknown
from reconciler.views.attribute_text import path_text
from reconciler.views.value_text import value_lines, value_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\nb", '"a\\nb"'),
        (None, "null"),
        (1.5, "1.5"),
        ({"a": [True, Unknown("x.id")]}, "{a: [true, (known after apply)]}"),
        ([Sensitive("x"), Digest("y")], "[(sensitive), (sensitive)]"),
        ({}, "{}"),
    ],
)
def test_a_value_reads_like_json_with_words_for_what_cannot_be_shown(value: Any, text: str) -> None:
    assert value_text(value) == text


def test_what_does_not_fit_in_a_line_is_broken_where_its_parts_are() -> None:
    value = {"names": ["one", "two", "three"], "on": True, "deep": {"deeper": ["a" * 10, "b" * 10]}}
    assert list(value_lines(value, 32)) == [
        "{",
        '  names: ["one", "two", "three"]',
        "  on: true",
        "  deep: {",
        "    deeper: [",
        '      "aaaaaaaaaa"',
        '      "bbbbbbbbbb"',
        "    ]",
        "  }",
        "}",
    ]


def test_a_single_long_text_is_never_cut() -> None:
    assert list(value_lines("x" * 100, 10)) == [f'"{"x" * 100}"']


def test_a_way_into_a_value_is_written_as_in_an_expression() -> None:
    assert path_text(("checks", 0, "name")) == "checks[0].name"
    assert path_text((1, "two words", "b")) == '[1]["two words"].b'
