"""Values as canonical YAML: block style, two spaces, quotes only where another reader might see something
else.

Our own reader takes ``on`` and ``1.10`` as the texts that they are where a schema wants text. Others do
not, and where there is no schema (the values of ``for_each``) neither does ours: so they are quoted.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.config.scalars import resolve

WIDE = 100
"""Characters from which on a text of one line is folded."""

_YAML_1_1 = re.compile(r"(?:y|n|yes|no|on|off|true|false|null|~|=|<<)", re.IGNORECASE)
_LIKE_A_NUMBER = re.compile(
    r"[-+]?(?:0x[0-9a-fA-F_]+|0b[01_]+|[0-9_.]*(?:[eE][-+]?[0-9]+)?|[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?)"
    r"|[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt ].*)?"
)
"""Numbers, times and dates of YAML 1.1 (yaml.org/type)."""
_PLAIN = re.compile(r"(?![-?:,\[\]{}#&*!|>'\"%@`])(?!.*(?:: | #|:$))\S(?:.*\S)?")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_CONTROLS_IN_A_BLOCK = re.compile(_CONTROLS.pattern.replace(r"\x00-\x1f", r"\x00-\x09\x0b-\x1f"))


@dataclass(frozen=True, slots=True)
class Written:
    """Text that is an expression: it stands as it is, and its ``${`` means what it says."""

    text: str


def entry(key: str, value: Any, depth: int) -> Iterator[str]:
    """The lines of one key of a mapping with its value, ``depth`` steps in."""
    margin, name = "  " * depth, _inline(key)
    if isinstance(value, Mapping) and value:
        yield f"{margin}{name}:"
        for part, inner in value.items():
            yield from entry(part, inner, depth + 1)
    elif isinstance(value, list | tuple) and value:
        yield f"{margin}{name}:"
        yield from _items(value, depth + 1)
    else:
        yield from _with_scalar(f"{margin}{name}:", value, depth)


def _items(values: list[Any] | tuple[Any, ...], depth: int) -> Iterator[str]:
    margin = "  " * depth
    for value in values:
        if isinstance(value, Mapping) and value:
            lines = [line for part, inner in value.items() for line in entry(part, inner, depth + 1)]
            yield f"{margin}- {lines[0].removeprefix(f'{margin}  ')}"
            yield from lines[1:]
        elif isinstance(value, list | tuple) and value:
            lines = list(_items(value, depth + 1))
            yield f"{margin}- {lines[0].removeprefix(f'{margin}  ')}"
            yield from lines[1:]
        else:
            yield from _with_scalar(f"{margin}-", value, depth)


def _with_scalar(start: str, value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        escaped = value.replace("${", "$${")
        if block := _block(escaped):
            style, lines = block
            yield f"{start} {style}"
            yield from (f"{'  ' * (depth + 1)}{line}" if line else "" for line in lines)
            return
        yield f"{start} {_inline(escaped)}"
    elif isinstance(value, Written):
        yield f"{start} {_inline(value.text)}"
    else:
        yield f"{start} {_other(value)}"


def _other(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, list | tuple):
        return "[]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return repr(value)


def _inline(text: str) -> str:
    if _PLAIN.fullmatch(text) and not _CONTROLS.search(text) and not _means_more(text):
        return text
    if ("\\" in text or '"' in text) and not _CONTROLS.search(text):
        return "'" + text.replace("'", "''") + "'"
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted) + '"'


def _means_more(text: str) -> bool:
    return (
        resolve(text) is not text
        or _YAML_1_1.fullmatch(text) is not None
        or _LIKE_A_NUMBER.fullmatch(text) is not None
        or text.startswith(("...", ".inf", ".nan", ".Inf", ".NaN", ".INF"))
    )


def _block(text: str) -> tuple[str, list[str]] | None:
    """A text of several lines as a literal block, a long one of one line as a folded one; None for others."""
    if not text or text[0].isspace() or _CONTROLS_IN_A_BLOCK.search(text):
        return None
    if "\n" not in text:
        words = text.split(" ")
        return None if len(text) < WIDE or "" in words or len(words) < 2 else (">-", _folded(words))
    body = text.removesuffix("\n")
    if body == text:
        return "|-", body.split("\n")
    return ("|+" if body.endswith("\n") else "|"), body.split("\n")


def _folded(words: list[str]) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + len(word) < WIDE - 10:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
