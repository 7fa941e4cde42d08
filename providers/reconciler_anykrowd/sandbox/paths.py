"""Where requests lead: the path templates of the description."""

import re
from collections.abc import Iterable

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.routing.exceptions import RequestRedirect

HEALTH = "/api/health"
"""The public health check, which needs no key (APIX notes: https://anykrowd.com/api/health)."""
UNKNOWN = "(unknown path)"


def rule_text(template: str) -> str:
    """A path template as a werkzeug rule."""
    return re.sub(r"\{(\w+)\}", r"<\1>", template)


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
