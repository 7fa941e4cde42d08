"""From what the command line says to the stack that it means."""

from collections.abc import Iterable
from pathlib import Path

from reconciler.cli.invocation import Invocation
from reconciler.cli.logs import start_logging
from reconciler.operations.variables import given
from reconciler.operations.workspace import Setting
from reconciler.registry import Registry


def setting_of(
    invocation: Invocation, assignments: Iterable[str] = (), variable_files: Iterable[str] = ()
) -> Setting:
    """The stack, its environment and realm, and the variables given; raises InvalidConfiguration.

    Every command that works on a stack comes by here, so logging starts here too.
    """
    start_logging(invocation)
    return quiet_setting_of(invocation, assignments, variable_files)


def quiet_setting_of(
    invocation: Invocation, assignments: Iterable[str] = (), variable_files: Iterable[str] = ()
) -> Setting:
    """The same for who is in the middle of typing, and wants no logs. Raises InvalidConfiguration."""
    invocation.variables = given(assignments, map(Path, variable_files))
    return Setting(
        directory=Path(invocation.directory),
        registry=Registry.installed(),
        environment=invocation.environment,
        is_sandbox=invocation.is_sandbox,
        variables=invocation.variables,
        environ=invocation.environ,
        allowed_hosts=invocation.allowed_hosts,
        is_offline=invocation.is_offline,
    )
