"""What an operation is: a method, a path template, a function from a call to an answer, and what it needs.

Source of the capabilities: developers.notion.com/reference/capabilities.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.domain.tree import Found, find_node, is_shared
from reconciler_notion.sandbox.errors import failed_validation, invalid, not_found
from reconciler_notion.sandbox.fields import Check, demand, shown
from reconciler_notion.sandbox.ids import normal_id
from reconciler_notion.sandbox.store import Store

READ, UPDATE, INSERT = "read_content", "update_content", "insert_content"
READ_COMMENTS, INSERT_COMMENTS, READ_USERS = "read_comments", "insert_comments", "read_users"
CAPABILITIES = (READ, UPDATE, INSERT, READ_COMMENTS, INSERT_COMMENTS, READ_USERS)

LARGEST_PAGE = 100


@dataclass(frozen=True)
class Upload:
    """The file of a multipart request."""

    filename: str
    content_type: str
    size: int
    part_number: str | None


@dataclass(frozen=True)
class Answer:
    """A status and a JSON document; ``has_request_id`` is false where recorded answers have none."""

    body: Any
    status: int = 200
    has_request_id: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One authenticated request; ``api`` is the address of this API, without ``/v1``."""

    store: Store
    bot: Document
    version: str
    api: str
    query: Mapping[str, str]
    filter_properties: Sequence[str]
    body: Any
    upload: Upload | None = None

    def checked(self, check: Check) -> dict[str, Any]:
        """The body, if it has the documented form; raises ``Refusal`` 400."""
        demand(check, self.body)
        found: dict[str, Any] = self.body
        return found

    def id_of(self, text: str, name: str) -> str:
        """An id of the path; raises ``Refusal`` 400 if it is none."""
        found = normal_id(text)
        if found is None:
            raise failed_validation(
                "path", [f"path.{name} should be a valid uuid, instead was {shown(text)}."]
            )
        return found

    def missing(self, kind: str, id_: str) -> Exception:
        """What to raise for an object that is not there for this integration."""
        return not_found(kind, id_, self.bot)

    def node(self, text: str, wanted: str, name: str | None = None) -> Document:
        """The page, database, data source or block with this id, if it is shared with the integration.

        Raises ``Refusal`` 404 if not, and 400 for a page where a database is asked for, and the like.
        """
        id_ = self.id_of(text, name or f"{wanted}_id")
        found = find_node(self.store, id_)
        if found is None or not is_shared(self.store, found):
            raise self.missing(wanted, id_)
        if found.kind != wanted:
            raise self._mistaken(found, wanted, id_)
        return found.document

    def _mistaken(self, found: Found, wanted: str, id_: str) -> Exception:
        if {found.kind, wanted} == {"page", "database"}:
            return invalid(
                f"Provided ID {id_} is a {found.kind}, not a {wanted}. "
                f"Use the retrieve {found.kind} API instead."
            )
        return self.missing(wanted, id_)

    def any_node(self, text: str, name: str = "block_id") -> Found:
        """A page, database or block, as the endpoints for blocks take them."""
        id_ = self.id_of(text, name)
        found = find_node(self.store, id_)
        if found is None or found.kind == "data_source" or not is_shared(self.store, found):
            raise self.missing("block", id_)
        return found


Operation = Callable[..., Answer]


class Routes:
    """The operations of one family."""

    def __init__(self) -> None:
        self._found: list[tuple[str, str, str | None, Operation]] = []

    def add(
        self, method: str, template: str, capability: str | None = None
    ) -> Callable[[Operation], Operation]:
        """Offer a function at this method and path to tokens with this capability."""

        def keep(operation: Operation) -> Operation:
            self._found.append((method, template, capability, operation))
            return operation

        return keep

    def __iter__(self) -> Iterator[tuple[str, str, str | None, Operation]]:
        return iter(self._found)


def page_of(
    call: Call,
    found: Sequence[Document],
    represent: Callable[[Document], Any],
    type_: str,
    given: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """One page of a list; a cursor is the id of the object that the page begins with.

    ``given`` holds ``start_cursor`` and ``page_size`` of a body; else they come from the query. Raises
    ``Refusal`` 400 for a size out of bounds or a cursor that leads nowhere.
    """
    size, start = _window(call, given)
    first = 0
    if start is not None:
        cursor = normal_id(start) or start
        first = next((index for index, each in enumerate(found) if each["id"] == cursor), -1)
        if first < 0:
            raise invalid(f"The start_cursor provided is invalid: {start}")
    following = found[first + size]["id"] if first + size < len(found) else None
    return {
        "object": "list",
        "results": [represent(each) for each in found[first : first + size]],
        "next_cursor": following,
        "has_more": following is not None,
        "type": type_,
        type_: {},
    }


def _window(call: Call, given: Mapping[str, Any] | None) -> tuple[int, str | None]:
    part = "query" if given is None else "body"
    size: Any = (call.query if given is None else given).get("page_size", LARGEST_PAGE)
    start: Any = (call.query if given is None else given).get("start_cursor")
    problems: Iterable[str] = ()
    if isinstance(size, str) and size.isdigit():
        size = int(size)
    if isinstance(size, bool) or not isinstance(size, int):
        problems = [f"{part}.page_size should be a number or `undefined`, instead was {shown(size)}."]
    elif size > LARGEST_PAGE:
        problems = [f"{part}.page_size should be ≤ `{LARGEST_PAGE}`, instead was `{size}`."]
    elif size < 1:
        problems = [f"{part}.page_size should be ≥ `1`, instead was `{size}`."]
    if start is not None and not isinstance(start, str):
        problems = [f"{part}.start_cursor should be a string or `undefined`, instead was {shown(start)}."]
    if problems:
        raise failed_validation(part, list(problems))
    return size, start or None
