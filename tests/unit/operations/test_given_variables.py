"""Variables from the command line: assignments, and files."""

from pathlib import Path

import pytest

from reconciler.errors import InvalidConfiguration
from reconciler.operations.variables import given


def write(directory: Path, text: str | bytes, name: str = "vars.yaml") -> Path:
    file = directory / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_values_keep_the_text_that_was_written_and_lists_become_json(tmp_path: Path) -> None:
    file = write(tmp_path, "a: 007\nb: 1.10\nc: [x, 1]\nd: {k: true}\ne: 'quoted'\n")
    assert given((), [file]) == {"a": "007", "b": "1.10", "c": '["x", 1]', "d": '{"k": true}', "e": "quoted"}


def test_a_later_file_and_an_assignment_go_first(tmp_path: Path) -> None:
    files = [write(tmp_path, "a: 1\nb: 1\nc: 1\n"), write(tmp_path, '{"b": 2, "c": 2}', "more.json")]
    assert given(["c=3", "d=x=y"], files) == {"a": "1", "b": "2", "c": "3", "d": "x=y"}


def test_an_empty_file_gives_nothing(tmp_path: Path) -> None:
    assert given((), [write(tmp_path, "")]) == {}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("- a\n", "must hold a mapping"),
        (b"a: \xff\n", "not UTF-8"),
        ("a: [", "vars.yaml:1"),
        ("a: 1\na: 2\n", "vars.yaml:2:1"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused_without_showing_its_lines(
    tmp_path: Path, content: str | bytes, why: str
) -> None:
    with pytest.raises(InvalidConfiguration) as invalid:
        given((), [write(tmp_path, content)])
    (found, *_) = invalid.value.diagnostics
    assert why in found.summary + str(found.place)
    assert found.place is None or found.place.source == ""


def test_what_stands_in_a_list_of_a_file_is_read_by_the_type_of_the_variable(tmp_path: Path) -> None:
    file = tmp_path / "values.yaml"
    file.write_text('sizes: [007, 1.10, "2", true, a b, ~, {k: 5319e7}, "x: [y"]\n', encoding="utf-8")
    assert given([], [file])["sizes"] == ('[007, 1.10, "2", true, "a b", ~, {"k": 5319e7}, "x: [y"]')
