"""The API's root, its facts, and the rate limit. Source: docs.github.com/en/rest/meta, /rest/rate-limit."""

from typing import Any

from reconciler_github.sandbox.limits import HOURLY, usage
from reconciler_github.sandbox.rest.routes import Answer, Call, Routes, ok

ROUTES = Routes()


@ROUTES.add("GET", "/")
def root(call: Call) -> Answer:
    """Where the emulated resources are."""
    return ok(
        {
            "current_user_url": f"{call.api}/user",
            "organization_url": f"{call.api}/orgs/{{org}}",
            "organization_repositories_url": f"{call.api}/orgs/{{org}}/repos{{?type,page,per_page,sort}}",
            "organization_teams_url": f"{call.api}/orgs/{{org}}/teams",
            "rate_limit_url": f"{call.api}/rate_limit",
            "repository_url": f"{call.api}/repos/{{owner}}/{{repo}}",
            "user_url": f"{call.api}/users/{{user}}",
        }
    )


@ROUTES.add("GET", "/meta")
def meta(call: Call) -> Answer:
    """Facts about the service; the lists of addresses are empty, as nothing here has any."""
    return ok(
        {
            "verifiable_password_authentication": False,
            "ssh_key_fingerprints": {},
            "ssh_keys": [],
            "hooks": [],
            "web": [],
            "api": [],
            "git": [],
            "packages": [],
            "pages": [],
            "importer": [],
            "actions": [],
            "dependabot": [],
        }
    )


@ROUTES.add("GET", "/rate_limit")
def rate_limit(call: Call) -> Answer:
    """What is left of each resource; asking costs nothing."""
    resources: dict[str, dict[str, Any]] = {}
    for resource in HOURLY:
        used = usage(call.store, call.viewer.token, resource)
        resources[resource] = {
            "limit": used.limit,
            "used": min(used.used, used.limit),
            "remaining": used.remaining,
            "reset": used.reset,
        }
    return ok({"resources": resources, "rate": resources["core"]})
