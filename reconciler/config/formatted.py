"""Files brought into canonical layout, each only if it is still the same then."""

from dataclasses import dataclass

import yaml

from reconciler import codes
from reconciler.config.layout import laid_out
from reconciler.config.layout_check import what_differs
from reconciler.config.layout_scalars import LayoutError
from reconciler.config.parse import parse
from reconciler.config.source import Source
from reconciler.diagnostics import Diagnostic, Diagnostics, Place


@dataclass(frozen=True)
class Formatted:
    """A file as it was and as it is to be; ``before`` has all that a text has, the byte order mark too."""

    name: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """Whether it was not in canonical layout."""
        return self.before != self.after


@dataclass(frozen=True)
class Formatting:
    """All files that could be brought into canonical layout, and what is wrong with the others."""

    files: tuple[Formatted, ...]
    problems: tuple[Diagnostic, ...]


def formatted(source: Source, found: Diagnostics) -> str | None:
    """A file's text in canonical layout.

    None for one that cannot be read, or would not be the same any more; ``found`` then says so.
    """
    problems = len(found)
    parse(source, found)
    if len(found) > problems:
        return None
    try:
        before = source.text.lstrip(
            "\ufeff"
        )  # one that was there twice; the scanner skips it without counting
        text = laid_out(before)
        difference = what_differs(before, text)
    except LayoutError as error:
        difference = str(error)
    except yaml.YAMLError as error:
        difference = str(getattr(error, "problem", None) or type(error).__name__)
    if not difference:
        return text
    found.error(
        f"{source.name} would not be the same any more, and stays as it is: {difference}",
        advice="this is a mistake in reconciler itself: please report it, with the file, where you got "
        "reconciler from",
        place=Place(source.name, 1, 1),
        code=codes.BUG,
    )
    return None
