"""Blocks: what each type may hold, how it is kept, and how whole trees of them are made.

Sources: developers.notion.com/reference/block, /patch-block-children (two levels of nesting a request, 100
children in a list), /request-limits (1,000 blocks a request).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.files import EXTERNAL, FILE_UPLOAD, ICON, kept_file
from reconciler_notion.sandbox.domain.rich_text import COLOURS, RICH_TEXT, kept
from reconciler_notion.sandbox.domain.tree import Found, Place, place_in
from reconciler_notion.sandbox.errors import failed_validation
from reconciler_notion.sandbox.fields import (
    LONGEST_LIST,
    Check,
    boolean,
    listing,
    nullable,
    number,
    one_of,
    record,
    shown,
    tagged,
    text,
    url,
    uuid_,
    variant_of,
    whole_number,
)
from reconciler_notion.sandbox.store import Store

AFTER_BLOCK = {"after_block": record({"id": uuid_}, ("id",))}
"""What stands in a position after a block."""
MOST_BLOCKS = 1000
DEEPEST = 2
_COLOUR = one_of(COLOURS)
_TEXTUAL = {"rich_text": RICH_TEXT, "color": _COLOUR}
_HEADING = {**_TEXTUAL, "is_toggleable": boolean}
_ICONIC = {**_TEXTUAL, "icon": nullable(ICON)}
_LINK = {"url": url, "caption": RICH_TEXT}
_POINTER = tagged({"page_id": uuid_, "database_id": uuid_, "comment_id": uuid_})

_FIELDS: dict[str, Mapping[str, Check]] = {
    "paragraph": _ICONIC,
    **dict.fromkeys(("heading_1", "heading_2", "heading_3", "heading_4"), _HEADING),
    **dict.fromkeys(("bulleted_list_item", "numbered_list_item", "quote", "toggle"), _TEXTUAL),
    "to_do": {**_TEXTUAL, "checked": boolean},
    "callout": _ICONIC,
    "template": {"rich_text": RICH_TEXT},
    "code": {"rich_text": RICH_TEXT, "caption": RICH_TEXT, "language": text()},
    "equation": {"expression": text(1000)},
    **{kind: {} for kind in ("divider", "breadcrumb", "column_list", "tab")},
    "column": {"width_ratio": number},
    "table_of_contents": {"color": _COLOUR},
    **dict.fromkeys(("bookmark", "embed"), _LINK),
    "table": {
        "table_width": whole_number(1),
        "has_column_header": boolean,
        "has_row_header": boolean,
    },
    "table_row": {"cells": listing(RICH_TEXT)},
    "synced_block": {"synced_from": nullable(tagged({"block_id": uuid_}))},
}
_REQUIRED: dict[str, tuple[str, ...]] = {
    "code": ("rich_text", "language"),
    "equation": ("expression",),
    "bookmark": ("url",),
    "embed": ("url",),
    "table": ("table_width", "children"),
    "table_row": ("cells",),
    "column_list": ("children",),
    "column": ("children",),
    "synced_block": ("synced_from",),
}
_DEFAULTS: dict[str, dict[str, Any]] = {
    "heading": {"is_toggleable": False, "color": "default"},
    "to_do": {"checked": False, "color": "default"},
    "paragraph": {"icon": None, "color": "default"},
    "callout": {"icon": None, "color": "default"},
    "code": {"caption": []},
    "bookmark": {"caption": []},
    "embed": {"caption": []},
    "table": {"has_column_header": False, "has_row_header": False},
    **{kind: {"color": "default"} for kind in ("bulleted_list_item", "numbered_list_item")},
    **{kind: {"color": "default"} for kind in ("quote", "toggle", "table_of_contents")},
}
_MEDIA = ("image", "video", "pdf", "audio", "file")
_CHILDLESS = frozenset(
    (
        "code",
        "equation",
        "divider",
        "breadcrumb",
        "table_of_contents",
        "bookmark",
        "embed",
        "table_row",
        *_MEDIA,
    )
)
KINDS = (*_FIELDS, *_MEDIA, "link_to_page")


def _content(kind: str, level: int, *, whole: bool) -> Check:
    """What a block of this kind may hold; of a new one (``whole``) some must be there, children may."""
    if kind in _MEDIA:
        files = {"external": EXTERNAL, "file_upload": FILE_UPLOAD}
        beside = {"caption": RICH_TEXT, **({"name": text()} if kind == "file" else {})}
        return tagged(files, beside) if whole else record({**files, **beside, "type": one_of(files)})
    if kind == "link_to_page":
        return _POINTER
    fields = dict(_FIELDS[kind])
    required: tuple[str, ...] = ()
    if whole:
        required = _REQUIRED.get(kind, ("rich_text",) if "rich_text" in fields else ())
        # Columns and rows come with what they stand in, so they do not count as a level.
        inner = level if kind in ("column_list", "table") else level + 1
        if kind not in _CHILDLESS and inner <= DEEPEST:
            fields["children"] = _new_blocks(inner)
    return record(fields, required)


def _new_blocks(level: int) -> Check:
    def check(path: str, value: object) -> Iterator[str]:
        kind = variant_of(value, KINDS) if isinstance(value, dict) else None
        variants = {name: _content(name, level, whole=True) for name in ([kind] if kind else ["paragraph"])}
        yield from tagged(variants, {"object": one_of(("block",))})(path, value)

    return listing(check, LONGEST_LIST)


NEW_BLOCKS = _new_blocks(0)


def demand_few(blocks: Sequence[Mapping[str, Any]]) -> None:
    """Raise ``Refusal`` 400 for more blocks than a request may hold."""
    total = _total(blocks)
    if total > MOST_BLOCKS:
        raise failed_validation(
            "body", [f"body.children should hold ≤ `{MOST_BLOCKS}` blocks in all, instead held `{total}`."]
        )


def _total(blocks: Sequence[Mapping[str, Any]]) -> int:
    return sum(1 + _total(_parts(each)[2]) for each in blocks)


def make_blocks(
    store: Store,
    container: Found,
    blocks: Sequence[Mapping[str, Any]],
    user_id: str,
    after: str | None = None,
    *,
    at_start: bool = False,
) -> list[Document]:
    """Make blocks, with all that is in them, at one place of a page or block; gives the outermost."""
    made: list[Document] = []
    for each in blocks:
        if after is None and not at_start:
            place = Place(container.document["id"], f"{container.kind}_id", float(store.next_id()))
        else:
            place = place_in(store, container, after, at_start=at_start)
        kind, content, inner = _parts(each)
        document: Document = {
            "id": store.new_id(),
            **place.fields(),
            "type": kind,
            "content": kept_content(store, kind, content, _defaults(kind)),
            "in_trash": False,
            **store.made_by(user_id),
        }
        store.save("block", document)
        make_blocks(store, Found("block", document), inner, user_id)
        made.append(document)
        if after is not None or at_start:
            after, at_start = str(document["id"]), False
    return made


def _parts(block: Mapping[str, Any]) -> tuple[str, Mapping[str, Any], Sequence[Mapping[str, Any]]]:
    kind = str(variant_of(block, KINDS))
    content = dict(block[kind])
    inner: Sequence[Mapping[str, Any]] = content.pop("children", [])
    return kind, content, inner


def _defaults(kind: str) -> dict[str, Any]:
    return _DEFAULTS.get("heading" if kind.startswith("heading") else kind, {})


def kept_content(
    store: Store, kind: str, given: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    """A block's content in the form that answers have: what is given, over what was there."""
    if kind in _MEDIA:
        return _kept_media(store, kind, given, before)
    if kind == "link_to_page":
        pointer = str(variant_of(given, ("page_id", "database_id", "comment_id")))
        return {"type": pointer, pointer: given[pointer]}
    after = {**before, **given}
    for name in ("rich_text", "caption"):
        if name in given:
            after[name] = kept(store, given[name])
    if "icon" in given:
        after["icon"] = kept_file(store, given["icon"])
    if kind == "table_row":
        after["cells"] = [kept(store, cell) for cell in given["cells"]]
    if kind == "synced_block" and given["synced_from"] is not None:
        after["synced_from"] = {"type": "block_id", **given["synced_from"]}
    return after


def _kept_media(
    store: Store, kind: str, given: Mapping[str, Any], before: Mapping[str, Any]
) -> dict[str, Any]:
    after: dict[str, Any] = {"caption": [], **before}
    if "caption" in given:
        after["caption"] = kept(store, given["caption"])
    if "external" in given or "file_upload" in given:
        beside = {key: each for key, each in after.items() if key in ("caption", "name")}
        after = beside | (kept_file(store, given) or {})
    if kind == "file":
        last = after[after["type"]]["url"].rpartition("/")[2]
        after["name"] = given.get("name") or after.get("name") or last
    return after


def check_change(kind: str) -> Check:
    """What a change of a block of this kind may say."""
    return record(
        {
            kind: _content(kind, DEEPEST, whole=False) if kind in KINDS else _untouchable,
            "type": one_of((kind,)),
            "object": one_of(("block",)),
            "archived": boolean,
            "in_trash": boolean,
        }
    )


def _untouchable(path: str, value: object) -> Iterator[str]:
    yield f"{path} should be not present, instead was {shown(value)}."
