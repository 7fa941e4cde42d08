"""What the environment says about services; a value that says nothing clear is refused, never guessed."""

import re
from collections.abc import Mapping

from reconciler import codes
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused

_YES = frozenset(("1", "true", "yes", "on"))
_NO = frozenset(("0", "false", "no", "off"))


def is_on(environ: Mapping[str, str], name: str, *, otherwise: bool) -> bool:
    """A yes or a no; ``otherwise`` when it is not set. Raises Refused."""
    text = environ.get(name, "").strip().lower()
    if text and text not in _YES | _NO:
        raise _senseless(f"{name}={environ[name]!r} says neither yes nor no", "use true or false")
    return text in _YES if text else otherwise


def seconds(environ: Mapping[str, str], name: str, *, otherwise: float) -> float:
    """A length of time that is given in milliseconds, more than none, in seconds. Raises Refused."""
    text = environ.get(name, "").strip()
    if not text:
        return otherwise
    if not text.isascii() or not text.isdigit() or not int(text):
        raise _senseless(
            f"{name}={environ[name]!r} is no length of time", "give whole milliseconds, such as 300000"
        )
    return int(text) / 1000


def url(environ: Mapping[str, str], name: str) -> str:
    """An address on the web; empty when it is not set. Raises Refused."""
    text = environ.get(name, "").strip()
    if text and not text.startswith(("http://", "https://")):
        raise _senseless(
            f"{name} is no address on the web", "give an address that begins with https:// or http://"
        )
    return text


def hours(environ: Mapping[str, str], name: str) -> float | None:
    """A length of time that is given in hours, more than none; None when it is not set. Raises Refused."""
    text = environ.get(name, "").strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text) or not float(text):
        raise _senseless(f"{name}={environ[name]!r} is no length of time", "give hours, such as 24")
    return float(text)


def _senseless(summary: str, advice: str) -> Refused:
    return Refused([Diagnostic(summary, advice, code=codes.ENVIRONMENT_SETTING)])
