"""Rich text: what a request may say, how it is kept, and its plain form.

It is kept as it is shown. Source: developers.notion.com/reference/rich-text.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from reconciler_notion.sandbox.fields import (
    LONGEST_TEXT,
    anything,
    boolean,
    listing,
    moment,
    nullable,
    one_of,
    record,
    tagged,
    text,
    url,
    uuid_,
    variant_of,
)
from reconciler_notion.sandbox.ids import address, normal_id
from reconciler_notion.sandbox.store import Store

_HUES = ("gray", "brown", "orange", "yellow", "green", "blue", "purple", "pink", "red")
SELECT_COLOURS = ("default", *_HUES)
COLOURS = (*SELECT_COLOURS, "default_background", *(f"{hue}_background" for hue in _HUES))
_MARKS = ("bold", "italic", "strikethrough", "underline", "code")
_LONGEST_EQUATION = 1000

DATE = record({"start": moment, "end": nullable(moment), "time_zone": nullable(text())}, required=("start",))
_ANNOTATIONS = record({**dict.fromkeys(_MARKS, boolean), "color": one_of(COLOURS)})
_MENTION = tagged(
    {
        "user": record({"id": uuid_, "object": one_of(("user",))}, ("id",)),
        "date": DATE,
        "page": record({"id": uuid_}, ("id",)),
        "database": record({"id": uuid_}, ("id",)),
        "template_mention": tagged(
            {
                "template_mention_date": one_of(("today", "now")),
                "template_mention_user": one_of(("me",)),
            }
        ),
        "custom_emoji": record({"id": uuid_, "name": text(), "url": url}, ("id",)),
    }
)
_TEXT = record(
    {
        "content": text(LONGEST_TEXT),
        "link": nullable(record({"url": url, "type": one_of(("url",))}, ("url",))),
    },
    required=("content",),
)
# What answers hold beside the text may be sent back: it is ignored.
_ITEM = tagged(
    {
        "text": _TEXT,
        "mention": _MENTION,
        "equation": record({"expression": text(_LONGEST_EQUATION)}, ("expression",)),
    },
    {"annotations": _ANNOTATIONS, "plain_text": anything, "href": anything},
)
RICH_TEXT = listing(_ITEM)


def kept(store: Store, items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rich text of a request in the form that answers have; empty texts vanish."""
    made = (_item(store, item) for item in items)
    return [each for each in made if each["plain_text"] or each["type"] != "text"]


def plain(items: Iterable[Mapping[str, Any]]) -> str:
    """The text without its looks."""
    return "".join(str(item["plain_text"]) for item in items)


def of_text(content: str, **marks: bool) -> list[dict[str, Any]]:
    """Rich text that says this, in pieces as long as Notion allows."""
    pieces = [content[at : at + LONGEST_TEXT] for at in range(0, len(content), LONGEST_TEXT)]
    return [{"type": "text", "text": {"content": each}, "annotations": dict(marks)} for each in pieces]


def kept_date(value: Mapping[str, Any]) -> dict[str, Any]:
    """A date in the form that answers have."""
    return {
        "start": _moment(value["start"]),
        "end": None if value.get("end") is None else _moment(value["end"]),
        "time_zone": value.get("time_zone"),
    }


def _moment(given: str) -> str:
    """A date as it is; a time with milliseconds and its distance from UTC."""
    if len(given) <= len("2026-01-02"):
        return given
    parsed = datetime.fromisoformat(given)
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=UTC)
    return parsed.isoformat(timespec="milliseconds")


def _item(store: Store, item: Mapping[str, Any]) -> dict[str, Any]:
    kind = variant_of(item, ("text", "mention", "equation"))
    annotations = {
        **dict.fromkeys(_MARKS, False),
        "color": "default",
        **item.get("annotations", {}),
    }
    if kind == "equation":
        expression = item["equation"]["expression"]
        content: dict[str, Any] = {"expression": expression}
        said, href = expression, None
    elif kind == "mention":
        content, said, href = _mention(store, item["mention"])
    else:
        link = item["text"].get("link")
        href = link["url"] if link else None
        said = item["text"]["content"]
        content = {"content": said, "link": {"url": href} if href else None}
    return {
        "type": kind,
        str(kind): content,
        "annotations": {mark: annotations[mark] for mark in (*_MARKS, "color")},
        "plain_text": said,
        "href": href,
    }


def _mention(store: Store, mention: Mapping[str, Any]) -> tuple[dict[str, Any], str, str | None]:
    kind = variant_of(mention, ("user", "date", "page", "database", "template_mention", "custom_emoji"))
    value = mention[str(kind)]
    if kind == "date":
        date = kept_date(value)
        said = date["start"] if date["end"] is None else f"{date['start']} → {date['end']}"
        return {"type": kind, "date": date}, said, None
    if kind == "user":
        id_ = str(normal_id(value["id"]))
        user = store.get("user", id_)
        name = user["name"] if user else "Anonymous"
        return {"type": kind, "user": {"object": "user", "id": id_}}, f"@{name}", None
    if kind in ("page", "database"):
        id_ = str(normal_id(value["id"]))
        found = store.get(kind, id_)
        said = (plain(found.get("title") or []) if found else "") or "Untitled"
        return (
            {"type": kind, kind: {"id": id_}},
            said,
            address(id_),
        )
    return {"type": kind, str(kind): dict(value)}, str(value.get("name", "")), None
