"""How the emulated Notion refuses a request.

Sources: developers.notion.com/reference/status-codes; recorded error bodies.
"""

from collections.abc import Mapping, Sequence
from typing import Any


class Refusal(Exception):
    """A request that Notion answers with an error object."""

    def __init__(
        self, status: int, code: str, message: str, additional_data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.additional_data = additional_data

    def body(self) -> dict[str, Any]:
        """The answer's JSON document, without the request's id."""
        more = {} if self.additional_data is None else {"additional_data": dict(self.additional_data)}
        return {
            "object": "error",
            "status": self.status,
            "code": self.code,
            "message": self.message,
            **more,
        }


def unauthorized() -> Refusal:
    """A token that Notion does not know, or none."""
    return Refusal(401, "unauthorized", "API token is invalid.")


def invalid_url() -> Refusal:
    """A path that leads nowhere."""
    return Refusal(400, "invalid_request_url", "Invalid request URL.")


def invalid_json() -> Refusal:
    """A body that is no JSON."""
    return Refusal(400, "invalid_json", "Error parsing JSON body.")


def restricted() -> Refusal:
    """A token that lacks the capability for an endpoint."""
    return Refusal(403, "restricted_resource", "Insufficient permissions for this endpoint.")


def rate_limited() -> Refusal:
    """Too many requests; ``Retry-After`` says for how long."""
    return Refusal(429, "rate_limited", "You have been rate limited. Please try again in a few minutes.")


def overloaded() -> Refusal:
    """Too many requests of everybody."""
    return Refusal(529, "service_overload", "Notion is overloaded. Please try again later.")


def invalid(message: str) -> Refusal:
    """400 ``validation_error`` with Notion's own words for what does not fit."""
    return Refusal(400, "validation_error", message)


def failed_validation(part: str, problems: Sequence[str]) -> Refusal:
    """400 for a ``body``, ``path`` or ``query`` that does not have the documented form."""
    if len(problems) == 1:
        return invalid(f"{part} failed validation: {problems[0]}")
    return invalid(f"{part} failed validation. Fix one:\n" + "\n".join(problems))


def not_found(kind: str, id_: str, bot: Mapping[str, Any]) -> Refusal:
    """404: it is not there, or it is not shared with the integration."""
    return Refusal(
        404,
        "object_not_found",
        f"Could not find {kind} with ID: {id_}. Make sure the relevant pages and databases are shared "
        f'with your integration "{bot["name"]}".',
        {"integration_id": bot["id"]},
    )


def archived(kind: str) -> Refusal:
    """A change to what is in the trash."""
    return invalid(f"Can't edit {kind} that is archived. You must unarchive the {kind} before editing.")


def archived_ancestor(kind: str) -> Refusal:
    """A change to what is inside something that is in the trash."""
    return invalid(
        f"Can't edit {kind} on block with an archived ancestor. "
        f"You must unarchive the ancestor before editing {kind}."
    )
