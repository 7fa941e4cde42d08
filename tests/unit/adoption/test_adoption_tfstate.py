"""What a Terraform state says, and what is said of a file that is none."""

import json
from typing import Any

import pytest

from reconciler.adoption.terraform import Counterpart, Skipped, counterparts
from reconciler.adoption.tfstate import read_state
from reconciler.errors import Refused
from reconciler.registry import Registry

GITHUB = 'provider["registry.terraform.io/integrations/github"]'


def state(*resources: dict[str, Any], **others: Any) -> str:
    return json.dumps(
        {"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "l", "outputs": {}, **others}
        | {"resources": list(resources)}
    )


def resource(type_name: str, name: str, *instances: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {
        "mode": "managed", "type": type_name, "name": name, "provider": GITHUB, "instances": list(instances),
        **others,
    }  # fmt: skip


def found(*resources: dict[str, Any]) -> list[Counterpart | Skipped]:
    registry = Registry.installed()
    types = [
        one
        for name in ("github", "slack")
        if (factory := registry.factory(name))
        for one in factory.resource_types().values()
    ]
    return list(counterparts(read_state(state(*resources), "t"), types, {"github_membership": "people"}))


def test_instances_have_terraforms_addresses() -> None:
    text = state(
        resource("github_repository", "a", {"attributes": {"name": "a"}}),
        resource(
            "github_repository",
            "b",
            {"index_key": "x y", "attributes": {}},
            {"index_key": "z", "attributes": {}},
        ),
        resource(
            "github_repository", "c", {"index_key": 0, "attributes": {}}, module='module.m["k"].module.n'
        ),
        resource("github_team", "data", {"attributes": {}}, mode="data"),
        resource("github_team", "old", {"deposed": "abc", "attributes": {}}),
    )
    assert [one.address for one in read_state(text, "t")] == [
        "github_repository.a",
        'github_repository.b["x y"]',
        'github_repository.b["z"]',
        'module.m["k"].module.n.github_repository.c[0]',
    ]


@pytest.mark.parametrize(
    ("type_name", "attributes", "import_id"),
    [
        ("github_repository", {"name": "docs", "id": "docs"}, "docs"),
        ("github_issue_label", {"repository": "docs", "name": "bug", "id": "docs:bug"}, "docs:bug"),
        ("github_branch", {"repository": "docs", "branch": "next"}, "docs:next"),
        ("github_branch_protection", {"id": "BPR_abc", "pattern": "main"}, "BPR_abc"),
        ("github_branch_protection_v3", {"repository": "docs", "branch": "main"}, "docs:main"),
        ("github_team", {"id": "1234", "name": "QA"}, "1234"),
        ("github_team_repository", {"team_id": "1234", "repository": "docs"}, "1234:docs"),
        ("github_actions_secret", {"repository": "docs", "secret_name": "KEY"}, "docs:KEY"),
        ("slack_conversation", {"id": "C012AB3CD", "name": "qa"}, "C012AB3CD"),
        ("slack_usergroup", {"id": "S012AB3CD"}, "S012AB3CD"),
    ],
)
def test_a_type_of_terraforms_has_our_import_id(
    type_name: str, attributes: dict[str, Any], import_id: str
) -> None:
    (one,) = found(resource(type_name, "this", {"attributes": attributes}))
    assert isinstance(one, Counterpart)
    assert (one.import_id, one.name, one.key) == (import_id, "this", None)


def test_one_resource_with_many_labels_is_many_objects_of_one_name() -> None:
    labels = [{"name": "bug", "color": "d73a4a"}, {"name": "epic", "color": "5319e7"}]
    both = found(
        resource("github_issue_labels", "docs", {"attributes": {"repository": "docs", "label": labels}})
    )
    assert [(one.import_id, one.name, one.key) for one in both if isinstance(one, Counterpart)] == [
        ("docs:bug", "docs", "bug"),
        ("docs:epic", "docs", "epic"),
    ]


def test_modules_are_in_the_name_and_keys_stay_keys() -> None:
    (one,) = found(
        resource(
            "github_repository", "this", {"index_key": "web", "attributes": {"name": "web"}},
            module='module.qa.module.repos["Team Red"]',
        )
    )  # fmt: skip
    assert isinstance(one, Counterpart)
    assert (one.name, one.key) == ("qa_repos_team_red_this", "web")


def test_what_has_no_counterpart_or_lacks_its_id_is_told_with_a_reason() -> None:
    several = found(
        resource("github_membership", "ada", {"attributes": {}}),
        resource("aws_instance", "web", {"attributes": {}}),
        resource("github_repository", "gone", {"attributes": {"name": None}}),
    )
    assert several == [
        Skipped("github_membership.ada", "people"),
        Skipped("aws_instance.web", "no type here stands for it"),
        Skipped("github_repository.gone", "the state does not tell its name"),
    ]


def test_what_is_not_taken_over_is_a_note_where_it_is_set() -> None:
    with_members, without = found(
        resource("slack_conversation", "a", {"attributes": {"id": "C1", "permanent_members": ["U1"]}}),
        resource("slack_conversation", "b", {"attributes": {"id": "C2", "permanent_members": []}}),
    )
    assert isinstance(with_members, Counterpart)
    assert isinstance(without, Counterpart)
    assert with_members.notes[0].startswith("permanent_members: ")
    assert without.notes == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("[" * 100_000, "is nested too deeply"),
        ("[]", "is no Terraform state"),
        ("{}", "is no Terraform state"),
        ('resource "github_repository" "a" {\n}', "is Terraform's configuration"),
        ("PK\x03\x04...", "is a saved plan"),
        (json.dumps({"format_version": "1.2", "planned_values": {}}), "is a plan, and no state"),
        (json.dumps({"format_version": "1.0", "values": {}}), "what `terraform show -json` prints"),
        (json.dumps({"version": 3, "serial": 1, "modules": []}), "of version 3, and only 4 is read"),
        (json.dumps({"version": 5, "serial": 1, "terraform_version": "9"}), "of version 5"),
        (json.dumps({"serial": 1, "encrypted_data": "x", "encryption_version": "v0"}), "is encrypted"),
        (json.dumps({"version": 4, "terraform_version": "1.9.0"}), "is no whole Terraform state"),
        (state({"mode": "managed"}), "is no whole Terraform state"),
        (state(resource("a_b", "c", module="module.x["), version=4), ""),
        (
            json.dumps({"version": 4, "terraform_version": "1", "resources": [3]}),
            "is no whole Terraform state",
        ),
    ],
)
def test_a_file_that_is_no_state_is_told_what_it_is_and_what_to_give(text: str, says: str) -> None:
    if not says:
        assert read_state(text, "t") == []
        return
    with pytest.raises(Refused) as refused:
        read_state(text, "some.file")
    (problem,) = refused.value.diagnostics
    assert problem.summary.startswith("some.file ")
    assert says in problem.summary
    assert problem.advice
    assert problem.code == "RC-INPUT-003"
