"""What an expression uses: chains of names, ``var.region`` or ``github_repository.a.name``, found without
evaluating it."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from reconciler.address import Address

Steps = tuple[str | int, ...]

PLAIN_ROOTS = ("var", "local", "env", "secret", "stack", "environment", "path")
LATER_ROOTS = ("each", "module")
"""Names of the language that this version does not have yet."""

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_STRING = r'"(?:[^"\\]|\\.)*"|\'[^\'\\]*\''
_STEP = re.compile(rf"\.\s*({_NAME}(?:-[A-Za-z0-9_]+)*)|\[\s*(?:({_STRING})|(-?[0-9]{{1,9}}))\s*\]")
_ROOT = re.compile(_NAME)


@dataclass(frozen=True, slots=True)
class Use:
    """One chain. ``address`` is set when it names a resource, and ``steps`` then begin at its attributes.

    ``root`` is ``var``, ``local``, …, a resource type, or ``data``. ``is_optional`` when the expression asks
    whether it is there (``is defined``, ``default``). A resource type without an address stands for all
    resources of the type, since which one is chosen is known only when it is evaluated.
    """

    root: str
    steps: Steps
    address: Address | None = None
    is_optional: bool = False


def use_of(root: str, steps: Steps, *, is_optional: bool = False) -> Use:
    """A chain as a use: a resource type's name or ``data`` followed by names becomes an address."""
    if root in PLAIN_ROOTS:
        return Use(root, steps, None, is_optional)
    if root == "data":
        if len(steps) >= 2 and isinstance(steps[0], str) and isinstance(steps[1], str):
            return Use(root, steps[2:], Address(steps[0], steps[1], is_data=True), is_optional)
    elif steps and isinstance(steps[0], str):
        return Use(root, steps[1:], Address(root, steps[0]), is_optional)
    return Use(root, steps, None, is_optional)


def plain_use(text: str, is_root: Callable[[str], bool]) -> Use | None:
    """The use that an expression consists of, if it is nothing but one chain; None otherwise.

    The name of a resource may hold hyphens; anywhere else a hyphen is a minus.
    """
    match = _ROOT.match(text)
    if match is None or not is_root(match[0]):
        return None
    root, position = match[0], match.end()
    named = 1 if root == "data" else 0  # the step that is a resource's name
    steps: list[str | int] = []
    while position < len(text):
        step = _STEP.match(text, position)
        if step is None:
            return None
        position = step.end()
        if step[1] is not None:
            if "-" in step[1] and (len(steps) != named or root in PLAIN_ROOTS):
                return None
            steps.append(step[1])
        elif step[2] is not None:
            steps.append(_string(step[2]))
        else:
            steps.append(int(step[3]))
    return use_of(root, tuple(steps))


def _string(quoted: str) -> str:
    if quoted[0] == "'":
        return quoted[1:-1]
    try:
        return str(json.loads(quoted))
    except ValueError:
        return quoted[1:-1]
