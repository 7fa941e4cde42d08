"""Texts from elsewhere, on their way out."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.views.color import colored
from reconciler.views.escape import fenced, json_text, markdown, printable
from reconciler.views.line import Line, Span, columns, line, plain, wrapped

ANYTHING = st.text(st.characters(codec=None))
COMMANDS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2Jgone", "\\x1b[2Jgone"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\x9b31m", "\\x9b31m"),
        ("evil\u202etxt.exe", "evil\\u202etxt.exe"),
        ("half \ud800", "half \\ud800"),
        ("tag \U000e0041", "tag \\U000e0041"),
        ("plain, äöü, 漢字, 👩‍💻", "plain, äöü, 漢字, 👩‍💻"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(ANYTHING)
def test_no_text_reaches_a_terminal_with_a_command_in_it(text: str) -> None:
    assert COMMANDS.search(printable(text)) is None
    assert COMMANDS.search(plain([line(text)]).removesuffix("\n")) is None


@given(ANYTHING)
def test_json_on_a_terminal_is_harmless_and_still_says_the_same(text: str) -> None:
    shown = json_text({text: [text]})
    assert COMMANDS.search(shown.replace("\n", "")) is None
    assert json.loads(shown) == {text: [text]}


def test_colour_brings_its_own_commands_and_no_others() -> None:
    shown = colored([Line((Span("+ ", "create"), Span("\x1b]0;title\x07 [bold]not markup[/bold]")))])
    assert shown.startswith("\x1b[32m+")
    assert "\\x1b]0;title\\x07 [bold]not markup[/bold]" in shown
    assert shown.endswith("\n")


def test_colour_does_not_break_long_lines() -> None:
    assert colored([line("word " * 100)]).count("\n") == 1


@pytest.mark.parametrize(
    "text",
    ["<img>", "a|b", "*x*", "_x_", "`x`", "[a](b)", "@team", "#12", "http://x.example", "www.x.example"],
)
def test_markup_mentions_and_links_do_not_work_in_markdown(text: str) -> None:
    shown = markdown(text)
    assert re.search(r"[<|*`\[\]@]|(?<!&)#|://|www\.|\b_|_\b", shown) is None


def test_ordinary_words_and_addresses_stay_readable_in_markdown() -> None:
    for text in ("github_issue_label.bug", "it is missing, as far as we know (1.5 s)", "a-b"):
        assert markdown(text) == text


def test_a_mention_is_broken_even_after_entities_are_resolved() -> None:
    assert markdown("@team") == "&#64;&#8288;team"


@given(st.text("`~a\n"))
def test_no_text_closes_the_block_it_stands_in(text: str) -> None:
    first, *inner, last = fenced(text).split("\n")
    assert first == last
    assert all(first not in row for row in inner)


def test_long_remarks_are_wrapped_at_words_with_a_hanging_indent() -> None:
    assert list(wrapped("one two three four", 12, first="! ")) == ["! one two", "  three four"]
    assert list(wrapped("averyveryverylongword", 5)) == ["averyveryverylongword"]


def test_columns_line_up_and_leave_no_space_at_the_end() -> None:
    assert list(columns([("a", "bbb", "c"), ("aaa", "b", "")])) == ["a    bbb  c", "aaa  b"]
    assert list(columns([])) == []
