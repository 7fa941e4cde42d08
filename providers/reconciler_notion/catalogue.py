"""The provider's resource types, from their schema documents."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

from reconciler.provider.facts import ResourceType


@cache
def resource_types() -> Mapping[str, ResourceType]:
    """All managed and data types by name; the files are named after the types, without ``notion_``."""
    found: dict[str, ResourceType] = {}
    folder = resources.files("reconciler_notion").joinpath("schemas")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        kind, is_schema, _ = file.name.partition(".schema.json")
        if is_schema:
            is_data = kind.startswith("data.")
            name = f"notion_{kind.removeprefix('data.')}"
            schema = json.loads(file.read_text("utf-8"))
            found[f"data.{name}" if is_data else name] = ResourceType.from_schema(name, schema)
    return found
