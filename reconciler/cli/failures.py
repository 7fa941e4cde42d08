"""The one place where an error becomes a message and an exit code."""

import dataclasses
from collections.abc import Iterable

import click

from reconciler import codes
from reconciler.cli.crash import keep_traceback, learn_given, secrets_of
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.invocation import Invocation
from reconciler.cli.logs import log_problem
from reconciler.cli.show import show_lines
from reconciler.diagnostics import Diagnostic
from reconciler.errors import DiagnosedError, ReconcilerError, StateLocked
from reconciler.provider.masking import Masker
from reconciler.views.diagnostics import diagnostic_document, diagnostics_lines
from reconciler.views.escape import json_text
from reconciler.views.explanation import cause_text, explain

_MEND = "make that possible, then run the command again"


def report(error: Exception, invocation: Invocation) -> ExitCode:
    """Say what went wrong, why, and what to do; returns the exit code that says the same to a program."""
    problems = problems_of(error, invocation)
    code = _exit_code(error)
    for problem in problems:
        log_problem(problem, invocation)
    if invocation.is_json:
        _show_document(_kind(error), code, problems)
    elif invocation.log_format != "json":
        _show_text(error, problems, invocation)
    return code


def problems_of(error: Exception, invocation: Invocation) -> tuple[Diagnostic, ...]:
    """What is wrong, with all that is secret masked."""
    masker = secrets_of(invocation)
    return tuple(_masked(problem, masker) for problem in _problems(error, invocation, masker))


def report_interruption(invocation: Invocation) -> None:
    """Say to programs that the command was interrupted, and how things stand."""
    problem = Diagnostic("interrupted", invocation.standing, code=codes.INTERRUPTED)
    log_problem(problem, invocation)
    if invocation.is_json:
        _show_document("Interrupted", ExitCode.INTERRUPTED, [problem])


def report_lost_output(lost: OSError, invocation: Invocation) -> None:
    """Say on standard error that what was printed is not all there."""
    problem = Diagnostic(f"the output is not complete: {lost.strerror}", _MEND, code=codes.SYSTEM)
    log_problem(problem, invocation)
    if invocation.log_format != "json":
        show_lines(diagnostics_lines([problem]), invocation, err=True)


def _show_document(kind: str, code: ExitCode, problems: Iterable[Diagnostic]) -> None:
    """In one line: it may come after others, when a run that tells an event a line is cut short."""
    document = {
        "error": {"kind": kind, "exit_code": int(code)},
        "diagnostics": [diagnostic_document(problem) for problem in problems],
    }
    click.echo(json_text(document, indent=None))


def _show_text(error: Exception, problems: Iterable[Diagnostic], invocation: Invocation) -> None:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        error.show()  # who asks for nothing is shown what there is
        return
    if isinstance(error, click.UsageError) and error.ctx is not None:
        click.echo(f"{error.ctx.get_usage()}\n", err=True)
    show_lines(diagnostics_lines(problems), invocation, err=True)


def _exit_code(error: Exception) -> ExitCode:
    if isinstance(error, click.UsageError):
        return ExitCode.USAGE
    return ExitCode.LOCKED if isinstance(error, StateLocked) else ExitCode.ERROR


def _kind(error: Exception) -> str:
    if isinstance(error, click.ClickException):
        return "WrongUsage" if isinstance(error, click.UsageError) else "Refused"
    return type(error).__name__ if isinstance(error, ReconcilerError | OSError) else "Bug"


def _problems(error: Exception, invocation: Invocation, masker: Masker) -> tuple[Diagnostic, ...]:
    if isinstance(error, DiagnosedError):
        return error.diagnostics
    if isinstance(error, ReconcilerError):
        explanation = explain(error)
        return (Diagnostic(cause_text(explanation), explanation.remedy, code=explanation.code),)
    if isinstance(error, click.ClickException):
        return (_wrong_call(error),)
    if isinstance(error, OSError) and error.strerror:
        return (Diagnostic(_system_error(error), _MEND, code=codes.SYSTEM),)
    return (_bug(error, invocation, masker),)


def _wrong_call(error: click.ClickException) -> Diagnostic:
    called = getattr(error, "ctx", None)
    path = called.command_path if isinstance(called, click.Context) else "reconciler"
    code = codes.WRONG_USAGE if isinstance(error, click.UsageError) else codes.REFUSED
    return Diagnostic(error.format_message(), f"`{path} --help` shows what it takes", code=code)


def _system_error(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)


def _bug(error: Exception, invocation: Invocation, masker: Masker) -> Diagnostic:
    learn_given(masker, invocation)
    kept = keep_traceback(error, invocation, masker)
    where = f"its details are in {kept}" if kept else "its details are above"
    return Diagnostic(
        f"a mistake in reconciler itself stopped the command: {type(error).__name__}: {error}",
        f"{where}; please report it with them where you got reconciler from. What had been done until "
        "then is recorded: `reconciler plan` shows how things are",
        code=codes.BUG,
    )


def _masked(problem: Diagnostic, masker: Masker) -> Diagnostic:
    place = problem.place
    if place is not None:
        place = dataclasses.replace(place, source=masker.mask(place.source))
    return dataclasses.replace(
        problem, summary=masker.mask(problem.summary), advice=masker.mask(problem.advice), place=place
    )
