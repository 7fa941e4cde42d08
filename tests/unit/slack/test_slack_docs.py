"""What the provider's page says is so: its stacks load, and it leaves no type, attribute or scope out."""

import re
from pathlib import Path

import pytest

from reconciler import config
from reconciler.registry import Registry
from reconciler_slack.health import SCOPES
from reconciler_slack.provider import SETTINGS_SCHEMA, SlackProvider

PAGE = Path(__file__).parents[3] / "docs" / "providers" / "slack.md"
TEXT = PAGE.read_text("utf-8")
STACKS = re.findall(r"^```yaml stack\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


def test_there_is_a_stack_for_each_type() -> None:
    assert len(STACKS) == 6
    for name in SlackProvider.resource_types():
        assert any(f"  {name.removeprefix('data.')}:" in stack for stack in STACKS), name


@pytest.mark.parametrize("text", STACKS)
def test_every_stack_on_the_page_loads(text: str, tmp_path: Path) -> None:
    (tmp_path / "reconciler.yaml").write_text(text, encoding="utf-8")
    types = Registry({"slack": SlackProvider})
    stack = config.load(tmp_path, environment=None, types=types, environ={}, sandbox=True)
    assert f"stack: {stack.name}" in text


def test_every_attribute_setting_and_scope_is_told_of() -> None:
    for name, facts in SlackProvider.resource_types().items():
        for attribute in facts.attributes:
            assert f"`{attribute}`" in TEXT, (name, attribute)
    for setting in SETTINGS_SCHEMA["properties"]:
        assert f"`{setting}`" in TEXT, setting
    for scope in SCOPES:
        assert f"`{scope}`" in TEXT, scope
