"""An editor with the schema of whole stack files, by way of the language server that editors use for YAML."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from reconciler.operations.editor_schema import editor_schema
from reconciler.registry import Registry
from reconciler.views.escape import json_text
from tests.contract.language_server import LanguageServer, Problem, language_server

EXAMPLE = Path(__file__).parents[2] / "examples" / "testx"
FILES = [EXAMPLE / "reconciler.yaml", *sorted((EXAMPLE / "resources").glob("*.yaml"))]


class Place(NamedTuple):
    file: Path
    line: int
    column: int


class Editor:
    """Files in an editor. ``@`` in what is written is where the cursor stands."""

    def __init__(self, server: LanguageServer, directory: Path) -> None:
        self.server = server
        self.directory = directory
        self._written = 0

    def write(self, text: str) -> tuple[Place, list[Problem]]:
        self._written += 1
        file = self.directory / f"reconciler-{self._written}.yaml"
        before, _, after = text.partition("@")
        line = before.count("\n")
        place = Place(file, line, len(before.rpartition("\n")[2]))
        return place, self.server.open(file, before + after)

    def problems(self, text: str) -> list[Problem]:
        return self.write(text)[1]

    def offered(self, text: str) -> list[str]:
        return list(self.server.completion(*self.write(text)[0]))

    def told(self, text: str) -> str:
        return self.server.hover(*self.write(text)[0])


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    directory = tmp_path_factory.mktemp("editor")
    bundle = directory / "editor.schema.json"
    bundle.write_text(json_text(editor_schema(Registry.installed())), encoding="utf-8")
    with language_server(
        {bundle.as_uri(): ["reconciler.yaml", "reconciler-*.yaml", "resources/*.yaml"]}
    ) as it:
        yield Editor(it, directory)


REPOSITORY = "stack: a\nresources:\n  github_repository:\n    x:\n      name: a\n"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_nothing_is_wrong_with_the_example(editor: Editor, file: Path) -> None:
    assert editor.server.open(file, file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", FILES[1:], ids=lambda file: file.name)
def test_a_misspelt_attribute_in_the_example_is_found_where_it_is(editor: Editor, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("      ") and ": " in line)
    lines[at] = lines[at].replace(":", "_x:", 1)
    (directory := editor.directory / "resources").mkdir(exist_ok=True)
    found = editor.server.open(directory / file.name, "\n".join(lines))
    name = lines[at].strip().partition(":")[0]
    assert Problem(at + 1, f"Property {name} is not allowed.") in found


def test_resource_types_are_offered(editor: Editor) -> None:
    offered = editor.offered("stack: a\nresources:\n  git@\n")
    assert set(offered) == set(Registry.installed().type_names())
    offered = editor.offered("stack: a\ndata:\n  git@\n")
    assert set(offered) == set(Registry.installed().type_names(data=True))


def test_a_new_resource_is_offered_with_what_it_needs(editor: Editor) -> None:
    place, _ = editor.write("stack: a\nresources:\n  github_repository:\n    @\n")
    (snippet,) = editor.server.completion(*place).values()
    assert snippet["insertText"] == "${1:name}:\n  name: $2"


def test_attributes_and_the_keys_of_the_language_are_offered_and_what_is_there_is_not(editor: Editor) -> None:
    offered = editor.offered(f"{REPOSITORY}      @\n")
    assert {"visibility", "topics", "lifecycle", "depends_on"} <= set(offered)
    assert not {"name", "html_url"} & set(offered)


def test_values_are_offered(editor: Editor) -> None:
    assert editor.offered(f"{REPOSITORY}      visibility: @\n") == ["public", "private", "internal"]
    assert editor.offered(f"{REPOSITORY}      lifecycle:\n        on_destroy: @\n") == [
        "delete", "archive", "forget"
    ]  # fmt: skip
    assert {"true", "false"} <= set(editor.offered(f"{REPOSITORY}      has_wiki: @\n"))


def test_the_description_of_an_attribute_a_type_and_a_key_of_the_language_is_told(editor: Editor) -> None:
    told = editor.told(f"{REPOSITORY}      visi@bility: private\n")
    assert "Who may see it. `internal` needs an enterprise." in told
    told = editor.told("stack: a\nresources:\n  github_repo@sitory:\n    x: {name: a}\n")
    assert "its content, issues, pull requests and settings are lost" in told
    assert "`ssh_clone_url`" in told
    assert "Addresses of resources to wait for" in editor.told(f"{REPOSITORY}      depen@ds_on: []\n")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("visibility: secret", 'Value is not accepted. Valid values: "public", "private", "internal".'),
        ("has_wiki: sometimes", 'Incorrect type. Expected "boolean".'),
        ("topics: one", 'Incorrect type. Expected "array".'),
        ("visiblity: private", "Property visiblity is not allowed."),
        ("html_url: here", "Property html_url is not allowed."),
        ("homepage: {}", "Incorrect type. Expected one of string, number."),
    ],
)
def test_a_mistake_is_told_where_it_is(editor: Editor, line: str, message: str) -> None:
    assert editor.problems(f"{REPOSITORY}      {line}\n") == [Problem(6, message)]


def test_what_is_missing_or_called_by_a_wrong_name_is_told(editor: Editor) -> None:
    assert Problem(3, "Property github_repositroy is not allowed.") in editor.problems(
        "stack: a\nresources:\n  github_repositroy:\n    x: {name: a}\n"
    )
    assert Problem(4, 'Missing property "name".') in editor.problems(
        "stack: a\nresources:\n  github_repository:\n    x: {topics: []}\n"
    )
    assert Problem(3, "Property slakc is not allowed.") in editor.problems(
        "stack: a\nproviders:\n  slakc: {}\n"
    )


def test_expressions_and_texts_without_quotes_are_right(editor: Editor) -> None:
    attributes = (
        "visibility: ${var.v}\n      topics: ${var.t}\n      has_wiki: ${1 > 2}\n      description: 1.10"
    )
    assert editor.problems(f"{REPOSITORY}      {attributes}\n") == []
    label = "name: 007\n      repository: ${github_repository.x.name}\n      color: 5319e7"
    assert editor.problems(f"stack: a\nresources:\n  github_issue_label:\n    x:\n      {label}\n") == []


def test_a_comment_in_the_file_can_name_the_schema(editor: Editor, tmp_path: Path) -> None:
    bundle = tmp_path / "stack.schema.json"
    bundle.write_text(json_text(editor_schema(Registry.installed())), encoding="utf-8")
    comment = "# yaml-language-server: $schema=stack.schema.json\n"
    file = tmp_path / "anything.yaml"
    assert editor.server.open(file, f"{comment}stack: a\nresuorces: {{}}\n") == [
        Problem(3, "Property resuorces is not allowed.")
    ]
