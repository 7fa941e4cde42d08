"""A stack opened by a command that writes: locked, and with a run for the books.

Apart from ``workspace``, so that a command that only looks does not load what finds out who runs it.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from reconciler.config.stack import Stack
from reconciler.operations.workspace import Setting, Workspace, at_work, check_may_write, load, path_of
from reconciler.provider.breaker import Breaker
from reconciler.state.lock import lock
from reconciler.state.model import Run
from reconciler.state.who import commit, pull_request, who_runs


@contextmanager
def opened_for(command: str, setting: Setting, *, asks_services: bool = True) -> Iterator[Workspace]:
    """The stack, with its state locked for a command and open for writing, until the end of the block.

    ``asks_services`` as for ``load``. Raises InvalidConfiguration and StateError; StateLocked while somebody
    else writes, and Refused with ``--offline``.
    """
    check_may_write(command, setting)
    with at_work_for(command, setting, load(setting, asks_services=asks_services)) as workspace:
        yield workspace


@contextmanager
def at_work_for(
    command: str, setting: Setting, stack: Stack, *, breakers: dict[str, Breaker] | None = None
) -> Iterator[Workspace]:
    """The same for a stack that has been read; ``breakers`` as for ``at_work``."""
    who = who_runs(setting.environ)
    with (
        lock(path_of(setting, stack), who=who, command=command, clock=setting.clock),
        at_work(setting, stack, read_only=False, breakers=breakers) as workspace,
    ):
        yield workspace


def new_run(
    workspace: Workspace,
    command: str,
    *,
    configuration: str = "",
    why: str = "",
    target: int | None = None,
) -> Run:
    """A run that starts now, as the books will have it; its id sorts by time: ``20261123T154500-ab12``."""
    now, setting = workspace.clock.now(), workspace.setting
    return Run(
        id=f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}",
        command=command,
        started=now,
        who=who_runs(setting.environ),
        from_serial=workspace.ledger.serial,
        commit=commit(setting.directory),
        pull_request=pull_request(setting.environ),
        configuration=configuration,
        why=why,
        target=target,
    )
