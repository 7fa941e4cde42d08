"""The resources and data of a stack: attributes evaluated as far as they are known, and checked."""

import itertools
from collections.abc import Mapping
from typing import Literal

from reconciler import codes
from reconciler.address import Address, AddressSyntaxError
from reconciler.config.attributes import TypeSchema, type_schema, unknown_attribute
from reconciler.config.conditions import Owner, build_conditions
from reconciler.config.document import Document, Entry, Section
from reconciler.config.expressions import MAX_PROBLEMS
from reconciler.config.lifecycle import build_triggers, needed_by
from reconciler.config.names import Names
from reconciler.config.nodes import Mapping as MappingNode
from reconciler.config.nodes import Node, Scalar, Sequence
from reconciler.config.places import Places
from reconciler.config.shapes import Shape
from reconciler.config.stack import Declaration, Lifecycle, ProviderConfiguration, ResourceHealth, Template
from reconciler.config.stack_schema import RESERVED_KEYS, check_reserved
from reconciler.config.templates import TemplateBuilder, plain_value
from reconciler.config.validation import holds_open
from reconciler.diagnostics import Diagnostic, Diagnostics, did_you_mean
from reconciler.provider.facts import ResourceType
from reconciler.values import Value

_DEFAULT = Lifecycle()
_NO_EXPECT: Mapping[str, Value] = {}
_NOTHING: frozenset[Address] = frozenset()


def declare_addresses(document: Document, names: Names) -> None:
    """Tell ``names`` what is declared, before any expression is read."""
    for section, by_type in document.types.items():
        is_data = section == "data"
        for type_name, entries in by_type.items():
            key = f"data.{type_name}" if is_data else type_name
            names.declared[key] = {name: Address(type_name, name, is_data=is_data) for name in entries}


class DeclarationBuilder:
    """Builds declarations; what is wrong goes to ``found``."""

    def __init__(
        self,
        names: Names,
        builder: TemplateBuilder,
        providers: Mapping[str, ProviderConfiguration],
        found: Diagnostics,
    ) -> None:
        self._names = names
        self._builder = builder
        self._providers = providers
        self._found = found
        self._missing: set[str] = set()

    def all_of(self, document: Document, section: Literal["resources", "data"]) -> dict[Address, Declaration]:
        """Every entry of a section whose type is known."""
        declarations: dict[Address, Declaration] = {}
        is_data = section == "data"
        for type_name, entries in document.types[section].items():
            resource_type = self._names.resource_type(type_name, is_data)
            if resource_type is None:
                self._unknown_type(document.type_places[section, type_name], type_name, is_data)
                continue
            key = f"data.{type_name}" if is_data else type_name
            self._declare(self._names.declared[key], entries, type_schema(resource_type), declarations)
        return declarations

    def _unknown_type(self, entry: Entry, type_name: str, is_data: bool) -> None:
        advice = did_you_mean(type_name, self._names.types.type_names(data=is_data))
        if not is_data and self._names.resource_type(type_name, True) is not None:
            advice = "it is a data type: declare it under data:"
        elif is_data and self._names.resource_type(type_name) is not None:
            advice = "it can only be managed: declare it under resources:"
        kind = "data" if is_data else "resource"
        self._found.error(
            f"there is no {kind} type {type_name!r}",
            advice=advice,
            place=entry.place,
            code=codes.UNKNOWN_TYPE,
        )

    def _declare(
        self, addresses: Mapping[str, Address], entries: Section, schema: TypeSchema,
        declarations: dict[Address, Declaration],
    ) -> None:  # fmt: skip
        provider = schema.type.provider
        for name, entry in entries.items():
            if len(self._found) > MAX_PROBLEMS:
                return
            if not _may_be_declaration(entry.node):
                continue  # reported with the file
            address = addresses[name]
            declarations[address] = self._declaration(address, entry, schema, provider)

    def _declaration(self, address: Address, entry: Entry, schema: TypeSchema, provider: str) -> Declaration:
        node = entry.node
        places = Places(entry)
        builder = self._builder
        called = str(address)
        builder.begin(entry.source, called)
        attributes: dict[str, Template] = {}
        has_reserved = False
        values = node.values if isinstance(node, MappingNode) else {}
        for key, part in values.items():
            if key in RESERVED_KEYS:
                has_reserved = True
            else:
                attributes[key] = builder.build(part, schema.shape.part(key))
        references = builder.references
        sources = builder.sensitive_sources(node, attributes) if isinstance(node, MappingNode) else {}
        for fault in itertools.islice(schema.faults(attributes), MAX_PROBLEMS):
            place = places.key(fault.key) if fault.key and not fault.path else places(fault.path)
            self._found.error(
                fault.summary, advice=fault.advice, place=place, address=called, code=codes.ATTRIBUTE
            )
        depends_on, lifecycle, expect, health = _NOTHING, _DEFAULT, _NO_EXPECT, None
        if has_reserved and isinstance(node, MappingNode):
            problems = len(self._found)
            self._found.extend(check_reserved(entry.source, node, called, is_data=address.is_data))
            if len(self._found) == problems:
                provider = self._provider(node, entry, provider, called)
                depends_on = self._depends_on(node.values.get("depends_on"), entry, called)
                lifecycle = self._lifecycle(node.values.get("lifecycle"), entry, schema.type, address)
                depends_on |= needed_by(lifecycle) - {address}
                expect = self._expect(node.values.get("expect"), entry, schema, called)
                health = self._health(node.values.get("health"), entry, schema, called)
        if provider not in self._providers:
            self._no_provider(provider, entry, called)
        return Declaration(
            address, provider, attributes, references, depends_on, lifecycle, places, expect, health, sources
        )

    def _no_provider(self, key: str, entry: Entry, called: str) -> None:
        if key not in self._missing:
            self._missing.add(key)
            self._found.error(
                f"the provider {key!r} is not configured",
                advice=f"add {key}: and its settings under providers:",
                place=entry.place,
                address=called,
                code=codes.PROVIDER_SETTINGS,
            )

    def _provider(self, node: MappingNode, entry: Entry, default: str, called: str) -> str:
        part = node.values.get("provider")
        if not isinstance(part, Scalar):
            return default
        if part.text.partition(".")[0] != default:
            self._found.error(
                f"the provider {part.text!r} has no such resources",
                advice=f"use {default}, or a second configuration of it such as {default}.second",
                place=entry.source.place(part.position),
                address=called,
            )
            return default
        if part.text not in self._providers:
            self._found.error(
                f"the provider {part.text!r} is not configured",
                advice=did_you_mean(part.text, self._providers) or f"add {part.text}: under providers:",
                place=entry.source.place(part.position),
                address=called,
                code=codes.PROVIDER_SETTINGS,
            )
            return default
        return part.text

    def _depends_on(self, node: Node | None, entry: Entry, called: str) -> frozenset[Address]:
        found: set[Address] = set()
        for item in node.items if isinstance(node, Sequence) else ():
            text = item.text if isinstance(item, Scalar) else ""
            place = entry.source.place(item.position)
            try:
                address = Address.parse(text)
            except AddressSyntaxError as error:
                advice = "write the address alone, without ${ }" if "${" in text else ""
                self._found.error(str(error), advice=advice, place=place, address=called)
                continue
            key = f"data.{address.type}" if address.is_data else address.type
            known = self._names.declared.get(key, {})
            if known.get(address.name) == address:
                found.add(address)
            else:
                every = [str(one) for by_name in self._names.declared.values() for one in by_name.values()]
                self._found.error(
                    f"there is no {text}", advice=did_you_mean(text, every), place=place, address=called
                )
        return frozenset(found)

    def _lifecycle(
        self, node: Node | None, entry: Entry, resource_type: ResourceType, address: Address
    ) -> Lifecycle:
        if not isinstance(node, MappingNode):
            return _DEFAULT
        called = str(address)
        value = plain_value(node, _LIFECYCLE)
        self._check_ignored(node.values.get("ignore_changes"), entry, resource_type, called)
        ways = (*resource_type.destroy, "forget")
        on_destroy = value.get("on_destroy")
        if on_destroy is not None and on_destroy not in ways:
            self._found.error(
                f"{resource_type.name} cannot be destroyed by {on_destroy!r}",
                advice="use one of: " + ", ".join(dict.fromkeys(ways)),
                place=entry.source.place(node.values["on_destroy"].position),
                address=called,
            )
        return Lifecycle(
            value.get("prevent_destroy", False),
            tuple(value.get("ignore_changes", ())),
            value.get("on_exists", "fail"),
            on_destroy,
            value.get("create_before_destroy", False),
            build_triggers(node.values.get("replace_triggered_by"), entry, self._names, self._found, called),
            *(
                build_conditions(
                    node.values.get(key), Owner(entry, called, address, is_there), self._builder, self._found
                )
                for key, is_there in (("precondition", False), ("postcondition", True))
            ),
        )

    def _check_ignored(
        self, node: Node | None, entry: Entry, resource_type: ResourceType, called: str
    ) -> None:
        for item in node.items if isinstance(node, Sequence) else ():
            text = item.text if isinstance(item, Scalar) else ""
            problem = None if text == "*" else unknown_attribute(resource_type, text)
            if problem:
                self._found.add(Diagnostic(problem[0], problem[1], entry.source.place(item.position), called))

    def _expect(
        self, node: Node | None, entry: Entry, schema: TypeSchema, called: str
    ) -> Mapping[str, Value]:
        if not isinstance(node, MappingNode):
            return _NO_EXPECT
        expected: dict[str, Value] = {}
        for key, part in node.values.items():
            if problem := unknown_attribute(schema.type, key):
                place = entry.source.place(node.key_position(key))
                self._found.error(problem[0], advice=problem[1], place=place, address=called)
                continue
            self._builder.begin(entry.source, called)
            expected[key] = self._builder.build(part, schema.shape.part(key))
            if self._builder.references and holds_open(expected[key]):
                self._found.error(
                    f"what is expected of {key!r} must be known when the stack is read",
                    advice="use variables and locals that rest on no resource",
                    place=entry.source.place(part.position),
                    address=called,
                )
        return expected

    def _health(
        self, node: Node | None, entry: Entry, schema: TypeSchema, called: str
    ) -> ResourceHealth | None:
        if not isinstance(node, MappingNode):
            return None
        url: Value = ""
        if (part := node.values.get("url")) is not None:
            self._builder.begin(entry.source, called)
            url = self._builder.build(part, _URL)
            if not isinstance(url, str) or not url.startswith(("http://", "https://")):
                self._found.error(
                    "a health check URL must be a plain address, known when the stack is read",
                    advice="begin it with https:// or http://; use variables that rest on no resource and "
                    "are not secret",
                    place=entry.source.place(part.position),
                    address=called,
                    code=codes.ATTRIBUTE,
                )
                return None
        return ResourceHealth(self._expect(node.values.get("expect"), entry, schema, called), str(url))


def _may_be_declaration(node: Node) -> bool:
    return isinstance(node, MappingNode) or (isinstance(node, Scalar) and node.is_plain and node.text == "")


_URL = Shape({"type": "string"})
_LIFECYCLE = Shape(
    {
        "properties": {
            "ignore_changes": {"items": {"type": "string"}},
            "on_destroy": {"type": "string"},
        }
    }
)
