"""The names that expressions may use, what they stand for, and what is wrong with a use of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from reconciler.address import Address, ModuleStep
from reconciler.config.blocks import NOTHING, Block, Declared, Each, Instance
from reconciler.config.stack import Scope, Template
from reconciler.config.uses import PLAIN_ROOTS, VALUE_ROOTS, Steps, Use
from reconciler.config.walking import Absent, NoSuchStep, walk, written_part
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
    def names(self) -> "Names":
        """What is known by name inside it."""
        ...

    @property
    def outputs(self) -> Mapping[str, Template]:
        """Its outputs."""
        ...


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
    parts: Mapping[tuple[ModuleStep, ...], Part] = field(default_factory=dict)
    """For recorded texts: each use of a module in the stack."""
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
        if one.module and one.module in self.parts:
            inside = replace(self.parts[one.module].names, is_recorded=True)
            return inside.target(replace(use, address=replace(one, module=())))
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
        return self.written_and_rest(use)[0]

    def written_and_rest(self, use: Use) -> tuple[Template, Steps]:
        """The same, with the steps that lead on from there. Raises NoSuchStep."""
        if use.root == "module":
            return written_part(*self.modules_of(use))
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

    def modules_of(self, use: Use) -> tuple[Template, Steps]:
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
            found, steps = self.modules_of(use)
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
        instance = thing_of(block, steps)
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


def _no_key(called: str, key: object, known: Iterable[str | None]) -> Absent:
    keys = [one for one in known if one is not None]
    advice = did_you_mean(str(key), keys) or "its for_each has " + (", ".join(keys[:10]) or "no keys")
    return Absent(called, f"{called} has no {str(key)!r}", advice)


def thing_of(block: Declared, steps: Steps) -> Instance:
    """The one instance that the steps after a block's name lead to. Raises NoSuchStep."""
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
