"""How the emulated GitHub refuses a request.

Sources: recorded error bodies; docs.github.com/en/rest, "Troubleshooting the REST API" (the validation codes
missing, missing_field, invalid, already_exists, unprocessable, custom).
"""

from collections.abc import Mapping, Sequence
from typing import Any

DOCUMENTATION = "https://docs.github.com/rest"


class Refusal(Exception):
    """A request that GitHub answers with an error: a body in REST, an entry of ``errors`` in GraphQL."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: Sequence[Mapping[str, Any] | str] | None = None,
        documentation: str = DOCUMENTATION,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.documentation = documentation

    def body(self) -> dict[str, Any]:
        """The answer's JSON document."""
        errors = {} if self.errors is None else {"errors": list(self.errors)}
        return {
            "message": self.message,
            **errors,
            "documentation_url": self.documentation,
            "status": str(self.status),
        }


def not_found() -> Refusal:
    """What is not there, or not to be seen."""
    return Refusal(404, "Not Found")


def bad_credentials() -> Refusal:
    """A token that GitHub does not know."""
    return Refusal(401, "Bad credentials")


def requires_authentication() -> Refusal:
    """No token at all where one is needed."""
    return Refusal(401, "Requires authentication")


def forbidden(message: str) -> Refusal:
    """Seen, but not allowed."""
    return Refusal(403, message)


def archived() -> Refusal:
    """A write to an archived repository."""
    return forbidden("Repository was archived so is read-only.")


def invalid(resource: str, code: str, field: str, message: str | None = None) -> Refusal:
    """422 with one entry of GitHub's validation list."""
    said = {} if message is None else {"message": message}
    return Refusal(422, "Validation Failed", [{"resource": resource, "code": code, "field": field, **said}])


def invalid_request(problem: str) -> Refusal:
    """422 for a body that does not fit the operation's schema."""
    return Refusal(422, f"Invalid request.\n\n{problem}")
