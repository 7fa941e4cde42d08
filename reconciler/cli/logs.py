"""What is logged, on standard error: as text, or as a JSON document a line."""

import logging
from datetime import UTC, datetime

import click

from reconciler.cli.invocation import Invocation
from reconciler.views.escape import json_text, printable

_FIELDS = ("address", "run", "provider", "cause", "remedy")
"""What a record may carry beside its message, for programs."""


class _Output(logging.Handler):
    def __init__(self, form: str) -> None:
        super().__init__()
        self._form = form

    def emit(self, record: logging.LogRecord) -> None:
        """Print a record; a message never ends a command."""
        try:
            text = _as_json(record) if self._form == "json" else _as_text(record)
        except (TypeError, ValueError):
            self.handleError(record)
            return
        click.echo(text, err=True)


def start_logging(invocation: Invocation) -> None:
    """Show warnings; with ``-v``, each request too."""
    root = logging.getLogger()
    for earlier in [handler for handler in root.handlers if isinstance(handler, _Output)]:
        root.removeHandler(earlier)
    root.addHandler(_Output(invocation.log_format))
    logging.getLogger("reconciler").setLevel(logging.DEBUG if invocation.is_verbose else logging.WARNING)


def _as_text(record: logging.LogRecord) -> str:
    return printable(f"{record.levelname.lower()}: {record.getMessage()}")


def _as_json(record: logging.LogRecord) -> str:
    document = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage(),
    }
    given = vars(record)
    document |= {name: str(given[name]) for name in _FIELDS if given.get(name)}
    return json_text(document, indent=None)
