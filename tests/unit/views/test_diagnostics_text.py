"""Problems as text and as JSON."""

from reconciler.diagnostics import Diagnostic, Place, Severity
from reconciler.views.diagnostics import diagnostic_document, render


def test_a_problem_shows_its_line_with_a_caret_and_what_to_do() -> None:
    other = Place("b.yaml", 1, 1, "name: docs")
    found = Diagnostic(
        "the name is taken", "choose another", Place("a.yaml", 12, 7, "name: docs"), "forge_repository.docs",
        related=(("first used here", other),),
    )  # fmt: skip
    assert render([found]).splitlines() == [
        "error: the name is taken",
        "  --> a.yaml:12:7  forge_repository.docs",
        "  12 | name: docs",
        "     |       ^",
        "  first used here:",
        "  --> b.yaml:1:1",
        "  1 | name: docs",
        "    | ^",
        "  help: choose another",
    ]


def test_a_problem_without_a_place_is_told_all_the_same() -> None:
    found = [Diagnostic("a", severity=Severity.WARNING), Diagnostic("b", address="x_y.z")]
    assert render(found) == "warning: a\n\nerror: b\n  at x_y.z\n"


def caret_under(source: str, column: int) -> str:
    lines = render([Diagnostic("x", place=Place("f", 1, column, source))]).splitlines()
    return lines[2][lines[3].index("^") :][:1]


def test_the_caret_stands_under_the_character_whatever_is_before_it() -> None:
    assert caret_under("a\tb\x1b[31m: éx", 12) == "x"
    assert caret_under("x" * 500 + "!" + "y" * 500, 501) == "!"


def test_wide_characters_take_two_columns() -> None:
    lines = render([Diagnostic("x", place=Place("f", 1, 4, "名前:x"))]).splitlines()
    assert lines[3] == "    |      ^"


def test_nothing_in_a_source_line_reaches_the_terminal_as_a_command() -> None:
    text = render([Diagnostic("\x1b[2J", "\x07", Place("\x1b", 1, 1, "\x1b]0;x\x07"))])
    assert not set("\x1b\x07") & set(text)


def test_a_problem_as_json_has_every_key() -> None:
    found = Diagnostic("s", "a", Place("f", 1, 2, "x"), related=(("there", Place("g", 3, 4)),))
    assert diagnostic_document(found) == {
        "severity": "error",
        "code": "",
        "summary": "s",
        "advice": "a",
        "address": None,
        "place": {"file": "f", "line": 1, "column": 2, "source": "x"},
        "related": [{"what": "there", "place": {"file": "g", "line": 3, "column": 4, "source": ""}}],
    }
