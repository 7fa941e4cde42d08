"""Whatever a file looks like, canonical layout loses nothing of it, and is reached at once."""

import re
import sys
from collections.abc import Iterator
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconciler.config.formatted import formatted
from reconciler.config.layout import laid_out
from reconciler.config.layout_check import comments, what_differs
from reconciler.config.nodes import Mapping, Node, Scalar, Sequence
from reconciler.config.parse import parse
from reconciler.config.source import Source
from reconciler.diagnostics import Diagnostics
from tests.unit.config.scribe import Scribe

PIECES = st.sampled_from(
    [
        *(
            "a",
            "b: ",
            "c:",
            "key: ",
            "- ",
            "-   ",
            "? ",
            ": ",
            "{",
            "}",
            "[",
            "]",
            ", ",
            ",",
            "  ",
            " ",
            "\t",
        ),
        *(
            "\n",
            "\n  ",
            "\n    ",
            "\n   ",
            "\n\n\n",
            "\r\n",
            "\u2028",
            "\x85",
            "&a ",
            "&b ",
            "*a",
            "*a ",
            "<<: ",
        ),
        *(
            "'x'",
            '"y"',
            "'it''s'",
            "'a\"b'",
            "'\\n'",
            '"\\',
            '"',
            "'",
            "|\n   ",
            "|+\n    ",
            ">-\n   ",
            "|2\n    ",
        ),
        *(
            " # c\n",
            "# d\n",
            "   # e",
            "\n#f",
            "#",
            "!!str ",
            "!x ",
            "---\n",
            "...\n",
            "%YAML 1.1\n",
            "-",
            "\\",
        ),
        *("é", "中", "😀", "5", "~", "true", "${x}", "text text", "\n  more", "\n\n   more", '"l1\n l2"'),
        *(
            "key2: |  # h\n    t\n    u\n",
            "a:\n  - b\n  - c: d\n    e: f\n",
            "\n      # deep\n",
            "x: &x1\n  y: 1\n",
        ),
    ]
)
ROUGH = re.compile(r"^[ \u2028\x85\n]*(---|\.\.\.)", re.MULTILINE)
"""What begins a document at the first column and is a text elsewhere."""


def read(text: str) -> Node | None:
    found = Diagnostics()
    node = parse(Source("test.yaml", text), found)
    assert list(found) == []
    return node


def nodes(node: Node | None, known: dict[int, int] | None = None) -> Iterator[object]:
    """All that a tree of nodes says but the places; a node that stands in several is told once."""
    known = {} if known is None else known
    if id(node) in known:
        yield "again", known[id(node)]
        return
    known[id(node)] = len(known)
    match node:
        case Scalar():
            yield node.text, node.is_plain
        case Sequence():
            yield "list", len(node.items)
            for item in node.items:
                yield from nodes(item, known)
        case Mapping():
            yield "mapping", *node.values
            for value in node.values.values():
                yield from nodes(value, known)


def check(before: str, after: str) -> None:
    assert list(nodes(read(after))) == list(nodes(read(before)))
    assert what_differs(before, after) == ""
    assert laid_out(after) == after


@given(st.integers(0, 2**32))
@settings(max_examples=600)
def test_careless_files_keep_their_meaning_and_their_comments(seed: int) -> None:
    scribe = Scribe(Random(seed))
    before = scribe.document()
    found = Diagnostics()
    after = formatted(Source("test.yaml", before), found)
    assert list(found) == []
    assert after is not None
    check(before, after)
    assert re.findall(r"#[ #]{0,2}c\d+\.", after) == scribe.comments == list(map(str.strip, comments(before)))
    assert "\r" not in after
    assert after.endswith("\n")


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(max_examples=1500)
@example("a: &a b\n*a : [*a , *a]\n")
@example("? &a a\n: - !!str\n  - &b\n")
@example("a: [b,\n  # c\n  d: , {e: }\n]\n")
@example("a: |+\n   \n\n   # b\n  \n # c\n")
@example('"a\\ \n \u2028 b"')
def test_whatever_is_yaml_keeps_its_meaning_or_is_left_alone(text: str) -> None:
    found = Diagnostics()
    after = formatted(Source("test.yaml", text), found)
    if after is None:
        assert len(found) > 0
        assert ROUGH.search(text) or all(problem.code != "RC-BUG-001" for problem in found)
    else:
        check(text, after)


def test_what_is_lost_would_be_noticed_and_is_not_quoted() -> None:
    assert what_differs("a: 1 # b\n", "a: 1\n") == "comment 1 has become another"
    assert what_differs("a:\n  1\n", "a: '1'\n") == "from line 2 on, where ScalarEvent has become ScalarEvent"
    assert (
        what_differs("a: 1\n", "a: [\n") == "from line 1 on, where ScalarEvent has become SequenceStartEvent"
    )
    assert what_differs("a: 1\n", "a: 1\nb\n").endswith("has become what cannot be read")
    assert what_differs("a: 1\n", "a: 1\nb: 2\n") != ""
    assert what_differs("a: 1\nb: 2\n", "a: 1\n") != ""
    assert what_differs("a: &b 1\n", "a: &c 1\n") != ""
    assert what_differs("a: {b: 1}\n", "a:\n  b: 1\n") != ""
    assert what_differs("a: 1\nb: 2\n", "b: 2\na: 1\n") != ""


def steps(resources: int) -> int:
    """How many functions are called to format a file of so many resources."""
    text = "resources:\n  thing:\n" + "".join(
        f"      a{number}:   # {number}\n          b:   'x'\n          c: [d,e]\n"
        "          f: |\n             g\n\n\n"
        for number in range(resources)
    )
    count = 0

    def called(*_: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        formatted(Source("test.yaml", text), Diagnostics())
    finally:
        sys.setprofile(before)
    return count


def test_twice_the_file_takes_twice_the_work() -> None:
    few, many = steps(100), steps(200)
    assert many < 2.05 * few
