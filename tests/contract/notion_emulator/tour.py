"""A way through all operations of the emulator, with all types of properties, values and blocks."""

from typing import Any, Protocol

NOBODY = "00000000-0000-0000-0000-000000000000"


class Visit(Protocol):
    root: str

    def __call__(
        self, method: str, path: str, body: Any = None, status: int = 200, **options: Any
    ) -> Any: ...


def said(content: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": {"content": content}}]


def tour(visit: Visit) -> None:
    """Go everywhere."""
    people(visit)
    page = pages(visit)
    source, other = data_sources(visit, page)
    row = rows(visit, source)
    relations(visit, source, other, row)
    queries(visit, source)
    views(visit, source)
    blocks(visit, page)
    markdown(visit, page)
    comments(visit, page)
    files(visit, page)
    refusals(visit, page, source)
    endings(visit, page, source)


def people(visit: Visit) -> None:
    me = visit("GET", "/users/me")
    found = visit("GET", "/users")["results"]
    visit("GET", "/users?page_size=2")
    visit("GET", f"/users/{found[0]['id']}")
    visit("GET", f"/users/{me['id']}")
    visit("GET", f"/users/{NOBODY}", status=404)
    visit("GET", "/custom_emojis")


def pages(visit: Visit) -> str:
    title = {"title": {"title": said("Team")}}
    icon = {"type": "emoji", "emoji": "🧪"}
    cover = {"type": "external", "external": {"url": "https://example.com/cover.png"}}
    made = visit(
        "POST",
        "/pages",
        {"parent": {"page_id": visit.root}, "properties": title, "icon": icon, "cover": cover},
    )
    page = str(made["id"])
    visit("POST", "/pages", {"parent": {"page_id": page}, "properties": {"title": said("Bare list")}})
    child = visit(
        "POST",
        "/pages",
        {
            "parent": {"type": "page_id", "page_id": page},
            "properties": title,
            "markdown": "# Hello\n\nWorld",
        },
    )
    first = visit("PATCH", f"/blocks/{page}/children", {"children": [{"divider": {}}]})["results"][0]["id"]
    after = {"type": "after_block", "after_block": {"id": first}}
    place = {"parent": {"page_id": page}, "position": after, "template": {"type": "none"}}
    visit("POST", "/pages", {**place, "properties": title})
    visit("GET", f"/pages/{page}")
    changes = {"properties": {"title": {"title": said("Team X")}}, "icon": None, "is_locked": True}
    visit("PATCH", f"/pages/{page}", changes)
    visit(
        "PATCH", f"/pages/{page}", {"is_locked": False, "icon": {"type": "icon", "icon": {"name": "pizza"}}}
    )
    visit("GET", f"/pages/{page}/properties/title")
    visit("POST", f"/pages/{child['id']}/move", {"parent": {"page_id": visit.root}})
    visit("PATCH", f"/pages/{child['id']}", {"in_trash": True})
    visit("PATCH", f"/pages/{child['id']}", {"in_trash": False})
    visit("POST", "/search", {"query": "team", "filter": {"property": "object", "value": "page"}})
    visit("POST", "/search", {"sort": {"direction": "ascending", "timestamp": "last_edited_time"}})
    return page


CONFIGURED: dict[str, Any] = {
    "Name": {"type": "title", "title": {}},
    "Note": {"rich_text": {}, "description": "What it says"},
    "Count": {"number": {"format": "percent"}},
    "Kind": {"select": {"options": [{"name": "A", "color": "red"}, {"name": "B"}]}},
    "Tags": {"multi_select": {"options": [{"name": "x", "description": "An x"}]}},
    "State": {"status": {}},
    "Own state": {"status": {"options": [{"name": "Open"}, {"name": "Shut", "color": "green"}]}},
    "When": {"date": {}},
    "Who": {"people": {}},
    "Files": {"files": {}},
    "Done": {"checkbox": {}},
    "Link": {"url": {}},
    "Mail": {"email": {}},
    "Phone": {"phone_number": {}},
    "Twice": {"formula": {"expression": 'prop("Count") * 2'}},
    "Number": {"unique_id": {"prefix": "RUN"}},
    "Made": {"created_time": {}},
    "Maker": {"created_by": {}},
    "Edited": {"last_edited_time": {}},
    "Editor": {"last_edited_by": {}},
}


def data_sources(visit: Visit, page: str) -> tuple[str, str]:
    made = visit(
        "POST",
        "/databases",
        {
            "parent": {"type": "page_id", "page_id": page},
            "title": said("Runs"),
            "description": said("All of them"),
            "is_inline": True,
            "icon": {"type": "external", "external": {"url": "https://example.com/icon.png"}},
            "initial_data_source": {"properties": CONFIGURED},
        },
    )
    database, source = made["id"], made["data_sources"][0]["id"]
    visit("GET", f"/databases/{database}")
    visit("PATCH", f"/databases/{database}", {"title": said("All runs"), "is_locked": False})
    visit("GET", f"/data_sources/{source}")
    other = visit(
        "POST",
        "/data_sources",
        {
            "parent": {"type": "database_id", "database_id": database},
            "title": said("Cases"),
            "icon": {"type": "emoji", "emoji": "⚙️"},
            "properties": {"Name": {"title": {}}},
        },
    )
    visit("GET", f"/data_sources/{other['id']}/templates")
    changes: dict[str, Any] = {
        "Count": {"name": "Total", "number": {"format": "number"}},
        "Link": {"name": "Address"},
        "Phone": None,
        "Extra": {"checkbox": {}},
    }
    visit("PATCH", f"/data_sources/{source}", {"title": said("Runs"), "properties": changes})
    visit("POST", "/search", {"filter": {"property": "object", "value": "data_source"}, "page_size": 1})
    return str(source), str(other["id"])


def rows(visit: Visit, source: str) -> str:
    person = visit("GET", "/users")["results"][0]["id"]
    values: dict[str, Any] = {
        "Name": {"title": said("First")},
        "Note": {"rich_text": [*said("so "), *mentions(visit, person)]},
        "Total": {"number": 3.5},
        "Kind": {"select": {"name": "B"}},
        "Tags": {"multi_select": [{"name": "x"}, {"name": "new"}]},
        "State": {"status": {"name": "Done"}},
        "When": {"date": {"start": "2026-01-02", "end": "2026-01-03"}},
        "Who": {"people": [{"id": person}]},
        "Files": {"files": [{"name": "shot", "external": {"url": "https://example.com/shot.png"}}]},
        "Done": {"checkbox": True},
        "Address": {"url": "https://example.com"},
        "Mail": {"email": "alice@example.com"},
    }
    row = visit("POST", "/pages", {"parent": {"data_source_id": source}, "properties": values})
    visit("POST", "/pages", {"parent": {"type": "data_source_id", "data_source_id": source}})
    visit(
        "GET",
        f"/pages/{row['id']}?filter_properties=title&filter_properties={row['properties']['Kind']['id']}",
    )
    emptied = {"Kind": {"select": None}, "When": {"date": None}, "Tags": {"multi_select": []}}
    visit("PATCH", f"/pages/{row['id']}", {"properties": emptied})
    for each in row["properties"].values():
        visit("GET", f"/pages/{row['id']}/properties/{each['id']}")
    return str(row["id"])


def mentions(visit: Visit, person: str) -> list[dict[str, Any]]:
    return [
        {"mention": {"user": {"id": person}}},
        {"mention": {"page": {"id": visit.root}}},
        {"mention": {"date": {"start": "2026-01-02"}}},
        {
            "mention": {
                "template_mention": {"type": "template_mention_date", "template_mention_date": "today"}
            }
        },
    ]


def relations(visit: Visit, source: str, other: str, row: str) -> None:
    single = {"relation": {"data_source_id": source, "single_property": {}}}
    dual = {"relation": {"data_source_id": source, "dual_property": {"synced_property_name": "Cases"}}}
    rolled = {
        "rollup": {
            "function": "sum",
            "relation_property_name": "Runs",
            "rollup_property_name": "Total",
        }
    }
    visit(
        "PATCH",
        f"/data_sources/{other}",
        {"properties": {"Single": single, "Runs": dual, "Sum": rolled}},
    )
    visit("GET", f"/data_sources/{source}")
    values = {"Name": {"title": said("Case")}, "Runs": {"relation": [{"id": row}]}}
    case = visit("POST", "/pages", {"parent": {"data_source_id": other}, "properties": values})
    visit("GET", f"/pages/{row}")
    for name in ("Runs", "Sum"):
        visit("GET", f"/pages/{case['id']}/properties/{case['properties'][name]['id']}")


def queries(visit: Visit, source: str) -> None:
    filters: list[dict[str, Any]] = [
        {"property": "Total", "number": {"greater_than": 3}},
        {"property": "Name", "title": {"starts_with": "fi"}},
        {"property": "State", "status": {"equals": "Done"}},
        {"property": "Done", "checkbox": {"equals": True}},
        {"property": "Who", "people": {"is_not_empty": True}},
        {"timestamp": "created_time", "created_time": {"past_week": {}}},
    ]
    for each in filters:
        found = visit("POST", f"/data_sources/{source}/query", {"filter": each})
        assert found["results"], each
    both: dict[str, Any] = {
        "filter": {"and": [filters[0], {"or": filters[1:3]}]},
        "sorts": [
            {"property": "Name", "direction": "ascending"},
            {"timestamp": "created_time", "direction": "descending"},
        ],
        "page_size": 1,
    }
    visit("POST", f"/data_sources/{source}/query?filter_properties=title", both)
    visit("POST", f"/data_sources/{source}/query", {"in_trash": True})


def views(visit: Visit, source: str) -> None:
    database = visit("GET", f"/data_sources/{source}")["parent"]["database_id"]
    kind = visit("GET", f"/data_sources/{source}")["properties"]["State"]["id"]
    new = {"data_source_id": source, "database_id": database, "name": "Mine", "type": "table"}
    table = visit("POST", "/views", new)
    group = {"type": "status", "property_id": kind, "group_by": "option", "sort": {"type": "manual"}}
    board = {"type": "board", "group_by": group}
    visit("POST", "/views", {**new, "name": "Board", "type": "board", "configuration": board})
    visit("POST", "/views", {**new, "position": {"type": "after_view", "view_id": table["id"]}})
    condition = {"property": "Done", "checkbox": {"equals": True}}
    visit(
        "PATCH",
        f"/views/{table['id']}",
        {
            "name": "Ours",
            "filter": condition,
            "sorts": [{"property": "Name", "direction": "ascending"}],
            "configuration": {"type": "table", "wrap_cells": True},
        },
    )
    visit("GET", f"/views/{table['id']}")
    visit("GET", f"/views?database_id={database}&page_size=2")
    visit("GET", f"/views?data_source_id={source}")
    query = visit("POST", f"/views/{table['id']}/queries", {})
    visit("GET", f"/views/{table['id']}/queries/{query['id']}")
    visit("DELETE", f"/views/{table['id']}/queries/{query['id']}")
    visit("DELETE", f"/views/{table['id']}")
    visit("GET", f"/views/{table['id']}", status=404)


def blocks(visit: Visit, page: str) -> None:
    text = {"rich_text": said("text")}
    headings = [f"heading_{level}" for level in (1, 2, 3, 4)]
    lists = ["bulleted_list_item", "numbered_list_item", "to_do", "toggle"]
    textual = [{kind: text} for kind in ("paragraph", *headings, *lists, "quote", "callout", "template")]
    image = {"type": "external", "external": {"url": "https://example.com/a.png"}}
    others: list[dict[str, Any]] = [
        {"code": {**text, "language": "python"}},
        {"equation": {"expression": "E = mc^2"}},
        {"divider": {}},
        {"breadcrumb": {}},
        {"table_of_contents": {}},
        {"bookmark": {"url": "https://example.com"}},
        {"embed": {"url": "https://example.com"}},
        *({kind: image} for kind in ("image", "video", "pdf", "audio", "file")),
        {"table": {"table_width": 1, "children": [{"table_row": {"cells": [said("cell")]}}]}},
        {"column_list": {"children": [{"column": {"children": [{"paragraph": text}]}}] * 2}},
        {"synced_block": {"synced_from": None}},
        {"link_to_page": {"type": "page_id", "page_id": visit.root}},
    ]
    nested = {"toggle": {**text, "children": [{"paragraph": {**text, "children": [{"paragraph": text}]}}]}}
    made = visit("PATCH", f"/blocks/{page}/children", {"children": [*textual, *others, nested]})["results"]
    visit("GET", f"/blocks/{page}/children?page_size=5")
    for each in made:
        visit("GET", f"/blocks/{each['id']}")
        if each["has_children"]:
            visit("GET", f"/blocks/{each['id']}/children")
    first = made[0]["id"]
    visit("PATCH", f"/blocks/{page}/children", {"children": [{"divider": {}}], "after": first})
    visit("PATCH", f"/blocks/{page}/children", {"children": [{"divider": {}}], "position": {"type": "start"}})
    visit("PATCH", f"/blocks/{first}", {"paragraph": {"rich_text": [{"equation": {"expression": "x"}}]}})
    visit("PATCH", f"/blocks/{first}", {"in_trash": True})
    visit("PATCH", f"/blocks/{first}", {"in_trash": False})
    visit("DELETE", f"/blocks/{first}")
    visit("GET", f"/blocks/{page}")


def markdown(visit: Visit, page: str) -> None:
    path = f"/pages/{page}/markdown"
    visit("GET", path)
    inserted = {"content": "## New\n\n- a\n  - b\n- [x] done\n\n```python\nprint()\n```"}
    visit("PATCH", path, {"type": "insert_content", "insert_content": inserted})
    visit("PATCH", path, {"type": "replace_content", "replace_content": {"new_str": "one\ntwo"}})
    update = {"content_updates": [{"old_str": "two", "new_str": "**three**"}]}
    visit("PATCH", path, {"type": "update_content", "update_content": update})
    ranged = {"content": "four", "content_range": "one...three"}
    visit("PATCH", path, {"type": "replace_content_range", "replace_content_range": ranged})
    later = {"allow_async": True, "type": "insert_content", "insert_content": {"content": "later"}}
    task = visit("PATCH", path, later, status=202)
    visit("GET", f"/async_tasks/{task['id']}")


def comments(visit: Visit, page: str) -> None:
    made = visit("POST", "/comments", {"parent": {"page_id": page}, "rich_text": said("Well")})
    visit("POST", "/comments", {"discussion_id": made["discussion_id"], "markdown": "Well **indeed**"})
    named = {"type": "custom", "custom": {"name": "Runner"}}
    visit("POST", "/comments", {"parent": {"page_id": page}, "rich_text": said("Yes"), "display_name": named})
    visit("GET", f"/comments?block_id={page}&page_size=1")
    visit("GET", f"/comments/{made['id']}")
    visit("PATCH", f"/comments/{made['id']}", {"rich_text": said("Unwell")})
    visit("DELETE", f"/comments/{made['id']}")
    visit("GET", f"/comments/{made['id']}", status=404)


def files(visit: Visit, page: str) -> None:
    made = visit("POST", "/file_uploads", {"mode": "single_part", "filename": "a.txt"})
    visit("POST", f"/file_uploads/{made['id']}/send", files={"file": ("a.txt", b"hello", "text/plain")})
    parts = {"mode": "multi_part", "filename": "b.txt", "number_of_parts": 1}
    many = visit("POST", "/file_uploads", parts)
    part = ("b.txt", b"hello", "text/plain")
    visit("POST", f"/file_uploads/{many['id']}/send", files={"file": part}, data={"part_number": "1"})
    visit("POST", f"/file_uploads/{many['id']}/complete")
    elsewhere = {"mode": "external_url", "filename": "c.pdf", "external_url": "https://example.com/c.pdf"}
    visit("POST", "/file_uploads", elsewhere)
    visit("GET", f"/file_uploads/{made['id']}")
    visit("GET", "/file_uploads?page_size=2")
    visit("GET", "/file_uploads?status=pending")
    image = {"image": {"type": "file_upload", "file_upload": {"id": made["id"]}}}
    visit("PATCH", f"/blocks/{page}/children", {"children": [image]})
    visit("PATCH", f"/pages/{page}", {"icon": {"type": "file_upload", "file_upload": {"id": made["id"]}}})


def refusals(visit: Visit, page: str, source: str) -> None:
    for path in ("pages", "databases", "data_sources", "blocks", "views", "comments", "file_uploads"):
        visit("GET", f"/{path}/{NOBODY}", status=404)
        visit("GET", f"/{path}/abc", status=400)
    visit("GET", f"/databases/{page}", status=400)
    visit("POST", "/pages", {"parent": {"page_id": page}, "properties": {"Other": {"number": 1}}}, 400)
    wrong = {"parent": {"data_source_id": source}, "properties": {"Total": {"checkbox": True}}}
    visit("POST", "/pages", wrong, 400)
    visit("GET", "/users?page_size=101", status=400)
    visit("GET", "/users/me", status=401, headers={"Authorization": "Bearer wrong"})
    visit("GET", "/users/me", status=400, headers={"Notion-Version": "2020-01-01"})


def endings(visit: Visit, page: str, source: str) -> None:
    visit("PATCH", f"/data_sources/{source}", {"in_trash": True})
    visit("PATCH", f"/data_sources/{source}", {"in_trash": False})
    database = visit("GET", f"/data_sources/{source}")["parent"]["database_id"]
    visit("PATCH", f"/databases/{database}", {"in_trash": True})
    visit("PATCH", f"/databases/{database}", {"in_trash": False})
    visit("GET", f"/blocks/{database}")
    visit("DELETE", f"/blocks/{page}")
    visit("GET", f"/data_sources/{source}")
