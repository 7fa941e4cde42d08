"""The resources and data of a stack: attributes evaluated as far as they are known, and checked."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from reconciler import codes
from reconciler.address import Address
from reconciler.config.attributes import TypeSchema, type_schema, unknown_attribute
from reconciler.config.blocks import NOTHING, Declared, Instance
from reconciler.config.conditions import Owner, conditions_in, with_conditions
from reconciler.config.dependencies import Dependencies, absences
from reconciler.config.document import Entry
from reconciler.config.durations import seconds_in
from reconciler.config.lifecycle import needed_by
from reconciler.config.nodes import Mapping as MappingNode
from reconciler.config.nodes import Node, Scalar, Sequence
from reconciler.config.parts import Part
from reconciler.config.places import Places
from reconciler.config.plain_values import plain_value
from reconciler.config.reader import MAX_PROBLEMS
from reconciler.config.shapes import Shape
from reconciler.config.stack import Declaration, Lifecycle, ProviderConfiguration, ResourceHealth, Template
from reconciler.config.stack_schema import RESERVED_KEYS, check_reserved
from reconciler.config.validation import holds_open
from reconciler.diagnostics import Diagnostic, Diagnostics, did_you_mean
from reconciler.provider.facts import ResourceType
from reconciler.values import Value

_DEFAULT = Lifecycle()
_NO_EXPECT: Mapping[str, Value] = {}


@dataclass(frozen=True, slots=True)
class _Settings:
    """What stands beside the attributes of a block, the same for all its instances."""

    provider: str
    depends_on: frozenset[Address] = NOTHING
    lifecycle: Lifecycle = _DEFAULT
    expect: Node | None = None
    health: Node | None = None
    conditions: Node | None = None
    """``lifecycle``, where it has conditions, which may be others for each instance."""
    timeouts: Mapping[str, float] = field(default_factory=dict)


class DeclarationBuilder:
    """Builds declarations; what is wrong goes to ``found``."""

    def __init__(
        self, part: Part, providers: Mapping[str, ProviderConfiguration], found: Diagnostics
    ) -> None:
        self._part = part
        self._names = part.names
        self._builder = part.builder()
        self._providers = providers
        self._found = found
        self._missing: set[str] = set()
        self._waits = Dependencies(found)
        self._depends_on = NOTHING.union(*(self._waits.of(entry, outer, "") for entry, outer in part.uses))

    def all_of(self, section: Literal["resources", "data"]) -> dict[Address, Declaration]:
        """Every entry of a section whose type is known, as often as it is to be."""
        declarations: dict[Address, Declaration] = {}
        is_data = section == "data"
        for type_name, blocks in self._part.blocks(section):
            resource_type = self._names.resource_type(type_name, is_data)
            if resource_type is None:
                self._unknown_type(self._part.document.type_places[section, type_name], type_name, is_data)
                continue
            schema = type_schema(resource_type)
            for block in blocks.values():
                if len(self._found) > MAX_PROBLEMS:
                    return declarations
                if _may_be_declaration(block.entry.node):  # otherwise reported with the file
                    declarations.update(self._of_block(block, schema))
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

    def _of_block(self, block: Declared, schema: TypeSchema) -> Iterator[tuple[Address, Declaration]]:
        entry = block.entry
        settings = self._settings(block, schema)
        places = Places(entry)
        for instance in block.things.values():
            yield instance.address, self._declaration(instance, entry, schema, settings, places)

    def _settings(self, block: Declared, schema: TypeSchema) -> _Settings:
        """What stands beside the attributes; none of it where any is wrong, which is said."""
        entry, called = block.entry, block.called
        default = schema.type.provider
        provider = self._names.provider_keys.get(default, default)
        settings = _Settings(provider, self._depends_on)
        node = entry.node
        if isinstance(node, MappingNode) and not RESERVED_KEYS.isdisjoint(node.values):
            problems = len(self._found)
            self._found.extend(check_reserved(entry.source, node, called, is_data=block.address.is_data))
            if len(self._found) == problems:
                settings = _Settings(
                    self._provider(node, entry, default, called),
                    self._depends_on | self._waits.of(entry, self._part, called),
                    self._lifecycle(node.values.get("lifecycle"), entry, schema.type, called),
                    node.values.get("expect"),
                    node.values.get("health"),
                    conditions_in(node.values.get("lifecycle")),
                    self._timeouts(node.values.get("timeouts"), entry, called),
                )
        if settings.provider not in self._providers:
            self._no_provider(settings.provider, entry, called)
        return settings

    def _declaration(
        self, instance: Instance, entry: Entry, schema: TypeSchema, settings: _Settings, places: Places
    ) -> Declaration:
        node = entry.node
        builder = self._builder
        called = str(instance.address)
        builder.begin(entry.source, called, instance.each)
        attributes: dict[str, Template] = {}
        values = node.values if isinstance(node, MappingNode) else {}
        for key, part in values.items():
            if key not in RESERVED_KEYS:
                attributes[key] = builder.build(part, schema.shape.part(key))
        references = NOTHING
        if builder.is_open:
            self._found.extend(absences(builder.expressions))
            references = builder.references
            if not references:
                attributes = builder.folded(attributes, self._found)
        if instance.each is not None:
            references = references | instance.each.rests_on() if references else instance.each.rests_on()
        sources = builder.sensitive_sources(node, attributes)
        for fault in itertools.islice(schema.faults(attributes), MAX_PROBLEMS):
            place = places.key(fault.key) if fault.key and not fault.path else places(fault.path)
            self._found.error(
                fault.summary, advice=fault.advice, place=place, address=called, code=codes.ATTRIBUTE
            )
        lifecycle = settings.lifecycle
        if settings.conditions is not None:
            owner = Owner(entry, called, instance.address, instance.each)
            lifecycle = with_conditions(lifecycle, settings.conditions, owner, builder, self._found)
        return Declaration(
            instance.address,
            settings.provider,
            attributes,
            references,
            (settings.depends_on | needed_by(lifecycle)) - {instance.address}
            if lifecycle is not _DEFAULT
            else settings.depends_on,
            lifecycle,
            places,
            self._expect(settings.expect, entry, schema, instance),
            self._health(settings.health, entry, schema, instance),
            sources,
            settings.timeouts,
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
            return self._names.provider_keys.get(default, default)
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

    def _lifecycle(
        self, node: Node | None, entry: Entry, resource_type: ResourceType, called: str
    ) -> Lifecycle:
        if not isinstance(node, MappingNode):
            return _DEFAULT
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
            self._waits.triggers(node.values.get("replace_triggered_by"), entry, self._names, called),
        )

    def _timeouts(self, node: Node | None, entry: Entry, called: str) -> Mapping[str, float]:
        found: dict[str, float] = {}
        for action, part in node.values.items() if isinstance(node, MappingNode) else ():
            seconds = seconds_in(part.text) if isinstance(part, Scalar) else None
            if seconds is not None:
                found[action] = seconds
                continue
            self._found.error(
                f"timeouts.{action} must be a length of time",
                advice="write 30s, 2m, 1h, or a number of seconds, 24h at most",
                place=entry.source.place(part.position),
                address=called,
                code=codes.ATTRIBUTE,
            )
        return found

    def _check_ignored(
        self, node: Node | None, entry: Entry, resource_type: ResourceType, called: str
    ) -> None:
        for item in node.items if isinstance(node, Sequence) else ():
            text = item.text if isinstance(item, Scalar) else ""
            problem = None if text == "*" else unknown_attribute(resource_type, text)
            if problem:
                self._found.add(Diagnostic(problem[0], problem[1], entry.source.place(item.position), called))

    def _expect(
        self, node: Node | None, entry: Entry, schema: TypeSchema, instance: Instance
    ) -> Mapping[str, Value]:
        if not isinstance(node, MappingNode):
            return _NO_EXPECT
        called = str(instance.address)
        expected: dict[str, Value] = {}
        for key, part in node.values.items():
            if problem := unknown_attribute(schema.type, key):
                place = entry.source.place(node.key_position(key))
                self._found.error(problem[0], advice=problem[1], place=place, address=called)
                continue
            self._builder.begin(entry.source, called, instance.each)
            expected[key] = self._builder.build(part, schema.shape.part(key))
            if self._builder.is_open and holds_open(expected[key]):
                self._found.error(
                    f"what is expected of {key!r} must be known when the stack is read",
                    advice="use variables and locals that rest on no resource",
                    place=entry.source.place(part.position),
                    address=called,
                )
        return expected

    def _health(
        self, node: Node | None, entry: Entry, schema: TypeSchema, instance: Instance
    ) -> ResourceHealth | None:
        if not isinstance(node, MappingNode):
            return None
        called = str(instance.address)
        url: Value = ""
        if (part := node.values.get("url")) is not None:
            self._builder.begin(entry.source, called, instance.each)
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
        return ResourceHealth(self._expect(node.values.get("expect"), entry, schema, instance), str(url))


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
