"""The tree of a workspace: what is in what, who may see it, and what is in the trash.

What is inside something that is in the trash is in the trash as well, and comes back with it; it cannot be
changed there by itself.
"""

from dataclasses import dataclass

from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.errors import archived, archived_ancestor, invalid, not_found
from reconciler_notion.sandbox.ids import normal_id
from reconciler_notion.sandbox.store import Store

WORKSPACE = "workspace"
_KINDS = ("page", "data_source", "database", "block")
_ORDERED = ("page", "database", "block")
_SMALLEST_GAP = 1e-6


@dataclass(frozen=True)
class Found:
    """A document and its kind: page, database, data_source or block."""

    kind: str
    document: Document


@dataclass(frozen=True)
class Place:
    """Where something new goes: its container, how it names it, and its number in the order there."""

    container: str
    parent: str
    order: float

    def fields(self) -> dict[str, str | float]:
        """The place's part of a document."""
        return {"container": self.container, "parent": self.parent, "order": self.order}


def find_node(store: Store, id_: str) -> Found | None:
    """What has this id."""
    for kind in _KINDS:
        document = store.get(kind, id_)
        if document is not None:
            return Found(kind, document)
    return None


def container_of(store: Store, found: Found) -> Found | None:
    """What it is in; nothing for what is at the top of the workspace."""
    if found.kind == "data_source":
        return Found("database", store.require("database", found.document["database_id"]))
    if found.document["parent"] == WORKSPACE:
        return None
    kind = str(found.document["parent"]).removesuffix("_id")
    return Found(kind, store.require(kind, found.document["container"]))


def ancestors(store: Store, found: Found) -> list[Found]:
    """What it is in, from the inside out."""
    chain = []
    outer = container_of(store, found)
    while outer is not None:
        chain.append(outer)
        outer = container_of(store, outer)
    return chain


def is_shared(store: Store, found: Found) -> bool:
    """Whether the integration may see it: it, or something that it is in, is shared."""
    return any(each.document.get("shared") for each in [found, *ancestors(store, found)])


def is_trashed(store: Store, found: Found) -> bool:
    """Whether it is in the trash, by itself or with something that it is in."""
    return bool(found.document["in_trash"]) or is_within_trash(store, found)


def is_within_trash(store: Store, found: Found) -> bool:
    """Whether something that it is in is in the trash."""
    return any(each.document["in_trash"] for each in ancestors(store, found))


def demand_editable(store: Store, found: Found, *, restoring: bool = False) -> None:
    """Raise ``Refusal`` 400 if it is in the trash (unless it is being restored), or within the trash."""
    noun = "page" if found.kind == "page" else "block"
    if is_within_trash(store, found):
        raise archived_ancestor(noun)
    if found.document["in_trash"] and not restoring:
        raise archived("block")


def demand_removable(found: Found) -> None:
    """Raise ``Refusal`` 400 for a page at the top of the workspace, which only people can remove."""
    if found.kind == "page" and found.document["parent"] == WORKSPACE:
        raise invalid("Archiving workspace level pages via API not supported.")


def children(store: Store, container: str) -> list[Found]:
    """The pages, databases and blocks in a page or block, in order, without those in the trash."""
    found = [Found(kind, each) for kind in _ORDERED for each in store.find(kind, container=container)]
    found.sort(key=lambda each: float(each.document["order"]))
    return [each for each in found if not each.document["in_trash"]]


def has_children(store: Store, container: str) -> bool:
    """Whether there is anything in it that is not in the trash."""
    return any(not each["in_trash"] for kind in _ORDERED for each in store.find(kind, container=container))


def place_in(store: Store, found: Found, after: str | None = None, *, at_start: bool = False) -> Place:
    """A place in a page or block: at its end, at its start, or after one of its children.

    Raises ``LookupError`` if ``after`` is none of its children.
    """
    parent = f"{found.kind}_id"
    container = str(found.document["id"])
    if after is None and not at_start:
        return Place(container, parent, float(store.next_id()))
    siblings = children(store, container)
    index = -1 if after is None else [each.document["id"] for each in siblings].index(after)
    low = float(siblings[index].document["order"]) if index >= 0 else None
    high = float(siblings[index + 1].document["order"]) if index + 1 < len(siblings) else None
    if high is None:
        return Place(container, parent, float(store.next_id()))
    if low is None:
        return Place(container, parent, high - 1)
    if high - low < _SMALLEST_GAP:
        for each in siblings:
            store.save(each.kind, {**each.document, "order": float(store.next_id())})
        return place_in(store, found, after)
    return Place(container, parent, (low + high) / 2)


def touch(store: Store, found: Found, user_id: str) -> None:
    """Note that somebody edited what is in a page: the page's time of last edit changes with it."""
    for each in [found, *ancestors(store, found)]:
        if each.kind == "page":
            document = store.require("page", each.document["id"])
            store.save("page", {**document, **store.edited_by(user_id)})
            return


def shared_data_source(store: Store, id_: str) -> Document:
    """The data source that a relation leads to; raises ``Refusal`` 404 if the integration may not see it."""
    normal = str(normal_id(id_))
    found = store.get("data_source", normal)
    if found is None or not is_shared(store, Found("data_source", found)):
        bot = store.require("user", store.workspace()["bot_id"])
        raise not_found("data_source", normal, bot)
    return found
