"""What one question of the engine learns from Notion: each thing is asked once, however many need it."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from reconciler_notion.client import Client
from reconciler_notion.identifiers import dashed

Item = TypeVar("Item")
Result = TypeVar("Result")
Found = Mapping[str, Any]

_PAGE, _DATA_SOURCE = "/v1/pages/{page_id}", "/v1/data_sources/{data_source_id}"
_PATHS: Mapping[str, str] = {"page": _PAGE, "data_source": _DATA_SOURCE}

THREADS = 4
"""Requests on their way at once: enough for three a second at Notion's usual latency of about a second."""


class Reader:
    """Asks Notion, and remembers the answers for as long as it lives; several threads may ask.

    ``crowded`` are the pages with so many of the databases in question that one list of their children
    tells more than a call for each. ``trusts_search``: a page or data source is taken as search has told
    it, whole as it is there (developers.notion.com/reference/post-search), and not asked for again.
    """

    def __init__(
        self, client: Client, crowded: frozenset[str] = frozenset(), *, trusts_search: bool = False
    ) -> None:
        self.client = client
        self.crowded = crowded
        self._trusts_search = trusts_search
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], Future[Any]] = {}

    def page(self, page_id: str) -> Found:
        """A page, in the trash too. Raises ProviderError."""
        return self._object(_PAGE, "page_id", page_id)

    def database(self, database_id: str) -> Found:
        """A database with the ids of its data sources, in the trash too. Raises ProviderError."""
        found = self._object("/v1/databases/{database_id}", "database_id", database_id)
        for data_source in found["data_sources"][:1]:
            self.client.data_sources[dashed(found["id"])] = dashed(data_source["id"])
        return found

    def data_source(self, data_source_id: str) -> Found:
        """A data source with its properties, in the trash too. Raises ProviderError."""
        return self._object(_DATA_SOURCE, "data_source_id", data_source_id)

    def data_source_of(self, database_id: str) -> str:
        """The id of a database's first data source; a call only for one never met before.

        Raises ProviderError; ValueError for a database without any.
        """
        known = self.client.data_sources.get(database_id)
        if known is None:
            sources = self.database(database_id)["data_sources"]
            if not sources:
                raise ValueError(f"the database {database_id} has no data source")
            known = dashed(sources[0]["id"])
        return known

    def block(self, block_id: str) -> Found:
        """A block. Raises ProviderError."""
        return self._object("/v1/blocks/{block_id}", "block_id", block_id)

    def markdown(self, page_id: str) -> str:
        """A page's content. Raises ProviderError."""
        return str(self._object("/v1/pages/{page_id}/markdown", "page_id", page_id)["markdown"])

    def children(self, page_id: str) -> list[Found]:
        """The pages and databases directly in a page, as blocks. Raises ProviderError."""

        def ask() -> list[Found]:
            blocks = self.client.items("/v1/blocks/{block_id}/children", {"block_id": page_id})
            kept = ("child_page", "child_database")
            return [block for block in blocks if block.get("type") in kept and not block["in_trash"]]

        return self._once(("children", page_id), ask)

    def rows_titled(self, data_source_id: str, title: str) -> list[Found]:
        """The pages in a data source with this title. Raises ProviderError."""
        question = {"filter": {"property": "title", "title": {"equals": title}}}
        path, parts = "/v1/data_sources/{data_source_id}/query", {"data_source_id": data_source_id}
        return self._once(
            ("rows", f"{data_source_id} {title}"),
            lambda: [row for row in self.client.items(path, parts, question=question) if not row["in_trash"]],
        )

    def search(self, kind: str, text: str = "") -> list[Found]:
        """Pages (``page``) or data sources (``data_source``) as Notion's search knows them.

        It lags and is not exhaustive (developers.notion.com/reference/search-optimizations-and-limitations).
        Raises ProviderError.
        """
        question: dict[str, Any] = {"filter": {"property": "object", "value": kind}}
        if text:
            question["query"] = text

        def ask() -> list[Found]:
            found = [one for one in self.client.items("/v1/search", question=question) if not one["in_trash"]]
            if self._trusts_search:
                self._learn(_PATHS[kind], found)
            return found

        return self._once(("search", f"{kind} {text}"), ask)

    def users(self) -> list[Found]:
        """Everybody in the workspace but guests, bots too. Raises ProviderError."""
        return self._once(("users", ""), lambda: list(self.client.items("/v1/users")))

    def together(self, ask: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The answers about many things, asked side by side; raises what the first of them raises."""
        known = list(items)
        if len(known) < 2:
            yield from map(ask, known)
            return
        with ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="notion") as pool:
            yield from pool.map(ask, known)

    def _learn(self, path: str, found: Iterable[Found]) -> None:
        with self._lock:
            for one in found:
                known: Future[Any] = Future()
                known.set_result(one)
                self._known.setdefault((path, dashed(one["id"])), known)

    def _object(self, path: str, name: str, identifier: str) -> Found:
        return self._once((path, identifier), lambda: self.client.get(path, {name: identifier}))

    def _once(self, key: tuple[str, str], ask: Callable[[], Result]) -> Result:
        with self._lock:
            known: Future[Result] | None = self._known.get(key)
            if known is None:
                mine: Future[Result] = Future()
                self._known[key] = mine
        if known is not None:
            return known.result()
        try:
            result = ask()
        except BaseException as error:
            mine.set_exception(error)
            raise
        mine.set_result(result)
        return result
