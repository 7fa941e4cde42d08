"""Where the JSON Schemas of our documents are."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parent.parent


def schema_path(name: str) -> Path:
    """The file of a schema, ``stack.schema.json``: inside an installed package, beside it in a checkout."""
    installed = _PACKAGE / "schemas" / name
    return installed if installed.exists() else _PACKAGE.parent / "schemas" / name


@cache
def schema(name: str) -> Mapping[str, Any]:
    """A schema's document."""
    document: Mapping[str, Any] = json.loads(schema_path(name).read_text(encoding="utf-8"))
    return document
