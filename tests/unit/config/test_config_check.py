"""Checking values against schemas: quickly when they are right, in plain words when they are not."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.config import check
from reconciler.config.acceptance import acceptance
from reconciler.config.schemas import schema, schema_path
from reconciler.config.validation import Validation
from reconciler.diagnostics import Place
from reconciler.provider.facts import ResourceType
from reconciler.values import Sensitive, Unknown

KIND = ResourceType.from_schema(
    "forge_rule",
    {
        "type": "object",
        "required": ["name"],
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 5},
            "level": {"type": ["integer", "null"], "minimum": 1, "maximum": 5},
            "color": {"description": "a colour in six digits", "type": "string", "pattern": "^[0-9a-f]{6}$"},
            "tags": {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True},
            "key": {"type": "string", "pattern": "^k", "x-sensitive": True},
            "who": {"oneOf": [{"required": ["user"]}, {"required": ["team"]}], "type": "object"},
            "size": {"anyOf": [{"type": "integer"}, {"enum": ["auto"]}]},
            "rule": {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]},
        },
    },
)


def summaries(**attributes: Any) -> list[str]:
    return [found.summary for found in check(KIND, {"name": "a", **attributes}, None, "forge_rule.a")]


@pytest.mark.parametrize(
    ("attributes", "summary"),
    [
        ({"name": ""}, "name must not be empty"),
        ({"name": "abcdef"}, "name must have at most 5 characters, not 6"),
        ({"level": 0}, "level must be at least 1, not 0"),
        ({"level": 9}, "level must be at most 5, not 9"),
        ({"level": True}, "level must be a whole number or null, not true"),
        ({"color": "red"}, 'color cannot be "red"'),
        ({"tags": []}, "tags must have at least 1 entries, not 0"),
        ({"tags": ["a", "a"]}, "tags has an item twice"),
        ({"tags": ["a", 5]}, "tags[1] must be text, not the number 5"),
        ({"who": {}}, "who needs one of user, team"),
        ({"who": {"user": 1, "team": 2}}, "who fits more than one of what is allowed"),
        ({"size": "big"}, 'size must be a whole number or auto, not the text "big"'),
        ({"rule": {}}, "rule needs 'path'"),
        ({"rule": {"path": 5}}, "rule.path must be text, not the number 5"),
        ({"nam": 1}, "forge_rule has no attribute 'nam'"),
    ],
)
def test_each_rule_is_told_in_plain_words(attributes: dict[str, Any], summary: str) -> None:
    assert summaries(**attributes) == [summary]


@pytest.mark.parametrize(
    "attributes",
    [
        {"level": None},
        {"level": Unknown("x")},
        {"tags": Unknown("x")},
        {"tags": ["a", Unknown("x"), Unknown("y")]},
        {"who": {"user": Unknown("x")}},
        {"rule": {"path": Unknown("x")}},
        {"key": Sensitive("key")},
        {"who": {"team": Sensitive("x")}},
        {"size": "auto"},
    ],
)
def test_what_is_right_or_not_known_yet_passes(attributes: dict[str, Any]) -> None:
    assert summaries(**attributes) == []


def test_what_is_wrong_beside_an_unknown_part_is_still_told() -> None:
    assert summaries(tags=[Unknown("x"), 5]) == ["tags[1] must be text, not the number 5"]


@pytest.mark.parametrize("value", ["hunter2", Sensitive("hunter2"), Sensitive(["hunter2"])])
def test_a_sensitive_value_that_is_wrong_is_not_shown(value: Any) -> None:
    (found,) = check(KIND, {"name": "a", "key": value}, None, "forge_rule.a")
    assert "hunter2" not in f"{found}"


def test_a_problem_has_the_place_of_its_value_and_the_address() -> None:
    found = check(
        KIND, {"name": "a", "rule": {"path": 5}}, lambda path: Place(str(path), 1, 1), "forge_rule.a"
    )
    (problem,) = found
    assert problem.place == Place("('rule', 'path')", 1, 1)
    assert problem.address == "forge_rule.a"


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "ab", "b1"]) | st.just(1.0),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
_KEYWORDS = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "integer", "number", "array", "object", ["boolean", "null"]]),
        "enum": st.lists(_VALUES, min_size=1, max_size=3),
        "const": _VALUES,
        "pattern": st.sampled_from(["^a", "b$"]),
        "minLength": st.integers(0, 2),
        "maxLength": st.integers(0, 2),
        "minimum": st.integers(-2, 2),
        "exclusiveMaximum": st.integers(-2, 2),
        "multipleOf": st.just(2),
        "minItems": st.integers(0, 2),
        "maxItems": st.integers(0, 2),
        "uniqueItems": st.booleans(),
        "required": st.lists(st.sampled_from("ab"), unique=True, max_size=2),
        "minProperties": st.integers(0, 2),
        "title": st.just("t"),
        "x-anything": st.just(1),
    },
)
_SCHEMAS = st.recursive(
    st.booleans() | _KEYWORDS,
    lambda inner: st.builds(
        lambda own, nested: {**own, **nested},
        _KEYWORDS,
        st.fixed_dictionaries(
            {},
            optional={
                "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=2),
                "additionalProperties": inner,
                "propertyNames": inner,
                "items": inner,
                "prefixItems": st.lists(inner, min_size=1, max_size=1),
                "anyOf": st.lists(inner, min_size=1, max_size=2),
                "allOf": st.lists(inner, min_size=1, max_size=2),
                "oneOf": st.lists(inner, min_size=1, max_size=2),
                "not": inner,
            },
        ),
    ),
    max_leaves=5,
)


@given(_SCHEMAS, _VALUES)
def test_a_quick_yes_is_always_right(rules: Any, value: Any) -> None:
    if acceptance(rules)(value):
        assert jsonschema.Draft202012Validator(rules).is_valid(value)


@given(_SCHEMAS.filter(lambda rules: isinstance(rules, dict)), _VALUES)
def test_a_value_has_faults_exactly_when_it_does_not_satisfy_its_schema(rules: Any, value: Any) -> None:
    is_valid = jsonschema.Draft202012Validator(rules).is_valid(value)
    assert (not list(Validation(rules).faults(value))) == is_valid


def test_recursive_references_are_followed() -> None:
    tree = {"type": "object", "additionalProperties": {"$ref": "#/$defs/t"}}
    rules = {"$defs": {"t": tree}, "$ref": "#/$defs/t"}
    assert acceptance(rules)({"a": {"b": {}}})
    assert not acceptance(rules)({"a": {"b": 5}})
    assert not acceptance({"$ref": "#/$defs/absent"})({})


@pytest.mark.parametrize("name", ["stack.schema.json", "provider-settings.schema.json"])
def test_our_own_schemas_are_schemas_and_explain_themselves(name: str) -> None:
    document = json.loads(schema_path(name).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(document)
    for key, part in document["properties"].items():
        assert part.get("description") or "$ref" in part, key


def test_the_schema_knows_every_key_of_a_stack_that_this_version_has() -> None:
    keys = set(schema("stack.schema.json")["properties"])
    assert keys == {
        "stack", "requires", "variables", "environments", "locals", "include", "state", "providers",
        "resources", "data", "outputs", "modules", "apply", "imports", "moved", "removed", "checks",
    }  # fmt: skip
