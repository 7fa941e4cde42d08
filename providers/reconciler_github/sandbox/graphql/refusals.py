"""How GraphQL says no: entries of ``errors`` with GitHub's ``type``.

Source: recorded answers in public issue threads, such as ``{"type": "UNPROCESSABLE", "path": ["createLabel"],
"locations": […], "message": "Repository was archived so is read-only"}``.
"""

from collections.abc import Mapping
from typing import Any

from reconciler_github.sandbox.errors import Refusal

_TYPES = {403: "FORBIDDEN", 404: "NOT_FOUND", 409: "UNPROCESSABLE", 422: "UNPROCESSABLE"}
_SENTENCES = {
    "already_exists": "has already been taken",
    "missing_field": "can't be blank",
    "missing": "does not exist",
    "invalid": "is invalid",
}


class Problem(Exception):
    """A refusal with the ``type`` that GitHub's GraphQL gives it."""

    def __init__(self, type_: str, message: str) -> None:
        super().__init__(message)
        self.type = type_
        self.message = message


def unresolved_node(text: str) -> Problem:
    """A node id behind which there is nothing that the viewer may see."""
    return Problem("NOT_FOUND", f"Could not resolve to a node with the global id of '{text}'")


def unresolved(type_name: str, by: str, value: str) -> Problem:
    """A name that leads nowhere: ``Could not resolve to an Organization with the login of 'x'.``"""
    article = "an" if type_name[0] in "AEIO" else "a"
    return Problem("NOT_FOUND", f"Could not resolve to {article} {type_name} with the {by} of '{value}'.")


def not_permitted(login: str, mutation: str) -> Problem:
    """The viewer sees the object but may not do this to it."""
    return Problem(
        "FORBIDDEN",
        f"{login} does not have the correct permissions to execute `{mutation[0].upper()}{mutation[1:]}`",
    )


def from_refusal(refusal: Refusal) -> Problem:
    """What the shared deeds refuse, in GraphQL's words: a sentence for each problem, and no list."""
    if "archived" in refusal.message:
        return Problem("UNPROCESSABLE", "Repository was archived so is read-only")
    message = refusal.message
    if refusal.errors:
        message = " and ".join(_sentence(entry) for entry in refusal.errors)
    return Problem(_TYPES[refusal.status], message)


def _sentence(entry: Mapping[str, Any] | str) -> str:
    if isinstance(entry, str):
        return entry
    said = entry.get("message") or _SENTENCES[entry["code"]]
    if said[0].isupper():
        return str(said)
    field = str(entry["field"]).replace("_", " ").capitalize()
    return said.capitalize() if said.startswith(field.lower()) else f"{field} {said}"
