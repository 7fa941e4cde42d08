"""The files of a stack: found, merged, and never outside its directory."""

import os
from pathlib import Path

import pytest

from reconciler.address import Address
from reconciler.errors import InvalidConfiguration
from tests.unit.config.forge import Loader


def part(name: str) -> str:
    return f"resources:\n  forge_repository:\n    {name}: {{name: {name}}}\n"


def test_patterns_are_merged_in_order_and_each_file_once(stack_of: Loader) -> None:
    stack_of.write("resources/b.yaml", part("b"))
    stack_of.write("resources/a.yaml", part("a"))
    stack_of.write("resources/deep/er/c.yaml", part("c"))
    stack_of.write("resources/.hidden.yaml", "nonsense")
    stack = stack_of("include: ['resources/*.yaml', 'resources/a.yaml', '**/*.yaml']\n" + part("main"))
    assert [address.name for address in stack.resources] == ["main", "a", "b", "c"]
    place = stack.resources[Address("forge_repository", "c")].place_of(("name",))
    assert (place.file, place.line) == ("resources/deep/er/c.yaml", 3)


@pytest.mark.parametrize("pattern", ["../*.yaml", "/etc/*.conf", "a/../../b.yaml", "..\\x.yaml"])
def test_a_pattern_that_could_leave_the_directory_is_refused(stack_of: Loader, pattern: str) -> None:
    (found,) = stack_of.summaries(f"include: ['{pattern}']\n")
    assert "could leave the stack's directory" in found


def test_a_link_that_leaves_the_directory_is_refused(
    stack_of: Loader, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "x.yaml").write_text(part("x"))
    os.symlink(outside / "x.yaml", stack_of.directory / "file.yaml")
    os.symlink(outside, stack_of.directory / "dir")
    summaries = stack_of.summaries("include: [file.yaml, dir/x.yaml, '**/x.yaml']\n")
    assert summaries == [
        "file.yaml is a link that leaves the stack's directory",
        "dir/x.yaml is a link that leaves the stack's directory",
        "include '**/x.yaml' matches no file",
    ]


def test_a_link_within_the_directory_is_followed(stack_of: Loader) -> None:
    stack_of.write("parts/a.yaml", part("a"))
    os.symlink(stack_of.directory / "parts" / "a.yaml", stack_of.directory / "b.yaml")
    assert len(stack_of("include: [b.yaml, 'parts/*']\n").resources) == 1


def test_a_pattern_that_matches_nothing_is_an_error(stack_of: Loader) -> None:
    assert stack_of.summaries("include: ['resources/*.yaml']\n") == [
        "include 'resources/*.yaml' matches no file"
    ]


def test_a_pipe_is_not_read(stack_of: Loader) -> None:
    os.mkfifo(stack_of.directory / "pipe.yaml")
    assert stack_of.summaries("include: [pipe.yaml]\n") == ["pipe.yaml is not a regular file"]


def test_what_belongs_into_the_main_file_is_refused_elsewhere(stack_of: Loader) -> None:
    stack_of.write("a.yaml", "include: [b.yaml]\nrequires: '>=9'\nstack: other\n")
    assert len(stack_of.summaries("include: [a.yaml]\n")) >= 3


def test_problems_of_all_files_are_reported_in_the_order_of_the_files(stack_of: Loader) -> None:
    stack_of.write("a.yaml", "resources:\n  forge_repository:\n    a: {}\n")
    stack_of.write("b.yaml", "a: [")
    problems = stack_of.problems("include: [a.yaml, b.yaml]\nlocals: {x: '${local.y}'}\n")
    assert [one.place.file for one in problems if one.place] == ["reconciler.yaml", "a.yaml", "b.yaml"]


def test_a_directory_without_a_stack_says_how_to_begin(stack_of: Loader) -> None:
    with pytest.raises(InvalidConfiguration) as caught:
        stack_of.load()
    assert "reconciler init" in caught.value.diagnostics[0].advice
    stack_of.write("reconciler.yml", "stack: a")
    with pytest.raises(InvalidConfiguration) as caught:
        stack_of.load()
    assert caught.value.diagnostics[0].advice == "rename reconciler.yml to reconciler.yaml"


@pytest.mark.parametrize("content", ["", "# only a comment\n", "\ufeff"])
def test_an_empty_file_is_told_so(stack_of: Loader, content: str) -> None:
    assert stack_of.summaries(content.encode()) == ["reconciler.yaml is empty"]


def test_a_byte_order_mark_does_no_harm(stack_of: Loader) -> None:
    assert stack_of(b"\xef\xbb\xbfstack: marked\n").name == "marked"


@pytest.mark.parametrize(
    ("content", "summary", "place"),
    [
        (b"stack: a\nx: \x07\n", "the control character U+0007 cannot be in YAML", (2, 4)),
        ("stack: ä".encode("utf-16"), "the file is not UTF-8: byte 0xFF at offset 0", (1, 1)),
        (b"stack: a\nb: \xc3\xa9\xe9\n", "the file is not UTF-8: byte 0xE9 at offset 14", (2, 5)),
    ],
)
def test_bytes_that_are_no_text_are_placed(
    stack_of: Loader, content: bytes, summary: str, place: tuple[int, int]
) -> None:
    (found,) = stack_of.problems(content)
    assert found.summary == summary
    assert found.place is not None
    assert (found.place.line, found.place.column) == place


def test_a_file_that_is_no_mapping_is_refused(stack_of: Loader) -> None:
    assert stack_of.summaries(b"- a\n") == ["a stack file must be a mapping"]


def test_a_file_that_is_too_large_is_not_parsed(stack_of: Loader) -> None:
    stack_of.write("big.yaml", b"# " + b"x" * (17 * 2**20))
    assert stack_of.summaries("include: [big.yaml]\n") == ["big.yaml is larger than 16 MB"]


def test_the_directory_may_be_reached_through_a_link(stack_of: Loader, tmp_path: Path) -> None:
    stack_of.write("a.yaml", part("a"))
    link = tmp_path.parent / f"{tmp_path.name}-link"
    os.symlink(tmp_path, link)
    linked = Loader(link, stack_of.types)
    assert len(linked("include: ['*.yaml']\n").resources) == 1
