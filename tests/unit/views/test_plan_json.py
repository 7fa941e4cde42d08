"""A plan in Terraform's representation."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.plan.change import Plan
from reconciler.plan.cost import Cost
from reconciler.plan.world import Types
from reconciler.values import Sensitive
from reconciler.views.escape import json_text
from reconciler.views.plan_json import plan_document

Golden = Callable[[str, str], None]
SCHEMAS = Path(__file__).parents[3] / "schemas"


@pytest.fixture
def document(plan: Plan, types: Types, cost: Cost, now: datetime) -> dict[str, Any]:
    variables = {"region": "eu", "token": Sensitive("not-to-be-seen")}
    return plan_document(plan, types, moment=now, cost=cost, variables=variables)


@pytest.fixture(scope="session")
def terraforms() -> Any:
    """What Terraform 1.11 shows for a plan of ``terraform_data``, with an action of every kind."""
    return json.loads((Path(__file__).parent / "terraform_plan.json").read_text())


@pytest.fixture(scope="session")
def schema() -> Draft202012Validator:
    found = json.loads((SCHEMAS / "plan.schema.json").read_text())
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


def by_address(changes: list[Any]) -> dict[str, Any]:
    return {change["address"]: change for change in changes}


def test_the_whole_document_is_as_written_down(document: dict[str, Any], golden: Golden) -> None:
    golden("views/plan.json", json_text(document) + "\n")


def test_it_is_valid_by_its_schema(
    document: dict[str, Any],
    schema: Draft202012Validator,
    empty_plan: Plan,
    types: Types,
    now: datetime,
) -> None:
    schema.validate(document)
    schema.validate(plan_document(empty_plan, types, moment=now))


def test_the_schema_refuses_a_change_with_a_key_missing(
    document: dict[str, Any], schema: Draft202012Validator
) -> None:
    del document["resource_changes"][0]["change"]["after_sensitive"]
    assert not schema.is_valid(document)


def test_it_has_every_key_that_terraform_writes(document: dict[str, Any], terraforms: Any) -> None:
    assert set(document) == set(terraforms) | {"resource_drift", "reconciler"}
    assert set(document["planned_values"]) == set(terraforms["planned_values"])
    assert set(document["prior_state"]) == set(terraforms["prior_state"])
    assert set(document["prior_state"]["values"]) == set(terraforms["prior_state"]["values"])
    assert set(document["configuration"]["provider_config"]["github"]) == {"name", "full_name"}
    assert set(document["checks"][0]) == set(terraforms["checks"][0])
    for theirs in terraforms["resource_changes"]:
        for ours in document["resource_changes"]:
            assert set(theirs) - {"index", "action_reason"} <= set(ours)
            assert set(theirs["change"]) <= set(ours["change"])
    for theirs in terraforms["output_changes"].values():
        for ours in document["output_changes"].values():
            assert set(theirs) <= set(ours)
    theirs = terraforms["planned_values"]["root_module"]["resources"][0]
    for ours in document["planned_values"]["root_module"]["resources"]:
        assert set(theirs) <= set(ours)
    theirs = terraforms["configuration"]["root_module"]["resources"][0]
    for ours in document["configuration"]["root_module"]["resources"]:
        assert set(theirs) == set(ours)


def test_it_uses_no_action_that_terraform_does_not_know(document: dict[str, Any], terraforms: Any) -> None:
    known = [change["change"]["actions"] for change in terraforms["resource_changes"]]
    used = [change["change"]["actions"] for change in document["resource_changes"]]
    assert [actions for actions in used if actions not in known] == []
    assert {tuple(actions) for actions in known} == {tuple(actions) for actions in used}


def test_shadows_have_the_shape_that_terraform_gives_them(document: dict[str, Any], terraforms: Any) -> None:
    theirs = by_address(terraforms["resource_changes"])["terraform_data.dropped"]["change"]
    ours = by_address(document["resource_changes"])["github_repository.old"]["change"]
    for key in ("after", "after_unknown", "after_sensitive"):
        assert ours[key] == theirs[key]
    theirs = by_address(terraforms["resource_changes"])["terraform_data.made"]["change"]
    ours = by_address(document["resource_changes"])["github_repository.testx"]["change"]
    for key in ("before", "before_sensitive"):
        assert ours[key] == theirs[key]
    assert ours["after_unknown"] == {
        "topics": [False, False],
        "has_issues": True,
        "id": True,
        "html_url": True,
        "default_branch": True,
    }
    assert "html_url" not in ours["after"]


def test_a_sensitive_value_is_marked_and_never_written(document: dict[str, Any]) -> None:
    assert "not-to-be-seen" not in json.dumps(document)
    secret = by_address(document["resource_changes"])["module.qa.github_actions_secret.slack"]
    assert secret["change"]["after"]["value"] == "(sensitive)"
    assert secret["change"]["after_sensitive"] == {"value": True}
    assert document["output_changes"]["token"]["after_sensitive"] is True
    assert document["variables"]["token"] == {"value": "(sensitive)"}


def test_nested_attributes_that_are_not_declared_are_in_the_value_after_too(document: dict[str, Any]) -> None:
    changes = by_address(document["resource_changes"])
    checks = changes["github_branch_protection.main"]["change"]["after"]["required_status_checks"]
    assert checks == {"strict": True, "contexts": ["lint", "e2e"], "app": 5}


def test_resources_of_modules_stand_in_child_modules(document: dict[str, Any]) -> None:
    root = document["planned_values"]["root_module"]
    assert [module["address"] for module in root["child_modules"]] == ["module.qa", 'module.squad["red"]']
    assert all("module" not in resource["address"] for resource in root["resources"])


def test_what_is_taken_over_says_which_object_it_imports(document: dict[str, Any]) -> None:
    imported = {
        address: change["change"]["importing"]["id"]
        for address, change in by_address(document["resource_changes"]).items()
        if "importing" in change["change"]
    }
    assert imported == {
        "github_team.core": "id of github_team.core",
        'module.squad["red"].github_team.red': 'id of module.squad["red"].github_team.red',
    }


def test_a_plan_without_changes_is_not_applyable(empty_plan: Plan, types: Types, now: datetime) -> None:
    found = plan_document(empty_plan, types, moment=now)
    assert found["applyable"] is False
    assert [change["change"]["actions"] for change in found["resource_changes"]] == [["no-op"]]


def test_every_schema_says_what_it_is_about() -> None:
    for file in SCHEMAS.glob("*.schema.json"):
        found = json.loads(file.read_text())
        Draft202012Validator.check_schema(found)
        assert found["title"], file.name
        assert found["description"], file.name
        assert list(dangling(found)) == []


def dangling(schema: Mapping[str, Any]) -> Iterator[str]:
    """References within a schema that lead nowhere."""
    text = json.dumps(schema)
    for reference in {part.partition('"')[0] for part in text.split('"$ref": "')[1:]}:
        if reference.startswith("#/$defs/") and reference.removeprefix("#/$defs/") not in schema["$defs"]:
            yield reference
