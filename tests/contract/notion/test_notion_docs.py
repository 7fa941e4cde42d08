"""The stacks in docs/providers/notion.md do what the page says, over the emulated Notion."""

import re
import threading
from pathlib import Path

import pytest

from reconciler.apply.outcome import Progress
from reconciler.errors import ReconcilerError
from reconciler.operations import applying, planning
from reconciler.operations.workspace import Setting
from reconciler.operations.writing import opened_for
from reconciler.plan.change import Change, Plan
from reconciler.plan.desired import Desired
from reconciler.registry import Registry
from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler.testing import FakeClock
from reconciler_notion.provider import SETTINGS_SCHEMA, NotionProvider
from reconciler_notion.sandbox import NotionEmulator

PAGE = Path(__file__).parents[3] / "docs" / "providers" / "notion.md"
TEXT = PAGE.read_text("utf-8")
STACKS = re.findall(r"^```yaml stack\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


class Unwatched:
    """A Progress that nobody looks at."""

    def started(self, change: Change) -> None:
        pass

    def finished(self, change: Change, seconds: float) -> None:
        pass

    def failed(self, change: Change, error: ReconcilerError) -> None:
        raise error

    def stopping(self, running: int) -> None:
        pass


@pytest.fixture(scope="module")
def root() -> str:
    found: str = Host(World(), factories={"notion": NotionEmulator}).connections()["notion"]["root_page"]
    return found


def carried_out(directory: Path, root: str) -> Plan:
    setting = Setting(
        directory,
        Registry({"notion": NotionProvider}),
        is_sandbox=True,
        environ={"NOTION_TOKEN": "x", "NOTION_ROOT_PAGE": root},
        clock=FakeClock(),
    )
    progress: Progress = Unwatched()
    with opened_for("apply", setting) as workspace:
        prospect = planning.make(workspace, Desired.of(workspace.stack))
        order = applying.Order("apply", progress, threading.Event(), configuration=workspace.stack.digest())
        done = applying.carry_out(workspace, prospect, order)
        assert not done.outcome.failed
        return prospect.plan


@pytest.mark.parametrize("text", STACKS)
def test_each_stack_of_the_page_is_carried_out_and_then_needs_no_change(
    text: str, tmp_path: Path, root: str
) -> None:
    (tmp_path / "reconciler.yaml").write_text(text, encoding="utf-8")
    first = carried_out(tmp_path, root)
    assert bool(first.changes) is ("resources:" in text)
    assert not carried_out(tmp_path, root).has_changes


def test_there_is_a_stack_for_each_type() -> None:
    assert len(STACKS) == 5
    for name in NotionProvider.resource_types():
        assert any(f"  {name.removeprefix('data.')}:" in stack for stack in STACKS), name


def test_every_attribute_setting_and_property_type_is_told_of() -> None:
    types = NotionProvider.resource_types()
    for name, facts in types.items():
        for attribute in facts.attributes:
            assert f"`{attribute}`" in TEXT, (name, attribute)
    for setting in SETTINGS_SCHEMA["properties"]:
        assert f"`{setting}`" in TEXT, setting
    config = types["notion_database"].schema["properties"]["properties"]["additionalProperties"]
    for part in {*config["properties"], *config["properties"]["type"]["enum"]} - {"type"}:
        assert f"`{part}`" in TEXT, part
