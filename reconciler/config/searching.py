"""The filters that search texts by regular expressions, and the one that writes YAML."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from reconciler.config.patterns import PatternError, usable
from reconciler.config.scalars import resolve

_MAX_TEXT = 1_000_000


def _usable(pattern: Any, text: Any, called: str) -> re.Pattern[str]:
    if not isinstance(pattern, str) or not isinstance(text, str):
        raise ValueError(f"{called} takes texts")
    try:
        return usable(pattern, text)
    except PatternError as error:
        raise ValueError(f"{called}: {error}; {error.advice}") from None


def _regex_search(text: str, pattern: str) -> Any:
    """What a pattern finds first: a text, the list of its groups, or a mapping of those with names."""
    found = _usable(pattern, text, "regex_search").search(text)
    if found is None:
        return None
    return found.groupdict() or list(found.groups()) or found[0]


def _regex_replace(text: str, pattern: str, replacement: str) -> str:
    r"""A text with what a pattern finds replaced; ``\1`` and ``\g<name>`` are groups."""
    compiled, size = _usable(pattern, text, "regex_replace"), len(text)
    if not isinstance(replacement, str):
        raise ValueError("regex_replace takes texts")

    def replaced(found: re.Match[str]) -> str:
        nonlocal size
        part = found.expand(replacement)
        size += len(part)
        if size > _MAX_TEXT:
            raise ValueError(f"regex_replace: the text would have more than {_MAX_TEXT:,} characters")
        return part

    try:
        return compiled.sub(replaced, text)
    except (re.error, IndexError) as error:
        raise ValueError(f"regex_replace: the replacement cannot be used: {error}") from None


class _Dumper(yaml.SafeDumper):
    """Writes text that YAML 1.2 would take for something else in quotes, and no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_text(self, text: str) -> Any:
        """A text, in quotes where it would be read as something else."""
        style = None if resolve(text) is text else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _Dumper.represent_text)


def _to_yaml(value: Any) -> str:
    """A value as YAML, in blocks."""
    text: str = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=False, allow_unicode=True, sort_keys=False, width=10**6
    )
    return text.removesuffix("...\n")


SEARCHING: Mapping[str, Callable[..., Any]] = {
    "regex_replace": _regex_replace,
    "regex_search": _regex_search,
    "to_yaml": _to_yaml,
}
