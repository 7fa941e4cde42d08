"""The schema for editors: made of its sources, right about whole files, patient with expressions."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.config.plain_values import plain_value
from reconciler.config.schemas import schema
from reconciler.config.shapes import ANY
from reconciler.operations import editor_schema as maker
from reconciler.operations.documents import read_mapping
from reconciler.operations.editor_schema import editor_schema
from reconciler.operations.editor_values import value_schema
from reconciler.provider.facts import ResourceType
from reconciler.registry import Registry
from reconciler.views.escape import json_text
from tests.unit.docs.markdown import ROOT, blocks

EXAMPLES = sorted((ROOT / "examples").rglob("*.yaml"))
STACKS = [block.text for block in blocks(ROOT / "docs" / "language.md") if block.kind == "yaml stack"]

REGISTRY = Registry.installed()
DOCUMENT = editor_schema(REGISTRY)
CHECK = Draft202012Validator(DOCUMENT)


def types() -> list[ResourceType]:
    managed = [REGISTRY.type(name) for name in REGISTRY.type_names()]
    looked_up = [REGISTRY.data_type(name) for name in REGISTRY.type_names(data=True)]
    return [found for found in (*managed, *looked_up) if found is not None]


def key_of(found: ResourceType) -> str:
    return f"data.{found.name}" if found.is_data else found.name


def entry_of(found: ResourceType) -> dict[str, Any]:
    entry: dict[str, Any] = DOCUMENT["$defs"][key_of(found)]
    return entry


def check_of(found: ResourceType) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/$defs/{key_of(found)}", "$defs": DOCUMENT["$defs"]})


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def problems(value: Any) -> list[str]:
    return [error.message for error in CHECK.iter_errors(value)]


def github(attributes: dict[str, Any]) -> dict[str, Any]:
    return {"stack": "a", "resources": {"github_repository": {"x": attributes}}}


def test_the_file_is_what_the_command_prints(golden: Callable[[str, str], None]) -> None:
    golden("../../schemas/editor.schema.json", f"{json_text(DOCUMENT)}\n")


def test_it_is_a_schema_whose_references_lead_somewhere() -> None:
    Draft202012Validator.check_schema(DOCUMENT)
    for reference in set(references(DOCUMENT)):
        assert reference.removeprefix("#/$defs/") in DOCUMENT["$defs"], reference


def test_it_stays_small_enough_for_an_editor() -> None:
    assert len(json.dumps(DOCUMENT)) < 400_000


def test_it_holds_no_key_of_ours() -> None:
    assert '"x-' not in json.dumps(DOCUMENT)


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_example_is_right(file: Path) -> None:
    node = read_mapping(file)
    assert node is not None
    assert problems(plain_value(node, ANY)) == []


@pytest.mark.parametrize("text", STACKS)
def test_every_stack_of_the_language_is_right(text: str, tmp_path: Path) -> None:
    file = tmp_path / "reconciler.yaml"
    file.write_text(text, encoding="utf-8")
    node = read_mapping(file)
    assert node is not None
    assert problems(plain_value(node, ANY)) == []


@pytest.mark.parametrize("found", types(), ids=key_of)
def test_a_type_has_its_attributes_but_those_that_the_service_decides(found: ResourceType) -> None:
    names = entry_of(found)["properties"].keys()
    for name, attribute in found.attributes.items():
        assert (name in names) is not attribute.is_computed
        if not attribute.is_computed:
            described = entry_of(found)["properties"][name].get("description", "")
            assert described == attribute.schema.get("description", "")


@pytest.mark.parametrize("found", types(), ids=key_of)
def test_an_expression_may_stand_for_every_attribute_and_nothing_else_may(found: ResourceType) -> None:
    check = check_of(found)
    settable = [name for name, attribute in found.attributes.items() if not attribute.is_computed]
    alone = {"oneOf", "anyOf", "allOf"} & found.schema.keys()
    entry = dict.fromkeys(settable, "${var.x}")
    assert not list(check.iter_errors(entry)) or alone
    for name in settable:
        for error in check.iter_errors({**entry, name: "a-${var.x}"}):
            assert name not in error.absolute_path
        assert any(
            name in error.absolute_path for error in check.iter_errors({**entry, name: {"no": {}}})
        ) or ("object" in str(found.attributes[name].schema) or "type" not in found.attributes[name].schema)


@pytest.mark.parametrize(
    "attributes",
    [
        {"name": 7},
        {"name": "a", "topics": "${var.topics}", "has_wiki": "${1 > 2}", "visibility": "${var.v}"},
        {"name": "a", "topics": ["qa", "${var.topic}"]},
        {"name": "${local.prefix}-a", "security_and_analysis": {"secret_scanning": "${local.scanning}"}},
        {"name": "a", "security_and_analysis": {"secret_scanning": {"status": "${var.s}"}}},
        {"name": "a", "lifecycle": {"on_destroy": "archive", "ignore_changes": ["*"]}},
        {"name": "a", "depends_on": ["github_team.qa"], "provider": "github.enterprise"},
    ],
)
def test_what_the_language_allows_is_right(attributes: dict[str, Any]) -> None:
    assert problems(github(attributes)) == []


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (github({"nmae": "a", "name": "b"}), ["resources", "github_repository", "x"]),
        (github({"description": "no name"}), ["resources", "github_repository", "x"]),
        (
            github({"name": "a", "visibility": "secret"}),
            ["resources", "github_repository", "x", "visibility"],
        ),
        (github({"name": "a", "has_wiki": "sometimes"}), ["resources", "github_repository", "x", "has_wiki"]),
        (github({"name": "a", "html_url": "x"}), ["resources", "github_repository", "x"]),
        (
            github({"name": "a", "lifecycle": {"on_destroy": "melt"}}),
            ["resources", "github_repository", "x", "lifecycle", "on_destroy"],
        ),
        (
            github({"name": "a", "lifecycle": {"ignore_changes": ["nmae"]}}),
            ["resources", "github_repository", "x", "lifecycle", "ignore_changes", 0],
        ),
        ({"stack": "a", "resources": {"github_repositroy": {}}}, ["resources"]),
        ({"stack": "a", "data": {"github_team": {}}}, ["data"]),
        ({"stack": "a", "providers": {"slakc": {}}}, ["providers"]),
        (
            {"stack": "a", "providers": {"slack.other": {"token": "x", "tokn": "y"}}},
            ["providers", "slack.other"],
        ),
        ({"stack": "a", "resuorces": {}}, []),
    ],
)
def test_a_mistake_is_found_where_it_is(value: Any, place: list[str]) -> None:
    assert place in [list(error.absolute_path) for error in CHECK.iter_errors(value)]


def test_a_key_that_the_language_gains_is_there_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    language: dict[str, Any] = copy.deepcopy(dict(schema("stack.schema.json")))
    language["properties"]["wishes"] = {"type": "array"}
    language["$defs"]["resource"]["properties"]["mood"] = {"enum": ["good", "bad"]}
    monkeypatch.setattr(maker, "schema", lambda name: language)
    grown = Draft202012Validator(editor_schema(REGISTRY))
    team = {"name": "a", "mood": "good"}
    assert not list(grown.iter_errors({"wishes": [], "resources": {"github_team": {"a": team}}}))
    assert list(grown.iter_errors({"resources": {"github_team": {"a": {**team, "mood": "so-so"}}}}))
    assert problems({"stack": "a", "wishes": []})


def test_a_new_entry_is_offered_with_all_that_it_must_have() -> None:
    for section in ("resources", "data"):
        for name, part in DOCUMENT["properties"][section]["properties"].items():
            (snippet,) = part["defaultSnippets"]
            key = name if section == "resources" else f"data.{name}"
            needed = set(DOCUMENT["$defs"][key].get("required", ()))
            assert set(snippet["body"]["${1:name}"]) == needed or (not needed)


def test_a_text_may_look_like_a_number_and_no_other_value_may() -> None:
    assert value_schema({"type": "string"}) == {"type": ["string", "number"]}
    assert value_schema({"type": "string", "enum": ["a"]}) == {"type": "string", "enum": ["a"]}
    assert value_schema({"type": "boolean"}) == {"type": "boolean"}


def test_what_is_said_under_a_condition_is_about_the_same_value() -> None:
    made = value_schema(
        {
            "type": "object",
            "if": {"properties": {"kind": {"const": "a"}}},
            "then": {"required": ["more"]},
            "x-ours": 1,
        },
        is_open=True,
    )
    assert made["anyOf"][0]["if"] == {"properties": {"kind": {"const": "a"}}}
    assert made["anyOf"][0]["then"] == {"required": ["more"]}
    assert "x-ours" not in made["anyOf"][0]
