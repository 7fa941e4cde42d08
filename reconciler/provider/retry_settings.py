"""What the environment says of how failed calls are repeated."""

from collections.abc import Mapping
from typing import Any

from reconciler import codes
from reconciler.diagnostics import Diagnostic
from reconciler.errors import InvalidConfiguration


def from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """What the environment says of ``retry``, in the words of that setting; it goes before the setting.

    ``INTEGRATION_RETRY_MAX_ATTEMPTS`` and ``INTEGRATION_RETRY_BASE_DELAY`` (milliseconds) are read.
    Raises InvalidConfiguration for a number that makes no sense.
    """
    chosen: dict[str, Any] = {}
    if (attempts := _number(environ, "INTEGRATION_RETRY_MAX_ATTEMPTS", least=1)) is not None:
        chosen["attempts"] = int(attempts)
    if (delay := _number(environ, "INTEGRATION_RETRY_BASE_DELAY", least=0)) is not None:
        chosen["base_delay"] = delay / 1000
    return chosen


def _number(environ: Mapping[str, str], name: str, *, least: int) -> float | None:
    text = environ.get(name, "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) < least:
        raise InvalidConfiguration(
            [
                Diagnostic(
                    f"{name} is {text!r}, not a whole number of at least {least}",
                    f"set or unset {name}",
                    code=codes.ENVIRONMENT_SETTING,
                )
            ]
        )
    return float(text)
