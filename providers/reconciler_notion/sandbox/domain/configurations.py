"""What each type of property is configured with, in a request and as it is kept.

Kept configurations: number ``{format}``; formula ``{expression}``; select and multi_select ``{options}``;
status ``{options, groups}``; relation ``{data_source_id, synced_property_id or null}``; rollup
``{function, relation_property_id, rollup_property_id}``; unique_id ``{prefix}``; all others ``{}``.
Source: developers.notion.com/reference/property-object.
"""

from collections.abc import Callable, Mapping
from typing import Any

from reconciler_notion.sandbox.domain import options
from reconciler_notion.sandbox.domain.tree import shared_data_source
from reconciler_notion.sandbox.errors import invalid
from reconciler_notion.sandbox.fields import Check, nullable, one_of, record, text, uuid_
from reconciler_notion.sandbox.ids import same_property_id
from reconciler_notion.sandbox.store import Store

Configuration = dict[str, Any]
Given = Mapping[str, Any]
Source = Mapping[str, Any]
Property = dict[str, Any]

# fmt: off
PLAIN = (
    "title", "rich_text", "url", "people", "files", "email", "phone_number", "date", "checkbox",
    "created_by", "created_time", "last_edited_by", "last_edited_time", "button", "location",
    "verification", "last_visited_time", "place",
)
ROLLUP_FUNCTIONS = (
    "count", "count_values", "empty", "not_empty", "unique", "show_unique", "percent_empty",
    "percent_not_empty", "sum", "average", "median", "min", "max", "range", "earliest_date",
    "latest_date", "date_range", "checked", "unchecked", "percent_checked", "percent_unchecked",
    "count_per_group", "percent_per_group", "show_original",
)
NUMBER_FORMATS = (
    "number", "number_with_commas", "percent", "dollar", "australian_dollar", "canadian_dollar",
    "singapore_dollar", "euro", "pound", "yen", "ruble", "rupee", "won", "yuan", "real", "lira",
    "rupiah", "franc", "hong_kong_dollar", "new_zealand_dollar", "krona", "norwegian_krone",
    "mexican_peso", "rand", "new_taiwan_dollar", "danish_krone", "zloty", "baht", "forint", "koruna",
    "shekel", "chilean_peso", "philippine_peso", "dirham", "colombian_peso", "riyal", "ringgit", "leu",
    "argentine_peso", "uruguayan_peso", "peruvian_sol",
)
# fmt: on
_RELATION = record(
    {
        "data_source_id": uuid_,
        "database_id": uuid_,
        "type": one_of(("single_property", "dual_property")),
        "single_property": record({}),
        "dual_property": record({"synced_property_id": text(), "synced_property_name": text()}),
    },
    ("data_source_id",),
)
_ROLLUP = record(
    {
        "function": one_of(ROLLUP_FUNCTIONS),
        "relation_property_name": text(),
        "relation_property_id": text(),
        "rollup_property_name": text(),
        "rollup_property_id": text(),
    },
    ("function",),
)
CONFIGURATIONS: dict[str, Check] = {
    **dict.fromkeys(PLAIN, record({})),
    "number": record({"format": one_of(NUMBER_FORMATS)}),
    "formula": record({"expression": text()}),
    "select": options.OPTIONS,
    "multi_select": options.OPTIONS,
    "status": options.STATUS,
    "relation": _RELATION,
    "rollup": _ROLLUP,
    "unique_id": record({"prefix": nullable(text())}),
}


def property_of(source: Source, key: str) -> Property | None:
    """The property of this name or id."""
    found: list[Property] = source["properties"]
    by_name = next((each for each in found if each["name"] == key), None)
    return by_name or next((each for each in found if same_property_id(each["id"], key)), None)


def configured(
    store: Store, source: Source, kind: str, given: Given, before: Configuration | None
) -> Configuration:
    """What a property of this type keeps; ``before`` is what it kept, if its type stays the same.

    Raises ``Refusal`` for a relation to what is not shared, or a rollup along what is no relation.
    """
    keep = _KEEPERS.get(kind)
    return {} if keep is None else keep(store, source, given, before)


def _number(_store: Store, _source: Source, given: Given, before: Configuration | None) -> Configuration:
    return {"format": given.get("format", (before or {}).get("format", "number"))}


def _formula(_store: Store, _source: Source, given: Given, before: Configuration | None) -> Configuration:
    return {"expression": given.get("expression", (before or {}).get("expression", ""))}


def _unique_id(_store: Store, _source: Source, given: Given, before: Configuration | None) -> Configuration:
    return {"prefix": given.get("prefix", (before or {}).get("prefix"))}


def _select(store: Store, _source: Source, given: Given, before: Configuration | None) -> Configuration:
    earlier = (before or {}).get("options", [])
    if "options" not in given:
        return {"options": earlier}
    return {"options": options.replaced(store, earlier, given["options"])}


def _status(store: Store, _source: Source, given: Given, before: Configuration | None) -> Configuration:
    if before is None:
        return options.new_status(store, given.get("options"))
    if "options" not in given:
        return before
    return options.changed_status(store, before, given["options"])


def _relation(store: Store, _source: Source, given: Given, before: Configuration | None) -> Configuration:
    target = shared_data_source(store, given["data_source_id"])["id"]
    stays = before is not None and before["data_source_id"] == target and is_dual(given)
    return {
        "data_source_id": target,
        "synced_property_id": before["synced_property_id"] if stays and before is not None else None,
    }


def is_dual(given: Given) -> bool:
    """Whether a request's relation is to be seen from both sides."""
    return "dual_property" in given or given.get("type") == "dual_property"


def _rollup(store: Store, source: Source, given: Given, _before: Configuration | None) -> Configuration:
    key = given.get("relation_property_id") or given.get("relation_property_name", "")
    relation = property_of(source, key)
    if relation is None or relation["type"] != "relation":
        raise invalid(f"Could not find relation property with name or id: {key}")
    target = relation["config"]["data_source_id"]
    other = source if target == source["id"] else store.require("data_source", target)
    key = given.get("rollup_property_id") or given.get("rollup_property_name", "")
    rolled = property_of(other, key)
    if rolled is None:
        raise invalid(f"Could not find rollup property with name or id: {key}")
    return {
        "function": given["function"],
        "relation_property_id": relation["id"],
        "rollup_property_id": rolled["id"],
    }


_KEEPERS: dict[str, Callable[[Store, Source, Given, Configuration | None], Configuration]] = {
    "number": _number,
    "formula": _formula,
    "unique_id": _unique_id,
    "select": _select,
    "multi_select": _select,
    "status": _status,
    "relation": _relation,
    "rollup": _rollup,
}
