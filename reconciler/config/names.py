"""The names that expressions may use, what they stand for, and what is wrong with a use of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from reconciler import codes
from reconciler.address import Address, ModuleStep
from reconciler.config.blocks import NOTHING, Block, Declared, Each, Instance
from reconciler.config.stack import Scope, Template
from reconciler.config.uses import PLAIN_ROOTS, VALUE_ROOTS, Steps, Use
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


class Part(Protocol):
    """One use of a module, as expressions see it."""

    @property
    def outputs(self) -> Mapping[str, Template]:
        """Its outputs."""
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
    """All that is known by name in one stack and environment, or in one use of a module."""

    stack: str
    environment: str
    directory: Path
    types: Types
    environ: Mapping[str, str]
    secret: Callable[[str], str | None]
    variables: dict[str, Value] = field(default_factory=dict)
    locals: dict[str, Template] = field(default_factory=dict)
    declared: dict[str, dict[str, Declared]] = field(default_factory=dict)
    """By type (with ``data.`` before data types) and name."""
    modules: Mapping[str, Block[Part]] = field(default_factory=dict)
    module: tuple[ModuleStep, ...] = ()
    """The way to the module that these names are of."""
    provider_keys: Mapping[str, str] = field(default_factory=dict)
    """By a provider's name: the configuration that the module uses for it, where it is another."""
    others: "Mapping[tuple[ModuleStep, ...], Names]" = field(default_factory=dict)
    """The names of each use of a module in the stack, for what the state has recorded."""
    is_recorded: bool = False
    """Whether texts are read that the state has kept, which may name what is not declared any more."""
    each: Each | None = None
    """What ``each`` stands for, inside a block with ``for_each``."""
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
        known = [*PLAIN_ROOTS, "data", *self.types.type_names()]
        return Problem(f"there is no {name!r}", did_you_mean(name, known) or "names in quotes are texts")

    def block(self, use: Use) -> Declared | None:
        """What is declared under the address of a use, as this module sees it."""
        if use.address is None or use.address.module:
            return None
        kind = f"data.{use.address.type}" if use.address.is_data else use.address.type
        return self.declared.get(kind, {}).get(use.address.name)

    def target(self, use: Use) -> tuple[Address, Steps] | None:
        """The one resource that a use names, and the steps from there on; None if it is not just one.

        In a recorded text it need not be declared: the address is what is written then, with a key if there
        is a ``for_each`` or if the type has no attribute of the first step's name.
        """
        if use.address is None:
            return None
        block, steps = self.block(use), use.static_steps
        one = use.address
        if block is not None and not self.is_recorded:
            key = str(steps[0]) if block.is_each and steps else None
            instance = block.things.get(key)
            return (instance.address, steps[1:] if block.is_each else steps) if instance else None
        if one.module and one.module in self.others:
            return self.others[one.module].target(replace(use, address=replace(one, module=())))
        resource_type = self.resource_type(one.type, one.is_data)
        known = resource_type.attributes if resource_type else {}
        has_key = bool(steps) and (
            block.is_each if block is not None else bool(known) and steps[0] not in known
        )
        address = Address(
            one.type, one.name, str(steps[0]) if has_key else None, one.module or self.module, one.is_data
        )
        return address, steps[1:] if has_key else steps

    def named_block(self, use: Use) -> Block[object] | None:
        """The block with ``for_each`` that a use names as such."""
        block: Block[object] | None = None
        if use.root == "module" and len(use.steps) == 1:
            block = self.modules.get(str(use.steps[0]))
        elif use.address is not None and not use.steps:
            block = self.block(use)
        return block if block is not None and block.is_each else None

    def addresses(self, use: Use) -> Iterable[Address]:
        """What a use refers to: one resource, all of a ``for_each`` or a type, or what a local refers to."""
        if use.address is not None:
            block = self.block(use)
            if block is not None and block.is_each and not use.static_steps:
                return [instance.address for instance in block.things.values()]
            target = self.target(use)
            return (target[0],) if target else ()
        if use.root in VALUE_ROOTS or use.root == "module":
            parts = leaves(self.written(use))
            return frozenset[Address]().union(*(one.references for one in parts if hasattr(one, "evaluate")))
        if use.root in PLAIN_ROOTS:
            return NOTHING
        return [
            instance.address for block in self._blocks_of(use).values() for instance in block.things.values()
        ]

    def written(self, use: Use) -> Template:
        """What a use of a value or of a module stands for, as it is written, or the smallest around it."""
        if use.root == "module":
            found, steps = self._modules(use)
            return written_part(found, steps)
        return written_part(self._values(use.root), use.static_steps)

    def rests_on_resources(self, use: Use) -> bool:
        """Whether a use has its value only while a plan is made."""
        if use.address is not None or use.root == "module":
            return True
        if use.root in VALUE_ROOTS:
            return any(hasattr(part, "evaluate") for part in leaves(self.written(use)))
        return use.root not in PLAIN_ROOTS

    def _blocks_of(self, use: Use) -> Mapping[str, Declared]:
        """All blocks of the type that a use without an address names."""
        steps = use.static_steps
        return self.declared.get(f"data.{steps[0]}" if use.root == "data" and steps else use.root, {})

    def _values(self, root: str) -> Mapping[str, Template]:
        if root == "each":
            return self.each.names if self.each else {}
        return self.variables if root == "var" else self.locals

    def _modules(self, use: Use) -> tuple[Template, Steps]:
        """The outputs of the modules that a use names, by name and key, and the steps into them.

        Raises NoSuchStep.
        """
        steps = use.static_steps
        name = str(steps[0]) if steps else ""
        if name not in self.modules:
            advice = did_you_mean(name, self.modules) or "write module.NAME.OUTPUT"
            raise NoSuchStep(f"there is no module {name!r}" if name else "module needs a name", advice)
        block = self.modules[name]
        if not block.is_each:
            if None not in block.things:
                raise Absent(block.called)
            return {name: block.things[None].outputs}, steps
        if len(steps) > 1:
            part = block.things.get(str(steps[1]))
            if part is None:
                raise _no_key(block.called, steps[1], block.things)
            return {name: {steps[1]: part.outputs}}, steps
        return {name: {key: part.outputs for key, part in block.things.items()}}, steps

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
        steps = use.static_steps
        name = steps[0] if steps else None
        if use.root == "each":
            return self._each_problem(name)
        if not isinstance(name, str):
            return None
        match use.root:
            case "var" if name not in self.variables:
                return Problem(
                    f"there is no variable {name!r}", self._declare(name, self.variables, "variables")
                )
            case "local" if name not in self.locals:
                return Problem(f"there is no local {name!r}", self._declare(name, self.locals, "locals"))
            case "module" if name not in self.modules:
                return Problem(f"there is no module {name!r}", self._declare(name, self.modules, "modules"))
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

    def _each_problem(self, name: str | int | None) -> Problem | None:
        if self.each is None:
            return Problem("'each' means something only beside a for_each", "add for_each, or use a local")
        if name not in ("key", "value"):
            return Problem(
                f"each has no {name!r}" if name else "each alone is no value", "write each.key or each.value"
            )
        return None

    def _declare(self, name: str, known: Iterable[str], section: str) -> str:
        return did_you_mean(name, known) or f"declare it under {section}:"

    def _resource_problem(self, use: Use, address: Address) -> Problem | None:
        if address.module:
            return Problem("what is inside a module is not seen from outside",
                           "declare an output in the module, and write module.NAME.OUTPUT")  # fmt: skip
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

    def absence(self, use: Use) -> Problem | None:
        """What is wrong with a use, now that it is known what everything comes to."""
        try:
            if use.root == "module":
                found, steps = self._modules(use)
                if isinstance(found, Mapping) and len(steps) > 1:
                    self._check_output(found, steps)
            elif (block := self.block(use)) is not None:
                _thing_of(block, use.static_steps)
        except NoSuchStep as error:
            return Problem(str(error), error.advice)
        return None

    def _check_output(self, found: Mapping[str, Template], steps: Steps) -> None:
        at = 2 if self.modules[str(steps[0])].is_each else 1
        outputs = written_part(found, steps[:at])
        if len(steps) > at and steps[at] not in outputs:
            called = f"module.{steps[0]}" + (f'["{steps[1]}"]' if at == 2 else "")
            advice = did_you_mean(str(steps[at]), outputs) or "declare it under outputs: of the module"
            raise NoSuchStep(f"{called} has no output {steps[at]!r}", advice)

    def value(self, use: Use, scope: Scope) -> Value:
        """What a use stands for. Raises NoSuchStep."""
        if use.address is not None:
            return self._resource(use, use.address, scope)
        steps = use.static_steps
        if use.root in ("stack", "environment", "path"):
            value = {"stack": self.stack, "environment": self.environment, "path": str(self.directory)}[
                use.root
            ]
            return walk(value, steps, use.root, scope)
        if use.root in ("env", "secret"):
            return self._from_environment(use)
        if use.root in VALUE_ROOTS:
            return walk(self._values(use.root), steps, use.root, scope)
        if use.root == "module":
            found, steps = self._modules(use)
            return walk(found, steps, use.root, scope)
        every = {
            name: _seen(block, scope)
            for name, block in self._blocks_of(use).items()
            if block.is_each or block.things
        }
        if use.root == "data" and steps:
            return walk({steps[0]: every}, steps, use.root, scope)
        return walk(every, steps, use.root, scope)

    def _resource(self, use: Use, address: Address, scope: Scope) -> Value:
        block, steps = self.block(use), use.static_steps
        if block is None or (self.is_recorded and steps):
            target = self.target(use)
            return self._attribute(scope(target[0]), target[1], target[0], scope) if target else None
        if block.is_each and not steps:
            return {key: scope(instance.address) for key, instance in block.things.items()}
        instance = _thing_of(block, steps)
        return self._attribute(
            scope(instance.address), steps[1:] if block.is_each else steps, instance.address, scope
        )

    def _attribute(
        self, attributes: Mapping[str, Value] | Unknown, steps: Steps, address: Address, scope: Scope
    ) -> Value:
        """An attribute of a resource; null for one that the type has and this resource does not."""
        if isinstance(attributes, Unknown):
            return attributes
        if steps and steps[0] not in attributes:
            resource_type = self.resource_type(address.type, address.is_data)
            if resource_type is not None and steps[0] in resource_type.attributes:
                return walk(None, steps[1:], f"{address}.{steps[0]}", scope)
        return walk(attributes, steps, str(address), scope)

    def _from_environment(self, use: Use) -> Value:
        if len(use.steps) != 1 or not isinstance(use.steps[0], str):
            raise NoSuchStep(f"{use.root} must be followed by one name", f"write {use.root}.NAME")
        name = use.steps[0]
        value = self.environ.get(name) if use.root == "env" else self.secret(name)
        if value is None:
            raise NoSuchStep(f"{use.root}.{name} is not set")
        self.told.add(value)
        return Sensitive(value)


class Absent(NoSuchStep):
    """What a use names is declared and yet not there: its ``when`` is false, or there is no such key."""

    def __init__(self, called: str, message: str = "", advice: str = "") -> None:
        super().__init__(
            message or f"{called} is not there, since its when is false",
            advice or "give this the same when, or a default: ${... | default('')}",
        )


def _no_key(called: str, key: object, known: Iterable[str | None]) -> Absent:
    keys = [one for one in known if one is not None]
    advice = did_you_mean(str(key), keys) or "its for_each has " + (", ".join(keys[:10]) or "no keys")
    return Absent(called, f"{called} has no {str(key)!r}", advice)


def _thing_of(block: Declared, steps: Steps) -> Instance:
    if not block.is_each:
        if None not in block.things:
            raise Absent(block.called)
        return block.things[None]
    if not steps:
        raise NoSuchStep(f"{block.called} is a mapping")
    instance = block.things.get(str(steps[0]))
    if instance is None:
        raise _no_key(block.called, steps[0], block.things)
    return instance


def _seen(block: Declared, scope: Scope) -> Value:
    """What an expression sees of a block: a resource's attributes, or a mapping of them by key."""
    if block.is_each:
        return {key: scope(instance.address) for key, instance in block.things.items()}
    return scope(block.things[None].address)
