"""``fmt``: the stack's files in canonical layout."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from reconciler import codes
from reconciler.config.collector import collector_paused
from reconciler.config.files import read_content, source_of
from reconciler.config.formatted import Formatted, Formatting, formatted
from reconciler.config.source import Source
from reconciler.config.stack_files import StackFile, stack_files
from reconciler.diagnostics import Diagnostics, Place
from reconciler.errors import InvalidConfiguration
from reconciler.operations.replacing import replace_file

_MEND = "make that possible, then run the command again"


def format_files(directory: Path, paths: Iterable[Path] = (), *, writes: bool) -> Formatting:
    """Bring files into canonical layout, each once: the stack's in ``directory``, or those of ``paths``.

    A path is a file, or the directory of another stack. Without ``writes`` only what would change is told. A
    file that cannot be read or written stays as it is, and the others are formatted.
    """
    found = Diagnostics()
    done = []
    given = tuple(paths)
    files = _given(given, directory, found) if given else _of_stack(directory, found)
    with collector_paused():
        for file, root in files:
            one = _format(file, root, found, writes=writes)
            if one is not None:
                done.append(one)
    return Formatting(tuple(done), tuple(found))


def format_text(content: bytes, name: str) -> Formatted:
    """The same for what is in no file. Raises InvalidConfiguration when it cannot be read."""
    found = Diagnostics()
    source = source_of(content, name, found)
    after = None if source is None else formatted(source, found)
    if after is None:
        raise InvalidConfiguration(found)
    return Formatted(name, content.decode(), after)


def _of_stack(directory: Path, found: Diagnostics) -> Iterator[tuple[StackFile, Path]]:
    root = directory.resolve()
    return ((file, root) for file in stack_files(directory, found))


def _given(paths: Iterable[Path], stack: Path, found: Diagnostics) -> Iterator[tuple[StackFile, Path]]:
    """The files that paths mean, each with the directory that it may not lead out of."""
    seen: set[Path] = set()
    for path in paths:
        files = _of_directory(path, found) if path.is_dir() else _of_file(path, stack, found)
        for file, root in files:
            if file.path.resolve() not in seen:
                seen.add(file.path.resolve())
                yield file, root


def _of_directory(path: Path, found: Diagnostics) -> Iterator[tuple[StackFile, Path]]:
    for file, root in _of_stack(path, found):
        name = os.path.join(path, file.name)
        yield StackFile(file.path, name, file.content, Source(name, file.source.text)), root


def _of_file(path: Path, stack: Path, found: Diagnostics) -> Iterator[tuple[StackFile, Path]]:
    content = read_content(path, str(path), found)
    source = None if content is None else source_of(content, str(path), found)
    if content is not None and source is not None:
        beside, root = path.parent.resolve(), stack.resolve()
        yield StackFile(path, str(path), content, source), root if beside.is_relative_to(root) else beside


def _format(file: StackFile, root: Path, found: Diagnostics, *, writes: bool) -> Formatted | None:
    if not file.path.resolve().is_relative_to(root):
        found.error(
            f"{file.name} is a link that leaves the stack's directory",
            advice="put the file itself there",
            place=Place(file.name, 1, 1),
            code=codes.FILE_UNREADABLE,
        )
        return None
    after = formatted(file.source, found)
    if after is None:
        return None
    one = Formatted(file.name, file.content.decode(), after)
    if one.is_changed and writes:
        try:
            replace_file(file.path, after.encode())
        except OSError as error:
            found.error(f"{file.name} cannot be written: {error.strerror}", advice=_MEND, code=codes.SYSTEM)
            return None
    return one
