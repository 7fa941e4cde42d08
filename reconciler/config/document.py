"""The files of a stack, merged: every entry knows the file and place that it came from."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from reconciler import codes
from reconciler.config.files import MAIN_FILE, MAX_FILES, has_stack, included, read_source
from reconciler.config.nodes import Mapping, Node, Scalar, Sequence
from reconciler.config.parse import parse
from reconciler.config.source import Position, Source
from reconciler.config.stack_schema import LISTS, FileKind, check_file
from reconciler.diagnostics import Diagnostic, Diagnostics, Place

_MERGED = ("variables", "environments", "locals", "providers", "outputs", "modules")
_MERGED_BY_TYPE = ("resources", "data")
_SINGLE = ("stack", "requires", "state", "apply", "include")


class Entry:
    """One entry: its value's node, the place of its key, and the file that both are in."""

    __slots__ = ("key_at", "node", "source")

    def __init__(self, source: Source, key_at: Position, node: Node) -> None:
        self.source = source
        self.key_at = key_at
        self.node = node

    @property
    def place(self) -> Place:
        """Where its key stands."""
        return self.source.place(self.key_at)


Section = dict[str, Entry]


@dataclass
class Document:
    """What one directory's files hold, by section and key; ``resources`` and ``data`` by type and name."""

    directory: Path
    single: Section = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=lambda: {name: {} for name in _MERGED})
    types: dict[str, dict[str, Section]] = field(
        default_factory=lambda: {name: {} for name in _MERGED_BY_TYPE}
    )
    lists: dict[str, list[Entry]] = field(default_factory=lambda: {name: [] for name in LISTS})
    """The entries of the sections that are lists, in the order of the files."""
    type_places: dict[tuple[str, str], Entry] = field(default_factory=dict)
    """Where each type was first named."""
    files: dict[str, Source] = field(default_factory=dict)
    """By name, in the order that they were read."""
    modules: dict[str, "Document"] = field(default_factory=dict)
    """By the name that they are used under."""


def read_document(document: Document, found: Diagnostics, called: str = "") -> None:
    """Read ``reconciler.yaml`` and what it includes into ``document``; what is wrong goes to ``found``.

    ``called`` stands before the files' names, in a module; it is empty for the stack itself.
    """
    directory = document.directory
    if not has_stack(directory, found):
        return
    main = directory / MAIN_FILE
    source = read_source(main, f"{called}{MAIN_FILE}", found)
    if source is None:
        return
    document.files[source.name] = source
    kind = FileKind.MODULE if called else FileKind.STACK
    root = _root(source, found, kind)
    if root is None:
        return
    _merge_file(document, source, root, found)
    read = {main.resolve()}
    for pattern in _include_patterns(root):
        for path, found_name in included(directory, pattern.text, source, pattern.position, found):
            name = f"{called}{found_name}"
            if path.resolve() in read:
                continue
            read.add(path.resolve())
            if len(read) > MAX_FILES:
                found.error(
                    f"the stack includes more than {MAX_FILES:,} files", place=source.place(pattern.position)
                )
                return
            part = read_source(path, name, found, source.place(pattern.position))
            if part is not None:
                document.files[name] = part
            part_root = _root(part, found, kind.part) if part else None
            if part is not None and part_root is not None:
                _merge_file(document, part, part_root, found)
    return


def _root(source: Source, found: Diagnostics, kind: FileKind) -> Mapping | None:
    problems = len(found)
    node = parse(source, found)
    if node is None or (isinstance(node, Scalar) and node.is_plain and node.text == ""):
        if kind is FileKind.STACK and len(found) == problems:
            found.error(
                f"{source.name} is empty", advice="begin with stack: NAME", place=Place(source.name, 1, 1)
            )
        return None
    if not isinstance(node, Mapping):
        found.error(
            "a stack file must be a mapping",
            advice="begin with stack: NAME" if kind is FileKind.STACK else "begin with resources:",
            place=source.place(node.position),
        )
        return None
    found.extend(check_file(source, node, kind))
    return node


def _include_patterns(root: Mapping) -> Iterator[Scalar]:
    node = root.values.get("include")
    if isinstance(node, Sequence):
        yield from (item for item in node.items if isinstance(item, Scalar) and item.text)


def _merge_file(document: Document, source: Source, root: Mapping, found: Diagnostics) -> None:
    for (section, node), at in zip(root.values.items(), root.key_positions, strict=True):
        if section in _SINGLE:
            _put(document.single, section, Entry(source, at, node), section, found)
        elif section in LISTS:
            parts = node.items if isinstance(node, Sequence) else ()
            document.lists[section] += (Entry(source, part.position, part) for part in parts)
        elif not isinstance(node, Mapping):
            continue
        elif section in _MERGED:
            _merge(document.sections[section], source, node, section, found)
        elif section in _MERGED_BY_TYPE:
            for (type_name, names), type_at in zip(node.values.items(), node.key_positions, strict=True):
                document.type_places.setdefault((section, type_name), Entry(source, type_at, names))
                target = document.types[section].setdefault(type_name, {})
                if isinstance(names, Mapping):
                    _merge(target, source, names, f"{section}.{type_name}", found)


def _merge(target: Section, source: Source, node: Mapping, called: str, found: Diagnostics) -> None:
    for (key, value), at in zip(node.values.items(), node.key_positions, strict=True):
        if key in target:
            _put(target, key, Entry(source, at, value), f"{called}.{key}", found)
        else:
            target[key] = Entry(source, at, value)


def _put(target: Section, key: str, entry: Entry, called: str, found: Diagnostics) -> None:
    first = target.setdefault(key, entry)
    if first is not entry:
        found.add(
            Diagnostic(
                f"{called} is given twice",
                "keep one of them",
                entry.place,
                related=(("first given here", first.place),),
                code=codes.GIVEN_TWICE,
            )
        )
