"""What waits for what, as a drawing in the languages of Graphviz and Mermaid.

Sources: graphviz.org/doc/info/lang.html; mermaid.js.org/syntax/flowchart.html.
"""

from collections.abc import Collection, Iterator, Mapping

from reconciler.address import Address
from reconciler.views.escape import printable

Edges = Mapping[Address, Collection[Address]]
"""Each resource and data entry, with those that it waits for."""


def dot(edges: Edges) -> Iterator[str]:
    """The lines of a Graphviz document; an arrow leads from what waits to what it waits for."""
    yield "digraph stack {"
    yield "  rankdir = RL;"
    yield '  node [shape = box, fontname = "sans-serif"];'
    for address in edges:
        style = " [style = dashed]" if address.is_data else ""
        yield f"  {_dot_text(address)}{style};"
    for address, targets in edges.items():
        for target in targets:
            yield f"  {_dot_text(address)} -> {_dot_text(target)};"
    yield "}"


def mermaid(edges: Edges) -> Iterator[str]:
    """The lines of a Mermaid flowchart, which GitHub shows in markdown; data entries have round corners."""
    yield "flowchart RL"
    names = {address: f"n{number}" for number, address in enumerate(edges)}
    for address, name in names.items():
        label = _mermaid_text(address)
        yield f'  {name}("{label}")' if address.is_data else f'  {name}["{label}"]'
    for address, targets in edges.items():
        for target in targets:
            if target in names:
                yield f"  {names[address]} --> {names[target]}"


def _dot_text(address: Address) -> str:
    text = printable(str(address)).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _mermaid_text(address: Address) -> str:
    """Mermaid's own entities, such as #quot;, for what would end or change a label."""
    marks = {'"': "#quot;", "#": "#35;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;"}
    return "".join(marks.get(character, character) for character in printable(str(address)))
