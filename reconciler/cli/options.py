"""Options that several commands share."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reconciler.cli import completing
from reconciler.cli.invocation import Invocation

if TYPE_CHECKING:
    from reconciler.address import Address
    from reconciler.plan.selection import Selector

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def accepts_json(command: Decorated) -> Decorated:
    """Let ``--json`` stand after the command too, where people put it."""

    def choose(context: click.Context, _: click.Parameter, is_given: bool) -> None:
        invocation = context.find_object(Invocation)
        if is_given and invocation is not None:
            invocation.is_json = True

    option = click.option("--json", is_flag=True, expose_value=False, callback=choose, help="Print JSON.")
    return option(command)


def variables(command: Decorated) -> Decorated:
    """``--var`` and ``--var-file``; the command gets ``assignments`` and ``variable_files``."""
    one = click.option("--var", "assignments", metavar="NAME=VALUE", multiple=True,
                       callback=_checked, shell_complete=completing.assignments,
                       help="Set a variable; may be repeated.")  # fmt: skip
    file = click.option("--var-file", "variable_files", metavar="FILE", multiple=True,
                        type=click.Path(exists=True, dir_okay=False),
                        help="Set variables from a YAML or JSON mapping; --var goes before it.")  # fmt: skip
    return one(file(command))


def approval(command: Decorated) -> Decorated:
    """``--auto-approve`` and ``--parallelism``."""
    approve = click.option("--auto-approve", is_flag=True, help="Do not ask.")
    parallelism = click.option("--parallelism", type=click.IntRange(1, 256), metavar="N",
                               help="How many steps run side by side.")  # fmt: skip
    return approve(parallelism(command))


def _checked(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    for text in given:
        if not text.partition("=")[0].strip() or "=" not in text:
            raise click.BadParameter(f"{text!r} is no assignment; write --var NAME=VALUE.")
    return given


def address(command: Decorated) -> Decorated:
    """The argument ADDR; the command gets ``address``. Anything that is no address is wrong usage."""
    return address_argument("address", "ADDR")(command)


def optional_address(command: Decorated) -> Decorated:
    """The argument ADDR, which may be left out; the command gets ``address``, or None."""
    return click.argument(
        "address",
        metavar="[ADDR]",
        required=False,
        callback=_parsed_if_given,
        shell_complete=completing.addresses,
    )(command)


def address_argument(
    name: str, metavar: str, *, nargs: int = 1, offers: completing.Completing = completing.addresses
) -> Callable[[Decorated], Decorated]:
    """An address as an argument called ``name``; a tuple of them, at least one, with ``nargs=-1``.

    ``offers`` is what a shell offers for it.
    """
    callback = _parsed if nargs == 1 else _all_parsed
    return click.argument(
        name,
        metavar=metavar,
        nargs=nargs,
        required=True,
        callback=callback,
        shell_complete=offers,
    )


def targets(command: Decorated) -> Decorated:
    """``--target``; the command gets ``targets``. Anything that is no address is wrong usage."""
    return click.option("--target", "targets", metavar="ADDR", multiple=True, callback=selectors,
                        shell_complete=completing.addresses,
                        help="Only this resource and what it needs; may be repeated.")(command)  # fmt: skip


def selectors(
    context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]
) -> "tuple[Selector, ...]":
    """What the texts of an option name; for click to call."""
    from reconciler.address import AddressSyntaxError
    from reconciler.plan.selection import Selector

    try:
        return tuple(map(Selector.parse, texts))
    except AddressSyntaxError as error:
        raise click.BadParameter(str(error)) from None


def _all_parsed(
    context: click.Context, parameter: click.Parameter, texts: tuple[str, ...]
) -> "tuple[Address, ...]":
    return tuple(_parsed(context, parameter, text) for text in texts)


def _parsed_if_given(
    context: click.Context, parameter: click.Parameter, text: str | None
) -> "Address | None":
    return None if text is None else _parsed(context, parameter, text)


def _parsed(context: click.Context, parameter: click.Parameter, text: str) -> "Address":
    from reconciler.address import Address, AddressSyntaxError

    try:
        return Address.parse(text)
    except AddressSyntaxError as error:
        raise click.BadParameter(str(error)) from None
