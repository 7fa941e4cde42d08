"""Every request that the provider makes is one that Notion's description allows, all its keys included."""

import json
import re
from collections.abc import Mapping
from typing import Any, Protocol

import httpx
import jsonschema_rs
import pytest

from reconciler_notion.client import API_VERSION
from reconciler_notion.provider import NotionProvider
from tests.contract.notion.tour import take_tour

PREFIX = "/notion"


class AnyLab(Protocol):
    provider: NotionProvider
    recorder: Any
    root: str


@pytest.fixture
def toured(lab: AnyLab) -> list[httpx.Request]:
    take_tour(lab.provider, lab.root)
    requests: list[httpx.Request] = lab.recorder.requests
    return requests


def operation(openapi: Mapping[str, Any], method: str, path: str) -> tuple[str, Mapping[str, Any]] | None:
    found = [
        (template, item[method.lower()])
        for template, item in openapi["paths"].items()
        if method.lower() in item and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
    ]
    return min(found, key=lambda one: one[0].count("{")) if found else None


def test_every_request_is_documented_with_all_keys_of_its_body(
    toured: list[httpx.Request], openapi: dict[str, Any]
) -> None:
    seen = set()
    schemas = {"components": {"schemas": openapi["components"]["schemas"]}}
    for request in toured:
        path = request.url.raw_path.decode().partition("?")[0].removeprefix(PREFIX)
        found = operation(openapi, request.method, path)
        assert found is not None, f"{request.method} {path} is documented nowhere"
        template, documented = found
        seen.add(f"{request.method} {template}")
        known = {each["name"] for each in documented.get("parameters", ()) if each["in"] == "query"}
        assert set(request.url.params) <= known, template
        if not request.content:
            assert not (documented.get("requestBody") or {}).get("required"), template
            continue
        schema = {**documented["requestBody"]["content"]["application/json"]["schema"], **schemas}
        body = json.loads(request.content)
        problems = jsonschema_rs.validator_for(schema).iter_errors(body)
        assert [problem.message for problem in problems] == [], (template, body)
    assert seen == {
        "GET /v1/users/me",
        "GET /v1/users",
        "GET /v1/users/{user_id}",
        "GET /v1/pages/{page_id}",
        "GET /v1/pages/{page_id}/markdown",
        "GET /v1/databases/{database_id}",
        "GET /v1/data_sources/{data_source_id}",
        "GET /v1/blocks/{block_id}/children",
        "POST /v1/pages",
        "POST /v1/pages/{page_id}/move",
        "POST /v1/databases",
        "POST /v1/data_sources/{data_source_id}/query",
        "POST /v1/search",
        "PATCH /v1/pages/{page_id}",
        "PATCH /v1/pages/{page_id}/markdown",
        "PATCH /v1/databases/{database_id}",
        "PATCH /v1/data_sources/{data_source_id}",
    }


def test_every_request_names_the_version_and_none_says_archived(toured: list[httpx.Request]) -> None:
    for request in toured:
        assert request.headers["notion-version"] == API_VERSION
        assert request.headers["user-agent"].startswith("reconciler/")
        assert b'"archived"' not in request.content
