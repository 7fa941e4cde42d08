"""What waits for what, as a drawing in the languages of Graphviz and Mermaid.

Sources: graphviz.org/doc/info/lang.html; mermaid.js.org/syntax/flowchart.html.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count, groupby
from typing import NamedTuple, Protocol

from reconciler.address import Address, ModuleStep
from reconciler.views.escape import printable

MERMAID_ARROWS = 500
"""As many arrows as Mermaid draws unless a page allows it more (``maxEdges``); so does GitHub."""


class Node(Protocol):
    """A resource or data entry that is drawn."""

    @property
    def address(self) -> Address:
        """Its address, which no other node has."""
        ...

    @property
    def service(self) -> str:
        """The configuration of its provider: ``github``, or ``github.enterprise``."""
        ...

    @property
    def waits_for(self) -> Sequence[Address]:
        """Those nodes that it waits for; there are no circles."""
        ...


class _Opens(NamedTuple):
    """A group begins: a module, or a service within one."""

    title: str
    depth: int


class _Closes(NamedTuple):
    depth: int


class _Holds(NamedTuple):
    """A node of the group that was opened last."""

    node: Node
    depth: int


def dot(nodes: Sequence[Node]) -> Iterator[str]:
    """The lines of a Graphviz document; an arrow leads from what waits to what it waits for.

    Resources are boxes, data entries dashed ones with round corners, in clusters by module and service.
    """
    yield "digraph stack {"
    yield "  rankdir = RL;"
    yield '  node [shape = box, fontname = "sans-serif"];'
    yield '  graph [style = rounded, color = "#888888", fontname = "sans-serif"];'
    numbers = count()
    for part in _grouped(nodes):
        indent = "  " * (part.depth + 1)
        match part:
            case _Opens():
                yield f"{indent}subgraph cluster_{next(numbers)} {{"
                yield f"{indent}  label = {_dot_text(part.title)};"
            case _Closes():
                yield f"{indent}}}"
            case _Holds():
                style = ' [style = "dashed,rounded"]' if part.node.address.is_data else ""
                yield f"{indent}{_dot_text(part.node.address)}{style};"
    for node in nodes:
        for target in node.waits_for:
            yield f"  {_dot_text(node.address)} -> {_dot_text(target)};"
    yield "}"


def mermaid(nodes: Sequence[Node]) -> Iterator[str]:
    """The lines of a Mermaid flowchart, which GitHub shows in markdown; data entries have round corners."""
    yield "flowchart RL"
    names = {node.address: f"n{number}" for number, node in enumerate(nodes)}
    numbers = count()
    for part in _grouped(nodes):
        indent = "  " * (part.depth + 1)
        match part:
            case _Opens():
                yield f'{indent}subgraph g{next(numbers)}["{_mermaid_text(part.title)}"]'
            case _Closes():
                yield f"{indent}end"
            case _Holds():
                address = part.node.address
                opening, closing = ("(", ")") if address.is_data else ("[", "]")
                yield f'{indent}{names[address]}{opening}"{_mermaid_text(address)}"{closing}'
    for node in nodes:
        for target in node.waits_for:
            yield f"  {names[node.address]} --> {names[target]}"


def _grouped(nodes: Iterable[Node]) -> Iterator[_Opens | _Closes | _Holds]:
    """The nodes of each module, by service, with the modules inside it behind them."""
    open_modules: tuple[ModuleStep, ...] = ()

    def key(node: Node) -> tuple[tuple[str, ...], str]:
        return tuple(map(str, node.address.module)), node.service

    for _, same in groupby(sorted(nodes, key=key), key):
        group = list(same)
        module, service = group[0].address.module, group[0].service
        shared = 0
        while shared < min(len(module), len(open_modules)) and module[shared] == open_modules[shared]:
            shared += 1
        for depth in range(len(open_modules), shared, -1):
            yield _Closes(depth - 1)
        for depth in range(shared, len(module)):
            yield _Opens(str(module[depth]), depth)
        open_modules = module
        yield _Opens(service, len(module))
        for node in group:
            yield _Holds(node, len(module) + 1)
        yield _Closes(len(module))
    for depth in range(len(open_modules), 0, -1):
        yield _Closes(depth - 1)


def _dot_text(text: Address | str) -> str:
    escaped = printable(str(text)).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _mermaid_text(text: Address | str) -> str:
    """Mermaid's own entities, such as #quot;, for what would end or change a label."""
    marks = {'"': "#quot;", "#": "#35;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;"}
    return "".join(marks.get(character, character) for character in printable(str(text)))
