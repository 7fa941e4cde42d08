"""Values as YAML that our reader, and everybody else's, reads back as they were."""

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reconciler.adoption.yaml_text import Written, entry
from reconciler.config.nodes import Mapping, Node, Scalar
from reconciler.config.parse import parse
from reconciler.config.scalars import resolve
from reconciler.config.source import Source
from reconciler.diagnostics import Diagnostics

TRICKY = [
    "", " ", "on", "no", "y", "~", "null", "true", "1", "1.10", "007", "5319e7", "0x1f", "0o17", "0b1",
    "1_000", "12:30:45", "2024-01-31", "2024-01-31T10:00:00Z", ".5", ".inf", "-", "- a", "--- a", "...",
    "?", ": a", "a: b", "a:", "a #b", "#a", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a", "'a'", '"a"',
    "a'b", 'a"b', "a\\b", "{a}", "[a]", "a, b", "${a}", "$${a}", "$", "costs $5", "\ta", "a\tb", "a\nb",
    "a\nb\n", "a\n\nb\n\n", "\na", " a\nb", "a \nb", "a\r\nb", "日本語", "🧪 tests", "e\u0301", "\u0085",
    "\u2028", "\ufeff", "\x07", "a" * 300, "word " * 60, ("word " * 60).strip(), "=", "<<", "yes",
    "0075ca", "7995d621-7352-56d2-a5f3-e3b6236aaf06", "1e5", "+1", "1.",
]  # fmt: skip


def text_of(value: Any) -> str:
    return "\n".join(entry("key", value, 0)) + "\n"


def by_us(node: Node) -> Any:
    if isinstance(node, Scalar):
        return resolve(node.text) if node.is_plain else node.text
    if isinstance(node, Mapping):
        return {key: by_us(part) for key, part in node.values.items()}
    return [by_us(part) for part in node.items]


def unescaped(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("$${", "${")
    if isinstance(value, dict):
        return {key: unescaped(part) for key, part in value.items()}
    return [unescaped(part) for part in value] if isinstance(value, list) else value


def read_by_us(text: str) -> Any:
    found = Diagnostics()
    node = parse(Source("file", text), found)
    assert not found.has_errors, f"{text!r}: {list(found)}"
    assert node is not None
    return unescaped(by_us(node))


@pytest.mark.parametrize("text", TRICKY)
def test_a_text_is_read_back_by_us_and_by_readers_of_yaml_1_1(text: str) -> None:
    written = text_of(text)
    assert read_by_us(written) == {"key": text}, written
    assert unescaped(yaml.safe_load(written)) == {"key": text}, written


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_read_back(text: str) -> None:
    in_a_list = text_of({text: [text, {"a": text}]})
    assert read_by_us(text_of(text)) == {"key": text}
    assert read_by_us(in_a_list) == {"key": {text: [text, {"a": text}]}}


def test_values_of_every_kind_are_written_as_blocks_of_two_spaces() -> None:
    value = {
        "list": ["a", "on", [1, 2], {"b": True, "c": None}],
        "empty": {"list": [], "mapping": {}, "text": ""},
        "number": 1.5,
        "lines": "one\ntwo\n",
        "reference": Written("${github_repository.docs.name}"),
        "literal": "${now}",
    }
    assert (
        text_of(value)
        == """key:
  list:
    - a
    - "on"
    - - 1
      - 2
    - b: true
      c: null
  empty:
    list: []
    mapping: {}
    text: ""
  number: 1.5
  lines: |
    one
    two
  reference: ${github_repository.docs.name}
  literal: $${now}
"""
    )


def test_a_long_text_is_folded_and_a_plain_one_has_no_quotes() -> None:
    words = " ".join(["word"] * 40)
    lines = text_of(words).splitlines()
    assert lines[0] == "key: >-"
    assert max(map(len, lines)) <= 100
    assert text_of("needs-triage: no") == 'key: "needs-triage: no"\n'
    assert text_of("Vera's notes (2024)") == "key: Vera's notes (2024)\n"
