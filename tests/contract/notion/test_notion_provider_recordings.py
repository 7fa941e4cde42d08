"""Notion's recorded answers are understood by the provider, without loss and without failure."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from reconciler.errors import NotFound, ProviderError, Rejected, Unauthorized
from reconciler.provider import Lookup, Object, Wanted
from reconciler.provider.context import Context
from reconciler.testing import FakeClock
from reconciler_notion.provider import NotionProvider
from reconciler_notion.reader import Reader

ID = r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"
SETTINGS = {"token": "ntn_0123456789"}


@dataclass(frozen=True)
class Exchange:
    call: str
    """Method and path, with ids as ``{id}``."""
    status: int
    asked: Any
    answer: Any


def recorded(folder: Path) -> Iterator[Exchange]:
    for file in sorted(folder.glob("*.yaml")):
        for each in yaml.safe_load(file.read_text("utf-8"))["interactions"]:
            path = re.sub(ID, "{id}", each["request"]["uri"]).partition("?")[0]
            text, body = each["response"]["body"]["string"], each["request"]["body"]
            if path.startswith("https://api.notion.com/v1/"):
                call = f"{each['request']['method']} {path.removeprefix('https://api.notion.com/v1')}"
                is_json = isinstance(body, str) and body.startswith("{")
                asked = json.loads(body) if is_json else None
                yield Exchange(call, each["response"]["status"]["code"], asked, json.loads(text))


@pytest.fixture(scope="session")
def exchanges(notion_data: Path) -> list[Exchange]:
    return list(recorded(notion_data / "cassettes"))


Connect = Callable[..., NotionProvider]


@pytest.fixture
def answering() -> Connect:
    """A provider whose calls are answered as recorded; the last exchange is answered to every other call."""

    def make(*found: Exchange) -> NotionProvider:
        def handle(request: httpx.Request) -> httpx.Response:
            call = f"{request.method} {re.sub(ID, '{id}', request.url.path.removeprefix('/v1'))}"
            exchange = next((each for each in found if each.call == call), found[-1])
            if call.endswith("/children") and exchange.call != call:
                return httpx.Response(200, json={"results": [], "has_more": False, "next_cursor": None})
            return httpx.Response(exchange.status, json=exchange.answer)

        return NotionProvider(SETTINGS, Context(clock=FakeClock(), transport=httpx.MockTransport(handle)))

    return make


def of(exchanges: list[Exchange], *calls: str) -> list[Exchange]:
    found = [each for each in exchanges if each.call in calls and each.status < 300]
    assert found, f"no recording of {calls}"
    return found


def text_of(texts: list[dict[str, Any]]) -> str:
    return "".join(part["plain_text"] for part in texts)


def test_pages_are_understood(exchanges: list[Exchange], answering: Connect) -> None:
    calls = ("GET /pages/{id}", "POST /pages", "PATCH /pages/{id}", "POST /pages/{id}/move")
    answers = [each.answer for each in of(exchanges, *calls)]
    answers += [page for each in of(exchanges, "POST /search") for page in each.answer["results"]]
    pages = [each for each in answers if each["object"] == "page"]
    assert len(pages) > 40
    for answer in pages:
        exchange = Exchange("GET /pages/{id}", 200, None, {**answer, "in_trash": False})
        parent = {"parent": "workspace", "title": "x"}
        found = answering(exchange).read({"": Lookup("notion_page", answer["id"], parent)})[""]
        assert isinstance(found, Object)
        told = found.attributes
        assert told["id"] == answer["id"]
        for name in ("url", "public_url", "created_time", "is_locked"):
            assert told[name] == answer[name]
        titles = [each for each in answer["properties"].values() if each["type"] == "title"]
        assert told["title"] == text_of(titles[0]["title"])
        assert (told["icon"] is None) is (answer["icon"] is None)
        kind = answer["parent"]["type"]
        value = answer["parent"][kind]
        expected = {"page_id": value, "workspace": "workspace"}.get(kind)
        assert expected is None or told["parent"] == expected
        if kind == "data_source_id":
            assert told["parent"]["data_source"] == value


def test_created_pages_are_understood_and_asked_for_as_recorded(
    exchanges: list[Exchange], answering: Connect
) -> None:
    for exchange in of(exchanges, "POST /pages"):
        answer = exchange.answer
        if answer["parent"]["type"] != "page_id":
            continue
        title = text_of(answer["properties"]["title"]["title"])
        desired = {"parent": exchange.asked["parent"]["page_id"], "title": title}
        made = answering(exchange).create("notion_page", desired)
        assert made.id == answer["id"]
        assert made.attributes["parent"] == answer["parent"]["page_id"]


def test_created_databases_are_understood_with_their_data_source(
    exchanges: list[Exchange], answering: Connect
) -> None:
    (source, *_) = of(exchanges, "GET /data_sources/{id}")
    databases = of(exchanges, "POST /databases", "GET /databases/{id}", "PATCH /databases/{id}")
    assert len(databases) == 15
    for exchange in databases:
        answer = exchange.answer
        title = text_of(answer["title"])
        parent = answer["parent"]["page_id"]
        look = {"description": "", "icon": "🔥", "is_inline": False}
        provider = answering(Exchange("POST /databases", 200, None, answer), source)
        made = provider.create("notion_database", {"parent": parent, "title": title, **look})
        assert made.id == answer["id"]
        assert made.attributes["title"] == title
        assert made.attributes["description"] == text_of(answer["description"])
        assert made.attributes["icon"] == (answer["icon"] or {}).get("emoji")


def test_data_sources_are_understood_with_every_property(
    exchanges: list[Exchange], answering: Connect
) -> None:
    calls = ("GET /data_sources/{id}", "POST /data_sources", "PATCH /data_sources/{id}")
    sources = [each.answer for each in of(exchanges, *calls)]
    found = [one for each in of(exchanges, "POST /search") for one in each.answer["results"]]
    sources += [each for each in found if each["object"] == "data_source"]
    (database, *_) = of(exchanges, "GET /databases/{id}")
    types = set()
    for answer in sources:
        source = Exchange("GET /data_sources/{id}", 200, None, {**answer, "in_trash": False})
        database_id = answer["parent"]["database_id"]
        before = {"data_source_id": answer["id"], "parent": "workspace"}
        lookup = Lookup("notion_database", database_id, before)
        told = answering(source, database).read({"": lookup})[""]
        assert isinstance(told, Object)
        assert told.attributes["data_source_id"] == answer["id"]
        assert told.attributes["created_time"] == answer["created_time"]
        others = {name for name, each in answer["properties"].items() if each["type"] != "relation"}
        assert set(told.attributes["properties"]) == others
        for name in others:
            types.add(answer["properties"][name]["type"])
            assert told.attributes["properties"][name]["type"] == answer["properties"][name]["type"]
    assert "title" in types


def test_children_are_understood(exchanges: list[Exchange], answering: Connect) -> None:
    for exchange in of(exchanges, "GET /blocks/{id}/children"):
        if exchange.answer["has_more"]:
            continue
        reader = Reader(answering(exchange)._client)
        kinds = [block["type"] for block in exchange.answer["results"]]
        kept = [kind for kind in kinds if kind.startswith("child_")]
        assert [block["type"] for block in reader.children("x")] == kept


def test_markdown_is_understood(exchanges: list[Exchange], answering: Connect) -> None:
    (exchange,) = of(exchanges, "GET /pages/{id}/markdown")
    assert Reader(answering(exchange)._client).markdown("x") == exchange.answer["markdown"]
    prior = Object("notion_page", exchange.answer["id"], {"content": "x"})
    change = next(e for e in of(exchanges, "PATCH /pages/{id}/markdown") if "markdown" in e.answer)
    after = answering(exchange, change).update(prior, {"content": "y"}, frozenset({"content"}))
    assert after.attributes["stored_content"] == change.answer["markdown"]


def test_users_and_the_workspace_are_understood(exchanges: list[Exchange], answering: Connect) -> None:
    for exchange in of(exchanges, "GET /users/me"):
        account = answering(exchange).account()
        assert account.id == exchange.answer["bot"]["workspace_id"]
        assert account.name == exchange.answer["bot"]["workspace_name"]
        assert answering(exchange).health().is_healthy
    for exchange in of(exchanges, "GET /users"):
        last = Exchange(exchange.call, 200, None, {**exchange.answer, "has_more": False})
        for user in exchange.answer["results"]:
            found = answering(last).find({"": Wanted("data.notion_user", {"name": user["name"]})})[""]
            assert isinstance(found, tuple)
            assert user["id"] in [one.id for one in found]


KINDS = {"invalid_request_url": Rejected, "unauthorized": Unauthorized, "object_not_found": NotFound}


def test_every_recorded_error_is_understood_and_says_what_to_do(
    exchanges: list[Exchange], answering: Connect
) -> None:
    errors = [each for each in exchanges if each.status >= 400]
    assert {each.answer["code"] for each in errors} == set(KINDS)
    for exchange in errors:
        with pytest.raises(ProviderError) as caught:
            answering(exchange).account()
        assert type(caught.value) is KINDS[exchange.answer["code"]]
        assert exchange.answer["message"] in caught.value.cause
        assert exchange.answer["request_id"] in caught.value.cause
        assert caught.value.remedy
