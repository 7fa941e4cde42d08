"""What canonical layout is, case by case: before and after."""

import pytest

from reconciler.config.formatted import formatted
from reconciler.config.layout import laid_out
from reconciler.config.parse import best_parser, parse, python_parser
from reconciler.config.source import Source
from reconciler.diagnostics import Diagnostics

PAIRS = {
    "two spaces of indentation": ("a:\n    b:\n       c: 1\n", "a:\n  b:\n    c: 1\n"),
    "one space is widened": ("a:\n b:\n  - c\n", "a:\n  b:\n    - c\n"),
    "a document may be indented as a whole": ("  a: 1\n  b: 2\n", "a: 1\nb: 2\n"),
    "lists stand below their key": ("a:\n- b\n- c\nd:\n- e\n", "a:\n  - b\n  - c\nd:\n  - e\n"),
    "lists of mappings": ("a:\n-   b: 1\n    c: 2\n-\n    d: 3\n", "a:\n  - b: 1\n    c: 2\n  -\n    d: 3\n"),
    "lists of lists": ("- - a\n  - b\n-   - c\n", "- - a\n  - b\n- - c\n"),
    "a key in a list in a key": (
        "a:\n- b:\n  - c: 1\n    d: 2\n  e: 3\nf: 4\n",
        "a:\n  - b:\n      - c: 1\n        d: 2\n    e: 3\nf: 4\n",
    ),
    "one space after a colon": ("a:    1\nb :   2\n", "a: 1\nb: 2\n"),
    "one space after a comma": ("a: [b,c ,  d]\n", "a: [b, c, d]\n"),
    "no padding in brackets": (
        "a: [ b ]\nc: { d: 1 }\ne: [ ]\nf: { }\n",
        "a: [b]\nc: {d: 1}\ne: []\nf: {}\n",
    ),
    "no comma at the end": ("a: [b, c, ]\nd: {e: 1 ,}\n", "a: [b, c]\nd: {e: 1}\n"),
    "as in json": ('{"a":1,"b":[true,null]}\n', '{"a": 1, "b": [true, null]}\n'),
    "values that are missing": ("a: [{b: , c: }, {d}]\n", "a: [{b: , c: }, {d}]\n"),
    "pairs in a list": ("a: [b:  1, ? c :  2]\n", "a: [b: 1, ? c: 2]\n"),
    "expressions in braces": ('a: { b: "${x}",c: "${ y }" }\n', 'a: {b: "${x}", c: "${ y }"}\n'),
    "brackets over several lines are left alone": (
        "a:   [\n  b,c,   # x\n\n\n    d,\n]\ne: 1\n",
        "a: [\n  b, c,  # x\n\n    d,\n]\ne: 1\n",
    ),
    "brackets over several lines move as a whole": (
        "a:\n    b: {\n      c: 1,\n      d: [e,\n          f]\n    }\n",
        "a:\n  b: {\n    c: 1,\n    d: [e,\n        f]\n  }\n",
    ),
    "what is aligned with a bracket stays so": ("key:    [a,\n         b]\n", "key: [a,\n      b]\n"),
    "no blank line before the first": ("\n\n\na: 1\n", "a: 1\n"),
    "one blank line at most": ("a: 1\n\n\n \n\nb: 2\n", "a: 1\n\nb: 2\n"),
    "one newline at the end": ("a: 1\n\n\n", "a: 1\n"),
    "a newline at the end": ("a: 1", "a: 1\n"),
    "no blanks at the end of lines": ("a: 1  \nb: \n  c: 2 \n", "a: 1\nb:\n  c: 2\n"),
    "nothing": ("", ""),
    "nothing but blank lines": ("\n  \n", ""),
    "nothing but comments": ("\n  # a  \n\n\n# b", "# a\n\n# b\n"),
    "line ends of windows": ("a: 1\r\nb:\r\n    c: |\r\n      x\r\n\r\n", "a: 1\nb:\n  c: |\n    x\n"),
    "line ends of other times": ("a: 1\rb: 2\x85c: 3\n", "a: 1\nb: 2\nc: 3\n"),
    "comments go with what follows": (
        "a:\n# one\n    # two\n      # three\n    b: 1\n   # four\nc: 2\n",
        "a:\n  # one\n  # two\n  # three\n  b: 1\n# four\nc: 2\n",
    ),
    "comments at the end of what they are below": (
        "a:\n    b:\n        c: 1\n        # c\n      # b\n    # a\n# d\nd: 2\n    # e\n",
        "a:\n  b:\n    c: 1\n    # c\n  # b\n  # a\n# d\nd: 2\n# e\n",
    ),
    "a key without a value keeps the comments below it": (
        "a:\n    # b: 1\n    #   c: 2\n\nd: 2\ne:\n# f\n",
        "a:\n  # b: 1\n  #   c: 2\n\nd: 2\ne:\n# f\n",
    ),
    "comments of a list at its key's column": (
        "a:\n# one\n- b\n# two\n- c\n# three\nd: 1\n",
        "a:\n  # one\n  - b\n  # two\n  - c\n# three\nd: 1\n",
    ),
    "comments of a list's items": (
        "- a: 1\n  # in it\n# next\n- b: 2\n",
        "- a: 1\n  # in it\n# next\n- b: 2\n",
    ),
    "two spaces before a comment": ("a: 1 # x\nbc: 2      # y\n", "a: 1  # x\nbc: 2  # y\n"),
    "comments that are aligned stay so": (
        "a: 1       # x\nbcd: 23    # y\ne: {f: 1}  # z\n\ng: 1 # w\n",
        "a: 1       # x\nbcd: 23    # y\ne: {f: 1}  # z\n\ng: 1  # w\n",
    ),
    "aligned as closely as can be": (
        "a:   1            # x\nbcd: 2            # y\n",
        "a: 1    # x\nbcd: 2  # y\n",
    ),
    "aligned by what is seen": ("a: 中     # x\nb: 1234   # y\n", "a: 中    # x\nb: 1234  # y\n"),
    "a comment that goes on": (
        "a: 1 # one\n     # two\nb: 2\n",
        "a: 1  # one\n      # two\nb: 2\n",
    ),
    "a comment that only seems to go on": (
        "a:  # one\n    # two\n    b: 1\n",
        "a:  # one\n  # two\n  b: 1\n",
    ),
    "comments keep their text": ("#!x\n#  a   b\t#c\n##\n#\na: 1 #\n", "#!x\n#  a   b\t#c\n##\n#\na: 1  #\n"),
    "no comment": ("a: b#c\nd: '# e'\n", 'a: b#c\nd: "# e"\n'),
    "comments after brackets, dashes and marks": (
        "a: [ # x\n  b] # y\nc:\n- # z\n  d: | # w\n    t\n",
        "a: [  # x\n  b]  # y\nc:\n  -  # z\n    d: |  # w\n      t\n",
    ),
    "comments within brackets move with them": (
        "a:\n    b: [\n      # x\n      c\n      # y\n    ]\n",
        "a:\n  b: [\n    # x\n    c\n    # y\n  ]\n",
    ),
    "double quotes": ("a: 'b'\n'c': \"d\"\ne: ''\n", 'a: "b"\n"c": "d"\ne: ""\n'),
    "a quote in quotes": ("a: 'it''s'\nb: 'say \"x\"'\n", 'a: "it\'s"\nb: \'say "x"\'\n'),
    "a backslash": ("a: '\\n'\n", "a: '\\n'\n"),
    "quotes stay": (
        'a: "on"\nb: \'1.10\'\nc: "5319e7"\nd: \'${x}\'\ne: "plain"\n',
        'a: "on"\nb: "1.10"\nc: "5319e7"\nd: "${x}"\ne: "plain"\n',
    ),
    "and are not added": ("a: on\nb: 1.10\nc: 5319e7\nd: ${x}\n", "a: on\nb: 1.10\nc: 5319e7\nd: ${x}\n"),
    "a block": ("a: |\n      b\n        c\n\n      d  \ne: 1\n", "a: |\n  b\n    c\n\n  d  \ne: 1\n"),
    "blocks of all kinds": (
        "a:   |-\n   b\nc: >\n   d\n   e\nf: >+\n   g\n\n\nh: |+\n   i\n\n",
        "a: |-\n  b\nc: >\n  d\n  e\nf: >+\n  g\n\n\nh: |+\n  i\n\n",
    ),
    "a block that tells its indentation": (
        "a: |4-\n      b\n    c\nd: |-2\n   e\n",
        "a: |2-\n    b\n  c\nd: |2-\n   e\n",
    ),
    "a block that tells it in a flat list": ("a:\n- |2\n   b\n", "a:\n  - |2\n     b\n"),
    "blank lines after a block": ("a: |\n  b\n\n\n\nc: 1\n", "a: |\n  b\n\nc: 1\n"),
    "blank lines that begin a block": ("a: |\n\n\n    b\n", "a: |\n\n\n  b\n"),
    "a block without text": ("a: |\nb: >-\n\n\nc: |+\n\nd: 1\n", "a: |\nb: >-\n\nc: |+\n\nd: 1\n"),
    "a block whose last line has no end": ("a: |\n    b", "a: |-\n  b\n"),
    "a block that holds what looks like yaml": (
        "a: |\n    # b\n    - c:   d\n    'e'\n",
        "a: |\n  # b\n  - c:   d\n  'e'\n",
    ),
    "a comment after a block": ("a:\n  b: |\n       c\n  # d\n# e\n", "a:\n  b: |\n    c\n  # d\n# e\n"),
    "a text over several lines": (
        "a: one\n      two\n\n\n      three   # x\nb: 'four\n  five'\n",
        'a: one\n  two\n\n\n  three  # x\nb: "four\n  five"\n',
    ),
    "lines that end with a backslash": (
        'a: "one\\\n      two\\ \n      three\\\\  \n      four"\n',
        'a: "one\\\n  two\\ \n  three\\\\\n  four"\n',
    ),
    "a text below its key": ("a:\n      b\nc:\n    'd'\n", 'a:\n  b\nc:\n  "d"\n'),
    "a text over several lines in brackets": (
        "a:\n    b: [one\n       two, 'three\n       four']\n",
        'a:\n  b: [one\n     two, "three\n     four"]\n',
    ),
    "line separators are text": (
        'a: "b\u2028   c"\nd: |\n    e\u2029    f\n',
        'a: "b\u2028  c"\nd: |\n  e\u2029  f\n',
    ),
    "anchors and aliases": (
        "a:  &x   {b: 1}\nc:   *x\nd:   &y\n    e: 1\nf:\n- *y\n- &z g\n",
        "a: &x {b: 1}\nc: *x\nd: &y\n  e: 1\nf:\n  - *y\n  - &z g\n",
    ),
    "merge keys": ("a: &a {b: 1}\nc:\n    <<:  *a\n    d: 1\n", "a: &a {b: 1}\nc:\n  <<: *a\n  d: 1\n"),
    "an alias as a key needs its space": ("a: &a b\n*a : 1\n", "a: &a b\n*a : 1\n"),
    "tags": ("a:   !!str   5\nb: [!!str , !!int 7]\n", "a: !!str 5\nb: [!!str , !!int 7]\n"),
    "an anchor on the line before": ("&a\nb: 1\n", "&a\nb: 1\n"),
    "keys that are marked": ("?   a\n:   b\n? c\n:\n   - d\n", "? a\n: b\n? c\n:\n  - d\n"),
    "a list beside a marked key's colon": ("? a\n: - b\n  - c\n", "? a\n: - b\n  - c\n"),
    "the marks of a document": (
        "%YAML 1.1\n---   # x\na: 1\n...\n# y\n",
        "%YAML 1.1\n---  # x\na: 1\n...\n# y\n",
    ),
}


def checked(text: str) -> str:
    found = Diagnostics()
    after = formatted(Source("test.yaml", text), found)
    assert list(found) == []
    assert after is not None
    return after


@pytest.mark.parametrize("name", PAIRS)
def test_layout(name: str) -> None:
    before, after = PAIRS[name]
    assert checked(before) == after


@pytest.mark.parametrize("name", PAIRS)
def test_what_is_in_canonical_layout_stays_as_it_is(name: str) -> None:
    _, after = PAIRS[name]
    assert checked(after) == after


@pytest.mark.parametrize("name", PAIRS)
def test_the_scanner_without_libyaml_leads_to_the_same(name: str) -> None:
    before, _ = PAIRS[name]
    assert laid_out(before, python_parser) == laid_out(before, best_parser)


def test_byte_order_marks_go() -> None:
    assert checked("\ufeff\ufeff# a\nb:   1\n") == "# a\nb: 1\n"


def test_tabs_between_words_become_a_space() -> None:
    assert checked("a:\t1\nb: [c,\td]\t# e\n") == "a: 1\nb: [c, d]  # e\n"


def test_two_levels_at_the_same_column_are_told_apart_by_what_follows() -> None:
    before = "a:\n- b: 1\n  # of the mapping\n# of c\nc:\n- - d\n  # of the inner list\n- e\n# at the end\n"
    after = "a:\n  - b: 1\n    # of the mapping\n# of c\nc:\n  - - d\n    # of the inner list\n  - e\n"
    after += "# at the end\n"
    assert checked(before) == after
    assert checked(after) == after


def test_what_could_not_be_the_same_any_more_is_refused_and_asks_to_be_reported() -> None:
    found = Diagnostics()
    assert formatted(Source("odd.yaml", " ...\n"), found) is None  # at the first column it ends a document
    (problem,) = found
    assert problem.code == "RC-BUG-001"
    assert problem.place is not None
    assert problem.place.file == "odd.yaml"
    assert "would not be the same any more, and stays as it is" in problem.summary
    assert "please report it" in problem.advice


@pytest.mark.parametrize("text", ["a: [1\n", "a: 1\na: 2\n", "a: 1\n---\nb: 2\n", "a: *b\n", "[" * 100])
def test_what_cannot_be_read_is_told_as_everywhere(text: str) -> None:
    told, expected = Diagnostics(), Diagnostics()
    assert formatted(Source("test.yaml", text), told) is None
    parse(Source("test.yaml", text), expected)
    assert list(told) == list(expected) != []
