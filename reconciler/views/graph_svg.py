"""What waits for what, as a picture that needs no other program: SVG 1.1 with a style sheet of its own.

Source: www.w3.org/TR/SVG11. It is read in light and dark, as the reader's system asks for
(www.w3.org/TR/mediaqueries-5/#prefers-color-scheme).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from html import escape
from unicodedata import east_asian_width

from reconciler.address import Address
from reconciler.views.escape import printable
from reconciler.views.graph import Node
from reconciler.views.graph_layout import HEIGHT, MARGIN, Box, layout

_LEGEND = 24
_LONGEST = 36
_BEND = 45
_STRIPE = 5
_CHARACTER = 7.6
"""Pixels, at most, that a letter of the upper line takes: 12 pixels of a font of even width."""
_SMALL_CHARACTER = 6.4

_HUES = ("#2f6feb", "#8250df", "#1a7f37", "#bf5a00", "#bf3989", "#0a7d91", "#9a6700", "#cf222e")
"""The services' colours, each to be told from white and from black; after the last they begin again."""

_STYLE = """
.page { fill: #ffffff } .box { fill: #f6f8fa; stroke: #6e7781 } .data .box { stroke-dasharray: 5 3 }
text { font-family: ui-monospace, Menlo, Consolas, monospace; fill: #1f2328; font-size: 12px }
.small { font-size: 10px; fill: #57606a } .edge { fill: none; stroke: #6e7781 } .tip { fill: #6e7781 }
@media (prefers-color-scheme: dark) {
  .page { fill: #0d1117 } .box { fill: #161b22; stroke: #8b949e } text { fill: #e6edf3 }
  .small { fill: #9da7b3 } .edge { stroke: #8b949e } .tip { fill: #8b949e }
}
"""


def svg(nodes: Sequence[Node], title: str) -> Iterator[str]:
    """The lines of an SVG document; an arrow leads from what waits to what it waits for, on its left.

    Resources are boxes, data entries dashed ones with round corners, each with a stripe in the colour of its
    service and its whole address as its title.
    """
    services = {name: at for at, name in enumerate(sorted({node.service for node in nodes}))}
    legend_width = 2 * MARGIN + sum(20 + round(_length(name) * _CHARACTER) + MARGIN for name in services)
    placed = layout({node.address: node.waits_for for node in nodes}, _width, top=_LEGEND)
    width, height = max(placed.width, legend_width), placed.height
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img">'
    )
    yield f"<title>{_text(title)}</title>"
    yield f"<style>{_STYLE}{_colors(services)}</style>"
    yield (
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto"><path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>'
    )
    yield f'<rect class="page" width="{width}" height="{height}"/>'
    yield from _legend(services)
    for node in nodes:
        for target in node.waits_for:
            yield _edge(node.address, target, placed.boxes)
    for node in nodes:
        yield from _node(node, placed.boxes[node.address], services[node.service])
    yield "</svg>"


def _colors(services: Mapping[str, int]) -> str:
    used = sorted({at % len(_HUES) for at in services.values()})
    return "".join(f".s{at} {{ fill: {_HUES[at]} }}\n" for at in used)


def _legend(services: Mapping[str, int]) -> Iterator[str]:
    x = MARGIN
    for name, at in services.items():
        yield f'<rect class="s{at % len(_HUES)}" x="{x}" y="{MARGIN - 12}" width="12" height="12"/>'
        yield f'<text x="{x + 18}" y="{MARGIN - 2}">{_text(name)}</text>'
        x += 20 + round(_length(name) * _CHARACTER) + MARGIN


def _edge(address: Address, target: Address, boxes: Mapping[Address, Box]) -> str:
    start, end = boxes[address], boxes[target]
    path = (
        f"M{start.x} {start.middle}C{start.x - _BEND} {start.middle} "
        f"{end.right + _BEND} {end.middle} {end.right} {end.middle}"
    )
    title = f"{_text(str(address))} → {_text(str(target))}"
    return f'<path class="edge" marker-end="url(#tip)" d="{path}"><title>{title}</title></path>'


def _node(node: Node, box: Box, service: int) -> Iterator[str]:
    upper, lower = _rows(node.address)
    kind = "data" if node.address.is_data else "resource"
    round_corners = f' rx="{HEIGHT // 2}"' if node.address.is_data else ""
    inset = HEIGHT // 3 if node.address.is_data else 0
    yield f'<g class="node {kind}"><title>{_text(str(node.address))}</title>'
    yield (
        f'<rect class="box" x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}"'
        f"{round_corners}/>"
    )
    stripe = f'x="{box.x + inset}" y="{box.y + 6}" width="{_STRIPE}" height="{box.height - 12}"'
    yield f'<rect class="s{service % len(_HUES)}" {stripe}/>'
    left = box.x + inset + _STRIPE + 6
    yield f'<text x="{left}" y="{box.y + 16}">{_text(upper)}</text>'
    yield f'<text class="small" x="{left}" y="{box.y + 30}">{_text(lower)}</text></g>'


def _rows(address: Address) -> tuple[str, str]:
    """What is written into a box: the name, and below it where it belongs and its type."""
    kind = f"data.{address.type}" if address.is_data else address.type
    name = str(address).removeprefix(str(replace(address, name="", key=None)))
    module = ".".join(map(str, address.module))
    return _short(name), _short(f"{module} · {kind}" if module else kind)


def _short(text: str) -> str:
    text = printable(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _width(address: Address) -> int:
    upper, lower = _rows(address)
    text = max(_length(upper) * _CHARACTER, _length(lower) * _SMALL_CHARACTER)
    return round(text) + _STRIPE + 6 + 10 + (2 * (HEIGHT // 3) if address.is_data else 0)


def _length(text: str) -> int:
    """Letters, wide ones counted twice."""
    return len(text) if text.isascii() else sum(1 + (east_asian_width(one) in "WF") for one in text)


def _text(text: str) -> str:
    """The text within XML, which knows no U+FFFE and U+FFFF (www.w3.org/TR/xml/#charsets)."""
    return escape(printable(text).translate({0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}))
