"""Lines typed at a terminal, with completion, and a history in memory alone: it may hold secrets."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

import click

_BETWEEN_NAMES = " \t\n()[]{},|~+*/%=<>!&:"


@contextmanager
def completing_names(candidates: Callable[[str], list[str]]) -> Iterator[None]:
    """While it lasts, the TAB key completes names; where there is no readline, it does not."""
    readline = _readline()
    if readline is None:
        yield
        return

    def complete(begun: str, number: int) -> str | None:
        found = candidates(begun)
        return found[number] if number < len(found) else None

    before = readline.get_completer(), readline.get_completer_delims()
    readline.set_completer(complete)
    readline.set_completer_delims(_BETWEEN_NAMES)
    is_libedit = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")
    try:
        yield
    finally:
        readline.set_completer(before[0])
        readline.set_completer_delims(before[1])


def typed_lines(prompt: str) -> Iterator[str]:
    """What is typed, line by line, until Ctrl-D. Ctrl-C clears the line."""
    while True:
        try:
            yield input(prompt)
        except KeyboardInterrupt:
            click.echo()
        except EOFError:
            click.echo()
            return
        except UnicodeDecodeError:
            click.echo("That was no UTF-8.", err=True)


def _readline() -> ModuleType | None:
    try:
        import readline
    except ImportError:
        return None
    return readline
