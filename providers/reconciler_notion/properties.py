"""A database's properties, as stacks declare them and as Notion's requests and answers have them.

Source: developers.notion.com/reference/property-object, …/update-data-source-properties.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from reconciler_notion.identifiers import dashed, notion_id

Config = Mapping[str, Any]
Configs = Mapping[str, Config]

WITH_OPTIONS = ("select", "multi_select", "status")
_LAST = ("formula", "rollup")


def normal_properties(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Each property as a mapping with its type, options by name, ids with dashes."""
    return {name: _normal(config) for name, config in properties.items()}


def _normal(config: Any) -> Any:
    if isinstance(config, str):
        return {"type": config}
    if not isinstance(config, Mapping):
        return config
    found = dict(config)
    options = found.get("options")
    if isinstance(options, Sequence) and not isinstance(options, str):
        found["options"] = dict(_named_option(option) for option in options)
    elif isinstance(options, Mapping):
        found["options"] = {name: option or {} for name, option in options.items()}
    if isinstance(found.get("data_source"), str):
        found["data_source"] = notion_id(found["data_source"])
    return found


def _named_option(option: Any) -> tuple[str, dict[str, Any]]:
    if isinstance(option, Mapping):
        return option["name"], {key: value for key, value in option.items() if key != "name"}
    return str(option), {}


def told_property(found: Config) -> dict[str, Any]:
    """One property of an answer."""
    kind = found["type"]
    told: dict[str, Any] = {"type": kind, "description": found["description"] or None}
    match kind:
        case "number":
            told["format"] = found["number"]["format"]
        case "formula":
            told["expression"] = found["formula"]["expression"]
        case "unique_id":
            told["prefix"] = found["unique_id"]["prefix"]
        case "select" | "multi_select" | "status":
            told["options"] = {
                option["name"]: {"color": option["color"], "description": option["description"] or None}
                for option in found[kind]["options"]
            }
        case "rollup":
            told["relation"] = found["rollup"]["relation_property_name"]
            told["property"] = found["rollup"]["rollup_property_name"]
            told["function"] = found["rollup"]["function"]
        case "relation":
            told["data_source"] = dashed(found["relation"]["data_source_id"])
            told["synced_property"] = synced_name(found["relation"])
    return told


def synced_name(relation: Config) -> str | None:
    """The name of the property on the other side of a relation; None where there is none."""
    dual = relation.get("dual_property")
    return dual["synced_property_name"] if dual else None


def asked_property(config: Config, found: Config | None = None) -> dict[str, Any]:
    """One property as a request has it; ``found`` is the one of the same type that is there.

    What ``config`` does not say stays as it is there, options too.
    """
    kind = config["type"]
    there = found[kind] if found is not None else {}
    inner: dict[str, Any] = {}
    match kind:
        case "number":
            inner = {"format": config.get("format") or there.get("format", "number")}
        case "formula":
            inner = {"expression": config["expression"]}
        case "unique_id":
            inner = {"prefix": config.get("prefix", there.get("prefix"))}
        case "select" | "multi_select" | "status" if "options" in config or there.get("options"):
            inner = {"options": _asked_options(config.get("options", {}), there.get("options", ()))}
        case "rollup":
            names = {"relation_property_name": "relation", "rollup_property_name": "property"}
            inner = {"function": config["function"], **{key: config[name] for key, name in names.items()}}
        case "relation":
            synced = config.get("synced_property", synced_name(there))
            inner = asked_relation(config["data_source"], synced)
    description = {"description": config["description"]} if "description" in config else {}
    return {"type": kind, kind: inner, **description}


def asked_relation(data_source_id: str, synced_property: str | None) -> dict[str, Any]:
    """Where a relation leads, as a request has it."""
    if synced_property is None:
        return {"data_source_id": data_source_id, "type": "single_property", "single_property": {}}
    dual = {"synced_property_name": synced_property}
    return {"data_source_id": data_source_id, "type": "dual_property", "dual_property": dual}


def _asked_options(options: Mapping[str, Config], there: Sequence[Config]) -> list[dict[str, Any]]:
    """All options there are to be: those that are there with their ids, in their order, then new ones."""
    asked = []
    for option in there:
        changes = options.get(option["name"], {})
        # Notion refuses a request that names another color, and accepts its own again.
        same = {key: option[key] for key in ("id", "name", "color", "description") if option[key] is not None}
        asked.append({**same, **changes})
    names = {option["name"] for option in there}
    asked.extend({"name": name, **changes} for name, changes in options.items() if name not in names)
    return asked


def is_as_asked(told: Config, asked: Config, *, is_exclusive: bool) -> bool:
    """Whether a property is what was asked for, over what was asked."""
    for key, value in asked.items():
        if key == "options":
            if not _has_options(told.get(key, {}), value, is_exclusive=is_exclusive):
                return False
        elif told.get(key) != value:
            return False
    return True


def _has_options(told: Mapping[str, Config], asked: Mapping[str, Config], *, is_exclusive: bool) -> bool:
    if is_exclusive and set(told) != set(asked):
        return False
    return all(
        name in told and all(told[name].get(key) == value for key, value in option.items())
        for name, option in asked.items()
    )


def in_order_of_need(properties: Mapping[str, Any]) -> dict[str, Any]:
    """What refers to other properties goes last."""
    return dict(sorted(properties.items(), key=lambda item: (item[1] or {}).get("type") in _LAST))


def ids_of(found: Configs) -> dict[str, str]:
    """The ids of all properties but relations, by name."""
    return {name: config["id"] for name, config in found.items() if config["type"] != "relation"}


def told_properties(found: Configs, ids: Mapping[str, str], before: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes that speak of properties.

    ``ids`` are those that the database declares, by the name that they had then; of relations only those are
    told, since the others belong to resources of their own. A formula is told as it was declared, as long as
    Notion says of it what it said then: it may write it in another way.
    """
    declared = {identifier: name for name, identifier in ids.items()}
    formulas, known = before.get("stored_formulas") or {}, before.get("properties") or {}
    properties: dict[str, Any] = {}
    stored: dict[str, str] = {}
    for name, config in found.items():
        identifier = config["id"]
        if config["type"] == "relation" and identifier not in declared:
            continue
        told = properties[name] = told_property(config)
        if config["type"] == "formula":
            stored[identifier] = told["expression"]
            if formulas.get(identifier, told["expression"]) == told["expression"]:
                former = known.get(declared.get(identifier, name)) or {}
                told["expression"] = former.get("expression") or told["expression"]
    there = {config["id"] for config in found.values()}
    return {
        "properties": properties,
        "property_ids": {name: identifier for name, identifier in ids.items() if identifier in there},
        "stored_formulas": stored,
    }
