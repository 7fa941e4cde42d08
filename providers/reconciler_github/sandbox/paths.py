"""Where requests lead: GitHub Enterprise Server's prefixes, addresses by id, and path templates.

Sources: docs.github.com/en/enterprise-server/rest (``/api/v3``, ``/api/graphql``); the ``url`` fields of
teams (``/organizations/{org_id}/team/{team_id}``) and the redirects of renamed repositories
(``/repositories/{id}``).
"""

import re
from collections.abc import Iterable

from reconciler.sandbox import paths
from reconciler_github.sandbox.store import Store

WITH_SLASHES = frozenset({"branch", "ref", "path", "name", "environment_name"})
"""The parameters of paths that may hold slashes."""
_BY_ID = (
    (re.compile(r"/repositories/(\d+)(?=/|$)"), "/repositories/{repository_id}", "/repos/{owner}/{repo}"),
    (
        re.compile(r"/organizations/(\d+)/team/(\d+)(?=/|$)"),
        "/organizations/{org_id}/team/{team_id}",
        "/orgs/{org}/teams/{team_slug}",
    ),
    (re.compile(r"/teams/(\d+)(?=/|$)"), "/teams/{team_id}", "/orgs/{org}/teams/{team_slug}"),
    (re.compile(r"/organizations/(\d+)$"), "/organizations/{org_id}", "/orgs/{org}"),
    (re.compile(r"/user/(\d+)$"), "/user/{account_id}", "/users/{username}"),
)


def without_prefix(path: str) -> tuple[str, str]:
    """A path's Enterprise Server prefix, if it has one, and the path below it."""
    if path == "/api/graphql":
        return "/api", "/graphql"
    if path == "/api/v3" or path.startswith("/api/v3/"):
        return "/api/v3", path.removeprefix("/api/v3") or "/"
    return "", path


def by_name(store: Store, path: str) -> str:
    """The path by names for one by ids; unchanged if it is none, or if nothing has that id."""
    for pattern, _, _ in _BY_ID:
        match = pattern.match(path)
        if match is None:
            continue
        key = int(match.group(match.lastindex or 1))
        rest = path[match.end() :]
        if "repositories" in pattern.pattern:
            repository = store.get("repository", key)
            if repository is not None:
                owner = store.require("account", repository["owner_id"])
                return f"/repos/{owner['login']}/{repository['name']}{rest}"
        elif "team" in pattern.pattern:
            team = store.get("team", key)
            if team is not None:
                organisation = store.require("account", team["organization_id"])
                return f"/orgs/{organisation['login']}/teams/{team['slug']}{rest}"
        else:
            account = store.get("account", key)
            if account is not None:
                kind = "orgs" if account["type"] == "Organization" else "users"
                return f"/{kind}/{account['login']}"
    return path


class Templates:
    """Finds the documented template of a request's path, with ids where the path has ids."""

    def __init__(self, operations: Iterable[tuple[str, str]]) -> None:
        self._by_name = paths.Templates(operations, WITH_SLASHES)

    def find(self, method: str, path: str) -> str:
        """The template that counts for this method and path, or ``paths.UNKNOWN``."""
        _, path = without_prefix(path)
        for pattern, template, named in _BY_ID:
            match = pattern.match(path)
            if match is not None:
                placeholder = re.sub(r"\{\w+\}", "x", named)
                found = self._by_name.find(method, placeholder + path[match.end() :])
                return found.replace(named, template, 1)
        return self._by_name.find(method, path)
