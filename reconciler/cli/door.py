"""The door: options that come before the command, and the one place where a call begins and ends."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import click

from reconciler import __version__
from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.interruption import interruptible
from reconciler.cli.invocation import Invocation, is_true, pass_invocation
from reconciler.cli.lazy import LazyGroup
from reconciler.cli.streams import keep_running_without_reader

_COMMANDS = "reconciler.cli.commands"


class _Commands(LazyGroup):
    modules: ClassVar[Mapping[str, tuple[str, str]]] = {
        "init": (f"{_COMMANDS}.init", "Write a commented starter stack."),
        "validate": (f"{_COMMANDS}.validate", "Check the stack's files; calls no service."),
        "plan": (f"{_COMMANDS}.plan", "Show what apply would change."),
        "apply": (f"{_COMMANDS}.apply", "Bring the services to what the stack declares."),
        "destroy": (f"{_COMMANDS}.destroy", "Delete everything that the stack manages."),
        "drift": (f"{_COMMANDS}.drift", "Compare the services with what the last run left; changes nothing."),
        "health": (f"{_COMMANDS}.health", "Ask every provider's service how it is."),
        "rollback": (f"{_COMMANDS}.rollback", "Go back to an earlier state."),
        "snapshot": (f"{_COMMANDS}.snapshot", "Show, compare and name the states of the past."),
        "state": (f"{_COMMANDS}.state", "Show what is recorded of each object, or change the record alone."),
        "output": (f"{_COMMANDS}.output", "Show the stack's outputs."),
        "graph": (f"{_COMMANDS}.graph", "Draw what waits for what."),
        "import": (f"{_COMMANDS}.adopt", "Take over an object that exists already."),
        "schema": (f"{_COMMANDS}.schema", "Print the JSON Schema of a resource type, or of all."),
        "sandbox": (f"{_COMMANDS}.sandbox", "Run, empty, fill or show the embedded services."),
        "version": (f"{_COMMANDS}.version", "Print the version."),
    }


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="reconciler %(version)s")
@click.option("-C", "directory", metavar="DIR", default=".", type=click.Path(exists=True, file_okay=False),
              help="Work on the stack in this directory.")  # fmt: skip
@click.option("--environment", metavar="NAME", help="Which of the stack's environments; default: default.")
@click.option("--sandbox", is_flag=True, help="Use the embedded services; no account is needed.")
@click.option("--allow-host", "allowed_hosts", metavar="HOST", multiple=True,
              help="Credentials may go to this host too, as a base_url; may be repeated.")  # fmt: skip
@click.option("--json", "is_json", is_flag=True, help="Print JSON; accepted after the command too.")
@click.option("--no-color", is_flag=True, help="Print no colors; so does NO_COLOR.")
@click.option("--log-format", type=click.Choice(["text", "json"]), help="How what is logged looks.")
@click.option("-v", "--verbose", is_flag=True, help="Say more, above all when something fails.")
@pass_invocation
def reconciler(invocation: Invocation, /, **options: Any) -> None:
    """Keep the services that a team depends on in the state that its YAML declares."""
    invocation.directory = options["directory"]
    invocation.environment = options["environment"] or invocation.environment
    invocation.is_sandbox = options["sandbox"] or is_true("RECONCILER_SANDBOX", invocation.environ)
    invocation.allowed_hosts = options["allowed_hosts"]
    invocation.is_json = options["is_json"]
    invocation.is_verbose = options["verbose"]
    invocation.wants_color = invocation.wants_color and not options["no_color"]
    invocation.log_format = options["log_format"] or invocation.log_format


def main() -> None:
    """Run the command line of this process, and end the process with its exit code."""
    keep_running_without_reader()
    with interruptible():
        code = run(sys.argv[1:], os.environ)
    if code == ExitCode.INTERRUPTED:
        # Calls that still run would hold the process up; they are in the journal, so nothing is lost.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def run(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """Carry out one command line; returns its exit code. Raises nothing."""
    invocation = Invocation(environ)
    try:
        code = reconciler.main(list(arguments), prog_name="reconciler", standalone_mode=False, obj=invocation)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return ExitCode.INTERRUPTED
    except click.UsageError as error:
        invocation.is_json = invocation.is_json or "--json" in arguments
        if invocation.is_json:
            return _report(error, invocation)
        error.show()
        return ExitCode.USAGE
    except Exception as error:  # noqa: BLE001 (the one place where whatever went wrong becomes a message)
        return _report(error, invocation)
    return int(code or ExitCode.DONE)


def _report(error: Exception, invocation: Invocation) -> int:
    from reconciler.cli.failures import report

    return report(error, invocation)
