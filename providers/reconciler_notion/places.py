"""Where pages and databases are: who is in a page, what is in the workspace, what is gone for good."""

from collections.abc import Iterator

from reconciler.errors import NotFound, ProviderError
from reconciler.provider.objects import Absent, Unreadable
from reconciler_notion.identifiers import dashed, told_parent
from reconciler_notion.reader import Found, Reader

_DEEPEST = 20
_UNSURE_HELP = (
    "share the page, or the page that it was in, with the integration (its menu ••• in Notion, Connections); "
    "that it was deleted for good can be told only while the integration sees the page that it was in"
)


def parent_of(reader: Reader, parent: Found) -> object:
    """A parent of an answer in its one form.

    What was dragged into a column or a toggle is still in the page that holds that block. Raises
    ProviderError.
    """
    for _ in range(_DEEPEST):
        if parent["type"] != "block_id":
            break
        parent = reader.block(dashed(parent["block_id"]))["parent"]
    return told_parent(parent)


def not_found(reader: Reader, parent: object, error: NotFound) -> Absent | Unreadable:
    """What Notion's "not found" means for something that used to be in ``parent``.

    Notion says so of what is gone and of what is not shared any more. What is in a page is shared with it: so
    it is gone when the integration still sees the page, and nobody knows when it does not.
    """
    unsure = Unreadable(NotFound(error.cause, call=error.call, remedy=_UNSURE_HELP))
    try:
        match parent:
            case {"data_source": str(identifier)}:
                reader.data_source(identifier)
            case {"database": str(identifier)}:
                reader.database(identifier)
            case str(identifier) if identifier != "workspace":
                reader.page(identifier)
            case _:
                return unsure
    except NotFound:
        return unsure
    except ProviderError as trouble:
        return Unreadable(trouble)
    return Absent()


def everything(reader: Reader) -> tuple[list[str], list[str]]:
    """The ids of all pages and all databases that the integration sees; rows of databases are no pages here.

    Search names what was shared; what it lacks, since it lags, is found from page to page. Raises
    ProviderError.
    """
    pages: dict[str, None] = {}
    databases: dict[str, None] = {}
    for page in reader.search("page"):
        if page["parent"]["type"] != "data_source_id":
            pages[dashed(page["id"])] = None
    for source in reader.search("data_source"):
        if source["parent"]["type"] == "database_id":
            databases[dashed(source["parent"]["database_id"])] = None
    level = list(pages)
    while level:
        deeper: list[str] = []
        for block in _blocks(reader, level):
            identifier = dashed(block["id"])
            if block["type"] == "child_database":
                databases[identifier] = None
            elif identifier not in pages:
                pages[identifier] = None
                deeper.append(identifier)
        level = deeper
    return list(pages), list(databases)


def _blocks(reader: Reader, pages: list[str]) -> Iterator[Found]:
    for blocks in reader.together(reader.children, pages):
        yield from blocks
