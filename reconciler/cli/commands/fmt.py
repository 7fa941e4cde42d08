"""``reconciler fmt``."""

from collections.abc import Callable
from pathlib import Path

import click

from reconciler.cli.crash import secrets_of
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.failures import problems_of
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.logs import log_problem
from reconciler.cli.options import accepts_json
from reconciler.cli.show import show_json, show_lines
from reconciler.config.files import MAX_SIZE
from reconciler.config.formatted import Formatting
from reconciler.errors import InvalidConfiguration
from reconciler.operations.formatting import format_files, format_text
from reconciler.views.formatting import formatting_document, formatting_lines

_STANDARD_INPUT = "standard input"


@click.command()
@click.argument("paths", metavar="[PATH...|-]", nargs=-1, type=click.Path(exists=True, allow_dash=True))
@click.option("--check", "is_check", is_flag=True,
              help="Write nothing; end with 2 when something is not in canonical layout.")  # fmt: skip
@click.option("--diff", "with_diff", is_flag=True, help="Show what changes.")
@accepts_json
@pass_invocation
def command(invocation: Invocation, paths: tuple[str, ...], is_check: bool, with_diff: bool) -> int:
    """Bring the stack's YAML files into canonical layout, and print the names of those that were not.

    Comments, the order of keys and all values stay. PATH is a file, or the directory of a stack; - formats
    standard input to standard output.
    """
    is_input = "-" in paths
    if is_input and len(paths) > 1:
        raise click.UsageError("- stands for standard input, and cannot be given with other paths.")
    if is_input:
        with click.open_file("-", "rb") as stream:
            formatting = Formatting((format_text(stream.read(MAX_SIZE + 1), _STANDARD_INPUT),), ())
    else:
        invocation.standing = "Each file is as it was, or formatted whole."
        formatting = format_files(Path(invocation.directory), map(Path, paths), writes=not is_check)
    mask = secrets_of(invocation).mask if with_diff else _as_it_is
    if invocation.is_json:
        _show_document(formatting, invocation, mask, is_input, is_check, with_diff)
    elif is_input and not is_check and not with_diff:
        click.echo(formatting.files[0].after.encode(), nl=False)
    else:
        show_lines(formatting_lines(formatting, with_diff=with_diff, mask=mask), invocation)
        if formatting.problems:
            raise InvalidConfiguration(formatting.problems)
    return _exit_code(formatting, is_check)


def _show_document(
    formatting: Formatting, invocation: Invocation, mask: Callable[[str], str],
    is_input: bool, is_check: bool, with_diff: bool,
) -> None:  # fmt: skip
    problems = problems_of(InvalidConfiguration(formatting.problems), invocation)
    for problem in problems:
        log_problem(problem, invocation)
    document = formatting_document(
        Formatting(formatting.files, problems),
        is_written=not is_check and not is_input,
        with_diff=with_diff,
        with_text=not is_check and is_input,
        mask=mask,
    )
    show_json(document)


def _exit_code(formatting: Formatting, is_check: bool) -> ExitCode:
    if formatting.problems:
        return ExitCode.ERROR
    changed = any(file.is_changed for file in formatting.files)
    return ExitCode.FOUND if is_check and changed else ExitCode.DONE


def _as_it_is(text: str) -> str:
    return text
