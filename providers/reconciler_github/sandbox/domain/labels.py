"""Labels of a repository.

Sources: docs.github.com/en/rest/issues/labels; "Managing labels" (the nine default labels).
"""

import re

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.errors import invalid
from reconciler_github.sandbox.store import Store

DEFAULT_LABELS = (
    ("bug", "d73a4a", "Something isn't working"),
    ("documentation", "0075ca", "Improvements or additions to documentation"),
    ("duplicate", "cfd3d7", "This issue or pull request already exists"),
    ("enhancement", "a2eeef", "New feature or request"),
    ("good first issue", "7057ff", "Good for newcomers"),
    ("help wanted", "008672", "Extra attention is needed"),
    ("invalid", "e4e669", "This doesn't seem right"),
    ("question", "d876e3", "Further information is requested"),
    ("wontfix", "ffffff", "This will not be worked on"),
)
_DEFAULT_NAMES = frozenset(name for name, _, _ in DEFAULT_LABELS)
_COLOR = re.compile(r"[0-9a-fA-F]{6}|[0-9a-fA-F]{3}")
_COLOR_OF_NONE = "ededed"
_LONGEST_DESCRIPTION = 100
_LONGEST_NAME = 50


def create_default_labels(store: Store, repository: Document) -> None:
    """The nine labels that every new repository has."""
    for name, color, description in DEFAULT_LABELS:
        create_label(store, repository, name, color, description)


def create_label(
    store: Store, repository: Document, name: str, color: str | None = None, description: str | None = None
) -> Document:
    """A new label; raises ``Refusal`` 422 if its name is taken or a value is not allowed."""
    now = store.now()
    label = {
        "id": store.next_id(),
        "repository_id": repository["id"],
        "name": name,
        "color": color or _COLOR_OF_NONE,
        "description": description,
        "default": name in _DEFAULT_NAMES,
        "created_at": now,
    }
    return _put(store, label)


def update_label(
    store: Store,
    label: Document,
    name: str | None = None,
    color: str | None = None,
    description: str | None = None,
) -> Document:
    """Change what is not ``None``; raises ``Refusal`` 422 as ``create_label`` does."""
    given = {"name": name, "color": color, "description": description}
    return _put(store, label | {key: value for key, value in given.items() if value is not None})


def delete_label(store: Store, label: Document) -> None:
    """Remove a label."""
    store.delete("label", label["id"])


def _put(store: Store, label: Document) -> Document:
    name, description = label["name"], label["description"]
    if not name.strip():
        raise invalid("Label", "missing_field", "name")
    if len(name) > _LONGEST_NAME:
        raise invalid("Label", "custom", "name", "name is too long (maximum is 50 characters)")
    if _COLOR.fullmatch(label["color"]) is None:
        raise invalid("Label", "invalid", "color")
    if description is not None and len(description) > _LONGEST_DESCRIPTION:
        message = "description is too long (maximum is 100 characters)"
        raise invalid("Label", "custom", "description", message)
    namesake = store.label(label["repository_id"], name)
    if namesake is not None and namesake["id"] != label["id"]:
        raise invalid("Label", "already_exists", "name")
    label |= {"name_key": name.lower(), "color": label["color"].lower(), "updated_at": store.now()}
    store.put("label", label["id"], label)
    return label
