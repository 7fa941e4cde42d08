"""Lengths of time as people write them: ``500ms``, ``30s``, ``2m``, ``1h``; a number is seconds."""

import re

_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}

MAX_SECONDS = 24 * 3600.0
"""Far beyond this, a socket takes no timeout at all."""


def seconds_in(text: str) -> float | None:
    """The seconds that a text means; None when it is no length of time, none at all, or more than a day."""
    found = _LENGTH.fullmatch(text.strip())
    seconds = float(found[1]) * _SECONDS[found[2] or "s"] if found else 0.0
    return seconds if 0 < seconds <= MAX_SECONDS else None
