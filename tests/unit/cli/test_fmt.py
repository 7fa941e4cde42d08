"""``fmt``: which files it brings into canonical layout, how it writes them, and what it says."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry as Schemas
from referencing import Resource

from tests.command_line import CommandLine

SCHEMAS = Path(__file__).parents[3] / "schemas"
ROUGH = "stack:   shop\n"
FINE = "stack: shop\n"


def valid(document: Any) -> Any:
    """The document, which is as its schema says."""
    error = json.loads((SCHEMAS / "error.schema.json").read_text(encoding="utf-8"))
    schemas: Schemas[Any] = Schemas().with_resource("error.schema.json", Resource.from_contents(error))
    schema = json.loads((SCHEMAS / "fmt.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema, registry=schemas).validate(document)
    return document


def write(command: CommandLine, **files: str) -> None:
    """Files by their names, with ``__`` for a slash and without their ending."""
    for name, text in files.items():
        file = command.directory / f"{name.replace('__', '/')}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def read(command: CommandLine, name: str) -> str:
    return (command.directory / name).read_text(encoding="utf-8")


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Any:
    def give(content: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    return give


def test_it_writes_and_names_what_was_not_in_canonical_layout_and_is_silent_then(
    command: CommandLine,
) -> None:
    write(
        command,
        reconciler=ROUGH + "include: [parts/*.yaml]\n",
        parts__a="locals: {a:   1}\n",
        parts__b="{}\n",
    )
    result = command("fmt")
    assert (result.code, result.out, result.err) == (0, "reconciler.yaml\nparts/a.yaml\n", "")
    assert read(command, "reconciler.yaml") == FINE + "include: [parts/*.yaml]\n"
    assert read(command, "parts/a.yaml") == "locals: {a: 1}\n"
    assert read(command, "parts/b.yaml") == "{}\n"
    again = command("fmt")
    assert (again.code, again.out, again.err) == (0, "", "")


def test_check_names_what_would_be_written_ends_with_2_and_writes_nothing(command: CommandLine) -> None:
    write(command, reconciler=ROUGH)
    result = command("fmt", "--check")
    assert (result.code, result.out) == (2, "reconciler.yaml\n")
    assert read(command, "reconciler.yaml") == ROUGH
    write(command, reconciler=FINE)
    result = command("fmt", "--check")
    assert (result.code, result.out) == (0, "")


def test_diff_shows_what_changes(command: CommandLine) -> None:
    write(command, reconciler="stack: shop\nlocals:\n    a: 1\n    b: é\n\n\n")
    result = command("fmt", "--check", "--diff")
    assert result.code == 2
    assert result.out.splitlines() == [
        "reconciler.yaml",
        "--- reconciler.yaml",
        "+++ reconciler.yaml",
        "@@ -1,6 +1,4 @@",
        " stack: shop",
        " locals:",
        "-    a: 1",
        "-    b: é",
        "-",
        "-",
        "+  a: 1",
        "+  b: é",
    ]
    assert command("fmt", "--diff").out == result.out
    assert read(command, "reconciler.yaml") == "stack: shop\nlocals:\n  a: 1\n  b: é\n"


def test_a_diff_tells_of_line_ends_and_of_one_that_is_missing(command: CommandLine) -> None:
    (command.directory / "reconciler.yaml").write_bytes(b"\xef\xbb\xbfstack: shop\r\nlocals: {}")
    lines = command("fmt", "--diff").out.splitlines()
    assert lines[4:] == [
        "-\\ufeffstack: shop\\r",
        "-locals: {}",
        "\\ No newline at end of file",
        "+stack: shop",
        "+locals: {}",
    ]
    assert (command.directory / "reconciler.yaml").read_bytes() == b"stack: shop\nlocals: {}\n"


def test_a_diff_shows_no_secret_that_the_stack_knows(command: CommandLine) -> None:
    write(command, reconciler='stack:   shop\nlocals: {a: "hunter2-hunter2", b: "${secret.DOOR}"}\n')
    command.write("DOOR=hunter2-hunter2\n", ".env")
    for arguments in (("fmt", "--check", "--diff"), ("--json", "fmt", "--check", "--diff")):
        result = command(*arguments)
        assert result.code == 2
        assert "shop" in result.out
        assert "hunter2" not in result.out


def test_paths_name_the_files_each_once(command: CommandLine) -> None:
    write(command, reconciler=ROUGH, other__a="a:   1\n", other__b="b:   1\n")
    file = str(command.directory / "other" / "a.yaml")
    result = command("fmt", file, str(command.directory / "other" / ".." / "other" / "a.yaml"))
    assert (result.code, result.out) == (0, f"{file}\n")
    assert read(command, "other/a.yaml") == "a: 1\n"
    assert read(command, "other/b.yaml") == "b:   1\n"
    assert read(command, "reconciler.yaml") == ROUGH


def test_a_directory_stands_for_the_stack_in_it(command: CommandLine) -> None:
    write(command, shop__reconciler=ROUGH + "include: [more.yaml]\n", shop__more="{ }\n", shop__other="{ }\n")
    shop = command.directory / "shop"
    result = command("fmt", str(shop))
    assert (result.code, result.out) == (0, f"{shop / 'reconciler.yaml'}\n{shop / 'more.yaml'}\n")
    assert read(command, "shop/other.yaml") == "{ }\n"


def test_modules_inside_the_directory_are_formatted_too_nested_ones_as_well_each_file_once(
    command: CommandLine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("shared") / "reconciler.yaml"
    outside.write_text("locals:   {}\n", encoding="utf-8")
    write(
        command,
        reconciler=f"stack: shop\ninclude: [more.yaml]\nmodules:\n  one:   {{source: ./one}}\n"
        f"  again: {{source: one}}\n  out: {{source: {outside.parent}}}\n  gone: {{source: gone}}\n",
        more="modules: {two: {source:   two}}\n",
        one__reconciler="include: [more.yaml]\nmodules: {in:   {source: ./inner}, up: {source: ../two}}\n",
        one__more="locals:   {}\n",
        one__inner__reconciler="modules: {circle:   {source: ..}, self: {source: .}}\n",
        two__reconciler="locals:   {}\n",
    )
    result = command("fmt")
    assert result.code == 0
    assert sorted(result.out.splitlines()) == [
        "more.yaml",
        "one/inner/reconciler.yaml",
        "one/more.yaml",
        "one/reconciler.yaml",
        "reconciler.yaml",
        "two/reconciler.yaml",
    ]
    assert outside.read_text(encoding="utf-8") == "locals:   {}\n"
    assert command("fmt", "--check").code == 0


def test_a_stack_that_is_not_valid_is_formatted_all_the_same(command: CommandLine) -> None:
    write(command, reconciler="stack:   5\nnonsense: [ x ]\n")
    assert command("fmt").code == 0
    assert read(command, "reconciler.yaml") == "stack: 5\nnonsense: [x]\n"


def test_a_file_that_is_not_yaml_is_left_alone_and_the_others_are_formatted(command: CommandLine) -> None:
    write(command, reconciler=ROUGH + "include: ['*.yaml', gone/*.yaml]\n", bad="a:   [\n", good="{ }\n")
    result = command("fmt")
    assert (result.code, result.out) == (1, "reconciler.yaml\ngood.yaml\n")
    assert "error[RC-CONF-004]: a value is expected here\n  --> bad.yaml:1:7\n" in result.err
    assert "error[RC-CONF-003]: include 'gone/*.yaml' matches no file" in result.err
    assert read(command, "bad.yaml") == "a:   [\n"
    assert read(command, "good.yaml") == "{}\n"


def test_programs_are_told_of_files_and_problems_in_one_document(command: CommandLine) -> None:
    write(command, reconciler=ROUGH + "include: [b*.yaml, g*.yaml]\n", bad="a:   [\n", good="{}\n")
    result = command("--log-format", "json", "fmt", "--json", "--diff")
    assert result.code == 1
    document = valid(result.document)
    assert [(one["file"], one["changed"], one["written"]) for one in document["files"]] == [
        ("reconciler.yaml", True, True),
        ("good.yaml", False, False),
    ]
    assert "-stack:   shop\n+stack: shop\n" in document["files"][0]["diff"]
    assert document["files"][1]["diff"] == ""
    assert [problem["code"] for problem in document["diagnostics"]] == ["RC-CONF-004"]
    assert json.loads(result.err)["code"] == "RC-CONF-004"


def test_with_check_programs_are_told_that_nothing_is_written(command: CommandLine) -> None:
    write(command, reconciler=ROUGH)
    result = command("fmt", "--check", "--json")
    assert result.code == 2
    assert valid(result.document)["files"] == [
        {"file": "reconciler.yaml", "changed": True, "written": False}
    ]  # fmt: skip


def test_without_a_stack_it_says_so(command: CommandLine) -> None:
    result = command("fmt")
    assert result.code == 1
    assert "error[RC-CONF-002]: there is no reconciler.yaml in" in result.err


def test_standard_input_becomes_standard_output(command: CommandLine, stdin: Any) -> None:
    stdin("a:   é  # b\r\n".encode())
    result = command("fmt", "-")
    assert (result.code, result.out, result.err) == (0, "a: é  # b\n", "")
    stdin(b"a: 1\n")
    assert command("fmt", "-").out == "a: 1\n"
    stdin(b"")
    assert command("fmt", "-").out == ""


def test_standard_input_that_is_not_yaml_leads_to_no_output(command: CommandLine, stdin: Any) -> None:
    stdin(b"a:   [\n")
    result = command("fmt", "-")
    assert (result.code, result.out) == (1, "")
    assert "--> standard input:1:7" in result.err


def test_standard_input_can_be_checked_compared_and_told_of(command: CommandLine, stdin: Any) -> None:
    stdin(b"a:   1\n")
    result = command("fmt", "--check", "-")
    assert (result.code, result.out) == (2, "standard input\n")
    stdin(b"a: 1\n")
    result = command("fmt", "--check", "-")
    assert (result.code, result.out) == (0, "")
    stdin(b"a:   1\n")
    assert command("fmt", "--diff", "-").out.endswith("\n-a:   1\n+a: 1\n")
    stdin(b"a:   1\n")
    assert valid(command("fmt", "--json", "-").document)["files"] == [
        {"file": "standard input", "changed": True, "written": False, "text": "a: 1\n"}
    ]


def test_standard_input_goes_with_no_other_path(command: CommandLine) -> None:
    write(command, reconciler=ROUGH)
    assert command("fmt", "-", str(command.directory / "reconciler.yaml")).code == 64
    assert command("fmt", "gone.yaml").code == 64


@pytest.mark.parametrize("template", ["empty", "testx"])
def test_what_init_writes_is_in_canonical_layout(command: CommandLine, template: str) -> None:
    command("init", "--template", template)
    result = command("fmt", "--check")
    assert (result.code, result.out, result.err) == (0, "", "")
