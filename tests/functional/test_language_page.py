"""Every stack on the page about the language is carried out in a sandbox, and then needs no change."""

from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.unit.docs.markdown import ROOT, blocks, write_modules

PAGE = ROOT / "docs" / "language.md"
STACKS = [
    pytest.param(block.text, id=block.text.removeprefix("stack: ").split()[0])
    for block in blocks(PAGE)
    if block.kind == "yaml stack"
]
SEEDS = {
    "lookups": "github: {repositories: [{name: handbook, visibility: private}]}\n",
    "taking-over": "github: {repositories: [{name: handbook}]}\n",
}
"""By the name of a stack: what must be there before it is applied."""
OPTIONS = {"conditions": ("--var", "size=3")}
"""By the name of a stack that is refused as it stands: what makes it fit."""


@pytest.mark.parametrize("text", STACKS)
def test_a_stack_is_carried_out_and_then_needs_no_change(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = CommandLine(tmp_path, capsys)
    line.write(text)
    write_modules(PAGE, tmp_path)
    name = text.removeprefix("stack: ").split()[0]
    seed, options = SEEDS.get(name), OPTIONS.get(name, ())
    if seed:
        line.write(seed, "seed.yaml")
        assert line("sandbox", "seed", str(tmp_path / "seed.yaml")).code == 0
    applied = line("--sandbox", "apply", "--auto-approve", *options)
    assert applied.code == 0, applied
    planned = line("--sandbox", "plan", "--detailed-exitcode", *options)
    assert planned.code == 0, planned
    assert "No changes" in planned.out
