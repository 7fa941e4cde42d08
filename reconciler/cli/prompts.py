"""Questions to the person at the terminal. Without a terminal there are none: the flag is named instead."""

import sys

import click

from reconciler import codes
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused


def confirm(question: str) -> bool:
    """Ask for the word yes; anything else, and just Enter, is no. Raises Refused without a terminal."""
    _need_terminal()
    return _answer(f"{question}\n  Only yes is taken for yes", default="no").lower() == "yes"


def confirm_by_name(question: str, name: str) -> bool:
    """Ask for a name to be typed; raises Refused without a terminal."""
    _need_terminal()
    return _answer(f"{question}\n  Type {name} to go on", default="") == name


def _answer(question: str, *, default: str) -> str:
    """What somebody types; raises Abort when nobody can any more."""
    try:
        answer: str = click.prompt(question, default=default, show_default=False, err=True)
    except OSError:  # the terminal is gone
        raise click.Abort from None
    return answer.strip()


def _need_terminal() -> None:
    if not sys.stdin.isatty():
        raise Refused(
            [
                Diagnostic(
                    "nobody is there to say yes",
                    "look at the plan, then give --auto-approve",
                    code=codes.NOBODY_ASKED,
                )
            ]
        )
