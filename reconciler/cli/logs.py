"""What is logged, on standard error: as text, or as a JSON document a line."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime

import click

from reconciler.address import Address
from reconciler.cli.invocation import Invocation
from reconciler.diagnostics import Diagnostic, Severity
from reconciler.errors import ReconcilerError
from reconciler.health.report import ProviderHealth
from reconciler.plan.change import Held
from reconciler.views.escape import json_text, printable
from reconciler.views.explanation import explanation_document

_FIELDS = ("code", "address", "run", "provider", "cause", "remedy", "service", "operation")
"""What a record may carry beside its message, for programs."""


_log = logging.getLogger(__name__)


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


def log_problem(problem: Diagnostic, invocation: Invocation) -> None:
    """Log what stopped a command, where logs are for programs; people are told in other ways."""
    if invocation.log_format == "json":
        start_logging(invocation)
        told = {
            "code": problem.code,
            "address": problem.address,
            "cause": problem.summary,
            "remedy": problem.advice,
        }
        level = logging.ERROR if problem.severity is Severity.ERROR else logging.WARNING
        _log.log(level, "%s", problem.summary, extra=told)


def log_failure(address: Address, error: ReconcilerError, run: str, invocation: Invocation) -> None:
    """Log a step that failed, where logs are for programs."""
    _log_error(f"{address} failed", error, invocation, address=str(address), run=run)


def log_unread(unread: Iterable[tuple[Address, ReconcilerError]], invocation: Invocation) -> None:
    """Log what could not be read, and why, where logs are for programs."""
    for address, error in unread:
        _log_error(f"{address} could not be read", error, invocation, address=str(address))


def log_health(found: Iterable[ProviderHealth], invocation: Invocation) -> None:
    """Log what is wrong with services, where logs are for programs."""
    for one in found:
        if one.health.error is not None:
            _log_error(f"{one.provider} is not well", one.health.error, invocation, provider=one.provider)


def _log_error(message: str, error: ReconcilerError, invocation: Invocation, **known: str) -> None:
    if invocation.log_format == "json":
        told = {name: text for name, text in explanation_document(error).items() if name != "kind"}
        _log.error("%s", message, extra={**told, **known})


def log_held(held: Iterable[Held], invocation: Invocation) -> None:
    """Log what is held back for a reason of its own, where logs are for programs."""
    for found in held:
        if found.error is not None:
            _log_error(f"{found.address} is held back", found.error, invocation, address=str(found.address))


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
