"""Expressions answered from a stack's files and its state."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import DiagnosedError
from reconciler.operations.console import Console
from reconciler.operations.workspace import Setting, opened
from reconciler.registry import Registry
from reconciler.testing import MemoryFactory, MemoryService
from reconciler.values import Sensitive, Unknown
from reconciler.views.console_text import answer_document, answer_line, answer_lines
from reconciler.views.escape import json_text

STACK = """stack: lab
variables:
  region: {type: string, default: eu}
  sizes: {type: list, default: [1, 2]}
locals:
  prefix: x-${var.region}
resources:
  memory_thing:
    a: {name: a, text: first}
    b-c: {name: b, secret: "${secret.TOKEN}"}
data:
  memory_thing:
    seen: {name: a}
"""

SECRET = "canary-of-the-console"


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    directory: Path = tmp_path_factory.mktemp("lab")
    (directory / "reconciler.yaml").write_text(STACK, encoding="utf-8")
    setting = Setting(
        directory, Registry({"memory": MemoryFactory(MemoryService())}), environ={"TOKEN": SECRET}
    )
    with opened(setting, asks_services=False) as workspace:
        yield Console(workspace)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("var.region", "eu"),
        ("${var.region}", "eu"),
        ("  var.sizes  ", [1, 2]),
        ("a ${var.region} b", "a eu b"),
        ("$${var.region}", "${var.region}"),
        ("{'a': {'b': [local.prefix]}}", {"a": {"b": ["x-eu"]}}),
        ("var.sizes | sum + 1", 4),
        ('"}" ~ "{"', "}{"),
        ("none", None),
    ],
)
def test_an_expression_has_its_value_with_and_without_brackets(
    console: Console, text: str, value: object
) -> None:
    assert console.answer(text) == value


@pytest.mark.parametrize(
    "text", ["memory_thing.a.id", "memory_thing.a.name", "data.memory_thing.seen.id", "memory_thing.b-c"]
)
def test_what_no_state_knows_is_unknown(console: Console, text: str) -> None:
    assert isinstance(console.answer(text), Unknown)
    assert str(answer_line(console.answer(text))) == "(known after apply)"
    assert answer_document(console.answer(text)) == {"value": None, "sensitive": False, "known": False}


@pytest.mark.parametrize(
    "text",
    [
        "secret.TOKEN",
        "secret.TOKEN | upper",
        "secret.TOKEN == 'guess'",
        "env.TOKEN | length",
        "[secret.TOKEN]",
        f"'{SECRET}'",
        f"['{SECRET}']",
        f"'a {SECRET} b'",
    ],
)
def test_what_is_sensitive_is_never_shown(console: Console, text: str) -> None:
    value = console.answer(text)
    for shown in (str(answer_line(value)), *map(str, answer_lines(value, 20)), str(answer_document(value))):
        assert SECRET not in shown
    assert isinstance(value, Sensitive) or isinstance(value[0], Sensitive)
    assert answer_document(value)["sensitive"] is True


@pytest.mark.parametrize(
    ("text", "message", "advice"),
    [
        ("var.regoin", "var has no 'regoin'", "did you mean 'region'?"),
        ("memory_thing.aa.name", "there is no memory_thing.aa", "did you mean 'memory_thing.a'?"),
        ("memory_thnig.a.name", "there is no 'memory_thnig'", "did you mean 'memory_thing'?"),
        ("", "the expression is empty", "write $${ for a literal ${"),
        ("1}", "the expression's brackets do not match at '}'", "remove it"),
        ("(1", "a bracket of the expression is not closed", "close it"),
        ("(]", "the expression's brackets do not match at ']'", "names begin with"),
        ("'", "a string inside the expression is not closed", "close it with '"),
        ("1 +", "the expression ends too early", "something is missing at its end"),
        ("1 / 0", "division by zero", "names begin with"),
        ("secret.TOKEN.x.y", "", ""),
        ("x" * 5000, "the expression is longer than 4,000 characters", "split it with locals"),
    ],
)
def test_a_wrong_expression_has_a_reason_and_advice(
    console: Console, text: str, message: str, advice: str
) -> None:
    with pytest.raises(DiagnosedError) as raised:
        console.answer(text)
    (found,) = raised.value.diagnostics
    assert message in found.summary
    assert advice in found.advice
    assert found.advice
    assert found.code
    assert found.place is None
    assert SECRET not in found.summary


@pytest.mark.parametrize(
    ("begun", "names"),
    [
        ("e", ["env", "environment"]),
        ("me", ["memory_thing"]),
        ("mod", ["module"]),
        ("var.", ["var.region", "var.sizes"]),
        ("local.p", ["local.prefix"]),
        ("memory_thing.", ["memory_thing.a", "memory_thing.b-c"]),
        ("data.memory", ["data.memory_thing.seen"]),
        ("nothing", []),
    ],
)
def test_a_name_that_is_begun_is_completed(console: Console, begun: str, names: list[str]) -> None:
    assert console.names(begun) == names


def test_attributes_are_completed_whether_or_not_they_are_recorded(console: Console) -> None:
    assert {"memory_thing.a.id", "memory_thing.a.name"} <= set(console.names("memory_thing.a."))
    assert console.names("memory_thing.a.tex") == ["memory_thing.a.text"]


GROWN = """stack: lab
modules:
  squad: {source: ./squad, for_each: [red], inputs: {name: "${each.key}"}}
resources:
  memory_thing:
    many: {for_each: {"a.b": one}, name: "${each.key}", text: "${each.value}"}
    never: {when: "${false}", name: never}
"""
SQUAD = """stack: squad
variables: {name: {type: string}}
outputs: {called: {value: "the ${var.name} squad"}}
"""


def test_instances_and_modules_are_answered_too(tmp_path: Path) -> None:
    (tmp_path / "squad").mkdir()
    (tmp_path / "squad" / "reconciler.yaml").write_text(SQUAD, encoding="utf-8")
    (tmp_path / "reconciler.yaml").write_text(GROWN, encoding="utf-8")
    setting = Setting(tmp_path, Registry({"memory": MemoryFactory(MemoryService())}))
    with opened(setting, asks_services=False) as workspace:
        console = Console(workspace)
        assert console.answer('module.squad["red"].called') == "the red squad"
        assert isinstance(console.answer('memory_thing.many["a.b"].id'), Unknown)
        assert console.names("memory_thing.m") == ['memory_thing.many["a.b"]']
        with pytest.raises(DiagnosedError, match=r"there is no memory_thing\.never"):
            console.answer("memory_thing.never.id")


_WORDS = st.sampled_from(
    ["var", "local", "secret", "memory_thing", "data", ".", ".a", ".region", "[", "]", "(", ")", "{", "}",
     "${", "$${", '"', "'", "|", "~", "upper", "default", "is", "defined", "not", "1", "0", "-", "*", "**",
     "/", "%", "range", "list", " ", "\\", "\n", "\x00", "__class__", "if", "else", "for", ":", ",", "1e999",
     "tojson"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(_WORDS, max_size=14).map("".join)))
def test_whatever_is_typed_has_an_answer_or_a_reason(console: Console, text: str) -> None:
    try:
        value = console.answer(text)
    except DiagnosedError as error:
        for found in error.diagnostics:
            assert found.summary
            assert found.advice
            assert SECRET not in found.summary
        return
    for shown in (str(answer_line(value)), json_text(answer_document(value))):
        assert SECRET not in shown
