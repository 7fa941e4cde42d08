"""notion-client, as it is, works against the emulator behind a socket."""

import io
from collections.abc import Iterator
from typing import Any

import pytest
from notion_client import APIErrorCode, APIResponseError, Client
from notion_client.helpers import collect_paginated_api, is_full_database, is_full_page, iterate_paginated_api

from reconciler.sandbox.host import Host
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World
from reconciler_notion.sandbox import NotionEmulator

CALLS = {
    "DELETE /v1/blocks/{block_id}",
    "DELETE /v1/comments/{comment_id}",
    "DELETE /v1/views/{view_id}",
    "GET /v1/blocks/{block_id}",
    "GET /v1/blocks/{block_id}/children",
    "GET /v1/comments",
    "GET /v1/data_sources/{data_source_id}",
    "GET /v1/data_sources/{data_source_id}/templates",
    "GET /v1/databases/{database_id}",
    "GET /v1/pages/{page_id}",
    "GET /v1/pages/{page_id}/markdown",
    "GET /v1/pages/{page_id}/properties/{property_id}",
    "GET /v1/users",
    "GET /v1/users/me",
    "GET /v1/users/{user_id}",
    "GET /v1/views",
    "GET /v1/views/{view_id}",
    "PATCH /v1/blocks/{block_id}",
    "PATCH /v1/blocks/{block_id}/children",
    "PATCH /v1/comments/{comment_id}",
    "PATCH /v1/data_sources/{data_source_id}",
    "PATCH /v1/databases/{database_id}",
    "PATCH /v1/pages/{page_id}",
    "PATCH /v1/pages/{page_id}/markdown",
    "PATCH /v1/views/{view_id}",
    "POST /v1/comments",
    "POST /v1/data_sources",
    "POST /v1/data_sources/{data_source_id}/query",
    "POST /v1/databases",
    "POST /v1/file_uploads",
    "POST /v1/file_uploads/{file_upload_id}/send",
    "POST /v1/pages",
    "POST /v1/pages/{page_id}/move",
    "POST /v1/search",
    "POST /v1/views",
}
"""The different calls that ordinary work makes."""


@pytest.fixture
def host() -> Host:
    return Host(World(), {"notion": NotionEmulator})


@pytest.fixture
def reached(host: Host) -> Iterator[dict[str, str]]:
    with running(host) as origin:
        yield host.connections(origin)["notion"]


@pytest.fixture
def notion(reached: dict[str, str]) -> Iterator[Any]:
    with Client(auth=reached["token"], base_url=reached["base_url"], retry=False) as client:
        yield client


def said(content: str) -> list[dict[str, Any]]:
    return [{"text": {"content": content}}]


def test_it_does_ordinary_work(notion: Any, reached: dict[str, str], host: Host) -> None:
    users_and_pages(notion, reached["root_page"])
    source = databases(notion, reached["root_page"])
    rows(notion, source)
    views(notion, source)
    blocks_and_comments(notion, reached["root_page"])
    assert set(host.requests()["notion"]) == CALLS


# The client's answers are typed as awaitable or not, so here they are Any.
def users_and_pages(notion: Any, root: str) -> None:
    assert notion.users.me()["type"] == "bot"
    people: Any = collect_paginated_api(notion.users.list, page_size=2)
    assert [each["name"] for each in people if each["type"] == "person"] == ["Alice", "Bob", "Carol"]
    assert notion.users.retrieve(people[0]["id"])["person"]["email"] == "alice@example.com"
    parent = {"page_id": root}
    page = notion.pages.create(parent=parent, properties={"title": said("TestX")})
    assert is_full_page(page)
    assert notion.pages.retrieve(page["id"])["parent"]["page_id"] == root
    title = {"title": {"title": said("TestX results")}}
    notion.pages.update(page["id"], icon={"type": "emoji", "emoji": "🧪"}, properties=title)
    item = notion.pages.properties.retrieve(page["id"], "title")
    assert item["results"][0]["title"]["plain_text"] == "TestX results"
    written = notion.pages.update_markdown(
        page["id"], type="insert_content", insert_content={"content": "# Hello\n\nWorld"}
    )
    assert written["markdown"] == "# Hello\nWorld"
    assert notion.pages.retrieve_markdown(page["id"])["markdown"] == "# Hello\nWorld"
    child = notion.pages.create(parent=parent, properties={"title": said("Child")})
    moved = notion.pages.move(child["id"], parent={"page_id": page["id"]})
    assert moved["parent"]["page_id"] == page["id"]
    assert notion.pages.update(child["id"], in_trash=True)["in_trash"]
    found = notion.search(query="testx", filter={"property": "object", "value": "page"})
    assert [each["id"] for each in found["results"]] == [page["id"]]


def databases(notion: Any, root: str) -> str:
    properties: dict[str, Any] = {"Run ID": {"title": {}}, "Duration": {"number": {"format": "number"}}}
    database = notion.databases.create(
        parent={"type": "page_id", "page_id": root},
        title=said("Test Executions"),
        initial_data_source={"properties": properties},
    )
    assert is_full_database(database)
    renamed = notion.databases.update(database["id"], title=said("Executions"))
    assert renamed["title"][0]["plain_text"] == "Executions"
    source = notion.databases.retrieve(database["id"])["data_sources"][0]["id"]
    changes = {
        "Duration": {"name": "Seconds"},
        "Status": {"select": {"options": [{"name": "Pass"}, {"name": "Fail"}]}},
    }
    before = notion.data_sources.retrieve(source)
    after = notion.data_sources.update(source, properties=changes)
    assert after["properties"]["Seconds"]["id"] == before["properties"]["Duration"]["id"]
    other = notion.data_sources.create(
        parent={"type": "database_id", "database_id": database["id"]},
        properties={"Name": {"title": {}}},
        title=said("Cases"),
    )
    assert notion.data_sources.list_templates(other["id"])["templates"] == []
    return str(source)


def rows(notion: Any, source: str) -> None:
    for number in range(5):
        values = {
            "Run ID": {"title": said(f"run {number}")},
            "Seconds": {"number": number},
            "Status": {"select": {"name": "Pass" if number % 2 else "Fail"}},
        }
        notion.pages.create(parent={"data_source_id": source}, properties=values)
    passed = iterate_paginated_api(
        notion.data_sources.query,
        data_source_id=source,
        filter={"property": "Status", "select": {"equals": "Pass"}},
        sorts=[{"property": "Seconds", "direction": "descending"}],
        page_size=1,
    )
    assert [each["properties"]["Seconds"]["number"] for each in passed] == [3, 1]


def views(notion: Any, source: str) -> None:
    database = notion.data_sources.retrieve(source)["parent"]["database_id"]
    made = notion.views.create(database_id=database, data_source_id=source, name="Mine", type="table")
    assert notion.views.update(made["id"], name="Ours")["name"] == "Ours"
    assert notion.views.retrieve(made["id"])["name"] == "Ours"
    listed = notion.views.list(database_id=database)
    assert made["id"] in [each["id"] for each in listed["results"]]
    assert notion.views.delete(made["id"])["object"] == "view"


def blocks_and_comments(notion: Any, root: str) -> None:
    text = {"rich_text": said("text")}
    added = notion.blocks.children.append(root, children=[{"paragraph": text}, {"to_do": text}])
    first = added["results"][0]["id"]
    notion.blocks.update(first, paragraph={"rich_text": said("other")})
    block = notion.blocks.retrieve(first)
    assert block["paragraph"]["rich_text"][0]["plain_text"] == "other"
    assert notion.blocks.delete(first)["in_trash"]
    kept = notion.blocks.children.list(root)
    assert first not in [each["id"] for each in kept["results"]]
    comment = notion.comments.create(parent={"page_id": root}, rich_text=said("Well"))
    assert len(notion.comments.list(block_id=root)["results"]) == 1
    notion.comments.update(comment["id"], rich_text=said("Unwell"))
    notion.comments.delete(comment["id"])
    upload = notion.file_uploads.create(mode="single_part", filename="a.txt", content_type="text/plain")
    content = ("a.txt", io.BytesIO(b"hello"), "text/plain")
    assert notion.file_uploads.send(upload["id"], file=content)["status"] == "uploaded"


def test_it_is_told_about_a_wrong_token(reached: dict[str, str]) -> None:
    with (
        Client(auth="wrong", base_url=reached["base_url"], retry=False) as stranger,
        pytest.raises(APIResponseError) as refused,
    ):
        stranger.users.me()
    assert refused.value.code == APIErrorCode.Unauthorized


def test_it_is_told_what_is_not_shared(notion: Any) -> None:
    with pytest.raises(APIResponseError, match="shared with your integration") as refused:
        notion.pages.retrieve("00000000-0000-0000-0000-000000000000")
    assert refused.value.code == APIErrorCode.ObjectNotFound
    assert refused.value.request_id


def test_it_is_told_what_a_body_lacks(notion: Any) -> None:
    with pytest.raises(APIResponseError, match=r"body\.parent should be defined"):
        notion.pages.create(properties={})
