"""Every type is imported by each form of its import id, those of Terraform's documentation too."""

import re
from pathlib import Path

import pytest

from reconciler.registry import Registry
from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from tests.command_line import CommandLine
from tests.functional.test_provider_pages import PAGES, SEEDS
from tests.unit.docs.markdown import blocks

IDS = {
    "github_repository": ["handbook"],
    "github_branch": ["handbook:next", "handbook:next:main"],
    "github_issue_label": ["handbook:bug"],
    "github_team": ["{database_id}", "{slug}"],
    "github_team_repository": ["{team_number}:handbook", "qa:handbook"],
    "github_branch_protection": ["handbook:main", "{id}"],
    "github_actions_secret": ["handbook:DEPLOY_KEY", "handbook/DEPLOY_KEY"],
    "slack_channel": ["{id}", "test-results", "#test-results"],
    "slack_channel_members": ["{id}", "qa-leads"],
    "slack_usergroup": ["{id}", "testx-maintainers", "@testx-maintainers"],
    "slack_bookmark": ["{channel_id}:{id}", "test-results:Dashboard"],
    "notion_page": ["{id}", "{url}", "{parent}:{title}"],
    "notion_database": ["{id}", "{url}", "{parent}:{title}"],
    "notion_relation": ["{database}:{name}", "{data_source_id}/{property_id}"],
    "anykrowd_staff_member": ["{external_id}"],
    "anykrowd_wallet_topup": ["wallet:{credited_wallet_id}:{id}", "person:{external_id}:{id}"],
}
"""By type, with attributes of the object in braces."""

WRONG = {
    "github_repository": ("acme/handbook", "REPOSITORY"),
    "github_branch": ("next", "REPOSITORY:BRANCH"),
    "github_issue_label": ("bug", "REPOSITORY:LABEL"),
    "github_team": ("", "slug or number"),
    "github_team_repository": ("qa/handbook", "TEAM:REPOSITORY"),
    "github_branch_protection": ("main", "REPOSITORY:PATTERN"),
    "github_actions_secret": ("DEPLOY_KEY", "REPOSITORY:SECRET or REPOSITORY/SECRET"),
    "slack_channel": ("acme/general", "CHANNEL"),
    "slack_channel_members": ("test-results:some", "CHANNEL"),
    "slack_usergroup": ("two words", "HANDLE"),
    "slack_bookmark": ("Dashboard", "CHANNEL:TITLE"),
    "notion_page": ("Handbook", "PARENT:TITLE"),
    "notion_database": ("Runs", "PARENT:TITLE"),
    "notion_relation": ("Runs", "DATABASE:NAME"),
    "anykrowd_staff_member": ("", "external_id"),
    "anykrowd_wallet_topup": ("wallet:one:two", "wallet:WALLET_ID:NANOID"),
}
"""By type: what is no import id, and part of the form that is advised."""

FIRST = {"slack_channel": "slack_channel.results", "notion_page": "notion_page.testx"}
"""Where it matters which of the stack's objects of the type it is."""

STACKS = [block.text for page in PAGES for block in blocks(page) if block.kind == "yaml stack"]


def test_every_managed_type_has_its_forms_here_and_in_the_table_of_its_page() -> None:
    registry = Registry.installed()
    managed = {
        name
        for page in PAGES
        if (factory := registry.factory(page.stem))
        for name, found in factory.resource_types().items()
        if not found.is_data
    }
    assert set(IDS) == set(WRONG) == managed
    rows: dict[str, str] = {}
    for page in PAGES:
        _, _, section = page.read_text("utf-8").partition("\n## Import ids\n")
        rows |= dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", section.partition("\n## ")[0], re.MULTILINE))
    assert set(rows) == managed


@pytest.fixture
def line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    line = CommandLine(tmp_path, capsys)
    line.environ = {"NOTION_ROOT_PAGE": Host(World()).connections()["notion"]["root_page"]}
    return line


def applied(line: CommandLine, type_name: str) -> str:
    """Carry out the page's stack with this type; the address of the first object of it."""
    text = next(text for text in STACKS if f"\n  {type_name}:\n" in text.partition("\nresources:")[2])
    line.write(text)
    name = text.removeprefix("stack: ").partition("\n")[0]
    if name in SEEDS:
        line.write(SEEDS[name], "seed.yaml")
        assert line("sandbox", "seed", str(line.directory / "seed.yaml")).code == 0
    done = line.sandbox("apply", "--auto-approve")
    assert done.code == 0, done.out + done.err
    addresses = [found["address"] for found in line.sandbox("state", "list", "--json").document["resources"]]
    return str(next(found for found in addresses if found.startswith(FIRST.get(type_name, f"{type_name}."))))


@pytest.mark.parametrize("type_name", IDS)
def test_an_object_is_imported_by_each_form_of_its_id(type_name: str, line: CommandLine) -> None:
    address = applied(line, type_name)
    recorded = line.sandbox("state", "list", "--json").document["resources"]
    attributes = next(found["attributes"] for found in recorded if found["address"] == address)
    if type_name == "github_team_repository":
        attributes["team_number"] = next(
            found["attributes"]["database_id"] for found in recorded if found["type"] == "github_team"
        )
    for form in IDS[type_name]:
        forgotten = line.sandbox("state", "rm", address)
        assert forgotten.code == 0, forgotten.err
        imported = line.sandbox("import", address, form.format_map(attributes), "--json")
        assert imported.code == 0, f"{form}: {imported.out}{imported.err}"
        assert imported.document["id"] == attributes["id"], form


@pytest.mark.parametrize("type_name", WRONG)
def test_a_wrong_form_is_answered_by_the_right_one(type_name: str, line: CommandLine) -> None:
    address = applied(line, type_name)
    assert line.sandbox("state", "rm", address).code == 0
    wrong, form = WRONG[type_name]
    refused = line.sandbox("import", address, wrong)
    assert refused.code == 1
    assert form in re.sub(r"\s+", " ", refused.err), refused.err
