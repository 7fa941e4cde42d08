"""``reconciler console``."""

import sys
from collections.abc import Iterable, Iterator
from typing import IO

import click

from reconciler import codes
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.failures import report
from reconciler.cli.interruption import interruptible_each_time
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.line_editor import completing_names, typed_lines
from reconciler.cli.options import accepts_json, variables
from reconciler.cli.show import show_lines, width
from reconciler.cli.stacks import setting_of
from reconciler.diagnostics import Diagnostic
from reconciler.errors import DiagnosedError, Refused
from reconciler.operations.console import Console
from reconciler.operations.workspace import opened
from reconciler.values import Value
from reconciler.views.console_text import answer_document, answer_line, answer_lines
from reconciler.views.escape import json_text

_LEAVE = ("exit", "quit")
_LONGEST = 100_000
"""Bytes of a line that is read."""


@click.command()
@click.option("--eval", "expressions", metavar="EXPR", multiple=True,
              help="Answer this and leave; may be repeated.")  # fmt: skip
@variables
@accepts_json
@pass_invocation
def command(
    invocation: Invocation,
    expressions: tuple[str, ...],
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> int:
    """Evaluate expressions against the stack and its state; asks no service and changes nothing.

    At a terminal it asks for them, until Ctrl-D or exit. Elsewhere it reads one a line.
    """
    with opened(setting_of(invocation, assignments, variable_files), asks_services=False) as workspace:
        console = Console(workspace)
        if expressions:
            return _answer_all(console, expressions, invocation)
        if sys.stdin.isatty() and sys.stdout.isatty():
            _talk(console, invocation)
            return ExitCode.DONE
        return _answer_all(console, _lines(sys.stdin.buffer), invocation)


def _answer_all(console: Console, lines: Iterable[str | None], invocation: Invocation) -> int:
    code = ExitCode.DONE
    for line in lines:
        try:
            if line is None:
                raise _too_long()
            value = console.answer(line)
        except DiagnosedError as error:
            code = report(error, invocation)
            continue
        _show(value, invocation, is_person=False)
    return code


def _talk(console: Console, invocation: Invocation) -> None:
    with interruptible_each_time(), completing_names(console.names):
        for line in typed_lines("> "):
            try:
                if line.strip() in _LEAVE:
                    return
                if line.strip():
                    _show(console.answer(line), invocation, is_person=True)
            except DiagnosedError as error:
                report(error, invocation)
            except KeyboardInterrupt:
                click.echo("Stopped.", err=True)


def _show(value: Value, invocation: Invocation, *, is_person: bool) -> None:
    if invocation.is_json:
        click.echo(json_text(answer_document(value), indent=None))
    else:
        show_lines(answer_lines(value, width()) if is_person else [answer_line(value)], invocation)


def _lines(stream: IO[bytes]) -> Iterator[str | None]:
    """Each line that is not empty; None for one that is too long to be read."""
    while line := stream.readline(_LONGEST):
        if len(line) == _LONGEST and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(_LONGEST)
            yield None
        elif line.strip():
            yield line.decode(errors="replace")


def _too_long() -> Refused:
    return Refused(
        [
            Diagnostic(
                f"the line has more than {_LONGEST:,} bytes", "split the expression", code=codes.EXPRESSION
            )
        ]
    )
