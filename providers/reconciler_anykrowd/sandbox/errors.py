"""How the emulated anyKrowd refuses a request.

Source: APIX notes, "Errors": an HTTP status and ``{"status":"error","error":{"code":403,"error":"Access
Denied"}}``. Of the texts only "Access Denied" is documented. The statuses are 400, 401, 403, 404, 429 and
500; as there is no 422, what does not pass validation is 400 here.
"""

from typing import Any

INVALID = 400


class Refusal(Exception):
    """A request that is answered with an error; ``status`` is repeated as the body's ``code``."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    def body(self) -> dict[str, Any]:
        """The answer's JSON document."""
        return {"status": "error", "error": {"code": self.status, "error": self.message}}


def invalid(path: str, problem: str) -> Refusal:
    """A value that does not fit; ``path`` says where, such as ``staff_members.0.roles.1.role_id``."""
    return Refusal(INVALID, f"{path}: {problem}")


def unauthenticated() -> Refusal:
    """No key, or one that the tenant does not know."""
    return Refusal(401, "Unauthenticated")


def denied() -> Refusal:
    """A key that may not do this."""
    return Refusal(403, "Access Denied")


def not_found(what: str = "Not Found") -> Refusal:
    """What a request is about is not there."""
    return Refusal(404, what)


def too_many() -> Refusal:
    """The key has used up its hour."""
    return Refusal(429, "Too Many Requests")
