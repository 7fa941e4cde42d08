"""The versions of the API that are accepted, and what differs between their answers.

Answers are made in the form of 2025-09-03. The version of 2026-03-11 has no ``archived``; in the one of
2022-06-28 databases have the properties themselves, and rows are in a database. Sources:
developers.notion.com/guides/ get-started/upgrade-guide-2025-09-03, /upgrade-guide-2026-03-11.
"""

from typing import Any

OLDEST, VERSION, NEWEST = "2022-06-28", "2025-09-03", "2026-03-11"
VERSIONS = (OLDEST, VERSION, NEWEST)


def as_of(version: str, body: Any) -> Any:
    """An answer in the form of a version; lists element by element."""
    if version == VERSION or not isinstance(body, dict):
        return body
    if body.get("object") == "list":
        body = {**body, "results": [as_of(version, each) for each in body["results"]]}
    if version == NEWEST:
        return {key: value for key, value in body.items() if key != "archived"}
    parent = body.get("parent")
    if body.get("object") == "page" and isinstance(parent, dict) and parent["type"] == "data_source_id":
        return {**body, "parent": {"type": "database_id", "database_id": parent["database_id"]}}
    return body
