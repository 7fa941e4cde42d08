"""All YAML of the project keeps its meaning in canonical layout, and the examples are in it."""

from pathlib import Path

import pytest

from reconciler.config.formatted import formatted
from reconciler.config.layout import laid_out
from reconciler.config.parse import parse
from reconciler.config.source import Source
from reconciler.diagnostics import Diagnostics
from tests.unit.docs.markdown import DOCUMENTS, ROOT, blocks

FILES = [
    file
    for room in ("examples", "tests", "docs")
    for file in sorted((ROOT / room).rglob("*.y*ml"))
    if "node_modules" not in file.parts
]
BLOCKS = {
    f"{file.relative_to(ROOT)} {number}": block.text
    for file in DOCUMENTS
    for number, block in enumerate(blocks(file))
    if block.kind.split(" ")[0] == "yaml"
}
LANGUAGE = {block.kind: block.text for block in blocks(ROOT / "docs" / "language.md")}


def check(text: str) -> None:
    """What is YAML is formatted to what means the same; ``formatted`` itself sees to that, and says so."""
    found, problems = Diagnostics(), Diagnostics()
    parse(Source("test.yaml", text), problems)
    after = formatted(Source("test.yaml", text), found)
    assert list(found) == list(problems)
    assert (after is None) == bool(len(problems))
    if after is not None:
        assert laid_out(after) == after


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_file_keeps_its_meaning(file: Path) -> None:
    check(file.read_bytes().decode("utf-8", errors="replace"))


@pytest.mark.parametrize("name", BLOCKS)
def test_every_block_of_the_documents_keeps_its_meaning(name: str) -> None:
    check(BLOCKS[name])


def test_there_are_files_and_blocks_to_look_at() -> None:
    assert len(FILES) > 30
    assert len(BLOCKS) > 20


@pytest.mark.parametrize(
    "file", [file for file in FILES if file.is_relative_to(ROOT / "examples")], ids=lambda file: file.name
)
def test_the_examples_are_in_canonical_layout(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert laid_out(text) == text


def test_the_example_of_the_layout_is_what_it_becomes() -> None:
    assert laid_out(LANGUAGE["yaml before"]) == LANGUAGE["yaml after"]
