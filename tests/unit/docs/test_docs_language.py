"""The examples of the language: each stack is planned in the sandbox, and the plan is as the document says.

A block ``yaml stack`` begins an example; ``yaml then`` is the same stack later on, once what stands before it
was applied; the lines of ``text plan`` stand in the plan of what comes before them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.unit.docs.markdown import ROOT, blocks

LANGUAGE = ROOT / "docs" / "language.md"
SEEDS = {"taking-over": "github: {repositories: [{name: handbook}]}\n"}
"""By stack: what its example finds in the services."""


@dataclass
class Example:
    """Stacks one after the other, each with the lines that its plan must have."""

    stacks: list[tuple[str, list[str]]] = field(default_factory=list)

    @property
    def name(self) -> str:
        found = re.search(r"^stack: ([\w-]+)", self.stacks[0][0], re.MULTILINE)
        return found[1] if found else ""


def examples() -> Iterator[Example]:
    found = None
    for block in blocks(LANGUAGE):
        if block.kind == "yaml stack":
            if found is not None:
                yield found
            found = Example([(block.text, [])])
        elif block.kind == "yaml then":
            assert found is not None
            found.stacks.append((block.text, []))
        elif block.kind == "text plan":
            assert found is not None
            found.stacks[-1][1].extend(block.text.splitlines())
    assert found is not None
    yield found


EXAMPLES = [example for example in examples() if any(lines for _, lines in example.stacks)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_is_planned_as_the_document_says(
    example: Example, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = CommandLine(tmp_path, capsys)
    if example.name in SEEDS:
        command.write(SEEDS[example.name], "world.yaml")
        assert command.sandbox("sandbox", "seed", str(tmp_path / "world.yaml")).code == 0
    for text, lines in example.stacks:
        command.write(text)
        planned = command.sandbox("plan")
        for line in lines:
            assert line in planned.out + planned.err, line
        if (text, lines) != example.stacks[-1]:
            assert command.sandbox("apply", "--auto-approve").code == 0


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 3
