"""Keeping secrets out of every text: errors, logs and reports."""

import base64
import html
import json
import logging
import re
import threading
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

MASK = "(sensitive)"

_SHORTEST = 4
"""Shorter secrets are not masked: replacing every "a" hides nothing and makes texts unreadable."""


_SHORTEST_IN_ADVICE = 8
"""Advice is our own sentence, which quotes little: a token that is a plain word must not tear holes in it."""


class Masker(logging.Filter):
    """Knows the secrets of a connection and replaces them, in the forms in which they turn up in texts.

    The forms: as it is, URL-encoded, escaped as in JSON, HTML or ``repr``, hexadecimal, and base64 at any
    position of a longer text (``Basic`` credentials, for example). Secrets under four characters are left.
    It is a logging filter too: added to a logger, it masks what is logged there. Several threads may use it.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._secrets: frozenset[str] = frozenset()
        self._patterns: dict[int, re.Pattern[str] | None] = {}
        self.add(*secrets)

    def __repr__(self) -> str:
        return f"Masker({len(self._secrets)} secrets)"

    def add(self, *secrets: str) -> None:
        """Learn more secrets."""
        with self._lock:
            known = self._secrets | {secret for secret in secrets if len(secret) >= _SHORTEST}
            if known != self._secrets:
                self._secrets = known
                self._patterns.clear()

    def mask(self, text: str) -> str:
        """The text with ``(sensitive)`` in place of each secret."""
        return self._without(_SHORTEST, text)

    def mask_advice(self, text: str) -> str:
        """As ``mask``, but secrets under eight characters are left."""
        return self._without(_SHORTEST_IN_ADVICE, text)

    def _without(self, shortest: int, text: str) -> str:
        """The text without the secrets of at least so many characters; few connections ever need to know."""
        with self._lock:
            if shortest not in self._patterns:
                self._patterns[shortest] = _pattern(each for each in self._secrets if len(each) >= shortest)
            pattern = self._patterns[shortest]
        return pattern.sub(MASK, text) if pattern else text

    def mask_value(self, value: Any) -> Any:
        """A JSON value with every text in it masked, names included."""
        if isinstance(value, str):
            return self.mask(value)
        if isinstance(value, dict):
            return {self.mask_value(name): self.mask_value(part) for name, part in value.items()}
        if isinstance(value, list | tuple):
            return [self.mask_value(part) for part in value]
        return value

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask a log record; it is always let through."""
        message = record.getMessage()
        masked = self.mask(message)
        if masked != message:
            record.msg, record.args = masked, ()
        return True


def _pattern(secrets: Iterable[str]) -> re.Pattern[str] | None:
    forms = {form for secret in secrets for form in _forms(secret)}
    longest_first = sorted(forms, key=lambda form: (-len(form), form))
    return re.compile("|".join(map(re.escape, longest_first))) if forms else None


def _forms(secret: str) -> Iterator[str]:
    yield secret
    for encoded in (quote(secret, safe=""), quote(secret), quote_plus(secret)):
        yield encoded
        yield re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), encoded)
    for escaped in _json_forms(secret):
        yield escaped
        yield from _json_forms(escaped)  # a body that is quoted in another one
    yield html.escape(secret)
    yield repr(secret)[1:-1]
    raw = secret.encode()
    yield raw.hex()
    for before in range(3):
        yield from _base64_forms(raw, before)


def _json_forms(text: str) -> tuple[str, str]:
    return json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]


def _base64_forms(raw: bytes, before: int) -> Iterator[str]:
    """How a secret looks in base64 when ``before`` bytes (of a group of three) come before it.

    Only the characters that the secret alone decides are kept: those at both ends depend on its neighbours.
    """
    first = (before * 8 + 5) // 6
    last = (before + len(raw)) * 8 // 6
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        form = encode(bytes(before) + raw).decode()[first:last]
        if len(form) >= _SHORTEST:
            yield form
