"""From what the command line says to the stack that it means."""

from collections.abc import Iterable
from pathlib import Path

from reconciler.cli.invocation import Invocation
from reconciler.operations.variables import given
from reconciler.operations.workspace import Setting


def setting_of(
    invocation: Invocation, assignments: Iterable[str] = (), variable_files: Iterable[str] = ()
) -> Setting:
    """The stack, its environment and realm, and the variables given; raises InvalidConfiguration."""
    return Setting(
        directory=Path(invocation.directory),
        environment=invocation.environment,
        is_sandbox=invocation.is_sandbox,
        variables=given(assignments, map(Path, variable_files)),
        environ=invocation.environ,
    )
