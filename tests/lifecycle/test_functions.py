"""What expressions can do beyond Jinja2; what is secret or unknown stays so, and ``file`` stays at home."""

import re
from pathlib import Path
from typing import Any

import pytest

from reconciler.config import load
from reconciler.config.jinja import _ENVIRONMENT
from reconciler.errors import InvalidConfiguration
from reconciler.values import Sensitive, Unknown
from tests.lifecycle.lab import Lab

LANGUAGE = Path(__file__).parents[2] / "docs" / "language.md"


def value(lab: Lab, expression: str) -> Any:
    """Its value as a resource's attribute, known when the stack is read."""
    lab.write(f"outputs: {{o: {{sensitive: true, value: '${{{expression}}}'}}}}")
    stack = load(lab.directory, environment=None, types=lab.registry, environ={"TOKEN": "hush-hush"})
    return stack.outputs["o"].value


def problem(lab: Lab, expression: str) -> str:
    with pytest.raises(InvalidConfiguration) as caught:
        value(lab, expression)
    (found,) = caught.value.diagnostics
    return found.summary


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('"[1, {\\"a\\": null}]" | from_json', [1, {"a": None}]),
        ('"a: 1\\nb: [on, 007]" | from_yaml', {"a": 1, "b": ["on", 7]}),
        ('"" | from_yaml', None),
        ('{"a": 1, "b": 2} | merge({"b": 3}, {"c": 4})', {"a": 1, "b": 3, "c": 4}),
        ('[1, [2, [3, []]], "ab"] | flatten', [1, 2, 3, "ab"]),
        ('["a", "b"] | zipmap([1, 2])', {"a": 1, "b": 2}),
        ('"caf\u00e9" | base64_encode', "Y2Fmw6k="),
        ('"Y2Fmw6k=" | base64_decode', "caf\u00e9"),
        ('"abc" | sha256', "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ('"  Team \u00c9clair & Co. " | slugify', "team-eclair-co"),
        ('{"b": 1, "a": 2}.keys() | sort', ["a", "b"]),
        ('"web-17" | regex_search("[0-9]+")', "17"),
        ('"web-17" | regex_search("([a-z]+)-([0-9]+)")', ["web", "17"]),
        ('"web-17" | regex_search("(?P<name>[a-z]+)-")', {"name": "web"}),
        ('"web" | regex_search("[0-9]")', None),
        ('"web-17" | regex_replace("([a-z]+)-([0-9]+)", "\\\\2-\\\\1")', "17-web"),
        ('{"a": ["1.10", 2, "on"]} | to_yaml', "a:\n- \"1.10\"\n- 2\n- 'on'\n"),
    ],
)
def test_each_does_what_it_says(lab: Lab, expression: str, expected: object) -> None:
    assert value(lab, expression) == expected


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ('"{" | from_json', "from_json: it is no JSON"),
        ('"[" | from_yaml', "from_yaml: "),
        ('1 | from_yaml', "from_yaml takes a text"),
        ('"a" | merge({})', "merge takes mappings"),
        ('["a"] | zipmap([])', "zipmap: there are 1 keys and 0 values"),
        ('"%" | base64_decode', "base64_decode: it is no text in Base64"),
        ('("[" * 5000) | from_json', "from_json"),
        ('("a" * 90000) | from_yaml | length | slugify', "slugify takes a text"),
        ('[range(60000) | list, range(60000) | list] | flatten', "flatten: the list would have more than"),
        ('"a" | regex_search("(a+)+")', "the pattern repeats what has repetitions or branches inside"),
        ('("a" * 9000) | regex_search(".*.*.*b")', "too many repetitions for 9,000 characters"),
        ('"a" | regex_replace("[", "")', "no regular expression"),
        ('"a" | regex_replace("a", "\\\\2")', "the replacement cannot be used"),
        ('("a" * 9000) | regex_replace("a", "b" * 900)', "more than 1,000,000 characters"),
        ("1 | regex_search(\"a\")", "regex_search takes texts"),
        ("file(1)", "file takes a text"),
        ("fiel(1)", "there is no 'fiel'"),
        ('"a" | slugfy', "there is no filter 'slugfy'"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told(lab: Lab, expression: str, text: str) -> None:
    assert text in problem(lab, expression)


def test_a_file_is_read_from_the_directory_of_the_stack(lab: Lab) -> None:
    (lab.directory / "texts").mkdir()
    (lab.directory / "texts" / "hello.json").write_text('{"a": 1}', encoding="utf-8")
    assert value(lab, 'file("texts/hello.json")') == '{"a": 1}'
    assert value(lab, '(file("./texts/hello.json") | from_json).a') == 1


def test_a_module_reads_its_own_files(lab: Lab) -> None:
    module = "resources: {memory_note: {n: {title: \"${file('title.txt')}\"}}}\n"
    for name in ("one", "two"):
        (lab.directory / name).mkdir()
        (lab.directory / name / "reconciler.yaml").write_text(module, encoding="utf-8")
        (lab.directory / name / "title.txt").write_text(f"title of {name}", encoding="utf-8")
    lab.apply("modules: {one: {source: ./one}, two: {source: ./two}}")
    titles = sorted(str(note.attributes["title"]) for note in lab.service.objects("memory_note"))
    assert titles == ["title of one", "title of two"]


def test_no_file_outside_of_it_is_read(lab: Lab, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside.txt"
    outside.write_text("hush-hush", encoding="utf-8")
    (lab.directory / "link.txt").symlink_to(outside)
    (lab.directory / "linked").symlink_to(tmp_path.parent)
    (lab.directory / ".env").write_text("TOKEN=hush-hush", encoding="utf-8")
    (lab.directory / "to_env").symlink_to(lab.directory / ".env")
    (lab.directory / "large").write_bytes(b"a" * (2**20 + 1))
    (lab.directory / "binary").write_bytes(b"\xff")
    for name, text in (
        ("../x", "could leave"), (str(outside), "could leave"), ("a/../../x", "could leave"),
        ("link.txt", "is a link that leaves"), (f"linked/{outside.name}", "is a link that leaves"),
        (".env", "is hidden"), ("to_env", "or to what is hidden"), ("large", "larger than 1 MB"),
        ("binary", "not UTF-8"), ("none", "cannot be read: No such file"), (".", "no regular file"),
    ):  # fmt: skip
        found = problem(lab, f'file("{name}")')
        assert text in found, name
        assert "hush" not in found


def test_another_content_is_another_configuration(lab: Lab) -> None:
    (lab.directory / "a.txt").write_text("one", encoding="utf-8")
    text = "resources: {memory_note: {n: {title: \"${file('a.txt')}\"}}}"
    lab.write(text)
    before = lab.stack().digest()
    assert lab.stack().digest() == before
    (lab.directory / "a.txt").write_text("two", encoding="utf-8")
    assert lab.stack().digest() != before


@pytest.mark.parametrize("name", ["slugify", "sha256", "base64_encode"])
def test_what_is_made_of_a_secret_is_secret(lab: Lab, name: str) -> None:
    found = value(lab, f"secret.TOKEN | {name}")
    assert isinstance(found, Sensitive)


@pytest.mark.parametrize("name", ["slugify", "sha256", "flatten", "from_json", "from_yaml", "base64_encode"])
def test_what_is_made_of_the_unknown_is_unknown(lab: Lab, name: str) -> None:
    text = f"""
    resources:
      memory_thing: {{a: {{name: a}}}}
      memory_note: {{n: {{title: "${{memory_thing.a.id | {name} | string}}"}}}}
    """
    plan = lab.plan(text)
    (change,) = [one for one in plan.visible if one.address.type == "memory_note"]
    assert isinstance(change.after["title"], Unknown)


def listed(title: str) -> set[str]:
    """The names that the document lists under a heading of the functions."""
    text = LANGUAGE.read_text(encoding="utf-8")
    part = text.split("\n## Functions\n")[1].split("\n## ")[0]
    (line,) = re.findall(rf"^\*\*{title}\*\*: (.+)$", part, re.MULTILINE)
    return set(re.findall(r"`([^`]+)`", line))


def test_the_document_lists_all_filters_tests_and_functions() -> None:
    assert listed("Filters") == set(_ENVIRONMENT.filters)
    assert listed("Tests") == set(_ENVIRONMENT.tests)
    assert listed("Functions") == set(_ENVIRONMENT.globals)


@pytest.mark.parametrize("name", ["'a.txt'", "'a' ~ '.txt'", "var.name ~ '.txt'"])
def test_a_file_that_an_expression_with_references_reads_is_part_of_the_configuration(
    lab: Lab, name: str
) -> None:
    (lab.directory / "a.txt").write_text("one", encoding="utf-8")
    lab.write(f"""
variables: {{name: {{type: text, default: a}}}}
resources:
  memory_thing: {{a: {{name: a}}}}
  memory_note: {{n: {{title: n, text: "${{file({name}) ~ memory_thing.a.id}}"}}}}
""")
    before = lab.stack().digest()
    assert lab.stack().digest() == before
    (lab.directory / "a.txt").write_text("two", encoding="utf-8")
    assert lab.stack().digest() != before
