"""What a shell offers for a word that is being typed; for ``shell_complete`` of options and arguments.

Nothing that is wrong with the stack is said here: there is nothing to offer then.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from reconciler.cli.invocation import Invocation

if TYPE_CHECKING:  # every command pays for what is imported here
    from pathlib import Path

    from click.shell_completion import CompletionItem

    from reconciler.operations.workspace import Setting

Completing = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]
Candidates = Iterable[tuple[str, str]]


def _offering(find: Callable[[click.Context], Candidates]) -> Completing:
    def complete(context: click.Context, _: click.Parameter, begun: str) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        from reconciler.errors import ReconcilerError

        try:
            found = list(find(context))
        except (ReconcilerError, click.ClickException, OSError):
            return []
        return [
            CompletionItem(word, help=" ".join(about.split()) or None)  # in one line, as shells want it
            for word, about in found
            if word.startswith(begun)
        ]

    return complete


def _directory(context: click.Context) -> "Path":
    from pathlib import Path

    directory = context.find_root().params.get("directory")
    if directory is None:  # what was typed is none
        raise click.UsageError("there is no such directory.")
    return Path(directory)


def _setting(context: click.Context) -> "Setting":
    """The stack that the words typed so far mean; raises UsageError when they mean none."""
    from reconciler.cli.stacks import quiet_setting_of

    invocation = context.find_object(Invocation) or Invocation({})
    _directory(context)
    invocation.learn(context.find_root().params)
    return quiet_setting_of(
        invocation, context.params.get("assignments") or (), context.params.get("variable_files") or ()
    )


def _environments(context: click.Context) -> Candidates:
    from reconciler.config.outline import outline

    return [(name, "") for name in outline(_directory(context)).environments]


def _assignments(context: click.Context) -> Candidates:
    from reconciler.config.outline import outline

    declared = outline(_directory(context)).variables
    return [(f"{name}=", about) for name, about in declared.items()]


def _addresses(context: click.Context) -> Candidates:
    from reconciler.operations.candidates import addresses

    return addresses(_setting(context))


def _recorded(context: click.Context) -> Candidates:
    from reconciler.operations.candidates import recorded

    return recorded(_setting(context))


def _states(context: click.Context) -> Candidates:
    from reconciler.operations.candidates import states

    return states(_setting(context))


def _names(context: click.Context) -> Candidates:
    from reconciler.operations.candidates import names

    return names(_setting(context))


def _deferred(context: click.Context) -> Candidates:
    from reconciler.operations.candidates import deferred

    return deferred(_setting(context))


def _outputs(context: click.Context) -> Candidates:
    from reconciler.operations.candidates import outputs

    return outputs(_setting(context))


def _types(_: click.Context) -> Candidates:
    from reconciler.operations.schemas import all_types
    from reconciler.registry import Registry

    return [(known.name, known.summary) for known in all_types(Registry.installed())]


def _codes(_: click.Context) -> Candidates:
    from reconciler.operations.explaining import sections

    return [(section.code, section.title) for section in sections()]


def _services(_: click.Context) -> Candidates:
    from reconciler.sandbox.host import emulator_names

    return [(name, "") for name in emulator_names()]


environments = _offering(_environments)
assignments = _offering(_assignments)
addresses = _offering(_addresses)
"""What is declared or recorded."""
recorded = _offering(_recorded)
states = _offering(_states)
"""SERIAL|RUN|NAME."""
names = _offering(_names)
deferred = _offering(_deferred)
outputs = _offering(_outputs)
types = _offering(_types)
codes = _offering(_codes)
services = _offering(_services)
