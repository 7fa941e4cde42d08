"""Milestones of a repository. Source: docs.github.com/en/rest/issues/milestones."""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.errors import invalid, not_found
from reconciler_github.sandbox.fields import Spec, checked
from reconciler_github.sandbox.representations.accounts import WEB, simple_user
from reconciler_github.sandbox.rest.routes import Answer, Call, Routes, created, no_content, ok, page
from reconciler_github.sandbox.store import node_id_of

ROUTES = Routes()

_PATH = "/repos/{owner}/{repo}/milestones"
_SPEC: Spec = {
    "title": "string",
    "state": ("open", "closed"),
    "description": "string?",
    "due_on": "string?",
}


@ROUTES.add("GET", _PATH)
def list_milestones(call: Call, owner: str, repo: str) -> Answer:
    """The open milestones, or those of another ``state``."""
    repository = call.repository(owner, repo)
    wanted = call.query.get("state", "open")
    found = call.store.find("milestone", repository_id=repository["id"])
    found = [each for each in found if wanted in ("all", each["state"])]
    return page(call, found, lambda each: _shown(call, repository, each))


@ROUTES.add("POST", _PATH)
def create(call: Call, owner: str, repo: str) -> Answer:
    """A new milestone; its number is the next of the repository's."""
    repository = call.repository(owner, repo, "push", write=True)
    body = checked(call.body(), _SPEC)
    if not body.get("title"):
        raise invalid("Milestone", "missing_field", "title")
    numbers = [each["number"] for each in call.store.find("milestone", repository_id=repository["id"])]
    milestone = {
        "id": call.store.next_id(),
        "repository_id": repository["id"],
        "number": max(numbers, default=0) + 1,
        "state": "open",
        "description": None,
        "due_on": None,
        "creator_id": call.viewer.user["id"],
        "created_at": call.store.now(),
        "closed_at": None,
    }
    return created(_shown(call, repository, _put(call, milestone, body)))


@ROUTES.add("GET", _PATH + "/{milestone_number}")
def get(call: Call, owner: str, repo: str, milestone_number: str) -> Answer:
    """One milestone."""
    repository = call.repository(owner, repo)
    return ok(_shown(call, repository, _find(call, repository, milestone_number)))


@ROUTES.add("PATCH", _PATH + "/{milestone_number}")
def update(call: Call, owner: str, repo: str, milestone_number: str) -> Answer:
    """Change a milestone, close or reopen it."""
    repository = call.repository(owner, repo, "push", write=True)
    found = _find(call, repository, milestone_number)
    return ok(_shown(call, repository, _put(call, found, checked(call.body(), _SPEC))))


@ROUTES.add("DELETE", _PATH + "/{milestone_number}")
def delete(call: Call, owner: str, repo: str, milestone_number: str) -> Answer:
    """Remove a milestone."""
    repository = call.repository(owner, repo, "push", write=True)
    call.store.delete("milestone", _find(call, repository, milestone_number)["id"])
    return no_content()


def _find(call: Call, repository: Document, number: str) -> Document:
    for each in call.store.find("milestone", repository_id=repository["id"]):
        if str(each["number"]) == number:
            return each
    raise not_found()


def _put(call: Call, milestone: Document, changes: Document) -> Document:
    for each in call.store.find("milestone", repository_id=milestone["repository_id"]):
        if each["title"] == changes.get("title") and each["id"] != milestone["id"]:
            raise invalid("Milestone", "already_exists", "title")
    now = call.store.now()
    after = {**milestone, **changes, "updated_at": now}
    if after["state"] != milestone["state"]:
        after["closed_at"] = now if after["state"] == "closed" else None
    call.store.put("milestone", after["id"], after)
    return after


def _shown(call: Call, repository: Document, milestone: Document) -> dict[str, Any]:
    full_name, number = call.full_name(repository), milestone["number"]
    url = f"{call.api}/repos/{full_name}/milestones/{number}"
    kept = (
        "id",
        "number",
        "title",
        "description",
        "state",
        "due_on",
        "created_at",
        "updated_at",
        "closed_at",
    )
    return {
        **{key: milestone[key] for key in kept},
        "node_id": node_id_of("milestone", milestone),
        "url": url,
        "html_url": f"{WEB}/{full_name}/milestone/{number}",
        "labels_url": f"{url}/labels",
        "creator": simple_user(call, call.store.require("account", milestone["creator_id"])),
        "open_issues": 0,
        "closed_issues": 0,
    }
