"""``reconciler watch``."""

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.failures import problems_of
from reconciler.cli.interruption import stop_requests
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.logs import log_problem
from reconciler.cli.options import accepts_json, variables
from reconciler.cli.show import show_lines, width
from reconciler.cli.stacks import setting_of
from reconciler.health.watch_events import Event, Hindered
from reconciler.operations import switches
from reconciler.operations.watching import Habits, Watch
from reconciler.operations.workspace import Setting
from reconciler.views.escape import json_text
from reconciler.views.interrupted_text import under_way
from reconciler.views.progress import Silence
from reconciler.views.watch_json import event_document
from reconciler.views.watch_text import event_lines

INTERVAL = "INTEGRATION_HEALTH_CHECK_INTERVAL"
_HABITS = Habits()


@click.command()
@click.option("--heal", is_flag=True, help="Restore what the state says where it has drifted.")
@click.option("--interval", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
              help="The time between two looks at the services' health, 300 if nothing is said.")  # fmt: skip
@click.option("--drift-interval", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
              help="The time between two looks for drift, 900 if nothing is said.")  # fmt: skip
@variables
@accepts_json
@pass_invocation
def command(
    invocation: Invocation,
    heal: bool,
    interval: float | None,
    drift_interval: float | None,
    assignments: tuple[str, ...],
    variable_files: tuple[str, ...],
) -> int:
    """Look after the stack until told to end: health, drift, and what can be mended without anybody.

    Prints what changes. With --heal, what was changed by hand is written back, and what is missing is made
    again; nothing is deleted or replaced. Ctrl-C or SIGTERM ends it, with 0.
    """
    setting = setting_of(invocation, assignments, variable_files)
    seconds = interval or switches.seconds(setting.environ, INTERVAL, otherwise=_HABITS.health)
    habits = Habits(seconds, drift_interval or _HABITS.drift, heal)
    invocation.standing = under_way("watch")
    with stop_requests() as requests:
        watch = Watch(setting, habits, stop=requests.stop, progress=Silence())
        for event in watch.events():
            _show(event, setting, invocation)
    return ExitCode.DONE


def _show(event: Event, setting: Setting, invocation: Invocation) -> None:
    problems = problems_of(event.error, invocation) if isinstance(event, Hindered) else ()
    for problem in problems:
        log_problem(problem, invocation)
    if invocation.is_json:
        click.echo(json_text(event_document(event, setting.registry, problems), indent=None))
    else:
        show_lines(event_lines(event, setting.registry, problems, width()), invocation)
