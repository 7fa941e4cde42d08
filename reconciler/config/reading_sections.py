"""The sections that are lists, read: ``moved``, ``removed``, ``imports``."""

from collections.abc import Iterable, Iterator, Mapping

from reconciler.address import Address, ModuleStep
from reconciler.config.checks import build_checks
from reconciler.config.document import Document
from reconciler.config.imports import build_imports, not_importable
from reconciler.config.names import Names
from reconciler.config.parts import Part
from reconciler.config.refactorings import build_moved, build_removed, still_declared
from reconciler.config.sections import Sections
from reconciler.config.stack import Declaration
from reconciler.config.templates import TemplateBuilder
from reconciler.config.validations import build_validations
from reconciler.diagnostics import Diagnostic, Diagnostics


def build_sections(
    document: Document,
    names: Names,
    builder: TemplateBuilder,
    found: Diagnostics,
    module: tuple[ModuleStep, ...] = (),
) -> Sections:
    """What these sections of one directory say; what is wrong with an entry by itself goes to ``found``.

    Addresses are relative to ``module``, whose names ``builder`` knows.
    """
    return Sections(
        tuple(build_moved(document, found, module)),
        tuple(build_removed(document, found, module)),
        build_imports(document, builder, found, module),
        (
            *build_validations(document, names, builder, found, module),
            *build_checks(document, names, builder, found, module),
        ),
    )


def sections_of(parts: Iterable[Part], found: Diagnostics) -> Sections:
    """Those of a stack and of each use of its modules."""
    sections = Sections()
    for part in parts:
        if any(part.document.lists.values()) or part.document.sections["variables"]:
            names = part.names
            own = build_sections(part.document, names, part.builder(), found, names.module)
            sections = sections.with_those_of(own)
    return sections


def misplaced(sections: Sections, resources: Mapping[Address, Declaration]) -> Iterator[Diagnostic]:
    """Entries that what is declared contradicts."""
    if sections.is_empty:
        return
    yield from still_declared(sections.moved, sections.removed, resources)
    yield from not_importable(sections.imports, resources)
