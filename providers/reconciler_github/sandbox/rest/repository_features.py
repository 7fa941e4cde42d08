"""What is switched beside a repository's settings: topics, vulnerability alerts, automated security fixes.

Source: docs.github.com/en/rest/repos/repos.
"""

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.repositories import set_topics, update_repository
from reconciler_github.sandbox.errors import Refusal, not_found
from reconciler_github.sandbox.fields import checked
from reconciler_github.sandbox.rest.routes import Answer, Call, Routes, no_content, ok
from reconciler_github.sandbox.store import Store

ROUTES = Routes()


@ROUTES.add("GET", "/repos/{owner}/{repo}/topics")
def get_topics(call: Call, owner: str, repo: str) -> Answer:
    """A repository's topics."""
    return ok({"names": call.repository(owner, repo)["topics"]})


@ROUTES.add("PUT", "/repos/{owner}/{repo}/topics")
def replace_topics(call: Call, owner: str, repo: str) -> Answer:
    """Replace all topics."""
    repository = call.repository(owner, repo, "admin", write=True)
    names = checked(call.body(), {"names": "array"}, required=["names"])["names"]
    return ok({"names": set_topics(call.store, repository, [str(name) for name in names])["topics"]})


@ROUTES.add("GET", "/repos/{owner}/{repo}/vulnerability-alerts")
def has_alerts(call: Call, owner: str, repo: str) -> Answer:
    """204 if vulnerability alerts are on, 404 if not."""
    if not call.repository(owner, repo, "admin")["vulnerability_alerts"]:
        raise Refusal(404, "Vulnerability alerts are disabled.")
    return no_content()


@ROUTES.add("PUT", "/repos/{owner}/{repo}/vulnerability-alerts")
def enable_alerts(call: Call, owner: str, repo: str) -> Answer:
    """Turn vulnerability alerts on."""
    repository = call.repository(owner, repo, "admin", write=True)
    update_repository(call.store, repository, {"vulnerability_alerts": True})
    return no_content()


@ROUTES.add("DELETE", "/repos/{owner}/{repo}/vulnerability-alerts")
def disable_alerts(call: Call, owner: str, repo: str) -> Answer:
    """Turn vulnerability alerts off, and with them the automated fixes."""
    repository = call.repository(owner, repo, "admin", write=True)
    update_repository(call.store, _set_fixes(call.store, repository, False), {"vulnerability_alerts": False})
    return no_content()


@ROUTES.add("GET", "/repos/{owner}/{repo}/automated-security-fixes")
def has_fixes(call: Call, owner: str, repo: str) -> Answer:
    """Whether Dependabot security updates are on."""
    repository = call.repository(owner, repo, "admin")
    if not repository["vulnerability_alerts"]:
        raise not_found()
    return ok({"enabled": repository["automated_security_fixes"], "paused": False})


@ROUTES.add("PUT", "/repos/{owner}/{repo}/automated-security-fixes")
def enable_fixes(call: Call, owner: str, repo: str) -> Answer:
    """Turn Dependabot security updates on; they need the alerts."""
    repository = call.repository(owner, repo, "admin", write=True)
    if not repository["vulnerability_alerts"]:
        message = "Vulnerability alerts must be enabled to configure Dependabot security updates."
        raise Refusal(422, message)
    _set_fixes(call.store, repository, True)
    return no_content()


@ROUTES.add("DELETE", "/repos/{owner}/{repo}/automated-security-fixes")
def disable_fixes(call: Call, owner: str, repo: str) -> Answer:
    """Turn Dependabot security updates off."""
    _set_fixes(call.store, call.repository(owner, repo, "admin", write=True), False)
    return no_content()


def _set_fixes(store: Store, repository: Document, enabled: bool) -> Document:
    security = repository["security_and_analysis"]
    status = "enabled" if enabled else "disabled"
    changes = {
        "automated_security_fixes": enabled,
        "security_and_analysis": {**security, "dependabot_security_updates": status},
    }
    return update_repository(store, repository, changes)
