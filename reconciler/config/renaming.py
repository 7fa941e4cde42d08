"""A recorded ``${…}`` text in which a resource has got another address."""

import re
from collections.abc import Callable

from reconciler.address import Address
from reconciler.config.scanner import ExpressionSyntaxError, spans

_STRING = r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\''


def renaming(old: Address, new: Address) -> Callable[[str], str]:
    """A function that writes ``new`` wherever a text's expressions refer to ``old``, and nothing else anew.

    Whole addresses are compared: ``thing.a`` is neither ``thing.ab`` nor ``thing.a-b`` nor
    ``data.thing.a``, and what stands in quotes is left alone. ``thing["a"]`` is ``thing.a``. What is no
    expression stays as it is.
    """
    chain = re.compile(rf"{_STRING}|(?P<address>(?<![\w.]){_pattern(old)})")

    def replaced(found: re.Match[str]) -> str:
        return str(new) if found["address"] else found[0]

    def rename(text: str) -> str:
        try:
            places = list(spans(text))
        except ExpressionSyntaxError:
            return text
        parts, position = [], 0
        for start, end in places:
            parts += [text[position:start], chain.sub(replaced, text[start:end])]
            position = end
        return "".join(parts) + text[position:]

    return rename


def _pattern(address: Address) -> str:
    """Matches an address however its names are written; its whole name, which may hold hyphens."""
    steps = []
    for module in address.module:
        steps += [_name(module.name), _key(module.key)]
    root, *rest = ("module", address.type) if address.module else (address.type,)
    names = [re.escape(root), *steps, *(_name(one) for one in rest), _name(address.name), _key(address.key)]
    return "".join(names)


def _name(name: str) -> str:
    return rf"\s*(?:\.\s*{re.escape(name)}(?!\w|-\w)|{_in_brackets(name)})"


def _key(key: str | None) -> str:
    return "" if key is None else rf"\s*{_in_brackets(key)}"


def _in_brackets(text: str) -> str:
    return rf"\[\s*(?:\"{re.escape(text)}\"|'{re.escape(text)}')\s*\]"
