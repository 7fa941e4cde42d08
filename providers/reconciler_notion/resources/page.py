"""``notion_page``: developers.notion.com/reference/page, …/post-page, …/patch-page, …/move-page."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.errors import AlreadyExists, Call, NotFound, ProviderError, Rejected
from reconciler.provider.objects import Absent, Attributes, Lookup, Object, Unreadable, Wanted
from reconciler.provider.writes import half_created
from reconciler_notion.appearance import asked_cover, asked_icon, plain, rich, told_cover, told_icon
from reconciler_notion.client import Client
from reconciler_notion.identifiers import asked_parent, dashed, is_id, normal_parent, notion_id
from reconciler_notion.markdown import split, written
from reconciler_notion.places import everything, not_found, parent_of
from reconciler_notion.reader import Found, Reader
from reconciler_notion.resources.kind import Kind

TYPE = "notion_page"
_PATH = "/v1/pages/{page_id}"
_IN_ONE_CALL = ("title", "icon", "cover", "is_locked")


def read(reader: Reader, lookup: Lookup) -> Object | Absent | Unreadable:
    """One call; one more for the content, where that is declared."""
    try:
        found = reader.page(lookup.id)
    except NotFound as error:
        return not_found(reader, lookup.attributes.get("parent"), error)
    if found["in_trash"]:
        return Absent()
    told = told_page(reader, found)
    if "content" in lookup.attributes:
        told |= _remembered(split(reader.markdown(lookup.id))[0], lookup.attributes)
    return Object(TYPE, told["id"], told)


def find(reader: Reader, wanted: Wanted) -> tuple[Object, ...]:
    """By id, or all pages with the title in the parent."""
    return tuple(_object(reader, page) for page in pages(reader, wanted.attributes))


def list_all(reader: Reader) -> Iterator[Object]:
    """All pages that are no rows of a database."""
    found, _ = everything(reader)
    for page in reader.together(reader.page, found):
        if not page["in_trash"]:
            yield _object(reader, page)


def create(client: Client, desired: Attributes) -> Object:
    """Refused where the parent has a page with this title: Notion would make a second one."""
    reader = Reader(client)
    if there := pages(reader, {"parent": desired["parent"], "title": desired["title"]}):
        raise already_there(TYPE, desired, (dashed(page["id"]) for page in there))
    body = {
        "parent": asked_parent(desired["parent"]),
        "properties": _titled(desired["title"]),
        **({"icon": asked_icon(desired["icon"])} if desired.get("icon") is not None else {}),
        **({"cover": asked_cover(desired["cover"])} if desired.get("cover") is not None else {}),
        **({"markdown": desired["content"]} if desired.get("content") else {}),
    }
    found = client.send("POST", "/v1/pages", json=body)
    try:
        if desired.get("is_locked"):
            found = client.send("PATCH", _PATH, {"page_id": found["id"]}, json={"is_locked": True})
        told = told_page(reader, found)
        if "content" in desired:
            stored = split(reader.markdown(told["id"]))[0]
            told |= {"content": desired["content"], "stored_content": stored}
    except ProviderError as error:
        raise half_created(f"the page {desired['title']!r}", error) from error
    return Object(TYPE, told["id"], told)


def update(client: Client, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
    """A call each for the place, for the page itself, and two for its content."""
    reader, parts = Reader(client), {"page_id": prior.id}
    found: Found | None = None
    content = {
        name: prior.attributes[name] for name in ("content", "stored_content") if name in prior.attributes
    }
    if "parent" in changed:
        body = {"parent": _new_home(reader, desired["parent"])}
        found = client.send("POST", "/v1/pages/{page_id}/move", parts, json=body)
    if changed & set(_IN_ONE_CALL):
        found = client.send("PATCH", _PATH, parts, json=_changes(desired, changed))
    if "content" in changed:
        stored = written(client, prior.id, desired["content"])
        content = {"content": desired["content"], "stored_content": stored}
    told = dict(prior.attributes) if found is None else told_page(reader, found)
    return Object(TYPE, prior.id, {**told, **content})


def delete(client: Client, prior: Object) -> None:
    """To the trash, with all that is in it; Notion's API deletes nothing for good."""
    client.send("PATCH", _PATH, {"page_id": prior.id}, json={"in_trash": True})


def normalise(desired: Attributes) -> Attributes:
    """Ids with dashes, and line ends as Notion has them."""
    found = dict(desired)
    if "parent" in found:
        found["parent"] = normal_parent(found["parent"])
    if isinstance(found.get("content"), str):
        found["content"] = found["content"].replace("\r\n", "\n").strip()
    return found


def import_key(text: str) -> Attributes:
    """An id or a page's address; else PARENT:TITLE."""
    return key_of(TYPE, text)


def key_of(type_name: str, text: str) -> Attributes:
    """What an import id of a page or database stands for; raises Rejected with its form."""
    parent, _, title = text.partition(":")
    if title and (parent == "workspace" or is_id(parent)):  # first: a title may look like the end of an id
        return {"parent": normal_parent(parent), "title": title}
    if is_id(text):
        return {"id": notion_id(text)}
    raise Rejected(
        f"{text!r} is no import id of a {type_name}",
        call=Call("notion", "import"),
        remedy="give its id or its address, or PARENT:TITLE with the id of the page that it is in",
    )


def already_there(type_name: str, desired: Attributes, ids: Iterator[str]) -> AlreadyExists:
    """The error for a title that the parent has already."""
    return AlreadyExists(
        f"the parent has a {type_name} {desired['title']!r} already: {', '.join(ids)}",
        call=Call("notion", f"create a {type_name}"),
        remedy="import it by its id, declare lifecycle: {on_exists: adopt}, or choose another title",
    )


def pages(reader: Reader, attributes: Mapping[str, Any]) -> list[Found]:
    """The pages with an id, or with a title in a parent; those in the trash are none."""
    if identifier := attributes.get("id"):
        try:
            page = reader.page(notion_id(identifier))
        except NotFound:
            return []
        return [] if page["in_trash"] else [page]
    parent, title = normal_parent(attributes["parent"]), attributes["title"]
    if parent == "workspace":
        found = reader.search("page", title)
        return [page for page in found if page["parent"]["type"] == "workspace" and title_of(page) == title]
    if isinstance(parent, Mapping):
        source = parent.get("data_source") or reader.data_source_of(parent["database"])
        return reader.rows_titled(source, title)
    ids = [
        dashed(block["id"])
        for block in reader.children(parent)
        if block["type"] == "child_page" and block["child_page"]["title"] == title
    ]
    return [page for page in map(reader.page, ids) if not page["in_trash"]]


def told_page(reader: Reader, found: Found) -> dict[str, Any]:
    """The attributes of a page but its content."""
    return {
        "id": dashed(found["id"]),
        "parent": parent_of(reader, found["parent"]),
        "title": title_of(found),
        "icon": told_icon(found["icon"]),
        "cover": told_cover(found["cover"]),
        "is_locked": found["is_locked"],
        "url": found["url"],
        "public_url": found["public_url"],
        "created_time": found["created_time"],
        "stored_content": None,
    }


def title_of(page: Found) -> str:
    """The page's title: the one property of that type, whatever a database calls it."""
    return next((plain(each["title"]) for each in page["properties"].values() if each["type"] == "title"), "")


def _object(reader: Reader, page: Found) -> Object:
    told = told_page(reader, page)
    return Object(TYPE, told["id"], told)


def _remembered(stored: str, before: Attributes) -> dict[str, Any]:
    """What was written, as long as Notion still says of it what it said then."""
    is_same = stored == before.get("stored_content")
    return {"content": before["content"] if is_same else stored, "stored_content": stored}


def _titled(title: str) -> dict[str, Any]:
    return {"title": {"type": "title", "title": rich(title)}}


def _changes(desired: Attributes, changed: frozenset[str]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if "title" in changed:
        body["properties"] = _titled(desired["title"])
    if "icon" in changed:
        body["icon"] = asked_icon(desired["icon"])
    if "cover" in changed:
        body["cover"] = asked_cover(desired["cover"])
    if "is_locked" in changed:
        body["is_locked"] = desired["is_locked"]
    return body


def _new_home(reader: Reader, parent: Any) -> dict[str, Any]:
    if parent == "workspace":
        raise Rejected(
            "Notion moves no page to the top of the workspace through its API",
            call=Call("notion", "POST /v1/pages/{page_id}/move"),
            remedy="move it by hand in Notion, and share it with the integration there",
        )
    if isinstance(parent, Mapping) and "data_source" not in parent:
        parent = {"data_source": reader.data_source_of(parent["database"])}
    return asked_parent(parent)


KIND = Kind(
    type=TYPE,
    read=read,
    find=find,
    list_all=list_all,
    create=create,
    update=update,
    delete=delete,
    normalise=normalise,
    import_key=import_key,
)
