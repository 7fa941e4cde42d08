"""From a Terraform state to a stack: what lives of it is written, adopted, and plans to no changes."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.sandbox.host import Host
from tests.command_line import CommandLine
from tests.functional.adopted import SEED, STACK, adopt_what_is_written, changes_nothing
from tests.functional.documented import succeeds

GITHUB = 'provider["registry.terraform.io/integrations/github"]'
SLACK = 'provider["registry.terraform.io/pablovarela/slack"]'


def resource(type_name: str, name: str, *attributes: dict[str, Any], **others: Any) -> dict[str, Any]:
    provider = GITHUB if type_name.startswith("github") else SLACK
    instances = [
        {"schema_version": 0, "attributes": one, "index_key": one.pop("_key", None)} for one in attributes
    ]
    for instance in instances:
        if instance["index_key"] is None:
            del instance["index_key"]
    return {"mode": "managed", "type": type_name, "name": name, "provider": provider,
            "instances": instances, **others}  # fmt: skip


@pytest.fixture
def line(
    testx: CommandLine, open_world: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """An empty stack, and the file of a Terraform state that knows most of the world."""
    succeeds(testx.sandbox("apply", "--auto-approve", "--parallelism", "1"))
    open_world.seed(yaml.safe_load(SEED))
    recorded = testx.sandbox("state", "list", "--json").document["resources"]
    ids = {one["type"]: one["attributes"] for one in recorded}
    state = {
        "version": 4,
        "terraform_version": "1.9.0",
        "serial": 7,
        "lineage": "lineage",
        "outputs": {},
        "resources": [
            resource("github_repository", "testx", {"name": "testx", "description": "an old one"}),
            resource("github_repository", "all",
                     {"_key": "shop", "name": "shop"}, {"_key": "bare", "name": "bare"}),
            resource("github_repository", "gone", {"name": "gone"}),
            resource("github_issue_label", "triage",
                     *({"_key": name, "repository": "testx", "name": name} for name in ("P0", "P1", "P2"))),
            resource("github_issue_labels", "shop",
                     {"repository": "shop", "label": [{"name": "bug"}, {"name": "on"}]}),
            resource("github_team", "qa", {"id": str(ids["github_team"]["database_id"])}),
            resource("github_team_repository", "qa", {"_key": 0, "repository": "testx",
                     "team_id": str(ids["github_team"]["database_id"])}),
            resource("github_branch_protection", "main", {"id": ids["github_branch_protection"]["id"]}),
            resource("github_actions_secret", "token",
                     {"repository": "testx", "secret_name": "NOTION_TOKEN", "plaintext_value": "hunter2"}),
            resource("github_branch", "dev", {"repository": "shop", "branch": "dev"},
                     module='module.shop["a b"]'),
            resource("github_membership", "ada", {"username": "ada", "role": "member"}),
            resource("slack_conversation", "testx",
                     {"id": ids["slack_channel"]["id"], "permanent_members": ["U1"]}),
            resource("slack_usergroup", "maintainers", {"id": ids["slack_usergroup"]["id"]}),
        ],
    }  # fmt: skip
    directory = tmp_path / "world"
    directory.mkdir()
    (directory / "terraform.tfstate").write_text(json.dumps(state), encoding="utf-8")
    line = CommandLine(directory, capsys)
    line.write(STACK)
    return line


def test_what_lives_of_a_terraform_state_is_written_and_plans_to_no_changes(
    line: CommandLine, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(line.directory)
    file, state = line.directory / "terraform.yaml", "terraform.tfstate"
    done = line.sandbox("import", "--tfstate", state, "--generate", file.name)
    assert done.code == 0, done.out + done.err
    text = file.read_text(encoding="utf-8")
    assert "hunter2" not in text
    assert "an old one" not in text
    golden("adoption/terraform.yaml", text)
    golden("adoption/terraform.txt", done.out)
    adopt_what_is_written(line, file)
    changes_nothing(line, file)
    again = line.sandbox("import", "--tfstate", state, "--json")
    assert again.code == 0, again.err
    assert again.document["imports"] == []
    reasons = {one["address"]: one["reason"] for one in again.document["skipped"]}
    assert reasons["github_repository.testx"] == "github_repository.testx stands for it already"
    assert reasons["github_repository.gone"] == "no github_repository lives there any more"


def test_a_service_that_the_stack_does_not_configure_is_told(line: CommandLine) -> None:
    line.write("stack: world\nproviders:\n  github: {owner: acme, token: '${secret.GITHUB_TOKEN}'}\n")
    found = line.sandbox("import", "--tfstate", str(line.directory / "terraform.tfstate"), "--json")
    assert found.code == 0, found.err
    reasons = {one["address"]: one["reason"] for one in found.document["skipped"]}
    assert reasons["slack_conversation.testx"] == "the stack configures no provider slack"
    assert found.document["provider"] == "github"
