"""The files that belong to a stack, found without understanding them: also of one that is not valid."""

import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reconciler.config.files import MAIN_FILE, MAX_FILES, has_stack, included, read_content, source_of
from reconciler.config.nodes import Mapping, Node, Scalar, Sequence
from reconciler.config.parse import parse
from reconciler.config.source import Source
from reconciler.diagnostics import Diagnostics


@dataclass(frozen=True, slots=True)
class StackFile:
    """A file with what it holds; ``name`` is what messages call it: its place in the stack's directory."""

    path: Path
    name: str
    content: bytes
    source: Source


def stack_files(directory: Path, found: Diagnostics) -> Iterator[StackFile]:
    """The stack's own file, those that it includes, and the same of its modules, each once.

    Modules outside the stack's directory are left out, and so is what ``found`` then says: files that cannot
    be read or are not there.
    """
    if has_stack(directory, found):
        yield from _Finder(directory, found).all()


class _Finder:
    """Goes from file to file; ``_seen`` are the files that have been told of already, links followed."""

    def __init__(self, root: Path, found: Diagnostics) -> None:
        self._root = root.resolve()
        self._found = found
        self._seen: set[Path] = set()
        self._modules: deque[Path] = deque()  # those whose files are still to be told of

    def all(self) -> Iterator[StackFile]:
        """The stack's files, then those of its modules."""
        yield from self._of(self._root, "")
        while self._modules:
            module = self._modules.popleft()
            yield from self._of(module, f"{os.path.relpath(module, self._root)}/")

    def _of(self, directory: Path, called: str) -> Iterator[StackFile]:
        """The files of a stack or module; ``called`` stands before their names."""
        main = self._read(directory / MAIN_FILE, called + MAIN_FILE)
        if main is None:
            return
        yield main
        root = _root(main.source)
        self._note_modules(root, directory)
        for pattern in _texts(root, "include"):
            for path, name in included(directory, pattern.text, main.source, pattern.position, self._found):
                part = self._read(path, called + name)
                if part is not None:
                    yield part
                    self._note_modules(_root(part.source), directory)

    def _note_modules(self, root: Node | None, directory: Path) -> None:
        for source in _modules(root):
            module = (directory / source).resolve()
            if module.is_relative_to(self._root) and (module / MAIN_FILE).is_file():
                self._modules.append(module)

    def _read(self, path: Path, name: str) -> StackFile | None:
        resolved = path.resolve()
        if resolved in self._seen or len(self._seen) >= MAX_FILES:
            return None
        self._seen.add(resolved)
        content = read_content(path, name, self._found)
        source = None if content is None else source_of(content, name, self._found)
        return None if content is None or source is None else StackFile(path, name, content, source)


def _root(source: Source) -> Node | None:
    return parse(source, Diagnostics())  # what is wrong with it is told by who goes on with it


def _texts(root: Node | None, key: str) -> Iterator[Scalar]:
    node = root.values.get(key) if isinstance(root, Mapping) else None
    if isinstance(node, Sequence):
        yield from (item for item in node.items if isinstance(item, Scalar) and item.text)


def _modules(root: Node | None) -> Iterator[str]:
    """Where the local modules of a file are, relative to its stack or module."""
    node = root.values.get("modules") if isinstance(root, Mapping) else None
    for module in node.values.values() if isinstance(node, Mapping) else ():
        source = module.values.get("source") if isinstance(module, Mapping) else None
        if isinstance(source, Scalar) and not any(mark in source.text for mark in ("${", "://", "\\", "\0")):
            yield source.text
