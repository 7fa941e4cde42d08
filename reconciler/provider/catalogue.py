"""A provider's resource types, from the schema documents in its package."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

from reconciler.provider.facts import ResourceType

_ENDING = ".schema.json"


@cache
def resource_types_in(package: str, prefix: str = "") -> Mapping[str, ResourceType]:
    """The types of a package's folder ``schemas``, by name: ``{"board_note": …, "data.board_note": …}``.

    A file is named after its type without the ``prefix``: with ``board_``, ``note.schema.json`` describes
    ``board_note`` and ``data.note.schema.json`` the looked-up ``data.board_note``. Other files are passed
    over. ``package`` is the name to import, such as ``reconciler_board``. The files are read once; the same
    mapping is returned each time, and must not be changed.
    """
    found: dict[str, ResourceType] = {}
    folder = resources.files(package).joinpath("schemas")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        kind, is_schema, _ = file.name.partition(_ENDING)
        if is_schema:
            name = f"{prefix}{kind.removeprefix('data.')}"
            key = f"data.{name}" if kind.startswith("data.") else name
            found[key] = ResourceType.from_schema(name, json.loads(file.read_text("utf-8")))
    return found
