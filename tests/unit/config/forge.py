"""A service that exists nowhere, ``forge``, and short ways to load a stack of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reconciler.config import load
from reconciler.config.stack import Stack
from reconciler.diagnostics import Diagnostic
from reconciler.errors import InvalidConfiguration
from reconciler.provider import Provider, ProviderContext, ResourceType
from reconciler.registry import Registry

_TEXT = {"type": "string"}

_REPOSITORY = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "x-natural-key": ["name"],
    "x-destroy": ["delete", "archive"],
    "properties": {
        "name": {
            "type": "string",
            "description": "letters, digits, . _ and -",
            "pattern": "^[A-Za-z0-9._-]+$",
        },
        "description": _TEXT,
        "visibility": {"enum": ["public", "private", "internal"]},
        "has_wiki": {"type": "boolean"},
        "stars": {"type": "integer", "minimum": 0},
        "topics": {"type": "array", "items": _TEXT, "uniqueItems": True, "x-unordered": True},
        "pages": {
            "type": "object",
            "additionalProperties": False,
            "required": ["branch"],
            "properties": {"branch": _TEXT, "path": {"enum": ["/", "/docs"]}},
        },
        "id": {"type": "string", "x-computed": True},
        "url": {"type": "string", "x-computed": True},
    },
}
_LABEL = {
    "type": "object",
    "required": ["repository", "name", "color"],
    "additionalProperties": False,
    "x-natural-key": ["repository", "name"],
    "properties": {
        "repository": _TEXT,
        "name": _TEXT,
        "color": {"type": "string", "description": "six hexadecimal digits", "pattern": "^[0-9a-f]{6}$"},
        "id": {"type": "string", "x-computed": True},
    },
}
_SECRET = {
    "type": "object",
    "required": ["name", "value"],
    "additionalProperties": False,
    "properties": {"name": _TEXT, "value": {"type": "string", "x-sensitive": True}},
}
_USER = {
    "type": "object",
    "required": ["login"],
    "additionalProperties": False,
    "x-data": True,
    "properties": {"login": _TEXT, "admin": {"type": "boolean", "x-computed": True}},
}


class Forge:
    """The provider of the tests: its types are real, its connection is not needed."""

    def __init__(self) -> None:
        self.name = "forge"
        self.settings_schema: Mapping[str, Any] = {
            "type": "object",
            "properties": {"token": {"type": "string", "x-sensitive": True}, "owner": _TEXT},
        }

    @staticmethod
    def resource_types() -> Mapping[str, ResourceType]:
        schemas = {
            "forge_repository": _REPOSITORY,
            "forge_label": _LABEL,
            "forge_secret": _SECRET,
            "data.forge_user": _USER,
        }
        return {
            name: ResourceType.from_schema(name.removeprefix("data."), one) for name, one in schemas.items()
        }

    def __call__(self, settings: Mapping[str, Any], context: ProviderContext) -> Provider:
        raise AssertionError("a stack is read without a connection")


class Loader:
    """Writes a stack's files and loads them."""

    def __init__(self, directory: Path, types: Registry) -> None:
        self.directory = directory
        self.types = types

    def write(self, name: str, text: str | bytes) -> None:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def __call__(self, text: str | bytes, **options: Any) -> Stack:
        """The stack whose main file is ``text``; a name is put before it if it has none."""
        if isinstance(text, str) and "stack:" not in text:
            text = f"stack: shop\n{text}"
        self.write("reconciler.yaml", text)
        return self.load(**options)

    def load(self, **options: Any) -> Stack:
        settings = {"environment": None, "environ": {}, **options}
        return load(self.directory, types=self.types, **settings)

    def problems(self, text: str | bytes, **options: Any) -> list[Diagnostic]:
        """What is wrong with a stack that must be wrong."""
        with pytest.raises(InvalidConfiguration) as caught:
            self(text, **options)
        return list(caught.value.diagnostics)

    def summaries(self, text: str | bytes, **options: Any) -> list[str]:
        return [found.summary for found in self.problems(text, **options)]
