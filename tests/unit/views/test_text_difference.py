"""What differs within long texts, and what the eye would not see."""

import random

import pytest

from reconciler.views.text_difference import (
    MOST_ROWS,
    excerpts,
    explicit,
    look_alike,
    shortened,
    text_rows,
)


def shown(before: str, after: str) -> list[str]:
    return [f"{row.sign}{row.text}" for row in text_rows(before, after)]


def numbered(count: int) -> list[str]:
    return [f"line {number}" for number in range(count)]


CASES = {
    "a line in the middle": (
        "a\nb\nc\nd\ne\nf\ng\n",
        "a\nb\nc\nX\ne\nf\ng\n",
        [" a", " b", " c", "-d", "+X", " e", " f", " g"],
    ),
    "one hidden line is shown instead of counted": (
        "a\nb\nc\nd\n",
        "a\nb\nc\nX\n",
        [" a", " b", " c", "-d", "+X"],
    ),
    "only the newline at the end": (
        "a\nb",
        "a\nb\n",
        ["#2 unchanged lines hidden", "#the text gets a newline at its end"],
    ),
    "from nothing": ("", "a\nb\n", ["+a", "+b", "#the text gets a newline at its end"]),
    "indentation": ("if x:\n  go()\n", "if x:\n\tgo()\n", [" if x:", "-··go()", "+\\tgo()", "#· is a space"]),
    "line ends": ("a\nb\n", "a\r\nb\r\n", ["-a", "-b", "+a\\r", "+b\\r"]),
    "spaces at the end of a line": ("a\nb\n", "a\nc  \n", [" a", "-b", "+c··", "#· is a space"]),
    "a text that holds the sign for a space": ("·\n a\n", "·\n  a\n", [" ·", "-·a", "+··a", "#· is a space"]),
}


@pytest.mark.parametrize("name", CASES)
def test_lines_that_differ_are_shown_with_some_around_them(name: str) -> None:
    before, after, expected = CASES[name]
    assert shown(before, after) == expected


def test_far_apart_changes_are_shown_apart() -> None:
    lines = numbered(30)
    other = [*lines[:3], "new", *lines[3:20], "twenty", *lines[21:]]
    rows = shown("\n".join(lines), "\n".join(other))
    assert "#13 unchanged lines hidden" in rows
    assert len(rows) == 14


def test_very_long_differences_are_cut_and_said_to_be_unless_all_is_asked_for() -> None:
    before, after = "\n".join(numbered(500)), "\n".join(f"other {number}" for number in range(500))
    rows = text_rows(before, after)
    assert len(rows) == MOST_ROWS + 1
    assert rows[-1].text == "920 more lines differ: -v shows all"
    assert len(text_rows(before, after, shows_all=True)) == 1000


@pytest.mark.parametrize("words", [2, 150, 100_000])
def test_a_megabyte_is_compared_whatever_is_in_it(words: int) -> None:
    # Few words make lines that occur often, which is where the usual ways take the square of the length.
    chance = random.Random(7)
    lines = [f"the word of this line is {chance.randrange(words)}" for _ in range(35_000)]
    other = [line for line in lines if chance.random() > 0.2]
    for _ in range(3_000):
        other.insert(chance.randrange(len(other)), f"something new {chance.randrange(words)}")
    before, after = "\n".join(lines), "\n".join(other)
    assert len(before) > 800_000
    rows = text_rows(before, after, shows_all=True)
    gone, come = (sum(row.sign == sign for row in rows) for sign in "-+")
    assert come - gone == len(other) - len(lines)
    if words > 1_000:
        assert come < 4_500  # nearly the smallest difference where lines tell themselves apart


@pytest.mark.parametrize(
    ("before", "after", "alike"),
    [
        ("a b", "a  b ", True),
        ("a b", "a\u00a0b", True),
        ("é", "e\u0301", True),
        ("ab", "a\u200bb", True),
        ("1", "①", False),
        ("a", "A", False),
        ("", " ", True),
    ],
)
def test_texts_that_look_alike_are_known(before: str, after: str, alike: bool) -> None:
    assert look_alike(before, after) is alike


def test_what_is_not_seen_is_written_out() -> None:
    assert explicit("a b\u00a0c\t\u200bé\x1b 🎉") == "a·b\\u00a0c\\t\\u200b\\u00e9\\x1b·\\U0001f389"


def test_of_a_long_line_what_is_equal_is_left_out_at_both_ends() -> None:
    words = [f"word{number}" for number in range(200)]
    before, after = " ".join(words), " ".join([*words[:100], "NEW", *words[101:]])
    old, new, left_out = excerpts(before, after, 300)
    assert old.startswith("… word")
    assert " word99 word100 word101 " in old
    assert " word99 NEW word101 " in new
    assert old.endswith(" …")
    assert len(old) < 170
    assert left_out > 1_000
    assert excerpts("a", "b", 300) == ("a", "b", 0)


def test_a_long_line_without_spaces_is_cut_around_what_differs() -> None:
    old, new, left_out = excerpts("x" * 5_000 + "a" + "y" * 5_000, "x" * 5_000 + "b" + "y" * 5_000, 300)
    assert old == f"…{'x' * 60}a{'y' * 60}…"
    assert new == f"…{'x' * 60}b{'y' * 60}…"
    assert left_out == 2 * 4_940


def test_two_long_lines_with_nothing_in_common_are_shortened() -> None:
    old, new, left_out = excerpts("x" * 1_000_000, "y" * 1_000_000, 300)
    assert old == f"{'x' * 1_200} … and 998,800 more characters: -v shows all"
    assert new.startswith("y")
    assert left_out == 0
    assert shortened("abc", 3) == "abc"
