"""What ``import --all`` does not do: overwrite, guess, take what is declared, ask more than it must."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from reconciler.sandbox.host import Host
from tests.command_line import CommandLine
from tests.functional.adopted import STACK
from tests.functional.documented import succeeds

SCHEMA = Path(__file__).parents[2] / "schemas" / "adoption.schema.json"
REPOSITORIES, LABELS = 300, 10


@pytest.fixture
def line(command: CommandLine, open_world: Host) -> CommandLine:
    open_world.seed(yaml.safe_load("github: {repositories: [{name: shop}], teams: [{name: crew}]}"))
    command.write(STACK)
    return command


def test_a_file_that_is_there_is_overwritten_only_when_told_and_one_of_the_stack_never(
    line: CommandLine,
) -> None:
    file = line.directory / "found.yaml"
    file.write_text("mine: 1\n")
    refused = line.sandbox("import", "--all", "github", "--generate", str(file))
    assert (refused.code, file.read_text()) == (1, "mine: 1\n")
    assert "add --overwrite" in refused.err
    succeeds(line.sandbox("import", "--all", "github", "--generate", str(file), "--overwrite"))
    assert yaml.safe_load(file.read_text())["resources"]["github_repository"] == {
        "shop": {"name": "shop", "visibility": "public", "allow_forking": True}
    }
    own = line.directory / "reconciler.yaml"
    refused = line.sandbox("import", "--all", "github", "--generate", str(own), "--overwrite")
    assert refused.code == 1
    assert "is part of the stack" in refused.err
    assert own.read_text() == STACK


def test_what_the_stack_declares_already_is_left_out_with_the_command_that_adopts_it(
    line: CommandLine,
) -> None:
    line.write(
        STACK + "resources:\n  github_repository:\n    shop: {name: shop}\n  github_issue_label:\n"
        "    bug: {repository: '${github_repository.shop.name}', name: bug, color: d73a4a}\n"
    )
    found = line.sandbox("import", "--all", "github", "--json")
    assert found.code == 0, found.err
    reasons = {(one["type"], one["id"]): one["reason"] for one in found.document["left_out"]}
    assert "reconciler import 'github_repository.shop' 'shop'" in reasons["github_repository", "shop"]
    assert (
        "reconciler import 'github_issue_label.bug' 'shop:bug'" in reasons["github_issue_label", "shop:bug"]
    )


def test_what_is_in_the_state_is_referred_to_and_not_written_again(line: CommandLine) -> None:
    line.write(STACK + "resources:\n  github_repository:\n    our-shop: {name: shop}\n")
    succeeds(line.sandbox("import", "github_repository.our-shop", "shop"))
    found = line.sandbox("import", "--all", "github", "--type", "github_issue_label", "--json").document
    (resource,) = yaml.safe_load(found["yaml"])["resources"]["github_issue_label"].values()
    assert resource["repository"] == "${github_repository.our-shop.name}"


def test_the_report_as_json_is_as_its_schema_says(line: CommandLine) -> None:
    found = line.sandbox("import", "--all", "github", "--json")
    Draft202012Validator(json.loads(SCHEMA.read_text())).validate(found.document)
    assert {one["address"] for one in found.document["resources"]} >= {"github_repository.shop"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--all", "githab", "--generate", "x.yaml"], "did you mean 'github'?"),
        (["--all", "github", "--type", "github_label"], "github manages no github_label"),
        (["github_repository.shop"], "Give ADDR and ID"),
        (["github_repository.shop", "shop", "--all", "github"], "not two of them"),
        (["--all", "github", "--tfstate", "x"], "not two of them"),
        (["--tfstate", "x", "--type", "github_team"], "--type goes with --all"),
        (["--tfstate", "there-is-none"], "cannot be read"),
        (["github_repository.shop", "shop", "--overwrite"], "go with --all"),
        ([], "Give ADDR and ID"),
    ],
)
def test_a_wrong_command_line_says_what_is_right(words: list[str], says: str, line: CommandLine) -> None:
    refused = line.sandbox("import", *words)
    assert refused.code in (1, 64)
    assert says in refused.err


def test_a_large_organisation_takes_a_call_for_each_repositorys_secrets_and_few_more(
    line: CommandLine, open_world: Host
) -> None:
    labels = [{"name": f"label {number}", "color": "d73a4a"} for number in range(LABELS)]
    open_world.seed({
        "github": {
            "repositories": [
                {"name": f"repository-{number}", "labels": labels} for number in range(REPOSITORIES)
            ]
        }
    })  # fmt: skip
    found = line.sandbox("import", "--all", "github", "--type", "github_repository", "--type",
                         "github_issue_label", "--json")  # fmt: skip
    assert found.code == 0, found.err
    assert len(found.document["imports"]) >= REPOSITORIES * (LABELS + 1)
    before = sum(open_world.requests()["github"].values())
    assert before <= 12
    assert line.sandbox("import", "--all", "github", "--json").code == 0
    assert sum(open_world.requests()["github"].values()) - before <= REPOSITORIES + 1 + 60
