"""What is wrong with a use of a name: before anything is evaluated, and once all is known that there is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler import codes
from reconciler.address import Address
from reconciler.config.names import Names, thing_of
from reconciler.config.stack import Template
from reconciler.config.uses import PLAIN_ROOTS, Steps, Use
from reconciler.config.walking import NoSuchStep, written_part
from reconciler.diagnostics import did_you_mean


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an expression, before it has a place."""

    summary: str
    advice: str = ""
    code: str = ""


_ELSEWHERE = {
    "plan": "a check may look at the plan: write plan.changes, or plan.creates and so on",
    "self": "a postcondition may look at its object: write self.ATTRIBUTE",
}
"""Names that an expression may begin with in some places alone, and what to say in all others."""


def unknown_root(names: Names, name: str) -> Problem:
    """What to say of a name that nothing is called by."""
    if name in _ELSEWHERE:
        return Problem(f"{name!r} means nothing here", _ELSEWHERE[name])
    known = [*PLAIN_ROOTS, "data", *names.types.type_names()]
    return Problem(f"there is no {name!r}", did_you_mean(name, known) or "names in quotes are texts")


def problem_of(names: Names, use: Use) -> Problem | None:
    """What is wrong with a use, as far as that can be known before anything is evaluated."""
    if use.is_optional:
        return None
    if use.address is not None:
        return _resource_problem(names, use, use.address)
    if use.root in ("stack", "environment", "path"):
        return None
    if use.root in PLAIN_ROOTS:
        return _named_problem(names, use)
    return None


def _named_problem(names: Names, use: Use) -> Problem | None:
    steps = use.static_steps
    name = steps[0] if steps else None
    if use.root == "each":
        return _each_problem(names, name)
    if not isinstance(name, str):
        return None
    match use.root:
        case "var" if name not in names.variables:
            return Problem(f"there is no variable {name!r}", _declare(name, names.variables, "variables"))
        case "local" if name not in names.locals:
            return Problem(f"there is no local {name!r}", _declare(name, names.locals, "locals"))
        case "module" if name not in names.modules:
            return Problem(f"there is no module {name!r}", _declare(name, names.modules, "modules"))
        case "env" if name not in names.environ:
            return Problem(f"the environment variable {name} is not set", "set it, or give a default: "
                           f"env.{name} | default('...')", codes.NOT_SET)  # fmt: skip
        case "secret" if names.secret(name) is None:
            return Problem(
                f"the secret {name} is not set",
                f"set it in the environment, or write {name}=... into .env beside reconciler.yaml",
                codes.NOT_SET,
            )
    return None


def _each_problem(names: Names, name: str | int | None) -> Problem | None:
    if names.each is None:
        return Problem("'each' means something only beside a for_each", "add for_each, or use a local")
    if name not in ("key", "value"):
        return Problem(
            f"each has no {name!r}" if name else "each alone is no value", "write each.key or each.value"
        )
    return None


def _declare(name: str, known: Iterable[str], section: str) -> str:
    return did_you_mean(name, known) or f"declare it under {section}:"


def _resource_problem(names: Names, use: Use, address: Address) -> Problem | None:
    if address.module:
        return Problem("what is inside a module is not seen from outside",
                       "declare an output in the module, and write module.NAME.OUTPUT")  # fmt: skip
    key = f"data.{address.type}" if address.is_data else address.type
    resource_type = names.resource_type(address.type, address.is_data)
    if resource_type is None:
        advice = did_you_mean(address.type, names.types.type_names(data=address.is_data))
        return Problem(
            f"there is no {'data' if address.is_data else 'resource'} type {address.type!r}",
            advice,
            codes.UNKNOWN_TYPE,
        )
    names_declared = names.declared.get(key, {})
    if address.name not in names_declared:
        advice = did_you_mean(address.name, names_declared) or f"declare it under {key}:"
        return Problem(f"there is no {address}", advice)
    steps = use.steps
    if names_declared[address.name].is_each and steps:
        first = steps[0]
        if isinstance(first, int) or (len(steps) == 1 and first in resource_type.attributes):
            attribute = first if isinstance(first, str) else "ATTRIBUTE"
            return Problem(
                f"{address} has for_each: it is a mapping from key to resource",
                f'write {address}["KEY"].{attribute}',
            )
        steps = steps[1:]
    if steps and isinstance(steps[0], str) and steps[0] not in resource_type.attributes:
        advice = did_you_mean(steps[0], resource_type.attributes)
        return Problem(f"{address.type} has no attribute {steps[0]!r}", advice)
    return None


def absence(names: Names, use: Use) -> Problem | None:
    """What is wrong with a use, now that it is known what everything comes to."""
    try:
        if use.root == "module":
            found, steps = names.modules_of(use)
            if isinstance(found, Mapping) and len(steps) > 1:
                _check_output(names, found, steps)
        elif (block := names.block(use)) is not None and (use.static_steps or not block.is_each):
            thing_of(block, use.static_steps)
    except NoSuchStep as error:
        return Problem(str(error), error.advice)
    return None


def _check_output(names: Names, found: Mapping[str, Template], steps: Steps) -> None:
    at = 2 if names.modules[str(steps[0])].is_each else 1
    outputs, _ = written_part(found, steps[:at])
    if len(steps) > at and steps[at] not in outputs:
        called = f"module.{steps[0]}" + (f'["{steps[1]}"]' if at == 2 else "")
        advice = did_you_mean(str(steps[at]), outputs) or "declare it under outputs: of the module"
        raise NoSuchStep(f"{called} has no output {steps[at]!r}", advice)
