"""YAML to nodes, in one pass over the parser's events, bounded before anything is built.

Composing is not left to PyYAML: it recurses (50 KB of ``[`` end the interpreter), keeps no duplicate keys and
gives types by YAML 1.1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from reconciler import codes
from reconciler.config.nodes import Mapping, Node, Scalar, Sequence
from reconciler.config.scalars import resolve
from reconciler.config.source import Position, Source, position
from reconciler.config.syntax import explain_syntax
from reconciler.diagnostics import Diagnostic, Diagnostics


class EventSource(Protocol):
    """What turns text into PyYAML's events, one at a call."""

    def get_event(self) -> Any:
        """The next event."""
        ...


MakeParser = Callable[[str], EventSource]


def python_parser(text: str) -> EventSource:
    """PyYAML's own parser."""
    parser: EventSource = yaml.SafeLoader(text)
    return parser


try:
    from yaml._yaml import CParser
except ImportError:  # PyYAML without libyaml: slower, otherwise the same
    best_parser: MakeParser = python_parser
else:
    best_parser = CParser


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file may be; ``nodes`` counts every use of an alias with all that it stands for."""

    depth: int = 64
    nodes: int = 1_000_000


_TAG = "tag:yaml.org,2002:"
_SCALAR_TAGS: dict[str, tuple[type, ...]] = {
    _TAG + "int": (int,),
    _TAG + "float": (int, float),
    _TAG + "bool": (bool,),
    _TAG + "null": (type(None),),
}


class _Stop(Exception):
    """The rest of the file cannot be read; what is wrong has been noted."""


def parse(
    source: Source, found: Diagnostics, limits: Limits | None = None, make_parser: MakeParser = best_parser
) -> Node | None:
    """The one document of a file; None if it is empty or cannot be read, which ``found`` then says."""
    builder = _Builder(source, found, limits or Limits())
    try:
        builder.run(make_parser(source.text))
    except _Stop:
        return None
    except yaml.YAMLError as error:
        found.add(explain_syntax(error, source))
        return None
    return builder.root


class _Builder:
    """Builds nodes from events; ``_open`` holds the containers around the present place."""

    def __init__(self, source: Source, found: Diagnostics, limits: Limits) -> None:
        self.root: Node | None = None
        self._source = source
        self._found = found
        self._limits = limits
        self._open: list[Sequence | Mapping] = []
        self._key: list[
            tuple[str, Position, bool] | None
        ] = []  # of each open mapping: the key without a value
        self._merges: list[list[Node]] = []  # of each open mapping: what ``<<`` brings
        self._started: list[
            tuple[int, str | None]
        ] = []  # of each open container: nodes before it, its anchor
        self._heights: list[int] = []  # of each open container: levels below it so far
        self._anchors: dict[str, tuple[Node | None, int, int]] = {}  # node, its size, its height
        self._count = 0
        self._documents = 0
        self._keys: dict[str, str] = {}  # one text object for each key

    def run(self, parser: EventSource) -> None:
        get = parser.get_event
        while True:
            event = get()
            kind = type(event)
            if kind is ScalarEvent:
                self._scalar(event)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                self._start(event, kind is MappingStartEvent)
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                self._end()
            elif kind is AliasEvent:
                self._alias(event)
            elif kind is DocumentStartEvent:
                self._documents += 1
                if self._documents > 1:
                    self._stop(
                        _at(event),
                        "a second document begins here",
                        "one file holds one document: remove '---'",
                    )
            elif kind is StreamEndEvent or event is None:
                return

    def _stop(self, at: Position, summary: str, advice: str) -> None:
        self._found.error(summary, advice=advice, place=self._source.place(at), code=codes.NOT_YAML)
        raise _Stop

    def _grow(self, by: int, at: Position) -> None:
        self._count += by
        if self._count > self._limits.nodes:
            self._stop(
                at,
                f"the file holds more than {self._limits.nodes:,} values, aliases counted at each use",
                "split the stack, or use fewer aliases",
            )

    def _scalar(self, event: Any) -> None:
        at = _at(event)
        plain = event.implicit[0]
        if event.tag is not None:
            plain = event.tag != "!" and self._tagged(event, at)
        node = Scalar(event.value, at, plain)
        if event.anchor:
            self._anchors[event.anchor] = (node, 1, 0)
        self._grow(1, at)
        self._add(node, plain and event.tag is None)

    def _tagged(self, event: Any, at: Position) -> bool:
        """Whether a scalar with a tag takes its type from its text; refuses tags that are not YAML's own."""
        if event.tag == _TAG + "str":
            return False
        wanted = _SCALAR_TAGS.get(event.tag)
        if wanted is None:
            self._unknown_tag(event.tag, at)
        elif type(resolve(event.value)) not in wanted:
            self._found.error(
                f"{event.value[:40]!r} is not what its tag !!{event.tag.removeprefix(_TAG)} says",
                advice="remove the tag",
                place=self._source.place(at),
            )
        return True

    def _unknown_tag(self, tag: str, at: Position) -> None:
        short = "!!" + tag.removeprefix(_TAG) if tag.startswith(_TAG) else tag
        self._found.error(
            f"the tag {short} means nothing here",
            advice="remove it, or put the text in quotes if it begins with an exclamation mark",
            place=self._source.place(at),
        )

    def _start(self, event: Any, is_mapping: bool) -> None:
        at = _at(event)
        if event.tag not in (None, "!", _TAG + ("map" if is_mapping else "seq")):
            self._unknown_tag(event.tag, at)
        if len(self._open) >= self._limits.depth:
            self._too_deep(at)
        self._grow(1, at)
        self._started.append((self._count - 1, event.anchor))
        if event.anchor:
            self._anchors[event.anchor] = (None, 0, 0)
        self._open.append(Mapping(at) if is_mapping else Sequence(at))
        self._key.append(None)
        self._merges.append([])
        self._heights.append(0)

    def _too_deep(self, at: Position) -> None:
        self._stop(
            at,
            f"values are nested more than {self._limits.depth} deep",
            "check for brackets that are not closed",
        )

    def _end(self) -> None:
        node = self._open.pop()
        before, anchor = self._started.pop()
        height = self._heights.pop() + 1
        merges = self._merges.pop()
        self._key.pop()
        if merges and isinstance(node, Mapping):
            self._merge(node, merges)
        if anchor:
            self._anchors[anchor] = (node, self._count - before, height)
        if self._heights and self._heights[-1] < height:
            self._heights[-1] = height
        self._add(node, False)

    def _alias(self, event: Any) -> None:
        at = _at(event)
        known = self._anchors.get(event.anchor)
        if known is None:
            self._stop(
                at, f"there is no anchor &{event.anchor} before this", "define it above, or quote the text"
            )
            return
        node, size, height = known
        if node is None:
            self._stop(at, f"the alias *{event.anchor} stands inside what it stands for", "remove it")
            return
        if len(self._open) + height > self._limits.depth:
            self._too_deep(at)
        self._grow(size, at)
        if self._heights and self._heights[-1] < height:
            self._heights[-1] = height
        self._add(node, False, at)

    def _add(self, node: Node, may_merge: bool, at: Position | None = None) -> None:
        """Put a finished node where it belongs: the root, a list's item, a key or a key's value."""
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
            return
        key = self._key[-1]
        if key is None:
            self._key[-1] = self._as_key(node, may_merge, node.position if at is None else at)
            return
        self._key[-1] = None
        text, key_at, is_merge = key
        if is_merge:
            self._merges[-1].append(node)
        elif text not in parent.values:
            parent.values[text] = node
            parent.key_positions.append(key_at)
        else:
            first = self._source.place(parent.key_position(text))
            self._found.add(
                Diagnostic(
                    f"the key {text!r} is given twice",
                    "keep one of them",
                    self._source.place(key_at),
                    related=(("first given here", first),),
                    code=codes.GIVEN_TWICE,
                )
            )

    def _as_key(self, node: Node, may_merge: bool, at: Position) -> tuple[str, Position, bool]:
        if not isinstance(node, Scalar):
            self._stop(at, "a key must be a text", "put the text in quotes if it begins with a bracket")
            raise _Stop
        if node.is_plain and node.text == "":
            self._stop(at, "a key is missing before the colon", "write the key, or quote the text")
        return self._keys.setdefault(node.text, node.text), at, may_merge and node.text == "<<"

    def _merge(self, node: Mapping, merges: list[Node]) -> None:
        """Add what ``<<`` brings: the mapping's own keys win, then the first of those merged."""
        for merged in merges:
            for part in merged.items if isinstance(merged, Sequence) else (merged,):
                if not isinstance(part, Mapping):
                    self._found.error(
                        "only a mapping can be merged with <<",
                        advice="write <<: *anchor, where the anchor stands at a mapping",
                        place=self._source.place(part.position),
                    )
                    continue
                self._grow(len(part.values), node.position)
                for (key, value), at in zip(part.values.items(), part.key_positions, strict=True):
                    if key not in node.values:
                        node.values[key] = value
                        node.key_positions.append(at)


def _at(event: Any) -> Position:
    mark = event.start_mark
    return position(mark.line, mark.column)
