"""Addresses: what a resource is called inside its stack. They are immutable and can be dictionary keys."""

import json
import re
from dataclasses import dataclass, field

_NAME = r"[A-Za-z_][A-Za-z0-9_-]*"
_KEY = r'\["(?:[^"\\]|\\.)*"\]'
_MODULE = re.compile(rf"module\.({_NAME})({_KEY})?\.")
_REST = re.compile(rf"(data\.)?({_NAME})\.({_NAME})({_KEY})?")


class AddressSyntaxError(ValueError):
    """A text is no address. Its message says what an address looks like."""


@dataclass(frozen=True, slots=True, order=True)
class ModuleStep:
    """One step into a module: ``module.squad["red"]`` has the name ``squad`` and the key ``red``."""

    name: str
    key: str | None = None

    def __str__(self) -> str:
        return f"module.{self.name}{_key_text(self.key)}"


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """``module.qa.github_issue_label.triage["bug"]``, or ``data.github_user.me`` when ``is_data``."""

    type: str
    name: str
    key: str | None = None
    module: tuple[ModuleStep, ...] = ()
    is_data: bool = False
    _text: str = field(init=False, compare=False, repr=False)
    _hash: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        # A plan of 10,000 resources asks for text and hash half a million times.
        prefix = "".join(f"{step}." for step in self.module) if self.module else ""
        data = "data." if self.is_data else ""
        text = f"{prefix}{data}{self.type}.{self.name}{_key_text(self.key)}"
        object.__setattr__(self, "_text", text)
        object.__setattr__(self, "_hash", hash(text))

    def __str__(self) -> str:
        return self._text

    def __hash__(self) -> int:
        return self._hash

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read an address; raises AddressSyntaxError."""
        steps, position = [], 0
        while step := _MODULE.match(text, position):
            steps.append(ModuleStep(step[1], _read_key(step[2])))
            position = step.end()
        rest = _REST.fullmatch(text, position)
        if rest is None:
            raise AddressSyntaxError(
                f'{text!r} is not an address; one looks like github_repository.docs or TYPE.NAME["KEY"]'
            )
        return cls(rest[2], rest[3], _read_key(rest[4]), tuple(steps), rest[1] is not None)


def _key_text(key: str | None) -> str:
    return "" if key is None else f"[{json.dumps(key, ensure_ascii=False)}]"


def _read_key(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return str(json.loads(text[1:-1]))
    except ValueError:
        raise AddressSyntaxError(f"{text[1:-1]} is not a key; it is written like a text in JSON") from None
