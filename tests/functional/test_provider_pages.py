"""Every stack on the providers' pages is carried out in a sandbox of its own, and then needs no change."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.registry import Registry
from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from tests.command_line import CommandLine
from tests.unit.docs.markdown import ROOT, blocks

PAGES = sorted(page for page in (ROOT / "docs" / "providers").glob("*.md") if page.stem != "README")
SERVICES = ["anykrowd", "github", "notion", "slack"]
PEOPLE = "slack: {users: [{name: ada}, {name: grace}]"
SEEDS = {
    "members": PEOPLE + ", channels: [{name: qa-leads, members: [reconciler]}]}\n",
    "usergroups": PEOPLE + "}\n",
    "bookmarks": "slack: {channels: [{name: test-results}]}\n",
    "looked-up": PEOPLE + "}\n",
}
"""By the name of a stack: what must be there before it is applied."""


def stacks() -> Iterator[object]:
    for page in PAGES:
        texts = [block.text for block in blocks(page) if block.kind == "yaml stack"]
        for text in texts:
            name = text.removeprefix("stack: ").partition("\n")[0]
            yield pytest.param(name, text, id=f"{page.stem}-{name}")


def test_there_is_a_page_for_each_service_and_an_index_that_leads_to_it() -> None:
    assert [page.stem for page in PAGES] == SERVICES
    index = (ROOT / "docs" / "providers" / "README.md").read_text(encoding="utf-8")
    for service in SERVICES:
        assert f"({service}.md)" in index


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_a_stack_for_each_type_of_its_provider(page: Path) -> None:
    text = "".join(block.text for block in blocks(page) if block.kind == "yaml stack")
    factory = Registry.installed().factory(page.stem)
    assert factory is not None
    types = factory.resource_types()
    assert types
    for name in types:
        assert f"  {name.removeprefix('data.')}:\n" in text, name


@pytest.mark.parametrize(("name", "text"), list(stacks()))
def test_a_stack_is_carried_out_and_then_needs_no_change(
    name: str, text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = CommandLine(tmp_path, capsys)
    line.environ = {"NOTION_ROOT_PAGE": Host(World()).connections()["notion"]["root_page"]}
    line.write(text)
    if name in SEEDS:
        line.write(SEEDS[name], "seed.yaml")
        seeded = line("sandbox", "seed", str(tmp_path / "seed.yaml"))
        assert seeded.code == 0, seeded.err
    plan = line.sandbox("plan", "--detailed-exitcode")
    anything = "resources:" in text or "outputs:" in text
    assert plan.code == (2 if anything else 0), plan.out + plan.err
    applied = line.sandbox("apply", "--auto-approve")
    assert applied.code == 0, applied.out + applied.err
    again = line.sandbox("plan", "--detailed-exitcode")
    assert again.code == 0, again.out + again.err
    drift = line.sandbox("drift")
    assert drift.code == 0, drift.out
