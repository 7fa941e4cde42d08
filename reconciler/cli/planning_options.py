"""The options that say which plan is made, for the commands that make one."""

import functools
from collections.abc import Callable
from typing import Any, TypeVar

import click

from reconciler.cli import completing
from reconciler.cli.options import selectors
from reconciler.operations.plan_options import PlanOptions
from reconciler.plan.action import Mode

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_MODES = (
    click.option("--destroy", "is_destroy", is_flag=True, help="Delete everything that the stack manages."),
    click.option("--refresh-only", is_flag=True,
                 help="Change nothing in the services; the state takes over what they say."),
    click.option("--replace", "replaces", metavar="ADDR", multiple=True, callback=selectors,
                 shell_complete=completing.addresses,
                 help="Make this object anew; may be repeated."),
)  # fmt: skip
_PARTS = (
    click.option("--target", "targets", metavar="ADDR", multiple=True, callback=selectors,
                 shell_complete=completing.addresses,
                 help="Only this resource and what it needs; may be repeated."),
    click.option("--exclude", "excludes", metavar="ADDR", multiple=True, callback=selectors,
                 shell_complete=completing.addresses,
                 help="All but this resource and what depends on it; may be repeated."),
    click.option("--no-refresh", is_flag=True,
                 help="Do not read the objects again; take them to be as the state says."),
    click.option("--max-deletes", type=click.IntRange(0), metavar="N",
                 help="Refuse to delete or replace more than this; in place of the stack's own."),
)  # fmt: skip
_EXCLUSIVE = (
    ("--destroy", "--refresh-only"),
    ("--destroy", "--replace"),
    ("--refresh-only", "--replace"),
    ("--refresh-only", "--no-refresh"),
    ("--target", "--exclude"),
)


def plan_options(command: Decorated) -> Decorated:
    """All of them; the command gets ``options``. What contradicts itself is wrong usage."""
    return _gathered(command, (*_MODES, *_PARTS))


def destroy_options(command: Decorated) -> Decorated:
    """Those that a plan to delete everything knows; the command gets ``options``."""
    return _gathered(command, _PARTS)


def _gathered(command: Decorated, options: tuple[Callable[[Decorated], Decorated], ...]) -> Decorated:
    for option in reversed(options):
        command = option(command)

    @functools.wraps(command)
    def call(
        *args: Any,
        is_destroy: bool = False,
        refresh_only: bool = False,
        replaces: tuple[Any, ...] = (),
        targets: tuple[Any, ...] = (),
        excludes: tuple[Any, ...] = (),
        no_refresh: bool = False,
        max_deletes: int | None = None,
        **others: Any,
    ) -> Any:
        given = {"--destroy": is_destroy, "--refresh-only": refresh_only, "--replace": replaces,
                 "--no-refresh": no_refresh, "--target": targets, "--exclude": excludes}  # fmt: skip
        for one, other in _EXCLUSIVE:
            if given[one] and given[other]:
                raise click.UsageError(f"{one} and {other} cannot be given together.")
        mode = Mode.NORMAL
        if is_destroy:
            mode = Mode.DESTROY
        elif refresh_only:
            mode = Mode.REFRESH_ONLY
        asked = PlanOptions(mode, targets, excludes, replaces, not no_refresh, max_deletes)
        return command(*args, options=asked, **others)

    return call  # type: ignore[return-value]  # it takes what the command takes, in one parameter
