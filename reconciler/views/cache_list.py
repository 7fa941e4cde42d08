"""What is in the cache, for people and as ``schemas/cache.schema.json`` describes it."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from reconciler.cache.entries import CacheReport, Kind, Remembered
from reconciler.plan.world import Types
from reconciler.provider.facts import ResourceType
from reconciler.views.cache_text import age_text
from reconciler.views.hiding import hidden
from reconciler.views.line import BLANK, Line, columns, line
from reconciler.views.plan_summary import number
from reconciler.views.terraform_values import masked, timestamp
from reconciler.views.value_text import value_lines

_DATA = "data."


def cache_list_lines(report: CacheReport) -> Iterator[Line]:
    """Each answer under whose it is: what was asked for, and how old the answer is."""
    for owner, answers in groupby(report.answers, key=lambda one: one.entry.owner):
        yield line(f"{owner.provider} (account {owner.account})", "title")
        yield from (line(f"  {row}") for row in columns([_row(one) for one in answers]))
        yield BLANK
    if not report.answers:
        yield line("The cache is empty.")
        return
    old = sum(not one.is_usable for one in report.answers)
    too_old = f", {old:,} of them too old to be used" if old else ""
    yield line(f"{number(len(report.answers), 'answer')}{too_old} · {report.size / 1024:,.0f} KB", "title")


def cache_show_lines(report: CacheReport, types: Types, *, width: int = 100) -> Iterator[Line]:
    """What was told for one address; what is sensitive is not shown."""
    for one in report.answers:
        entry = one.entry
        for identity, attributes in one.objects.items():
            yield line(f"# {entry.answer.address}", "title")
            facts = [("provider", entry.owner.provider), ("id", identity), ("read", _age(one))]
            yield from (line(f"  {row}", "quiet") for row in columns(facts))
            shown = hidden(attributes, _facts(one, types))
            pad = max((len(name) for name in shown), default=0)
            for name, value in shown.items():
                first, *rest = value_lines(value, width - pad - 5)
                yield line(f"  {name.ljust(pad)} = {first}")
                yield from (line(f"  {row}") for row in rest)


def cache_document(report: CacheReport, types: Types, *, is_whole: bool) -> dict[str, Any]:
    """The same as JSON; with ``is_whole`` each answer's objects too."""
    return {
        "size": report.size,
        "answers": [
            {
                "address": one.entry.answer.address,
                "provider": one.entry.owner.provider,
                "account": one.entry.owner.account,
                "type": one.entry.key.type,
                "kind": str(one.entry.kind),
                "read_at": timestamp(one.entry.read_at),
                "age": round(one.age, 3),
                "usable": one.is_usable,
                **({"objects": _objects(one, types)} if is_whole else {}),
            }
            for one in report.answers
        ],
    }


def _objects(one: Remembered, types: Types) -> list[dict[str, Any]]:
    facts = _facts(one, types)
    return [
        {"id": identity, "attributes": masked(hidden(attributes, facts))}
        for identity, attributes in one.objects.items()
    ]


def _row(one: Remembered) -> tuple[str, ...]:
    what = "" if one.entry.kind is Kind.OBJECT else "looked up"
    return one.entry.answer.address, _age(one), what


def _age(one: Remembered) -> str:
    return age_text(one.age) if one.is_usable else f"{age_text(one.age)}, too old to be used"


def _facts(one: Remembered, types: Types) -> ResourceType:
    name = one.entry.key.type
    found = types.data_type(name.removeprefix(_DATA)) if name.startswith(_DATA) else types.type(name)
    return found if found is not None else ResourceType(name, {}, {})
