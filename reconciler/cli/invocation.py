"""What the options before the command say, and what the process was given."""

from collections.abc import Mapping
from typing import IO, Any

import click

from reconciler import codes

TRUE = frozenset(("1", "true", "yes", "on"))
FALSE = frozenset(("", "0", "false", "no", "off"))


class Invocation:
    """One call of the command line. Options fill it in as they are read; commands only ask it.

    ``directory`` is where the stack is, ``is_json`` asks for a document instead of text, ``is_verbose`` for
    details of an error. ``environ`` is the environment of the process. ``standing`` is what is true if the
    command is interrupted now, in a sentence; empty where there is nothing to say. ``has_told`` is whether
    that has been said.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.directory = "."
        self.environment = "default"
        self.is_sandbox = False
        self.is_offline = False
        self.allowed_hosts: tuple[str, ...] = ()
        self.is_json = False
        self.is_verbose = False
        self.wants_color = not environ.get("NO_COLOR")
        self.log_format = "text"
        self.variables: Mapping[str, str] = {}
        """What the command line gave the stack's variables; which of them are secret, only the stack says."""
        self.standing = ""
        self.has_told = False

    def learn(self, options: Mapping[str, Any]) -> None:
        """Take in the options before the command; raises UsageError for a variable that makes no sense."""
        self.directory = options["directory"]
        self.environment = options["environment"] or self.environment
        self.is_sandbox = options["sandbox"] or is_true("RECONCILER_SANDBOX", self.environ)
        self.is_offline = options["offline"]
        self.allowed_hosts = options["allowed_hosts"]
        self.is_json = options["is_json"]
        self.is_verbose = options["verbose"]
        self.wants_color = self.wants_color and not options["no_color"]
        self.log_format = options["log_format"] or self.log_format

    @property
    def last_words(self) -> str:
        """What there is to say when the command is interrupted now."""
        return f"Interrupted [{codes.INTERRUPTED}]. {self.standing}".rstrip()

    def has_color(self, stream: IO[Any]) -> bool:
        """Whether what goes to a stream may carry colors: on a terminal, unless told otherwise."""
        return self.wants_color and stream.isatty()


pass_invocation = click.make_pass_decorator(Invocation)


def is_true(name: str, environ: Mapping[str, str]) -> bool:
    """What a yes-or-no variable of the environment says; raises UsageError for anything else."""
    text = environ.get(name, "").strip().lower()
    if text not in TRUE | FALSE:
        raise click.UsageError(f"{name}={environ[name]!r} says neither yes nor no: use 1 or 0.")
    return text in TRUE
