"""The type of an unquoted scalar: the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema).

So ``on``, ``no``, ``yes`` and ``off`` are text, and so are timestamps. ``.inf``, ``.nan`` and numbers beyond
what a float holds are text too, since JSON has no number for them.
"""

import math
import re

from reconciler.values import Value

_WORDS: dict[str, Value] = {"": None, "~": None}
_WORDS.update(dict.fromkeys(("null", "Null", "NULL")))
_WORDS.update(dict.fromkeys(("true", "True", "TRUE"), True))
_WORDS.update(dict.fromkeys(("false", "False", "FALSE"), False))

_INTEGER = re.compile(r"[-+]?[0-9]{1,1000}")
_OTHER_INTEGER = re.compile(r"0o[0-7]{1,1000}|0x[0-9a-fA-F]{1,1000}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_STARTS_NUMBER = frozenset("0123456789+-.")


def resolve(text: str) -> Value:
    """The value of an unquoted scalar: None, a bool, a number, or the text itself."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _STARTS_NUMBER:
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OTHER_INTEGER.fullmatch(text):
        return int(text, 0)
    if len(text) < 1000 and _FLOAT.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text
