"""The door: options that come before the command, and the one place where a call begins and ends."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import pairwise
from typing import Any, ClassVar, NoReturn

import click

from reconciler import __version__
from reconciler.cli import completing
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.interruption import deaf_from_now_on, interruptible, undisturbed
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.lazy import LazyGroup
from reconciler.cli.streams import keep_running_without_reader, lost_output

_COMPLETE = "_RECONCILER_COMPLETE"  # see shells.py, which only a shell that completes has to load
_COMMANDS = "reconciler.cli.commands"


class _Commands(LazyGroup):
    modules: ClassVar[Mapping[str, tuple[str, str]]] = {
        "init": (f"{_COMMANDS}.init", "Write a commented starter stack."),
        "validate": (f"{_COMMANDS}.validate", "Check the stack's files; calls no service."),
        "fmt": (f"{_COMMANDS}.fmt", "Bring the stack's YAML files into canonical layout."),
        "plan": (f"{_COMMANDS}.plan", "Show what apply would change."),
        "apply": (f"{_COMMANDS}.apply", "Bring the services to what the stack declares."),
        "sync": (f"{_COMMANDS}.sync", "Do what was deferred while a service was down."),
        "destroy": (f"{_COMMANDS}.destroy", "Delete everything that the stack manages."),
        "drift": (f"{_COMMANDS}.drift", "Compare the services with what the last run left; changes nothing."),
        "health": (f"{_COMMANDS}.health", "Ask every provider's service how it is."),
        "watch": (f"{_COMMANDS}.watch", "Look after the stack: health, drift, and with --heal what drifted."),
        "doctor": (f"{_COMMANDS}.doctor", "Look at all that a run needs, and tell how to mend it."),
        "rollback": (f"{_COMMANDS}.rollback", "Go back to an earlier state."),
        "snapshot": (f"{_COMMANDS}.snapshot", "Show, compare and name the states of the past."),
        "state": (f"{_COMMANDS}.state", "Show what is recorded of each object, or change the record alone."),
        "cache": (f"{_COMMANDS}.cache", "Show or clear what is kept of the services' answers."),
        "show": (f"{_COMMANDS}.show", "Show a saved plan, or the latest state."),
        "output": (f"{_COMMANDS}.output", "Show the stack's outputs."),
        "completion": (f"{_COMMANDS}.completion", "Print a script for completion in bash, zsh or fish."),
        "console": (f"{_COMMANDS}.console", "Evaluate expressions against the stack and its state."),
        "graph": (f"{_COMMANDS}.graph", "Draw what waits for what."),
        "import": (f"{_COMMANDS}.adopt", "Take over an object that exists already."),
        "schema": (f"{_COMMANDS}.schema", "Print the JSON Schema of a resource type, or of all."),
        "explain": (f"{_COMMANDS}.explain", "Say what an error's code means and what to do; list the codes."),
        "sandbox": (f"{_COMMANDS}.sandbox", "Run, empty, fill or show the embedded services."),
        "version": (f"{_COMMANDS}.version", "Print the version."),
    }


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="reconciler %(version)s")
@click.option("-C", "directory", metavar="DIR", default=".", type=click.Path(exists=True, file_okay=False),
              help="Work on the stack in this directory.")  # fmt: skip
@click.option(
    "--environment",
    metavar="NAME",
    shell_complete=completing.environments,
    help="Which of the stack's environments; default: default.",
)
@click.option("--sandbox", is_flag=True, help="Use the embedded services; no account is needed.")
@click.option("--offline", is_flag=True, help="Call no service; plan from what they have last said.")
@click.option("--allow-host", "allowed_hosts", metavar="HOST", multiple=True,
              help="Credentials may go to this host too, as a base_url; may be repeated.")  # fmt: skip
@click.option("--json", "is_json", is_flag=True, help="Print JSON; accepted after the command too.")
@click.option("--no-color", is_flag=True, help="Print no colors; so does NO_COLOR.")
@click.option("--log-format", type=click.Choice(["text", "json"]), help="How what is logged looks.")
@click.option("-v", "--verbose", is_flag=True, help="Say more, above all when something fails.")
@pass_invocation
def reconciler(invocation: Invocation, /, **options: Any) -> None:
    """Keep the services that a team depends on in the state that its YAML declares."""
    invocation.learn(options)


def main() -> None:
    """Run the command line of this process, and end the process with its exit code."""
    keep_running_without_reader()
    invocation = Invocation(os.environ)
    if _COMPLETE in os.environ:
        from reconciler.cli.shells import answer

        sys.exit(answer(reconciler, invocation))
    give_up = partial(_give_up, invocation)
    try:
        with interruptible(give_up):
            code = _run(sys.argv[1:], invocation)
            if (lost := lost_output()) is not None:
                _report_lost_output(lost, invocation)
                code = ExitCode.ERROR if code in (ExitCode.DONE, ExitCode.FOUND) else code
            if code == ExitCode.INTERRUPTED:
                give_up()
    except KeyboardInterrupt:  # between the moments in which something else takes care of it
        give_up()
    sys.exit(code)


def run(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Carry out one command line; returns its exit code. Raises nothing."""
    return _run(arguments, Invocation(environ))


def _run(arguments: Sequence[str], invocation: Invocation) -> int:
    try:
        code = reconciler.main(list(arguments), prog_name="reconciler", standalone_mode=False, obj=invocation)
    except (click.Abort, KeyboardInterrupt):
        with undisturbed():
            return _report_interruption(invocation)
    except click.UsageError as error:
        _learn_forms(arguments, invocation)
        return _report(error, invocation)
    except Exception as error:  # noqa: BLE001 (the one place where whatever went wrong becomes a message)
        return _report(error, invocation)
    return int(code or ExitCode.DONE)


def _learn_forms(arguments: Sequence[str], invocation: Invocation) -> None:
    """How what is wrong with a command line is to be told, from options that were not read because of it."""
    invocation.is_json = invocation.is_json or "--json" in arguments
    asked = [*pairwise(arguments), *(tuple(text.split("=", 1)) for text in arguments)]
    if ("--log-format", "json") in asked:
        invocation.log_format = "json"


def _report_interruption(invocation: Invocation) -> int:
    if invocation.is_json or invocation.log_format == "json":
        from reconciler.cli.failures import report_interruption

        report_interruption(invocation)
    else:
        click.echo(invocation.last_words, err=True)
    invocation.has_told = True
    return ExitCode.INTERRUPTED


def _report_lost_output(lost: OSError, invocation: Invocation) -> None:
    from reconciler.cli.failures import report_lost_output

    report_lost_output(lost, invocation)


def _give_up(invocation: Invocation) -> NoReturn:
    """End at once: calls that still run would hold the process up; they are in the journal."""
    deaf_from_now_on()  # whoever goes on pressing would have it begin again and again
    if not invocation.has_told:
        with suppress(OSError):  # past all buffers, for this may have interrupted somebody who was writing
            os.write(2, f"{invocation.last_words}\n".encode())
    os._exit(ExitCode.INTERRUPTED)


def _report(error: Exception, invocation: Invocation) -> int:
    from reconciler.cli.failures import report

    return report(error, invocation)
