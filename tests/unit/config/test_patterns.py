"""Regular expressions of a stack: those that could take forever are refused before they begin."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.config.patterns import MAX_TEXT, PatternError, searched

_PARTS = st.sampled_from(
    ["a", "b", "[ab]", "[^]a]", ".", r"\.", r"\(", "(", "(?:", "(?>", "(?=", ")", "|", "*", "+", "?", "++",
     "*?", "{2}", "{1,3}", "{,2}", "{2,}", "{", "^", "$", r"\b", "]"]
)  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^[a-z][a-z0-9-]{0,38}$", "team-web"),
        (r"^(eu|us|ap)-[a-z]+-\d+$", "eu-west-1"),
        (r"^(\d+\.){2}\d+$", "1.22.333"),
        (r"^\d++(?>\.\d+)*$", "1.22.333"),
        (r"^(?:[a-z0-9]|[a-z0-9][a-z0-9-]*[a-z0-9])$", "a-b"),
        (r"[\w.+-]+@[\w-]+\.[\w.-]+", "write to ann@example.com"),
        (r"(?P<year>\d{4})-(?P<month>\d\d)", "in 2024-05"),
        (r"(?i:ab)+[]]x{}{?", "ABab]x{}"),
        (r"(?=.*\d)(?=.*[a-z]).{8,}", "abcdefg1"),
    ],
)
def test_what_people_write_is_searched_for(pattern: str, text: str) -> None:
    assert searched(pattern, text) is not None
    assert searched(pattern, "-") is None


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "(a*)*", "(a|a)*$", "(a|ab)+", "((a?b)*c)*", "(a{1,5}){2,}", r"([a-z]+\.)*", "(?:a+?)+?"],
)
def test_repetitions_of_repetitions_are_refused_with_a_remedy(pattern: str) -> None:
    with pytest.raises(PatternError, match="repeats what has repetitions or branches") as caught:
        searched(pattern, "a")
    assert "possessive" in caught.value.advice


@pytest.mark.parametrize(
    ("pattern", "length"),
    [
        ("a*a*a*b", MAX_TEXT),
        (".*.*.*.*.*x", 1_000),
        ("(a?){30}a{30}", 30),
        ("a?" * 40 + "a" * 40, 40),
        ("(a|a)" * 30 + "b", 40),
        ("(a|aa){40}b", 60),
        ("((a{1,9}){9}){9}b", 40),
        (".*.*+.*+b", 2_000),
        (".*(?>.*b).*(?>.*b)", 500),
        ("(?>.*b)*.*c", 2_000),
    ],
)
def test_what_has_too_many_choices_for_a_text_is_refused(pattern: str, length: int) -> None:
    with pytest.raises(PatternError, match="too many repetitions"):
        searched(pattern, "a" * length)


@pytest.mark.parametrize(
    ("pattern", "text", "reason"),
    [
        ("[", "", "no regular expression"),
        ("(?P<a>", "", "no regular expression"),
        ("a" * 1_001, "", "the pattern has more than 1,000 characters"),
        ("a", "a" * (MAX_TEXT + 1), "the text has more than 10,000 characters"),
        ("(?x)a # )\n", "a", "the flag x"),
        ("a(?#b)", "a", "comments"),
        ("(?s-i:a)(?x:b )", "a", "the flag x"),
        ("a{1001}", "a", "more than 1,000 times"),
    ],
)
def test_what_cannot_be_read_is_refused(pattern: str, text: str, reason: str) -> None:
    with pytest.raises(PatternError, match=reason):
        searched(pattern, text)


@given(st.lists(_PARTS, max_size=12).map("".join), st.text("ab.(]{", max_size=25))
def test_any_pattern_is_refused_or_finds_what_python_finds_without_delay(pattern: str, text: str) -> None:
    try:
        found = searched(pattern, text)
    except PatternError:
        return
    expected = re.search(pattern, text)
    assert (found and found.span()) == (expected and expected.span())
