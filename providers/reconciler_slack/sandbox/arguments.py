"""The arguments of a call: from the query, a form, or a JSON body where the method takes one.

Sources: docs.slack.dev/apis/web-api, "Basics": arguments are query or form parameters, or attributes of a
JSON object; a body of JSON sent to a method that does not take it is not looked at; booleans may be ``1``;
the token of a call with a JSON body must be in the header. ``missing_charset`` and
``superfluous_charset`` are warnings about the Content-Type.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request

from reconciler_slack.sandbox.errors import Refusal, invalid_arguments

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_TRUE, _FALSE = ("true", "1"), ("false", "0", "")


@dataclass(frozen=True)
class Arguments:
    """What a call was given, as text or, from a JSON body, as JSON values; JSON's null is nothing given."""

    values: Mapping[str, Any]

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str, default: str = "") -> str:
        """An argument as text; a JSON number is taken as it is written."""
        value = self.values.get(name, default)
        if isinstance(value, str):
            return value
        if isinstance(value, (bool, list, dict)):
            raise invalid_arguments(f"must provide a string [json-pointer:/{name}]")
        return str(value)

    def boolean(self, name: str, default: bool = False) -> bool:
        """``true``, ``1``, ``false`` or ``0``."""
        value = self.values.get(name, default)
        if isinstance(value, bool):
            return value
        written = str(value).lower()
        if written not in (*_TRUE, *_FALSE):
            raise invalid_arguments(f"must be a boolean [json-pointer:/{name}]")
        return written in _TRUE

    def integer(self, name: str) -> int | None:
        """A whole number; nothing if it is not given."""
        if name not in self.values:
            return None
        try:
            return int(self.text(name))
        except ValueError as problem:
            raise invalid_arguments(f"must be an integer [json-pointer:/{name}]") from problem

    def texts(self, name: str) -> list[str]:
        """Texts with commas between them or, in JSON, an array of texts; each one once."""
        value = self.values.get(name, "")
        parts = value if isinstance(value, list) else self.text(name).split(",")
        if not all(isinstance(part, str) for part in parts):
            raise invalid_arguments(f"must provide strings [json-pointer:/{name}]")
        return list(dict.fromkeys(part.strip() for part in parts if part.strip()))

    def structure(self, name: str, kind: type[list[Any]] | type[dict[str, Any]], error: str) -> Any:
        """A list or object, which forms carry as JSON text; raises ``Refusal`` with the error given."""
        value = self.values.get(name)
        if isinstance(value, str):
            try:
                value = json.loads(value or "null")
            except ValueError as problem:
                raise Refusal(error) from problem
        if value is not None and not isinstance(value, kind):
            raise Refusal(error)
        return value


def arguments_of(request: Request, takes_json: bool) -> Arguments:
    """All arguments of a request; raises ``Refusal`` for a body that Slack cannot read."""
    values: dict[str, Any] = _plain(request.args)
    if request.method == "POST":
        mime = request.mimetype
        if mime in _FORMS:
            values |= _plain(request.form)
        elif mime == "application/json":
            values |= _from_json(request.get_data()) if takes_json else {}
        elif mime != "text/plain" and request.get_data():
            raise Refusal("invalid_post_type" if mime else "missing_post_type")
    return Arguments(values)


def token_of(request: Request) -> str:
    """The token of a request: the Authorization header's, else the parameter's; empty if there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    form = request.form if request.mimetype in _FORMS else MultiDict[str, str]()
    return form.get("token") or request.args.get("token", "")


def charset_warning(request: Request) -> str | None:
    """What Slack has to say about the request's Content-Type."""
    has_charset = "charset" in request.mimetype_params
    if request.mimetype == "application/json" and not has_charset:
        return "missing_charset"
    if request.mimetype == "application/x-www-form-urlencoded" and has_charset:
        return "superfluous_charset"
    return None


def _plain(parameters: MultiDict[str, str]) -> dict[str, str]:
    found = {name: value for name, value in parameters.items() if name != "token"}
    if any(name.endswith("]") for name in found):
        raise Refusal("invalid_array_arg")
    return found


def _from_json(content: bytes) -> dict[str, Any]:
    if not content.strip():
        return {}
    try:
        document = json.loads(content)
    except ValueError as problem:
        raise Refusal("invalid_json") from problem
    if not isinstance(document, dict):
        raise Refusal("json_not_object")
    return {name: value for name, value in document.items() if value is not None and name != "token"}
