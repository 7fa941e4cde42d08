"""Where requests lead: path templates, as Notion documents them."""

import re
from collections.abc import Iterable

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.routing.exceptions import RequestRedirect

UNKNOWN = "(unknown path)"


def rule_text(template: str) -> str:
    """A path template as a werkzeug rule; the id of a property may hold anything, even a slash."""

    def converter(match: re.Match[str]) -> str:
        return f"<path:{match[1]}>" if match[1] == "property_id" else f"<{match[1]}>"

    return re.sub(r"\{(\w+)\}", converter, template)


class Templates:
    """Finds the documented template of a request's path."""

    def __init__(self, operations: Iterable[tuple[str, str]]) -> None:
        rules = [Rule(rule_text(path), methods=[method], endpoint=path) for method, path in operations]
        self._adapter = Map(rules, merge_slashes=False).bind("emulator")

    def find(self, method: str, path: str) -> str:
        """The template that counts for this method and path, or ``UNKNOWN``."""
        try:
            endpoint, _ = self._adapter.match(path, method)
        except (HTTPException, RequestRedirect):
            return UNKNOWN
        return str(endpoint)
