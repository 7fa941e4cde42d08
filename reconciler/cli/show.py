"""Views on their way out: lines with or without colour, documents as JSON."""

import shutil
import sys
from collections.abc import Iterable
from typing import Any

import click

from reconciler.cli.invocation import Invocation
from reconciler.views.escape import json_text
from reconciler.views.line import Line, plain


def show_lines(lines: Iterable[Line], invocation: Invocation, *, err: bool = False) -> None:
    """Print lines, in colour where that is wanted and can be seen."""
    if invocation.has_color(sys.stderr if err else sys.stdout):
        from reconciler.views.color import colored

        click.echo(colored(lines), nl=False, err=err, color=True)
    else:
        click.echo(plain(lines), nl=False, err=err)


def show_json(document: Any) -> None:
    """Print one JSON document."""
    click.echo(json_text(document))


def width() -> int:
    """Columns of the terminal; 100 where there is none."""
    return shutil.get_terminal_size((100, 24)).columns
