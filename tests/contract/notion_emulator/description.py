"""Notion's API as its official SDK's types describe it, with closed schemas."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs

from tests.contract_data import place_of

UNDOCUMENTED = (
    # Recorded answers tell whether an address was verified.
    ("GET /v1/users", "email_verified"),
    # A queued task is answered with 202, which the SDK's types do not have.
    ("PATCH /v1/pages/{page_id}/markdown", "async_task"),
    # Recorded requests give the title of a page as a bare list.
    ("POST /v1/pages", "request ['properties', 'title']"),
    ("PATCH /v1/pages/{page_id}", "request ['properties', 'title']"),
    # The SDK's types leave open what a view's filter and sorts may be; the description made "nothing" of it.
    ("PATCH /v1/views/{view_id}", "request ['filter']"),
    ("POST /v1/views", "request ['filter']"),
    ("POST /v1/views", "request ['sorts'"),
)
"""What real exchanges have and the description does not: (operation, part of the problem or of the value)."""


@dataclass(frozen=True)
class Exchange:
    """One request and its answer; ``request`` is None for a request without a JSON body."""

    method: str
    path: str
    status: int
    request: Any
    response: Any


class Description:
    """Which operation a request is, and what is wrong with it or its answer."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.schemas = {"components": {"schemas": document["components"]["schemas"]}}
        self.operations = {
            f"{method.upper()} {path}": (self._pattern(path), operation)
            for path, item in document["paths"].items()
            for method, operation in item.items()
            if method in ("get", "put", "post", "patch", "delete")
        }
        self._validators: dict[str, Any] = {}

    @classmethod
    def read(cls) -> "Description | None":
        """The description, if it is at hand."""
        file = place_of("notion") / "notion.openapi.json"
        return cls(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else None

    @staticmethod
    def _pattern(path: str) -> re.Pattern[str]:
        return re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(path)))

    def find(self, method: str, path: str) -> str | None:
        """The operation of a path; one without placeholders comes before one with."""
        found = [
            name
            for name, (pattern, _) in self.operations.items()
            if name.startswith(f"{method} ") and pattern.fullmatch(urlsplit(path).path)
        ]
        return min(found, key=lambda name: name.count("{")) if found else None

    def problems(self, exchange: Exchange) -> list[str]:
        """What does not fit; nothing, if all does."""
        name = self.find(exchange.method, exchange.path)
        if name is None:
            return [f"{exchange.method} {exchange.path}: not in the description"]
        _, operation = self.operations[name]
        said = [*self._of_request(name, operation, exchange), *self._of_answer(name, operation, exchange)]
        return [
            f"{name} {exchange.status} {each}" for each in said if not self._is_known(name, each, exchange)
        ]

    @staticmethod
    def _is_known(name: str, problem: str, exchange: Exchange) -> bool:
        whole = problem if problem.startswith("request") else json.dumps(exchange.response)
        return any(name.startswith(operation) and part in whole for operation, part in UNDOCUMENTED)

    def _of_request(self, name: str, operation: Mapping[str, Any], exchange: Exchange) -> Iterator[str]:
        # What Notion refuses need not be as documented.
        if exchange.request is None or exchange.status >= 400:
            return
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            if exchange.request:
                yield "request has a body, but none is documented"
            return
        schema = content["application/json"]["schema"]
        yield from (f"request {each}" for each in self._check(f"{name} request", schema, exchange.request))

    def _of_answer(self, name: str, operation: Mapping[str, Any], exchange: Exchange) -> Iterator[str]:
        status = "200" if exchange.status < 400 else "default"
        schema = operation["responses"][status]["content"]["application/json"]["schema"]
        if exchange.status == 400 and exchange.response.get("code") == "missing_version":
            return  # documented on the site, absent from the SDK's types
        yield from self._check(f"{name} {status}", schema, exchange.response)

    def _check(self, key: str, schema: Mapping[str, Any], value: Any) -> Iterator[str]:
        validator = self._validators.get(key)
        if validator is None:
            validator = jsonschema_rs.Draft202012Validator({**schema, **self.schemas})
            self._validators[key] = validator
        for error in validator.iter_errors(value):
            yield f"{list(error.instance_path)}: {error.message[:300]}"
