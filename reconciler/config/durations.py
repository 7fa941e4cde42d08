"""Lengths of time as people write them: ``500ms``, ``30s``, ``2m``, ``1h``; a number is seconds."""

import re

_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


def seconds_in(text: str) -> float | None:
    """The seconds that a text means; None when it is no length of time, or none at all."""
    found = _LENGTH.fullmatch(text.strip())
    seconds = float(found[1]) * _SECONDS[found[2] or "s"] if found else 0.0
    return seconds or None
