"""Notion's provider passes the suite that all providers pass, over the emulated Notion."""

from collections.abc import Mapping
from typing import Any, Protocol

import pytest

from reconciler.provider import Object, Provider, Wanted
from reconciler.testing.contract import ProviderContract, Sample, Subject
from reconciler_notion.provider import NotionProvider

BAD_TOKEN = "ntn_wrongWRONGwrong0123456789"
PLAIN = {"description": None}
WITHOUT_SETTINGS = (
    "rich_text",
    "date",
    "people",
    "files",
    "checkbox",
    "url",
    "email",
    "phone_number",
    "created_time",
    "created_by",
    "last_edited_time",
    "last_edited_by",
)
PROPERTIES: Mapping[str, Any] = {
    "Run ID": {"type": "title", **PLAIN},
    "Duration": {"type": "number", "format": "euro", "description": "In seconds"},
    "Status": {
        "type": "select",
        "options": {
            "Pass": {"color": "green", "description": None},
            "Fail": {"color": "red", "description": None},
        },
        **PLAIN,
    },
    "Twice": {"type": "formula", "expression": 'prop("Duration") * 2', **PLAIN},
    "Number": {"type": "unique_id", "prefix": "RUN", **PLAIN},
    **{kind: {"type": kind, **PLAIN} for kind in WITHOUT_SETTINGS},
}


class AnyLab(Protocol):
    provider: NotionProvider
    settings: dict[str, Any]
    recorder: Any
    root: str

    def connect(self, **settings: Any) -> NotionProvider: ...
    def behind(self, method: str, path: str, json: Any = None) -> Any: ...


def titled(text: str) -> list[dict[str, Any]]:
    return [{"text": {"content": text}}]


@pytest.fixture
def samples(lab: AnyLab) -> dict[str, Sample]:
    def page(provider: Provider, n: int) -> Mapping[str, Any]:
        return {
            "parent": lab.root.replace("-", ""),
            "title": f"Page {n}",
            "icon": "🧪",
            "cover": "https://example.com/cover.png",
            "is_locked": True,
        }

    def database(provider: Provider, n: int) -> Mapping[str, Any]:
        return {
            "parent": lab.root,
            "title": f"Database {n}",
            "description": "What it is for",
            "icon": "https://example.com/icon.png",
            "cover": "https://example.com/cover.png",
            "is_inline": True,
            "is_locked": False,
            "properties": PROPERTIES,
        }

    def home(provider: Provider, title: str) -> str:
        wanted = Wanted("notion_database", {"parent": lab.root, "title": title})
        found = provider.find({"": wanted})[""]
        assert isinstance(found, tuple)
        if found:
            return found[0].id
        return provider.create("notion_database", {"parent": lab.root, "title": title}).id

    def relation(provider: Provider, n: int) -> Mapping[str, Any]:
        ends = {"database": home(provider, "Runs"), "target": home(provider, "Cases")}
        return {**ends, "name": f"Case {n}", "synced_property": f"Runs {n}", "description": "Which case"}

    def change_page(found: Object) -> None:
        body = {"properties": {"title": {"title": titled("changed")}}}
        lab.behind("PATCH", f"/pages/{found.id}", body)

    def change_database(found: Object) -> None:
        path = f"/data_sources/{found.attributes['data_source_id']}"
        lab.behind("PATCH", path, {"properties": {"Duration": None}})

    def change_relation(found: Object) -> None:
        path = f"/data_sources/{found.attributes['data_source_id']}"
        lab.behind("PATCH", path, {"properties": {found.attributes["name"]: {"name": "Renamed"}}})

    added = {**PROPERTIES, "Environment": {"type": "rich_text", **PLAIN}}
    return {
        "notion_page": Sample(page, {"title": "Other", "icon": None, "is_locked": False}, change_page),
        "notion_database": Sample(
            database,
            {"title": "Other", "description": "", "is_locked": True, "icon": "🔥", "properties": added},
            change_database,
        ),
        "notion_relation": Sample(
            relation, {"name": "Test case", "synced_property": "Test runs"}, change_relation
        ),
    }


class TestNotionProvider(ProviderContract):
    @pytest.fixture
    def subject(self, lab: AnyLab, samples: dict[str, Sample]) -> Subject:
        def failing() -> Provider:
            lab.recorder.status = 500
            return lab.connect()

        return Subject(
            factory=NotionProvider,
            provider=lab.provider,
            samples=samples,
            with_bad_credentials=lambda: lab.connect(token=BAD_TOKEN),
            when_failing=failing,
            secrets=(BAD_TOKEN, lab.settings["token"]),
        )
