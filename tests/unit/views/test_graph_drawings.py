"""Drawings of what waits for what: read back, whatever things are called and however many there are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.address import Address
from reconciler.views.graph import dot, mermaid
from reconciler.views.graph_layout import layout
from reconciler.views.graph_svg import svg

SVG = "{http://www.w3.org/2000/svg}"
AWKWARD = (
    '"',
    "\\",
    "]]",
    "end",
    "#quot;",
    "</title>",
    "&amp;",
    "\x1b[2J",
    "\uffff",
    "`",
    "\u202e",
    "汉字" * 40,
)


@dataclass(frozen=True)
class Drawn:
    address: Address
    service: str = "github"
    waits_for: Sequence[Address] = ()


def thing(name: str, *needs: str, service: str = "github") -> Drawn:
    return Drawn(Address.parse(name), service, tuple(map(Address.parse, needs)))


def awkward() -> list[Drawn]:
    named = [Address("github_team", "of", key) for key in AWKWARD]
    return [
        Drawn(named[0]),
        *(Drawn(address, waits_for=[before]) for before, address in pairwise(named)),
    ]


def picture(nodes: Sequence[Drawn]) -> ElementTree.Element:
    return ElementTree.fromstring("\n".join(svg(nodes, "a picture")).encode())


@dataclass(frozen=True)
class Rectangle:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Rectangle") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def boxes(root: ElementTree.Element) -> dict[str, Rectangle]:
    found = {}
    for group in root.iter(f"{SVG}g"):
        title, (box,) = (
            group.findtext(f"{SVG}title"),
            [one for one in group.iter(f"{SVG}rect") if one.get("class") == "box"],
        )
        x, y, width, height = (float(box.get(name, "")) for name in ("x", "y", "width", "height"))
        found[title or ""] = Rectangle(x, y, x + width, y + height)
    return found


def ends(root: ElementTree.Element) -> list[tuple[str, str, tuple[float, float], tuple[float, float]]]:
    """For each arrow: who waits, for whom, where it starts and where it ends."""
    found = []
    for path in root.iter(f"{SVG}path"):
        if path.get("class") == "edge":
            waits, _, needed = (path.findtext(f"{SVG}title") or "").partition(" → ")
            numbers = [float(number) for number in re.findall(r"-?\d+", path.get("d", ""))]
            found.append((waits, needed, (numbers[0], numbers[1]), (numbers[-2], numbers[-1])))
    return found


@st.composite
def stacks(draw: st.DrawFn) -> list[Drawn]:
    addresses = [Address("github_team", f"t{number}") for number in range(draw(st.integers(0, 70)))]
    services = st.sampled_from(("github", "slack", "notion"))
    return [
        Drawn(address, draw(services), draw(_some_of(addresses[:at]))) for at, address in enumerate(addresses)
    ]


def _some_of(addresses: list[Address]) -> st.SearchStrategy[list[Address]]:
    return st.lists(st.sampled_from(addresses), unique=True, max_size=4) if addresses else st.just([])


def test_clusters_hold_what_is_in_a_module_and_of_a_service() -> None:
    nodes = [
        thing("slack_channel.a", service="slack"),
        thing('module.qa.github_team.b["x"]', "slack_channel.a"),
        thing("module.qa.module.inner.github_team.c", service="github.enterprise"),
        thing("data.github_user.me"),
    ]
    assert [line.strip() for line in dot(nodes)][4:-2] == [
        "subgraph cluster_0 {", 'label = "github";',
        '"data.github_user.me" [style = "dashed,rounded"];', "}",
        "subgraph cluster_1 {", 'label = "slack";', '"slack_channel.a";', "}",
        "subgraph cluster_2 {", 'label = "module.qa";',
        "subgraph cluster_3 {", 'label = "github";', r'"module.qa.github_team.b[\"x\"]";', "}",
        "subgraph cluster_4 {", 'label = "module.inner";',
        "subgraph cluster_5 {", 'label = "github.enterprise";',
        '"module.qa.module.inner.github_team.c";', "}", "}", "}",
    ]  # fmt: skip
    assert [line.strip() for line in mermaid(nodes)][1:4] == [
        'subgraph g0["github"]', 'n3("data.github_user.me")', "end"
    ]  # fmt: skip


@pytest.mark.parametrize("draws", [dot, mermaid, lambda nodes: svg(nodes, "none")])
def test_a_stack_without_resources_is_a_drawing_without_nodes(draws: object) -> None:
    assert callable(draws)
    assert list(draws([]))


def test_no_name_gets_out_of_its_place_in_graphviz() -> None:
    for line in dot(awkward()):
        without_texts = re.sub(r'"(?:[^"\\]|\\.)*"', "T", line.strip())
        assert re.fullmatch(
            r"T|T;|T -> T;|label = T;|subgraph cluster_\d+ \{|\}|digraph stack \{|rankdir = RL;|"
            r"(node|graph) \[.*\];",
            without_texts,
        ), line
        assert not set(line) & set("\x1b\u202e")


def test_no_name_gets_out_of_its_place_in_mermaid() -> None:
    for line in list(mermaid(awkward()))[1:]:
        assert re.fullmatch(
            r'subgraph g\d+\["[^"<>&`]*"\]|end|n\d+\["[^"<>&`]*"\]|n\d+ --> n\d+', line.strip()
        ), line
        assert "]]" not in line or line.strip().endswith('"]')


def test_a_picture_is_xml_whatever_things_are_called() -> None:
    found = boxes(picture(awkward()))
    assert len(found) == len(AWKWARD)
    assert all(title.startswith("github_team.of[") for title in found)


@given(stacks())
def test_no_two_boxes_of_a_picture_meet_and_every_arrow_ends_at_its_boxes(nodes: list[Drawn]) -> None:
    root = picture(nodes)
    found = boxes(root)
    assert set(found) == {str(node.address) for node in nodes}
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    for box in found.values():
        assert box.left >= 0
        assert box.top >= 0
        assert box.right <= width
        assert box.bottom <= height
    assert not [pair for pair in combinations(found.values(), 2) if pair[0].meets(pair[1])]
    arrows = ends(root)
    assert {(waits, needed) for waits, needed, _, _ in arrows} == {
        (str(node.address), str(target)) for node in nodes for target in node.waits_for
    }
    for waits, needed, start, end in arrows:
        assert start[0] == found[waits].left
        assert found[waits].top < start[1] < found[waits].bottom
        assert end[0] == found[needed].right
        assert found[needed].top < end[1] < found[needed].bottom
        assert end[0] < start[0]


def test_a_box_stands_near_what_it_waits_for() -> None:
    first = [thing(f"github_team.t{number:02}") for number in range(20)]
    crossed = [thing(f"github_team.u{number:02}", f"github_team.t{19 - number:02}") for number in range(20)]
    found = boxes(picture([*first, *crossed]))
    for number in range(20):
        assert found[f"github_team.u{number:02}"].top == found[f"github_team.t{19 - number:02}"].top


def test_a_large_picture_is_neither_a_tower_nor_a_line() -> None:
    alone = {Address("github_team", f"t{number}"): () for number in range(10_000)}
    placed = layout(alone, lambda address: 200)
    assert 0.3 < placed.width / placed.height < 3


def test_a_picture_is_readable_in_light_and_dark_and_tells_data_from_resources() -> None:
    root = picture([thing("data.github_user.me"), thing("github_team.a", "data.github_user.me")])
    assert "prefers-color-scheme: dark" in (root.findtext(f"{SVG}style") or "")
    assert root.findtext(f"{SVG}title") == "a picture"
    kinds = {group.findtext(f"{SVG}title"): group.get("class") for group in root.iter(f"{SVG}g")}
    assert kinds == {"data.github_user.me": "node data", "github_team.a": "node resource"}
