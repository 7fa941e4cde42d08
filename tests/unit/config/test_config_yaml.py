"""YAML as its users know it, with places, and bounded."""

from typing import Any

import pytest

from reconciler.config.nodes import Mapping, Node, Scalar
from reconciler.config.parse import Limits, best_parser, parse, python_parser
from reconciler.config.plain_values import plain_value
from reconciler.config.scalars import resolve
from reconciler.config.shapes import ANY, Shape
from reconciler.config.source import Source
from reconciler.diagnostics import Diagnostics


def parsed(text: str, limits: Limits | None = None) -> tuple[Node | None, list[str]]:
    found = Diagnostics()
    node = parse(Source("test.yaml", text), found, limits)
    return node, [f"{one.place}: {one.summary}" for one in found]


def value_of(text: str, schema: Any = True) -> Any:
    node, problems = parsed(text)
    assert problems == []
    assert node is not None
    return plain_value(node, Shape(schema))


@pytest.mark.parametrize(
    "text", ["on", "no", "yes", "off", "y", "2024-01-01", "1:30", "1_000", ".inf", "0b1", "1e999"]
)
def test_what_is_no_value_of_yaml_1_2_is_text(text: str) -> None:
    assert resolve(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("12", 12),
        ("-3", -3),
        ("0o17", 15),
        ("0xfF", 255),
        ("007", 7),
        ("1.5", 1.5),
        (".5", 0.5),
        ("5319e7", 5319e7),
    ],
)
def test_unquoted_scalars_have_the_types_of_the_core_schema(text: str, value: object) -> None:
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)


@pytest.mark.parametrize("text", ["5319e7", "1.10", "007", "2024-01-01", "true", "0x1F", "-0"])
def test_where_the_schema_wants_text_an_unquoted_scalar_is_the_text_as_written(text: str) -> None:
    assert value_of(f"a: {text}", {"properties": {"a": {"type": "string"}}}) == {"a": text}


def test_where_the_schema_wants_text_null_still_means_no_value() -> None:
    assert value_of("a: ~\nb:", {"additionalProperties": {"type": "string"}}) == {"a": None, "b": None}


def test_where_the_schema_allows_numbers_too_a_number_stays_one() -> None:
    assert value_of("[1.5, 7]", {"items": {"type": ["string", "number"]}}) == [1.5, 7]


def test_text_is_found_behind_references_and_alternatives() -> None:
    schema = {
        "$defs": {"t": {"anyOf": [{"type": "string"}, {"enum": ["a"]}]}},
        "items": {"$ref": "#/$defs/t"},
    }
    assert value_of("[007]", schema) == ["007"]


def test_anchors_aliases_and_merge_keys_work() -> None:
    text = "a: &a {x: 1, y: 2}\nb: &b {y: 3}\nc: {<<: [*a, *b], z: 4}\nd: {<<: *a, x: 9}\ne: *b\n"
    assert value_of(text) == {
        "a": {"x": 1, "y": 2},
        "b": {"y": 3},
        "c": {"z": 4, "x": 1, "y": 2},
        "d": {"x": 9, "y": 2},
        "e": {"y": 3},
    }


def test_a_quoted_merge_key_is_an_ordinary_key() -> None:
    assert value_of('{"<<": 1}') == {"<<": 1}


def test_keys_are_text_whatever_they_look_like() -> None:
    assert value_of("on: 1\n5: 2\ntrue: 3\n") == {"on": 1, "5": 2, "true": 3}


def test_core_tags_are_allowed_and_others_refused() -> None:
    assert value_of("[!!str 5, !!int 7, !!float 1, !!bool true, !!null ~, ! 5]") == [
        "5",
        7,
        1,
        True,
        None,
        "5",
    ]
    assert parsed("a: !python/object:os.system x")[1] == [
        "test.yaml:1:4: the tag !python/object:os.system means nothing here"
    ]
    assert parsed("a: !!set {x}")[1] == ["test.yaml:1:4: the tag !!set means nothing here"]
    assert parsed("a: !!int x")[1] == ["test.yaml:1:4: 'x' is not what its tag !!int says"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\n---\nb: 2\n", "test.yaml:2:1: a second document begins here"),
        ("a: *nothing\n", "test.yaml:1:4: there is no anchor &nothing before this"),
        ("a: &a [*a]\n", "test.yaml:1:8: the alias *a stands inside what it stands for"),
        ("? [a]\n: b\n", "test.yaml:1:3: a key must be a text"),
        ("{? : b}\n", "test.yaml:1:4: a key is missing before the colon"),
        ("a: {<<: 5}\n", "test.yaml:1:9: only a mapping can be merged with <<"),
        ("a: 'it's'\n", "test.yaml:1:8: a key is expected here"),
        ("a: `x`\n", "test.yaml:1:4: a value cannot begin with '`'"),
        ("a: [1, 2\nb: 3\n", "test.yaml:2:2: the brackets [ … ] are not closed, or a comma is missing"),
        (
            "key: value\nnokey\nother: 1\n",
            "test.yaml:3:1: a line is neither a key with a colon nor part of a value",
        ),
        ("a: 1\n\tb: 2\n", "test.yaml:2:1: a tab cannot indent YAML"),
        ('a: "\\q"\n', "test.yaml:1:5: the escape after the backslash is unknown"),
        ("a: - b\n", "test.yaml:1:4: a list cannot begin here"),
    ],
)
def test_what_cannot_be_read_is_explained_with_its_place(text: str, problem: str) -> None:
    assert parsed(text)[1] == [problem]


def test_every_duplicate_key_is_reported() -> None:
    assert len(parsed("a: 1\na: 2\nb: {c: 1, c: 2}\na: 3\n")[1]) == 3


def test_depth_is_bounded_also_through_aliases() -> None:
    limits = Limits(depth=5)
    assert parsed("[[[[[1]]]]]", limits)[1] == []
    assert parsed("[[[[[[1]]]]]]", limits)[1] == ["test.yaml:1:6: values are nested more than 5 deep"]
    assert parsed("a: &a [[[1]]]\nb: [*a]\n", limits)[1] == []
    assert parsed("a: &a [[[1]]]\nb: [[*a]]\n", limits)[1] == [
        "test.yaml:2:6: values are nested more than 5 deep"
    ]


def test_a_billion_laughs_end_before_the_second() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 20)]
    (problem,) = parsed("\n".join(lines))[1]
    assert "the file holds more than 1,000,000 values" in problem


def test_merged_keys_count_too() -> None:
    lines = ["a0: &a0 {k: 1}"] + [f"a{n}: &a{n} {{<<: *a{n - 1}, k{n}: 1}}" for n in range(1, 60)]
    (problem,) = parsed("\n".join(lines), Limits(nodes=1000))[1]
    assert "more than 1,000 values" in problem


def test_every_value_and_key_knows_its_place() -> None:
    node, _ = parsed("a:\n  - b: é x\n    ç: 'y'\n")
    assert isinstance(node, Mapping)
    source = Source("f", "a:\n  - b: é x\n    ç: 'y'\n")
    item = node.values["a"].items[0]  # type: ignore[union-attr]  # the test's own text says what it is
    assert isinstance(item, Mapping)
    assert str(source.place(item.key_position("ç"))) == "f:3:5"
    value = item.values["ç"]
    assert isinstance(value, Scalar)
    assert source.place(value.position).source == "    ç: 'y'"
    assert source.place(value.position).column == 8


def test_an_empty_document_is_nothing() -> None:
    assert parsed("# nothing but a comment\n") == (None, [])


def test_plain_values_need_no_schema() -> None:
    node, _ = parsed("{a: [1, x, 'true']}")
    assert node is not None
    assert plain_value(node, ANY) == {"a": [1, "x", "true"]}


@pytest.mark.parametrize(
    "text",
    [
        "a: &a {x: 1, 'y': '2'}\nb:\n  - *a\n  - <<: *a\n    z: é\n",
        "a: |\n  text\n  more\nb: >-\n  folded\n  text\n",
        "a: 1\na: 2\n",
        "[" * 100,
    ],
)
def test_the_parser_without_libyaml_says_the_same(text: str) -> None:
    found: list[list[str]] = []
    values = []
    for make in (best_parser, python_parser):
        problems = Diagnostics()
        node = parse(Source("test.yaml", text), problems, make_parser=make)
        values.append(None if node is None else plain_value(node, ANY))
        found.append([f"{one.place}: {one.summary}" for one in problems])
    assert values[0] == values[1]
    assert found[0] == found[1]
