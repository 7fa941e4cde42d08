"""The parts of a stack: the stack itself, and each use of a module; what is declared in them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from reconciler import codes
from reconciler.address import Address, ModuleStep
from reconciler.config.attributes import type_schema
from reconciler.config.blocks import Block, Declared, Each, Turns
from reconciler.config.document import Document, Entry
from reconciler.config.expansion import Expansion
from reconciler.config.local_values import build_locals
from reconciler.config.module_values import input_values, output_values, provider_keys
from reconciler.config.names import Names
from reconciler.config.nodes import Mapping as MappingNode
from reconciler.config.reader import Reader, Texts
from reconciler.config.stack import Template
from reconciler.config.stack_schema import RESERVED_KEYS
from reconciler.config.templates import TemplateBuilder
from reconciler.diagnostics import Diagnostics
from reconciler.values import Unknown, Value

MAX_PARTS = 100_000
"""How many uses of modules one stack may have, those with ``for_each`` counted each time."""

Variables = Callable[["Part"], dict[str, Template]]


@dataclass
class Part:
    """The stack, or one use of a module, with all its names known; its blocks are worked out on demand."""

    document: Document
    names: Names
    reader: Reader
    calls: dict[str, "Call"] = field(default_factory=dict)
    """The uses of modules in it, by name."""
    uses: tuple[tuple[Entry, "Part"], ...] = ()
    """The entries of ``modules`` on the way to it, each with the part that it stands in."""

    def builder(self) -> TemplateBuilder:
        """A builder for values as this part sees them."""
        return TemplateBuilder(self.reader)

    @cached_property
    def outputs(self) -> Mapping[str, Template]:
        """The outputs of a module, for the part that uses it."""
        return output_values(self.document, self.builder())

    def blocks(self, section: Literal["resources", "data"]) -> Iterable[tuple[str, Mapping[str, Declared]]]:
        """What a section declares, by type and name."""
        prefix = "data." if section == "data" else ""
        for type_name in self.document.types[section]:
            yield type_name, self.names.declared[f"{prefix}{type_name}"]


class Call(Block[Part]):
    """An entry under ``modules``."""

    __slots__ = ("_assembly", "_parent", "name")

    def __init__(
        self,
        name: str,
        entry: Entry,
        turns: Callable[[Block[Any]], Turns],
        parent: Part,
        assembly: "Assembly",
    ) -> None:
        prefix = "".join(f"{step}." for step in parent.names.module)
        super().__init__(f"{prefix}module.{name}", entry, turns)
        self.name = name
        self._parent = parent
        self._assembly = assembly

    def make(self, key: str | None, each: Each | None) -> Part:
        """The module as it is used in one turn."""
        parent, document = self._parent, self._parent.document.modules[self.name]
        names = replace(
            parent.names,
            directory=document.directory,
            module=(*parent.names.module, ModuleStep(self.name, key)),
            provider_keys=provider_keys(self.entry, parent.names),
            variables={},
            locals={},
            declared={},
            modules={},
            each=None,
        )
        called = str(names.module[-1]) if len(names.module) == 1 else f"{self.called}{names.module[-1]}"

        def variables(part: Part) -> dict[str, Template]:
            builder = parent.builder()
            builder.begin(self.entry.source, called, each)
            return input_values(self.entry, document, builder, part.builder(), self._assembly.found, called)

        uses = (*parent.uses, (self.entry, parent))
        return self._assembly.part(document, names, variables, uses)


@dataclass
class Assembly:
    """Puts the parts together."""

    found: Diagnostics
    texts: Texts
    parts: dict[tuple[ModuleStep, ...], Part] = field(default_factory=dict)
    _seen: dict[Address, Mapping[str, Template]] = field(default_factory=dict)

    def part(
        self, document: Document, names: Names, variables: Variables,
        uses: tuple[tuple[Entry, Part], ...] = (),
    ) -> Part:  # fmt: skip
        """A part with its variables and locals, and with the names of all that it declares."""
        reader = Reader(names, self.found, self.texts)
        part = self.parts[names.module] = Part(document, names, reader, uses=uses)
        if len(self.parts) > MAX_PARTS:
            self.found.error(f"modules are used more than {MAX_PARTS:,} times", advice="split the stack",
                             place=uses[-1][0].place, code=codes.MODULE)  # fmt: skip
            return replace(part, document=Document(document.directory))
        turns = Expansion(names, reader, self.declared, self.found).turns
        for section, by_type in document.types.items():
            is_data = section == "data"
            for type_name, entries in by_type.items():
                names.declared[f"data.{type_name}" if is_data else type_name] = {
                    name: Declared(Address(type_name, name, None, names.module, is_data), entry, turns)
                    for name, entry in entries.items()
                }
        for name, entry in document.sections["modules"].items():
            if name in document.modules:
                part.calls[name] = Call(name, entry, turns, part, self)
        names.modules = part.calls
        names.variables = variables(part)
        build_locals(document.sections["locals"], names, reader, part.builder(), self.found)
        return part

    def recorded_names(self, address: Address | None) -> Names:
        """The names for recorded texts as a resource sees them, those of its module if that is still used."""
        part = self.parts.get(address.module if address is not None else ())
        names = replace((part or self.parts[()]).names, is_recorded=True, parts=self.parts)
        if part is None or address is None:
            return names
        kind = f"data.{address.type}" if address.is_data else address.type
        block = part.names.declared.get(kind, {}).get(address.name)
        instance = block.things.get(address.key) if block is not None else None
        return replace(names, each=instance.each) if instance and instance.each else names

    def declared(self, address: Address) -> Mapping[str, Template] | Unknown:
        """What the files say of a resource, the rest Unknown: what ``for_each`` and ``when`` may rest on."""
        known = self._seen.get(address)
        if known is None:
            known = self._seen[address] = self._declared(address)
        return known

    def _declared(self, address: Address) -> Mapping[str, Template]:
        part = self.parts[address.module]
        kind = f"data.{address.type}" if address.is_data else address.type
        block = part.names.declared[kind][address.name]
        resource_type = part.names.resource_type(address.type, address.is_data)
        attributes: dict[str, Value] = {}
        if resource_type is None:
            return attributes
        for name in resource_type.attributes:
            attributes[name] = Unknown(f"{address}.{name}")
        if isinstance(block.entry.node, MappingNode):
            builder = TemplateBuilder(
                Reader(part.names, Diagnostics(), self.texts)
            )  # said when it is declared
            builder.begin(block.entry.source, str(address), block.things[address.key].each)
            shape = type_schema(resource_type).shape
            for key, node in block.entry.node.values.items():
                if key not in RESERVED_KEYS:
                    attributes[key] = builder.build(node, shape.part(key))
        return attributes


def parts_in(part: Part) -> Iterable[Part]:
    """A part, and all parts inside it."""
    yield part
    for block in part.calls.values():
        for inside in block.things.values():
            yield from parts_in(inside)
