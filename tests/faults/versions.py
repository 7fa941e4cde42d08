"""The versions of the stack of thirty resources that a story goes through."""

from collections.abc import Callable
from functools import partial

from tests.faults import stacks
from tests.faults.stacks import Document, Edits

Version = Callable[[Document], Document]
"""Makes a version of the stack of thirty resources."""


def same(document: Document) -> Document:
    """The stack as it is."""
    return document


def having(*edits: Edits) -> Version:
    """The stack after some edits, one after the other."""
    return partial(_edited, each=edits)


def _edited(document: Document, each: tuple[Edits, ...]) -> Document:
    for edits in each:
        document = stacks.edited(document, edits)
    return document


def without(version: Version) -> Version:
    """A version without what can be taken out of it."""
    return partial(_less, version)


def _less(version: Version, document: Document) -> Document:
    return stacks.edited(version(document), stacks.REMOVALS)


def renamed(version: Version) -> Version:
    """A version in which some resources have other addresses."""
    return partial(_moved, version)


def _moved(version: Version, document: Document) -> Document:
    return stacks.moved(version(document), stacks.MOVES)


def broken(version: Version) -> Version:
    """A version with a last step that must fail."""
    return partial(_failing, version)


def _failing(version: Version, document: Document) -> Document:
    return stacks.failing(version(document))
