"""``reconciler doctor``."""

import click

from reconciler.cli.exit_codes import ExitCode
from reconciler.cli.invocation import Invocation, pass_invocation
from reconciler.cli.options import accepts_json, variables
from reconciler.cli.show import show_json, show_lines, width
from reconciler.cli.stacks import setting_of
from reconciler.operations.doctor import examine
from reconciler.views.doctor_text import doctor_document, doctor_lines, is_ready
from reconciler.views.interrupted_text import NOTHING_CHANGED


@click.command()
@variables
@accepts_json
@pass_invocation
def command(invocation: Invocation, assignments: tuple[str, ...], variable_files: tuple[str, ...]) -> int:
    """Look at all that a run needs, in the order in which it is needed, and tell how to mend each.

    Files, secrets, state, and each provider's service. The exit code is 1 when something must be mended.
    """
    invocation.standing = NOTHING_CHANGED
    found = tuple(examine(setting_of(invocation, assignments, variable_files)))
    if invocation.is_json:
        show_json(doctor_document(found))
    else:
        show_lines(doctor_lines(found, width=width()), invocation)
    return ExitCode.DONE if is_ready(found) else ExitCode.ERROR
