"""The modules of a stack: directories with a ``reconciler.yaml`` of their own, read once each."""

import os
from pathlib import Path

from reconciler import codes
from reconciler.config.document import Document, Entry, read_document
from reconciler.config.files import MAIN_FILE
from reconciler.config.nodes import Mapping as MappingNode
from reconciler.config.nodes import Scalar
from reconciler.diagnostics import Diagnostic, Diagnostics, Place

MAX_DEPTH = 20
"""How deep modules may be nested."""


class ModuleReader:
    """Reads the documents of modules, and of the modules in them, into ``Document.modules``."""

    def __init__(self, root: Path, files: Document, found: Diagnostics) -> None:
        self._root = root.resolve()
        self._files = files
        self._found = found
        self._read: dict[Path, Document] = {}

    def read_all(self, document: Document, path: tuple[tuple[Path, Place], ...] = ()) -> None:
        """Read all modules that a document uses. ``path`` are the directories on the way, each with the
        place that names it."""
        for name, entry in document.sections["modules"].items():
            node = entry.node.values.get("source") if isinstance(entry.node, MappingNode) else None
            if not isinstance(node, Scalar):
                continue  # reported with the file
            directory = self._directory(name, entry, node, document.directory)
            if directory is None:
                continue
            place = entry.source.place(node.position)
            if any(directory == other for other, _ in path) or directory == self._root:
                self._circle(name, directory, place, path)
            elif len(path) >= MAX_DEPTH:
                self._found.error(f"modules are nested more than {MAX_DEPTH} deep", advice="nest them less",
                                  place=place, code=codes.MODULE)  # fmt: skip
            else:
                document.modules[name] = self._document(directory, place, path)

    def _document(self, directory: Path, place: Place, path: tuple[tuple[Path, Place], ...]) -> Document:
        known = self._read.get(directory)
        if known is None:
            known = self._read[directory] = Document(directory)
            read_document(known, self._found, called=f"{os.path.relpath(directory, self._root)}/")
            self._files.files.update(known.files)
        self.read_all(known, (*path, (directory, place)))
        return known

    def _directory(self, name: str, entry: Entry, node: Scalar, parent: Path) -> Path | None:
        text = node.text

        def refuse(summary: str, advice: str) -> None:
            self._found.error(summary, advice=advice, place=entry.source.place(node.position, text),
                              address=f"module.{name}", code=codes.MODULE)  # fmt: skip

        if "${" in text:
            refuse("a module's source must be written out", "write the directory's name, without ${ }")
        elif os.path.isabs(text) or "://" in text or "\\" in text or "\0" in text:
            refuse(f"{text!r} is no directory relative to this file",
                   "a module is a local directory: write ./modules/NAME")  # fmt: skip
        else:
            directory = (parent / text).resolve()
            if (directory / MAIN_FILE).is_file():
                return directory
            missing = "there is no directory" if not directory.is_dir() else f"there is no {MAIN_FILE} in"
            refuse(f"{missing} {text}", f"a module is a directory with a {MAIN_FILE} of its own")
        return None

    def _circle(self, name: str, directory: Path, place: Place, path: tuple[tuple[Path, Place], ...]) -> None:
        along = [os.path.relpath(other, self._root) for other, _ in path]
        text = " -> ".join([*along, os.path.relpath(directory, self._root)])
        self._found.add(
            Diagnostic(
                f"the module {name} uses itself: {text}",
                "a module cannot be part of itself: remove one of these",
                place,
                f"module.{name}",
                related=tuple(("used here", other) for _, other in path),
                code=codes.CIRCLE,
            )
        )
