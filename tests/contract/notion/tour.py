"""A tour through everything that the provider can ask of Notion."""

from reconciler.provider import Lookup, Wanted
from reconciler_notion.provider import NotionProvider

WITHOUT_SETTINGS = (
    *("rich_text", "date", "people", "files", "checkbox", "url", "email", "phone_number", "place"),
    *("created_time", "created_by", "last_edited_time", "last_edited_by"),
)
COLORS = {"A": {"color": "green", "description": "first"}, "B": {}}


def all_properties(target: str) -> dict[str, dict[str, object]]:
    """Every type that can be declared and changed."""
    return {
        "Run": {"type": "title", "description": "Its id"},
        **{kind: {"type": kind} for kind in WITHOUT_SETTINGS},
        "number": {"type": "number", "format": "percent"},
        "select": {"type": "select", "options": COLORS},
        "multi": {"type": "multi_select", "options": COLORS},
        "status": {"type": "status", "options": {"Open": {"color": "blue"}}},
        "formula": {"type": "formula", "expression": 'prop("number") * 2'},
        "unique": {"type": "unique_id", "prefix": "T"},
        "single": {"type": "relation", "data_source": target},
        "dual": {"type": "relation", "data_source": target, "synced_property": "Back"},
        "rollup": {"type": "rollup", "relation": "dual", "property": "Name", "function": "count"},
    }


def take_tour(provider: NotionProvider, root: str) -> None:
    """Make every kind of call that the provider can make."""
    create, update, delete = provider.create, provider.update, provider.delete
    provider.health()
    look = {"icon": "🧪", "cover": "https://example.com/c.png", "is_locked": True}
    page = create("notion_page", {"parent": root, "title": "Tour", "content": "Hello", **look})
    inner = create("notion_page", {"parent": page.id, "title": "Inner"})
    changes = {"title": "Tour 2", "icon": None, "cover": None, "is_locked": False, "content": "# Other"}
    page = update(page, {**page.attributes, **changes}, frozenset(changes))
    page = update(page, {**page.attributes, "icon": {"icon": "star", "color": "blue"}}, frozenset({"icon"}))
    target = create("notion_database", {"parent": page.id, "title": "Cases"})
    source_id = target.attributes["data_source_id"]
    runs = create(
        "notion_database",
        {
            "parent": page.id,
            "title": "Runs",
            "description": "All runs",
            "is_inline": True,
            **look,
            "properties": all_properties(source_id),
        },
    )
    again = {
        **all_properties(source_id),
        "select": {"type": "select", "description": "Which", "options": {"C": {}}},
        "status": {"type": "status", "options": {"Late": {}}},
        "Renamed": {"type": "number", "format": "dollar"},
        "url": {"type": "rich_text"},
        "new": {"type": "checkbox"},
    }
    del again["number"], again["email"], again["formula"]
    moves = {"title": "Runs 2", "parent": root, "is_inline": False, "is_locked": False, "description": ""}
    desired = {**runs.attributes, **moves, "properties": again, "properties_mode": "exclusive"}
    runs = update(runs, desired, frozenset({*moves, "properties", "properties_mode"}))
    row = create("notion_page", {"parent": {"database": runs.id}, "title": "Row"})
    update(inner, {**inner.attributes, "parent": root}, frozenset({"parent"}))
    update(row, {**row.attributes, "parent": {"database": target.id}}, frozenset({"parent"}))
    ends = {"database": runs.id, "target": target.id}
    single = create("notion_relation", {**ends, "name": "One", "description": "Which"})
    dual = create("notion_relation", {**ends, "name": "Two", "synced_property": "Runs here"})
    renamed = {**dual.attributes, "name": "Twice", "synced_property": "Runs there", "description": "x"}
    dual = update(dual, renamed, frozenset({"name", "synced_property", "description"}))
    single = update(single, {**ends, "name": "One", "synced_property": "B"}, frozenset({"synced_property"}))
    single = update(single, {**ends, "name": "One", "synced_property": None}, frozenset({"synced_property"}))
    made = [page, inner, row, runs, target, single, dual]
    provider.read({one.id: Lookup(one.type, one.id, one.attributes) for one in made})
    for parent in (root, "workspace"):
        provider.find({"p": Wanted("notion_page", {"parent": parent, "title": "Tour 2"})})
        provider.find({"d": Wanted("notion_database", {"parent": parent, "title": "Runs 2"})})
    provider.find({"r": Wanted("notion_page", {"parent": {"database": target.id}, "title": "Row"})})
    provider.find({"r": Wanted("notion_relation", {"database": runs.id, "name": "Twice"})})
    provider.find({"u": Wanted("data.notion_user", {"email": "nobody@example.com"})})
    provider.find({"u": Wanted("data.notion_user", {"id": root})})
    provider.find({"p": Wanted("data.notion_page", {"id": page.id})})
    for type_name in ("notion_page", "notion_database", "notion_relation"):
        list(provider.list(type_name))
    for one in (dual, single, row, runs, target, inner, page):
        delete(one, "delete")
        delete(one, "delete")
