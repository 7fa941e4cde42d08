"""Where requests lead: the path templates that a service documents, such as ``/repos/{owner}/{repo}``."""

import re
from collections.abc import Iterable

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.routing.exceptions import RequestRedirect

UNKNOWN = "(unknown path)"


def rule_text(template: str, with_slashes: frozenset[str] = frozenset()) -> str:
    """A path template as a werkzeug rule; the parameters ``with_slashes`` match slashes as well."""

    def converter(match: re.Match[str]) -> str:
        return f"<path:{match[1]}>" if match[1] in with_slashes else f"<{match[1]}>"

    return re.sub(r"\{(\w+)\}", converter, template)


class Templates:
    """Finds the documented template of a request's path, among ``(method, template)``."""

    def __init__(
        self, operations: Iterable[tuple[str, str]], with_slashes: frozenset[str] = frozenset()
    ) -> None:
        rules = [
            Rule(rule_text(path, with_slashes), methods=[method], endpoint=path)
            for method, path in operations
        ]
        self._adapter = Map(rules, merge_slashes=False).bind("emulator")

    def find(self, method: str, path: str) -> str:
        """The template that counts for this method and path, or ``UNKNOWN``."""
        try:
            endpoint, _ = self._adapter.match(path, method)
        except (HTTPException, RequestRedirect):
            return UNKNOWN
        return str(endpoint)
