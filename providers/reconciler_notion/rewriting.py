"""From the properties that are there to those that are declared: the one request that leads there."""

from collections.abc import Mapping
from typing import Any

from reconciler.errors import Call, Rejected
from reconciler.provider.objects import Attributes
from reconciler_notion.properties import (
    Configs,
    asked_property,
    in_order_of_need,
    is_as_asked,
    told_properties,
)
from reconciler_notion.renames import matched

ONLY_AT_CREATION = frozenset(("button", "location", "verification", "last_visited_time"))
"""Types that a new data source may have, and that no request adds to or changes in one that exists."""


def first_properties(declared: Configs) -> dict[str, Any]:
    """The properties of a new database; raises Rejected unless exactly one is the title."""
    _check_titles(declared, needs_one=True)
    return in_order_of_need({name: asked_property(config) for name, config in declared.items()})


def rewritten(found: Configs, prior: Attributes, desired: Attributes) -> dict[str, Any]:
    """The ``properties`` of a request, by id or, for new ones, by name; empty when all is as declared.

    Raises Rejected for two titles, and for renames that cannot be told apart.
    """
    declared: Configs = desired.get("properties") or {}
    is_exclusive = desired.get("properties_mode") == "exclusive"
    ids_before: Mapping[str, str] = prior.get("property_ids") or {}
    _check_titles(declared, needs_one=is_exclusive)
    matches = matched(found, declared, ids_before, desired.get("renamed_properties"))
    told = told_properties(found, {**ids_before, **_ids(found, matches)}, prior)["properties"]
    body: dict[str, Any] = {}
    if is_exclusive:
        kept = set(matches.values())
        body = {
            config["id"]: None
            for name, config in found.items()
            if name not in kept and config["type"] != "relation"
        }
    for name, config in declared.items():
        former = matches.get(name)
        if former is None:
            _check_can_change(name, config)
            body[name] = asked_property(config)
            continue
        there, changes = found[former], {}
        if not is_as_asked(told[former], config, is_exclusive=is_exclusive):
            _check_can_change(name, config)
            changes = _changed(config, there, is_exclusive=is_exclusive)
        if former != name:
            changes["name"] = name
        if changes:
            body[there["id"]] = changes
    return in_order_of_need(body)


def declared_ids(found: Configs, desired: Attributes) -> dict[str, str]:
    """The ids of the declared properties, by name."""
    return {name: found[name]["id"] for name in desired.get("properties") or {} if name in found}


def _ids(found: Configs, matches: Mapping[str, str]) -> dict[str, str]:
    return {name: found[former]["id"] for name, former in matches.items()}


def _changed(config: Mapping[str, Any], there: Mapping[str, Any], *, is_exclusive: bool) -> dict[str, Any]:
    kind = config["type"]
    if kind != there["type"]:
        return asked_property(config)
    if is_exclusive and "options" in config:
        kept = [option for option in there[kind]["options"] if option["name"] in config["options"]]
        there = {**there, kind: {**there[kind], "options": kept}}
    return asked_property(config, there)


def _check_can_change(name: str, config: Mapping[str, Any]) -> None:
    if config["type"] in ONLY_AT_CREATION:
        raise Rejected(
            f"Notion's API adds no property of the type {config['type']} to a database that exists, "
            f"and changes none: {name!r}",
            call=Call("notion", "update a notion_database"),
            remedy="add or change it by hand in Notion; then it is as declared",
        )


def _check_titles(declared: Configs, *, needs_one: bool) -> None:
    titles = [name for name, config in declared.items() if config["type"] == "title"]
    if len(titles) > 1 or (needs_one and not titles):
        raise Rejected(
            f"a database has exactly one title property, and {', '.join(titles) or 'none'} is declared",
            call=Call("notion", "properties"),
            remedy="declare one property with the type title",
        )
