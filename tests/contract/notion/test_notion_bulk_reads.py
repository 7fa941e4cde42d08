"""How few calls a plan over many objects takes."""

from typing import Any, Protocol

import pytest

from reconciler.provider import Absent, Lookup, Object
from reconciler_notion.provider import NotionProvider

COUNT = 300


class AnyLab(Protocol):
    provider: NotionProvider
    root: str

    def connect(self, **settings: Any) -> NotionProvider: ...
    def calls(self) -> int: ...
    def behind(self, method: str, path: str, json: Any = None) -> Any: ...


def titled(text: str) -> list[dict[str, Any]]:
    return [{"text": {"content": text}}]


@pytest.fixture
def databases(lab: AnyLab) -> list[Object]:
    properties: dict[str, Any] = {f"Property {n}": {"rich_text": {}} for n in range(19)}
    properties["Name"] = {"title": {}}
    made = []
    for n in range(COUNT):
        body = {"parent": {"type": "page_id", "page_id": lab.root}, "title": titled(f"Database {n}")}
        answer = lab.behind("POST", "/databases", {**body, "initial_data_source": {"properties": properties}})
        source = answer["data_sources"][0]["id"]
        known = {"parent": lab.root, "title": f"Database {n}", "data_source_id": source}
        made.append(Object("notion_database", answer["id"], known))
    return made


def lookups(found: list[Object]) -> dict[str, Lookup]:
    return {one.id: Lookup(one.type, one.id, one.attributes) for one in found}


def test_three_hundred_databases_of_twenty_properties_take_303_calls(
    lab: AnyLab, databases: list[Object]
) -> None:
    before = lab.calls()
    answers = lab.connect().read(lookups(databases))
    assert lab.calls() - before == COUNT + 3
    for one in databases:
        answer = answers[one.id]
        assert isinstance(answer, Object)
        assert answer.attributes["title"] == one.attributes["title"]
        assert len(answer.attributes["properties"]) == 20


def test_what_was_changed_or_removed_among_many_is_seen(lab: AnyLab, databases: list[Object]) -> None:
    some = databases[:5]
    lab.behind("PATCH", f"/databases/{some[0].id}", {"title": titled("Renamed")})
    lab.behind("PATCH", f"/databases/{some[1].id}", {"in_trash": True})
    source = some[2].attributes["data_source_id"]
    lab.behind("PATCH", f"/data_sources/{source}", {"properties": {"Property 3": None}})
    first, second, third, *_ = lab.connect().read(lookups(some)).values()
    assert isinstance(first, Object)
    assert first.attributes["title"] == "Renamed"
    assert second == Absent()
    assert isinstance(third, Object)
    assert "Property 3" not in third.attributes["properties"]


def test_relations_take_no_call_beside_their_database(lab: AnyLab) -> None:
    create = lab.provider.create
    runs = create("notion_database", {"parent": lab.root, "title": "Runs"})
    cases = create("notion_database", {"parent": lab.root, "title": "Cases"})
    ends = {"database": runs.id, "target": cases.id}
    made = [create("notion_relation", {**ends, "name": f"Relation {n}"}) for n in range(20)]
    before = lab.calls()
    answers = lab.connect().read(lookups([*made, runs]))
    assert lab.calls() - before == 2
    assert [answers[one.id] for one in made] == made
