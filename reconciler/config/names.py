"""The names that expressions may use, what they stand for, and what is wrong with a use of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from reconciler import codes
from reconciler.address import Address
from reconciler.config.stack import Scope, Template
from reconciler.config.uses import LATER_ROOTS, PLAIN_ROOTS, Steps, Use
from reconciler.diagnostics import did_you_mean
from reconciler.provider.facts import ResourceType
from reconciler.provider.protocol import ProviderFactory
from reconciler.values import Sensitive, Unknown, Value, leaves


class Types(Protocol):
    """What is installed: the resource types and the providers behind them."""

    def type(self, name: str) -> ResourceType | None:
        """A managed type."""
        ...

    def data_type(self, name: str) -> ResourceType | None:
        """A type that is looked up; ``name`` without ``data.``."""
        ...

    def type_names(self, *, data: bool = False) -> Iterable[str]:
        """All managed types, or all data types (without ``data.``)."""
        ...

    def provider_names(self) -> Iterable[str]:
        """All providers."""
        ...

    def factory(self, name: str) -> ProviderFactory | None:
        """What makes connections for a provider."""
        ...


class NoSuchStep(Exception):
    """A value has no part of that name. Says what is wrong, and ``advice`` what may have been meant."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with an expression, before it has a place."""

    summary: str
    advice: str = ""
    code: str = ""


def walk(value: Value, steps: Steps, called: str, scope: Scope) -> Value:
    """The part of a value that a chain leads to; Unknown and Sensitive spread to all inside them.

    ``called`` is the chain so far, for messages. Raises NoSuchStep.
    """
    for index, step in enumerate(steps):
        if hasattr(value, "evaluate"):
            value = value.evaluate(scope)
        if isinstance(value, Unknown):
            return value
        if isinstance(value, Sensitive):
            try:
                return Sensitive(walk(value.value, steps[index:], called, scope))
            except NoSuchStep:  # what it has instead is as secret as the rest of it
                raise NoSuchStep(f"{called} is sensitive, and has no {steps[index]!r}") from None
        if isinstance(value, Mapping):
            if step not in value:
                raise NoSuchStep(f"{called} has no {step!r}", did_you_mean(str(step), map(str, value)))
            value = value[step]
        elif isinstance(value, list) and isinstance(step, int):
            if not -len(value) <= step < len(value):
                raise NoSuchStep(f"{called} has {len(value)} items, so there is no [{step}]")
            value = value[step]
        else:
            raise NoSuchStep(f"{called} is {_kind(value)}: it has no {step!r}")
        called = f"{called}[{step}]" if isinstance(step, int) else f"{called}.{step}"
    return value.evaluate(scope) if hasattr(value, "evaluate") else value


def _kind(value: Value) -> str:
    if value is None:
        return "null"
    kinds = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list"}
    return kinds.get(type(value), "a single value")


def written_part(value: Template, steps: Steps) -> Template:
    """The part of a value that a chain leads to as it is written, or the smallest around it."""
    for step in steps:
        is_part = isinstance(value, Mapping) and step in value
        if not is_part and isinstance(value, list) and isinstance(step, int):
            is_part = -len(value) <= step < len(value)
        if not is_part:
            break
        value = value[step]
    return value


@dataclass
class Names:
    """All that is known by name in one stack and environment."""

    stack: str
    environment: str
    directory: Path
    types: Types
    environ: Mapping[str, str]
    secret: Callable[[str], str | None]
    variables: dict[str, Value] = field(default_factory=dict)
    locals: dict[str, Template] = field(default_factory=dict)
    declared: dict[str, dict[str, Address]] = field(default_factory=dict)
    """By type (with ``data.`` before data types) and name."""
    told: set[str] = field(default_factory=set)
    """What ``secret`` and ``env`` have been asked for so far: all of it must not be shown."""
    _types: dict[str, ResourceType | None] = field(default_factory=dict)

    def is_root(self, name: str) -> bool:
        """Whether an expression may begin with this name."""
        return name in PLAIN_ROOTS or name == "data" or self.resource_type(name) is not None

    def resource_type(self, name: str, is_data: bool = False) -> ResourceType | None:
        """A type by name."""
        key = f"data.{name}" if is_data else name
        if key not in self._types:
            self._types[key] = self.types.data_type(name) if is_data else self.types.type(name)
        return self._types[key]

    def unknown_root(self, name: str) -> Problem:
        """What to say of a name that nothing is called by."""
        if name in LATER_ROOTS:
            return Problem(f"{name!r} is not supported by this version", "")
        known = [*PLAIN_ROOTS, "data", *self.types.type_names()]
        return Problem(f"there is no {name!r}", did_you_mean(name, known) or "names in quotes are texts")

    def addresses(self, use: Use) -> Iterable[Address]:
        """What a use refers to: a resource, those that a local refers to, or all of a type."""
        if use.address is not None:
            return (use.address,)
        if use.root == "local":
            parts = leaves(written_part(self.locals, use.steps))
            return frozenset().union(*(part.references for part in parts if hasattr(part, "evaluate")))
        if use.root in PLAIN_ROOTS:
            return ()
        key = f"data.{use.steps[0]}" if use.root == "data" and use.steps else use.root
        return self.declared.get(key, {}).values()

    def problem(self, use: Use) -> Problem | None:
        """What is wrong with a use, as far as that can be known before anything is evaluated."""
        if use.is_optional:
            return None
        if use.address is not None:
            return self._resource_problem(use, use.address)
        if use.root in ("stack", "environment", "path"):
            return None
        if use.root in PLAIN_ROOTS:
            return self._named_problem(use)
        return None

    def _named_problem(self, use: Use) -> Problem | None:
        if not use.steps or not isinstance(use.steps[0], str):
            return None
        name = use.steps[0]
        match use.root:
            case "var" if name not in self.variables:
                return Problem(
                    f"there is no variable {name!r}", self._declare(name, self.variables, "variables")
                )
            case "local" if name not in self.locals:
                return Problem(f"there is no local {name!r}", self._declare(name, self.locals, "locals"))
            case "env" if name not in self.environ:
                return Problem(f"the environment variable {name} is not set", "set it, or give a default: "
                               f"env.{name} | default('...')", codes.NOT_SET)  # fmt: skip
            case "secret" if self.secret(name) is None:
                return Problem(
                    f"the secret {name} is not set",
                    f"set it in the environment, or write {name}=... into .env beside reconciler.yaml",
                    codes.NOT_SET,
                )
        return None

    def _declare(self, name: str, known: Iterable[str], section: str) -> str:
        return did_you_mean(name, known) or f"declare it under {section}:"

    def _resource_problem(self, use: Use, address: Address) -> Problem | None:
        key = f"data.{address.type}" if address.is_data else address.type
        resource_type = self.resource_type(address.type, address.is_data)
        if resource_type is None:
            advice = did_you_mean(address.type, self.types.type_names(data=address.is_data))
            return Problem(
                f"there is no {'data' if address.is_data else 'resource'} type {address.type!r}",
                advice,
                codes.UNKNOWN_TYPE,
            )
        names_declared = self.declared.get(key, {})
        if address.name not in names_declared:
            advice = did_you_mean(address.name, names_declared) or f"declare it under {key}:"
            return Problem(f"there is no {address}", advice)
        if use.steps and isinstance(use.steps[0], str) and use.steps[0] not in resource_type.attributes:
            advice = did_you_mean(use.steps[0], resource_type.attributes)
            return Problem(f"{address.type} has no attribute {use.steps[0]!r}", advice)
        return None

    def value(self, use: Use, scope: Scope) -> Value:
        """What a use stands for. Raises NoSuchStep."""
        if use.address is not None:
            return self._attribute(scope(use.address), use, use.address, scope)
        if use.root in ("stack", "environment", "path"):
            value = {"stack": self.stack, "environment": self.environment, "path": str(self.directory)}[
                use.root
            ]
            return walk(value, use.steps, use.root, scope)
        if use.root in ("env", "secret"):
            return self._from_environment(use)
        if use.root in PLAIN_ROOTS:
            return walk(self.variables if use.root == "var" else self.locals, use.steps, use.root, scope)
        every = {address.name: scope(address) for address in self.addresses(use)}
        if use.root == "data" and use.steps:
            return walk({use.steps[0]: every}, use.steps, use.root, scope)
        return walk(every, use.steps, use.root, scope)

    def _attribute(
        self, attributes: Mapping[str, Value] | Unknown, use: Use, address: Address, scope: Scope
    ) -> Value:
        """An attribute of a resource; null for one that the type has and this resource does not."""
        if isinstance(attributes, Unknown):
            return attributes
        if use.steps and use.steps[0] not in attributes:
            resource_type = self.resource_type(address.type, address.is_data)
            if resource_type is not None and use.steps[0] in resource_type.attributes:
                return walk(None, use.steps[1:], f"{address}.{use.steps[0]}", scope)
        return walk(attributes, use.steps, str(address), scope)

    def _from_environment(self, use: Use) -> Value:
        if len(use.steps) != 1 or not isinstance(use.steps[0], str):
            raise NoSuchStep(f"{use.root} must be followed by one name", f"write {use.root}.NAME")
        name = use.steps[0]
        value = self.environ.get(name) if use.root == "env" else self.secret(name)
        if value is None:
            raise NoSuchStep(f"{use.root}.{name} is not set")
        self.told.add(value)
        return Sensitive(value)
