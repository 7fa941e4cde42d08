"""The providers as a stack configures them."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler import codes
from reconciler.config.attributes import masked
from reconciler.config.digest import SecretTexts
from reconciler.config.document import Document, Entry
from reconciler.config.names import Types
from reconciler.config.nodes import Mapping as MappingNode
from reconciler.config.nodes import Scalar, Sequence
from reconciler.config.places import Places
from reconciler.config.provider_settings import COMMON
from reconciler.config.sequence import in_usual_sequence
from reconciler.config.shapes import Shape
from reconciler.config.stack import ProviderConfiguration
from reconciler.config.templates import TemplateBuilder
from reconciler.config.validation import Validation, holds_open
from reconciler.diagnostics import Diagnostic, Diagnostics, Place, did_you_mean
from reconciler.graph import find_circle
from reconciler.provider.protocol import ProviderFactory
from reconciler.values import Value, is_sensitive, reveal

BUILT_IN = "reconciler"


class ProviderBuilder:
    """Builds the configurations of providers; what is wrong goes to ``found``."""

    def __init__(self, types: Types, builder: TemplateBuilder, found: Diagnostics) -> None:
        self._types = types
        self._builder = builder
        self._found = found
        self.secret_texts: SecretTexts = {}
        self._checks: dict[str, tuple[Shape, Validation]] = {}
        self._ordered: set[str] = set()

    def all_of(self, document: Document) -> dict[str, ProviderConfiguration]:
        """Every configured provider, and those in use that need no settings."""
        entries = document.sections["providers"]
        configured: dict[str, ProviderConfiguration] = {}
        for key, entry in entries.items():
            factory = self._factory(key, entry)
            if factory is not None:
                configured[key] = self._configuration(key, entry, factory)
        for type_name, place in _types_used(document):
            name = type_name.partition("_")[0]
            if name in configured or name in entries:
                continue
            factory = self._types.factory(name)
            if factory is not None and not factory.settings_schema.get("required"):
                configured[name] = ProviderConfiguration(name, name, {}, (), place)
        self._check_order(configured, entries)
        return in_usual_sequence(configured, self._ordered)

    def _factory(self, key: str, entry: Entry) -> ProviderFactory | None:
        name = key.partition(".")[0]
        factory = self._types.factory(name)
        if factory is None:
            advice = did_you_mean(name, self._types.provider_names()) or "install the package that offers it"
            self._found.error(
                f"there is no provider {name!r}",
                advice=advice,
                place=entry.place,
                code=codes.PROVIDER_SETTINGS,
            )
        return factory

    def _configuration(self, key: str, entry: Entry, factory: ProviderFactory) -> ProviderConfiguration:
        shape, validation = self._check_of(factory)
        self._builder.begin(entry.source, None)
        node = entry.node
        settings: dict[str, Value] = {}
        if isinstance(node, MappingNode):
            settings = {
                name: self._builder.build(part, shape.part(name)) for name, part in node.values.items()
            }
            self.secret_texts[key] = self._builder.sensitive_sources(node, settings)
        places = Places(entry)
        for name, value in settings.items():
            if self._builder.is_open and holds_open(value):
                self._found.error(
                    f"the setting {name!r} of a provider cannot rest on a resource",
                    advice="use variables, locals, env or secret",
                    place=places((name,)),
                    code=codes.PROVIDER_SETTINGS,
                )
        for fault in validation.faults(reveal(settings), f"the provider {key}"):
            first = str(fault.path[0]) if fault.path else ""
            if first and (shape.part(first).is_sensitive or is_sensitive(settings.get(first))):
                fault = masked(fault, first, f"the provider {key}")
            place = places.key(fault.key) if fault.key and not fault.path else places(fault.path)
            self._found.error(fault.summary, advice=fault.advice, place=place, code=codes.PROVIDER_SETTINGS)
        depends_on = settings.get("depends_on")
        if depends_on is not None:
            self._ordered.add(key)
        names = (
            tuple(one for one in depends_on if isinstance(one, str)) if isinstance(depends_on, list) else ()
        )
        settings.pop("depends_on", None)
        return ProviderConfiguration(key, factory.name, settings, names, entry.place)

    def _check_of(self, factory: ProviderFactory) -> tuple[Shape, Validation]:
        if factory.name not in self._checks:
            schema = merged_settings_schema(factory.settings_schema)
            self._checks[factory.name] = Shape(schema), Validation(schema)
        return self._checks[factory.name]

    def _check_order(
        self, configured: Mapping[str, ProviderConfiguration], entries: Mapping[str, Entry]
    ) -> None:
        """Each ``depends_on`` names a configured provider, and they make no circle."""
        for key in configured:
            node = entries[key].node if key in entries else None
            listed = node.values.get("depends_on") if isinstance(node, MappingNode) else None
            for item in listed.items if isinstance(listed, Sequence) else ():
                if isinstance(item, Scalar) and item.text not in entries:
                    advice = did_you_mean(item.text, entries) or "configure it under providers:"
                    place = entries[key].source.place(item.position)
                    self._found.error(
                        f"there is no provider {item.text!r} to depend on",
                        advice=advice,
                        place=place,
                        code=codes.PROVIDER_SETTINGS,
                    )
        circle = find_circle({key: one.depends_on for key, one in configured.items()})
        if circle:
            self._found.add(
                Diagnostic(
                    "the providers wait for each other: " + " -> ".join([*circle, circle[0]]),
                    "remove one of these from depends_on",
                    configured[circle[0]].place,
                    related=tuple((key, configured[key].place) for key in circle[1:]),
                    code=codes.CIRCLE,
                )
            )


def _types_used(document: Document) -> Iterator[tuple[str, Place]]:
    """The types that a document and its modules declare something of, each with a place where they do."""
    for by_type in document.types.values():
        for type_name, names in by_type.items():
            if names:
                yield type_name, next(iter(names.values())).place
    for module in {id(one): one for one in document.modules.values()}.values():
        yield from _types_used(module)


def merged_settings_schema(own: Mapping[str, Any]) -> dict[str, Any]:
    """A provider's own settings and those that every provider takes; nothing else is allowed."""
    properties = {**COMMON["properties"], **own.get("properties", {})}
    definitions = {**COMMON.get("$defs", {}), **own.get("$defs", {})}
    return {
        **own,
        "type": "object",
        "properties": properties,
        "$defs": definitions,
        "additionalProperties": False,
    }
