"""Filters and sorts over the rows of a data source.

Source: developers.notion.com/reference/filter-data-source-entries, /sort-data-source-entries. What a
filter sees is what the API shows; texts are compared without regard to case.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.configurations import Property, property_of
from reconciler_notion.sandbox.domain.rich_text import plain
from reconciler_notion.sandbox.domain.values import value_of
from reconciler_notion.sandbox.errors import failed_validation, invalid
from reconciler_notion.sandbox.fields import (
    Check,
    anything,
    boolean,
    demand,
    listing,
    number,
    one_of,
    record,
    shown,
    text,
)
from reconciler_notion.sandbox.ids import normal_id
from reconciler_notion.sandbox.store import Store

Value = Any
_TIMESTAMPS = ("created_time", "last_edited_time")
_TEXTS = ("title", "rich_text", "url", "email", "phone_number")
_NUMBERS = ("number", "unique_id")
_CHOICES = ("select", "status")
_DATES = ("date", *_TIMESTAMPS)
_PEOPLE = ("people", "created_by", "last_edited_by")
_DEEPEST = 2


def check_filter(path: str, value: object, depth: int = 0) -> Iterator[str]:
    """A condition, or ``and`` and ``or`` of conditions, at most two deep."""
    if not isinstance(value, dict):
        yield f"{path} should be an object, instead was {shown(value)}."
        return
    group = next((key for key in ("and", "or") if key in value), None)
    if group is None:
        if "property" not in value and "timestamp" not in value:
            yield f"{path}.or should be defined, instead was `undefined`."
            yield f"{path}.and should be defined, instead was `undefined`."
            yield f"{path}.property should be defined, instead was `undefined`."
        if "property" in value:
            yield from text()(f"{path}.property", value["property"])
        if "timestamp" in value:
            yield from one_of(_TIMESTAMPS)(f"{path}.timestamp", value["timestamp"])
    elif depth >= _DEEPEST:
        yield f"{path}.{group} should be not present, instead was {shown(value[group])}."
    else:

        def inner(inner_path: str, each: object) -> Iterator[str]:
            return check_filter(inner_path, each, depth + 1)

        yield from listing(inner)(f"{path}.{group}", value[group])


check_sorts = listing(
    record(
        {
            "property": text(),
            "timestamp": one_of(_TIMESTAMPS),
            "direction": one_of(("ascending", "descending")),
        }
    )
)


def selected(
    store: Store,
    source: Mapping[str, Any],
    rows: Sequence[Document],
    given: Mapping[str, Any] | None,
    me: str,
) -> list[Document]:
    """The rows that pass a filter; raises ``Refusal`` for properties and conditions that there are not."""
    if not given:
        return list(rows)
    passes = _condition(store, source, given, me)
    return [each for each in rows if passes(each)]


def sorted_rows(
    store: Store, source: Mapping[str, Any], rows: list[Document], sorts: Sequence[Mapping[str, Any]]
) -> list[Document]:
    """The rows by the sorts, the first one counting most; empty values come last."""
    for each in reversed(sorts):
        found = _named(source, each)
        backwards = each.get("direction") == "descending"
        full = [row for row in rows if _sort_key(store, row, found) is not None]
        empty = [row for row in rows if _sort_key(store, row, found) is None]
        full.sort(key=lambda row: _sort_key(store, row, found), reverse=backwards)
        rows = full + empty
    return rows


def _named(source: Mapping[str, Any], given: Mapping[str, Any]) -> Property:
    """The property, or the time as if it were one, that a sort or filter names."""
    if "timestamp" in given:
        return {"id": "", "name": given["timestamp"], "type": given["timestamp"], "config": {}}
    found = property_of(source, given.get("property", ""))
    if found is None:
        raise invalid(f"Could not find property with name or id: {given.get('property')}")
    return found


def _read(row: Document, found: Property) -> Value:
    """A row's value in the form that conditions look at: plain text, number, option name, ISO text, ids."""
    kind = found["type"]
    if kind in (*_TIMESTAMPS, "created_by", "last_edited_by"):
        return [row[kind]] if kind.endswith("_by") else f"{row[kind][:16]}:00.000+00:00"
    if kind == "unique_id":
        return row["unique_number"]
    held = value_of(row, found)
    if kind in ("title", "rich_text"):
        return plain(held)
    if kind in _CHOICES:
        return _option_names(found, [held])[0] if held and _option_names(found, [held]) else None
    if kind == "multi_select":
        return _option_names(found, held)
    if kind == "date":
        return None if held is None else held["start"]
    return held


def _option_names(found: Property, ids: Sequence[str]) -> list[str]:
    names = {each["id"]: str(each["name"]) for each in found["config"]["options"]}
    return [names[id_] for id_ in ids if id_ in names]


def _sort_key(store: Store, row: Document, found: Property) -> Any:
    value = _read(row, found)
    if found["type"] in _CHOICES and value is not None:
        return [each["name"] for each in found["config"]["options"]].index(value)
    if found["type"] in _PEOPLE:
        names = [user["name"] for each in value if (user := store.get("user", each))]
        return names or None
    if value in ("", [], None):
        return None
    return value.lower() if isinstance(value, str) else value


def _condition(
    store: Store, source: Mapping[str, Any], given: Mapping[str, Any], me: str
) -> Callable[[Document], bool]:
    for group, combine in (("and", all), ("or", any)):
        if group in given:
            parts = [_condition(store, source, each, me) for each in given[group]]
            return lambda row: combine(part(row) for part in parts)
    found = _named(source, given)
    kind = found["type"]
    if kind not in given:
        said = next((key for key in given if key not in ("property", "type", "timestamp")), None)
        raise invalid(f"database property {kind} does not match filter {said}")
    condition = given[kind]
    if not isinstance(condition, dict) or len(condition) != 1:
        raise failed_validation(
            "body", [f"body.filter.{kind} should hold one condition, instead was {shown(condition)}."]
        )
    ((operator, operand),) = condition.items()
    demand(_operand_check(kind, operator), operand, f"body.filter.{kind}.{operator}")
    test = _test(store, kind, operator, operand, me)
    if test is None:
        raise failed_validation(
            "body", [f"body.filter.{kind}.{operator} should be not present, instead was {shown(operand)}."]
        )
    return lambda row: test(_read(row, found))


def _operand_check(kind: str, operator: str) -> Check:
    """What may be compared with a value of this kind."""
    if operator in ("is_empty", "is_not_empty"):
        return one_of((True,))
    if kind in _NUMBERS:
        return number
    if kind == "checkbox":
        return boolean
    if kind in _TEXTS:
        return text()
    if kind in (*_CHOICES, "multi_select", "relation", *_PEOPLE):
        return _text_or_texts
    return anything


def _text_or_texts(path: str, value: object) -> Iterator[str]:
    yield from (listing(text()) if isinstance(value, list) else text())(path, value)


def _test(store: Store, kind: str, operator: str, operand: Any, me: str) -> Callable[[Value], bool] | None:
    if operator in ("is_empty", "is_not_empty") and kind != "checkbox":
        return lambda value: (value in (None, "", [])) == (operator == "is_empty")
    if kind in _TEXTS:
        return _text_test(operator, str(operand).lower())
    if kind in _NUMBERS:
        return _number_test(operator, operand)
    if kind == "checkbox":
        return {
            "equals": lambda value: value == operand,
            "does_not_equal": lambda value: value != operand,
        }.get(operator)
    if kind in _CHOICES:
        wanted = operand if isinstance(operand, list) else [operand]
        return {
            "equals": lambda value: value in wanted,
            "does_not_equal": lambda value: value not in wanted,
        }.get(operator)
    if kind in _DATES:
        return _date_test(store.world.now().date(), operator, operand)
    if kind in ("multi_select", "relation", *_PEOPLE):
        return _member_test(kind, operator, operand, me)
    return None


def _text_test(operator: str, operand: str) -> Callable[[Value], bool] | None:
    return {
        "equals": lambda value: (value or "").lower() == operand,
        "does_not_equal": lambda value: (value or "").lower() != operand,
        "contains": lambda value: operand in (value or "").lower(),
        "does_not_contain": lambda value: operand not in (value or "").lower(),
        "starts_with": lambda value: (value or "").lower().startswith(operand),
        "ends_with": lambda value: (value or "").lower().endswith(operand),
    }.get(operator)


def _number_test(operator: str, operand: float) -> Callable[[Value], bool] | None:
    return {
        "equals": lambda value: value == operand,
        "does_not_equal": lambda value: value != operand,
        "greater_than": lambda value: value is not None and value > operand,
        "less_than": lambda value: value is not None and value < operand,
        "greater_than_or_equal_to": lambda value: value is not None and value >= operand,
        "less_than_or_equal_to": lambda value: value is not None and value <= operand,
    }.get(operator)


def _member_test(kind: str, operator: str, operand: Any, me: str) -> Callable[[Value], bool] | None:
    wanted = operand if isinstance(operand, list) else [operand]
    if kind in _PEOPLE:
        wanted = [me if each == "me" else normal_id(each) for each in wanted]
    elif kind == "relation":
        wanted = [normal_id(each) for each in wanted]
    return {
        "contains": lambda value: any(each in value for each in wanted),
        "does_not_contain": lambda value: not any(each in value for each in wanted),
    }.get(operator)


def _date_test(today: date, operator: str, operand: Any) -> Callable[[Value], bool] | None:
    bounds = _relative(today, operator)
    if bounds is not None:
        first, last = bounds
        return lambda value: value is not None and first <= _day(value) <= last
    if operator not in ("equals", "before", "after", "on_or_before", "on_or_after"):
        return None
    if not isinstance(operand, str):
        raise failed_validation("body", [f"body.filter.date.{operator} should be a string."])
    operand = _named_day(today, operand)
    whole_day = len(operand) <= len("2026-01-02")

    def seen(value: str) -> Any:
        return _day(value) if whole_day else _instant(value)

    wanted = seen(operand)
    return {
        "equals": lambda value: value is not None and seen(value) == wanted,
        "before": lambda value: value is not None and seen(value) < wanted,
        "after": lambda value: value is not None and seen(value) > wanted,
        "on_or_before": lambda value: value is not None and seen(value) <= wanted,
        "on_or_after": lambda value: value is not None and seen(value) >= wanted,
    }[operator]


def _named_day(today: date, operand: str) -> str:
    """The date that a word such as ``tomorrow`` stands for; anything else as it is."""
    days = {
        "today": 0,
        "tomorrow": 1,
        "yesterday": -1,
        "one_week_ago": -7,
        "one_week_from_now": 7,
        "one_month_ago": -30,
        "one_month_from_now": 30,
    }
    return (today + timedelta(days=days[operand])).isoformat() if operand in days else operand


def _relative(today: date, operator: str) -> tuple[date, date] | None:
    sunday = today - timedelta(days=(today.weekday() + 1) % 7)
    return {
        "this_week": (sunday, sunday + timedelta(days=6)),
        "past_week": (today - timedelta(days=7), today),
        "past_month": (today - timedelta(days=30), today),
        "past_year": (today - timedelta(days=365), today),
        "next_week": (today, today + timedelta(days=7)),
        "next_month": (today, today + timedelta(days=30)),
        "next_year": (today, today + timedelta(days=365)),
    }.get(operator)


def _day(value: str) -> date:
    return _instant(value).date()


def _instant(value: str) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except ValueError as problem:
        raise failed_validation(
            "body", [f"body.filter.date should be a valid ISO 8601 date string, instead was {shown(value)}."]
        ) from problem
    return found if found.tzinfo else found.replace(tzinfo=UTC)
