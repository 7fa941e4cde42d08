"""YAML and JSON files beside the stack's own: variables, and what the sandbox is filled with."""

from pathlib import Path

from reconciler import codes
from reconciler.config import nodes
from reconciler.config.parse import parse
from reconciler.config.source import Source
from reconciler.diagnostics import Diagnostics
from reconciler.errors import InvalidConfiguration

_LARGEST = 16 << 20
"""Bytes that a file may have."""


def read_mapping(file: Path, *, is_secret: bool = False) -> nodes.Mapping | None:
    """The mapping that a file holds, None if it is empty.

    The lines of one that ``is_secret`` are shown in no message. Raises InvalidConfiguration and OSError.
    """
    return read_with_source(file, is_secret=is_secret)[1]


def read_with_source(file: Path, *, is_secret: bool = False) -> tuple[Source, nodes.Mapping | None]:
    """As ``read_mapping``, with the text, for who finds more that is wrong with it."""
    found = Diagnostics()
    with file.open("rb") as stream:
        content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        found.error(f"{file} is larger than {_LARGEST >> 20} MB", advice="split it", code=codes.DOCUMENT)
        raise InvalidConfiguration(found)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        found.error(
            f"{file} is not UTF-8: byte {error.start} is wrong",
            advice="save it as UTF-8",
            code=codes.DOCUMENT,
        )
        raise InvalidConfiguration(found) from None
    source = Source(str(file), text, is_secret=is_secret)
    node = parse(source, found)
    if node is not None and not isinstance(node, nodes.Mapping):
        found.error(
            f"{file} must hold a mapping",
            advice="write NAME: VALUE",
            place=source.place(node.position),
            code=codes.DOCUMENT,
        )
    if found.has_errors:
        raise InvalidConfiguration(found)
    return source, node if isinstance(node, nodes.Mapping) else None
