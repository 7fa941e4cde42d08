"""One JSON Schema for a whole stack file, with all installed types and providers in it: what editors want.

It is the schema of stack files with the types' schemas put in, so that a key that the language gains shows up
by itself. It is a little more patient than ``validate``: wherever an expression may stand, a text with ``${``
in it is right. Keys for editors: ``markdownDescription`` and ``defaultSnippets``
(github.com/redhat-developer/yaml-language-server, code.visualstudio.com/docs/languages/json).
"""

from collections.abc import Mapping
from typing import Any

from reconciler.config.providers import merged_settings_schema
from reconciler.config.schemas import schema
from reconciler.operations.editor_values import value_schema
from reconciler.provider.facts import Attribute, ResourceType
from reconciler.registry import Registry

Schema = dict[str, Any]

_EXPRESSION = {"type": "string", "pattern": r"\$\{"}
"""Without a description, which editors would show beside that of each attribute."""

_FACTS = (
    ("is_required", "Required."),
    ("forces_replacement", "A change of it replaces the object."),
    ("is_sensitive", "Never shown; state keeps a keyed hash of it."),
    ("is_write_only", "The service never tells it."),
    ("is_unordered", "Its order means nothing."),
)


def editor_schema(registry: Registry) -> Schema:
    """The document; raises BrokenProvider for a provider that cannot be used."""
    stack = schema("stack.schema.json")
    definitions: Schema = {name: _patient(part) for name, part in stack["$defs"].items()}
    definitions["expression"] = _EXPRESSION
    properties: Schema = {name: _patient(part) for name, part in stack["properties"].items()}
    for section, is_data in (("resources", False), ("data", True)):
        types = [
            found
            for name in registry.type_names(data=is_data)
            if (found := registry.data_type(name) if is_data else registry.type(name)) is not None
        ]
        reserved = stack["$defs"]["data" if is_data else "resource"]
        prefix = "data." if is_data else ""
        names: Schema = {}
        for found in types:
            name = found.name
            definitions[f"{prefix}{name}"] = _entry(found, reserved)
            names[name] = _names(found, f"#/$defs/{prefix}{name}", stack["properties"][section])
        properties[section] |= {"additionalProperties": False, "properties": names}
    for name in registry.provider_names():
        factory = registry.factory(name)
        if factory is not None:
            definitions[f"provider.{name}"] = _settings(factory.settings_schema)
    properties["providers"] |= _configurations(registry.provider_names())
    return {
        **stack,
        "$id": "https://reconciler.dev/schemas/editor.schema.json",
        "title": "A stack, with all resource types",
        "properties": properties,
        "$defs": definitions,
    }


def _names(found: ResourceType, reference: str, section: Mapping[str, Any]) -> Schema:
    """What stands below a type: names, each with an entry."""
    by_name = section["additionalProperties"]
    return {
        **{key: part for key, part in by_name.items() if key != "additionalProperties"},
        **_told(_title(found), _described(found), _about(found)),
        "additionalProperties": {"$ref": reference},
        "defaultSnippets": [_snippet(found)],
    }


def _snippet(found: ResourceType) -> Schema:
    """A new entry with all that it must have; ``${1:name}`` and ``$2`` are where the cursor goes."""
    needed = [name for name, attribute in found.attributes.items() if attribute.is_required]
    body = {name: f"${at}" for at, name in enumerate(needed, start=2)}
    return {
        "label": f"a new {found.name.removeprefix('data.')}",
        "description": _described(found),
        "body": {"${1:name}": body or {"$2": ""}},
    }


def _entry(found: ResourceType, reserved: Mapping[str, Any]) -> Schema:
    """One resource or data entry: its attributes, and the language's keys beside them."""
    source = found.schema
    attributes = {
        name: _attribute(attribute)
        for name, attribute in found.attributes.items()
        if not attribute.is_computed
    }
    beside = {name: _patient(part) for name, part in reserved.get("properties", {}).items()}
    if "lifecycle" in beside:
        beside["lifecycle"] = {"allOf": [beside["lifecycle"], _lifecycle(found)]}
    entry = value_schema({key: part for key, part in source.items() if key not in ("properties", "$schema")})
    return {
        **entry,
        **_told(_title(found), _described(found)),
        "type": "object" if source.get("required") else ["object", "null"],
        "properties": {**attributes, **beside},
    }


def _lifecycle(found: ResourceType) -> Schema:
    """What the type adds to the language's ``lifecycle``: its ways to go, and its attributes by name."""
    ways = dict.fromkeys((*found.destroy, "forget"))
    return {
        "properties": {
            "on_destroy": {"enum": list(ways)},
            "ignore_changes": {"items": {"enum": ["*", *found.attributes]}},
        }
    }


def _attribute(attribute: Attribute) -> Schema:
    facts = [words for fact, words in _FACTS if getattr(attribute, fact)]
    described = str(attribute.schema.get("description", ""))
    more = " ".join((described, *facts)).strip() if facts else ""
    return {**value_schema(attribute.schema, is_open=True), **_told("", described, more)}


def _title(found: ResourceType) -> str:
    return str(found.schema.get("title", found.name))


def _described(found: ResourceType) -> str:
    return str(found.schema.get("description", ""))


def _about(found: ResourceType) -> str:
    parts = [_described(found)]
    if found.natural_key:
        parts.append(f"Told apart by {', '.join(f'`{name}`' for name in found.natural_key)}.")
    parts += [f"What {action} does cannot be undone: {why}." for action, why in found.irreversible.items()]
    if found.computed:
        parts.append(f"The service tells {', '.join(f'`{name}`' for name in found.computed)}.")
    return "\n\n".join(filter(None, parts))


def _told(title: str, text: str, more: str = "") -> Schema:
    """A title and a description; as markdown too where there is more to say, or where it has marks in it."""
    told: Schema = {"title": title} if title else {}
    if text:
        told["description"] = text
    if more or any(mark in text for mark in "`*_"):
        told["markdownDescription"] = more or text
    return told


def _settings(own: Mapping[str, Any]) -> Schema:
    merged = merged_settings_schema(own)
    properties = {name: value_schema(part, is_open=True) for name, part in merged["properties"].items()}
    left_out = ("properties", "$schema", "$defs")
    return {
        **value_schema({key: part for key, part in merged.items() if key not in left_out}),
        "type": "object" if merged.get("required") else ["object", "null"],
        "properties": properties,
    }


def _configurations(names: tuple[str, ...]) -> Schema:
    return {
        "additionalProperties": False,
        "properties": {name: {"$ref": f"#/$defs/provider.{name}"} for name in names},
        "patternProperties": {
            rf"^{name}\.[A-Za-z_][A-Za-z0-9_-]*$": {"$ref": f"#/$defs/provider.{name}"} for name in names
        },
    }


def _patient(part: Mapping[str, Any]) -> Schema:
    """A part of the language itself, in which texts may be written without quotes."""
    return value_schema(part)
