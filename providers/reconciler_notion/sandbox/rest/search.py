"""Search by title. Source: developers.notion.com/reference/post-search, /search-optimizations-and-limitations
("search indexing is not immediate": here, what is younger than the workspace's lag is not found)."""

from datetime import timedelta
from typing import Any

from reconciler_notion.sandbox.domain.rich_text import plain
from reconciler_notion.sandbox.domain.tree import Found, is_shared, is_trashed
from reconciler_notion.sandbox.fields import anything, boolean, one_of, record, text
from reconciler_notion.sandbox.representations.databases import data_source
from reconciler_notion.sandbox.representations.pages import page, title
from reconciler_notion.sandbox.rest.routes import READ, Answer, Call, Routes, page_of
from reconciler_notion.sandbox.store import timestamp

ROUTES = Routes()

_KINDS = ("page", "data_source")
_SEARCH = record(
    {
        "query": text(),
        "filter": record({"property": one_of(("object",)), "value": one_of(_KINDS), "in_trash": boolean}),
        "sort": record(
            {
                "direction": one_of(("ascending", "descending")),
                "timestamp": one_of(("last_edited_time",)),
                "property": one_of(("relevance",)),
            }
        ),
        "start_cursor": anything,
        "page_size": anything,
    }
)


@ROUTES.add("POST", "/v1/search", READ)
def search(call: Call) -> Answer:
    """Pages and data sources whose title holds a text; the latest edited first, unless asked otherwise."""
    body = call.checked(_SEARCH)
    wanted = body.get("query", "").lower()
    given = body.get("filter", {})
    kinds = (given["value"],) if "value" in given else _KINDS
    found = [
        each
        for kind in kinds
        for each in _known(call, kind, in_trash=given.get("in_trash", False))
        if wanted in _title(call, each).lower()
    ]
    backwards = body.get("sort", {}).get("direction", "descending") == "descending"
    found.sort(key=lambda each: str(each.document["last_edited_time"]), reverse=backwards)
    by_id = {each.document["id"]: each for each in found}

    def represent(document: dict[str, Any]) -> dict[str, Any]:
        kind = by_id[document["id"]].kind
        return page(call.store, document) if kind == "page" else data_source(call.store, document)

    documents = [each.document for each in found]
    return Answer(page_of(call, documents, represent, "page_or_data_source", body))


def _known(call: Call, kind: str, *, in_trash: bool) -> list[Found]:
    """What is indexed by now, shared with the integration, and in the trash or not."""
    lag = timedelta(seconds=float(call.store.workspace()["search_lag_s"]))
    indexed_until = timestamp(call.store.world.now() - lag)
    everything = [Found(kind, each) for each in call.store.find(kind)]
    return [
        each
        for each in everything
        if each.document["created_time"] <= indexed_until
        and is_shared(call.store, each)
        and is_trashed(call.store, each) == in_trash
    ]


def _title(call: Call, found: Found) -> str:
    return plain(title(call.store, found.document) if found.kind == "page" else found.document["title"])
