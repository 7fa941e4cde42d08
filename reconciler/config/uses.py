"""What an expression uses: chains of names, ``var.region`` or ``github_repository.a.name``, found without
evaluating it."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from reconciler.address import Address, ModuleStep

Steps = tuple[str | int, ...]

PLAIN_ROOTS = ("var", "local", "env", "secret", "each", "module", "stack", "environment", "path")
VALUE_ROOTS = ("var", "local", "each")
"""Roots whose values are templates: they are known when the stack is read, or hold expressions."""

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_STRING = r'"(?:[^"\\]|\\.)*"|\'[^\'\\]*\''
_STEP = re.compile(rf"\.\s*({_NAME}(?:-[A-Za-z0-9_]+)*)|\[\s*(?:({_STRING})|(-?[0-9]{{1,9}}))\s*\]")
_INDEX = re.compile(rf"\[\s*((?:{'|'.join(VALUE_ROOTS)})(?:\.{_NAME})+)\s*\]")
_ROOT = re.compile(_NAME)


@dataclass(frozen=True, slots=True)
class Use:
    """One chain. ``address`` is set when it names a resource, and ``steps`` then begin at its attributes.

    ``root`` is ``var``, ``local``, …, a resource type, or ``data``. ``is_optional`` when the expression asks
    whether it is there (``is defined``, ``default``). A resource type without an address stands for all
    resources of the type, since which one is chosen is known only when it is evaluated. The address is as
    written: relative to the module that it is written in, and without a key, which is among the steps.

    A step may itself be a use, as in ``thing.all[each.key]``; ``bound`` puts its value in its place.
    """

    root: str
    steps: tuple["str | int | Use", ...]
    address: Address | None = None
    is_optional: bool = False

    @property
    def is_bound(self) -> bool:
        """Whether no step is a use."""
        return not any(isinstance(step, Use) for step in self.steps)

    def is_whole(self, written: "Use") -> bool:
        """Whether nothing was cut off of what was written."""
        return len(self.steps) == len(written.steps)

    @property
    def static_steps(self) -> Steps:
        """The steps up to the first that is a use."""
        steps: list[str | int] = []
        for step in self.steps:
            if isinstance(step, Use):
                break
            steps.append(step)
        return tuple(steps)

    def inner(self) -> Iterator["Use"]:
        """It and the uses among its steps."""
        yield self
        for step in self.steps:
            if isinstance(step, Use):
                yield from step.inner()

    def bound(self, value: Callable[["Use"], "str | int | None"]) -> "Use":
        """It with each step that is a use replaced by its value, cut off before one that has none."""
        steps: list[str | int | Use] = []
        for step in self.steps:
            found = value(step) if isinstance(step, Use) else step
            if found is None:
                break
            steps.append(found)
        return replace(self, steps=tuple(steps))


def use_of(root: str, steps: tuple[str | int | Use, ...], *, is_optional: bool = False) -> Use:
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
    steps: list[str | int | Use] = []
    while position < len(text):
        step = _STEP.match(text, position)
        if step is None:
            step = _INDEX.match(text, position)
            if step is None or (not steps and root not in PLAIN_ROOTS):
                return None
            name, *rest = step[1].split(".")
            steps.append(Use(name, tuple(rest)))
            position = step.end()
            continue
        position = step.end()
        if step[1] is not None:
            if "-" in step[1] and (len(steps) != named or root in PLAIN_ROOTS):
                return None
            steps.append(step[1])
        elif step[2] is not None:
            steps.append(_string(step[2]))
        else:
            steps.append(int(step[3]))
    if root == "module":
        return _inside_module(tuple(steps), is_root) or use_of(root, tuple(steps))
    return use_of(root, tuple(steps))


def _inside_module(steps: tuple[str | int | Use, ...], is_root: Callable[[str], bool]) -> Use | None:
    """A chain with the whole address of a resource in a module, as the state records it."""
    modules: list[ModuleStep] = []
    position = 0
    while True:
        name, *rest = steps[position : position + 3]
        if not isinstance(name, str) or not rest:
            return None
        key = None if _begins(rest[0], is_root) else rest[0]
        modules.append(ModuleStep(name, None if key is None else str(key)))
        position += 1 if key is None else 2
        if position >= len(steps) or not _begins(steps[position], is_root):
            return None
        if steps[position] != "module":
            break
        position += 1
    is_data = steps[position] == "data"
    position += is_data
    if len(steps) < position + 2:
        return None
    kind, named, *attributes = steps[position:]
    address = Address(str(kind), str(named), None, tuple(modules), is_data)
    return Use("data" if is_data else str(kind), tuple(attributes), address)


def _begins(step: "str | int | Use", is_root: Callable[[str], bool]) -> bool:
    """Whether an address, or the rest of one, may begin with a step."""
    return isinstance(step, str) and (
        step in ("module", "data") or (step not in PLAIN_ROOTS and is_root(step))
    )


def chain_of(address: Address, steps: Steps) -> str:
    """A chain of names as an expression has it, which ``plain_use`` reads again."""
    names: list[str | int] = []
    for module in address.module:
        names += ["module", module.name, *([module.key] if module.key is not None else [])]
    names += [*(["data"] if address.is_data else []), address.type, address.name]
    names += [address.key] if address.key is not None else []
    first, *rest = [*names, *steps]
    return str(first) + "".join(
        f".{step}" if isinstance(step, str) and _ROOT.fullmatch(step) else f"[{json.dumps(step)}]"
        for step in rest
    )


def _string(quoted: str) -> str:
    if quoted[0] == "'":
        return quoted[1:-1]
    try:
        return str(json.loads(quoted))
    except ValueError:
        return quoted[1:-1]
