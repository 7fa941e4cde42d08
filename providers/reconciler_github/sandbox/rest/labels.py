"""Labels of a repository. Source: docs.github.com/en/rest/issues/labels."""

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.domain.labels import create_label, delete_label, update_label
from reconciler_github.sandbox.errors import invalid, not_found
from reconciler_github.sandbox.fields import checked
from reconciler_github.sandbox.representations.repositories import label
from reconciler_github.sandbox.rest.routes import Answer, Call, Routes, created, no_content, ok, page

ROUTES = Routes()


@ROUTES.add("GET", "/repos/{owner}/{repo}/labels")
def list_labels(call: Call, owner: str, repo: str) -> Answer:
    """All labels, by name."""
    found = call.store.find("label", repository_id=call.repository(owner, repo)["id"])
    return page(call, sorted(found, key=lambda each: str(each["name_key"])), lambda each: label(call, each))


@ROUTES.add("POST", "/repos/{owner}/{repo}/labels")
def create(call: Call, owner: str, repo: str) -> Answer:
    """A new label."""
    repository = call.repository(owner, repo, "push", write=True)
    body = checked(call.body(), {"name": "string", "color": "string", "description": "string?"})
    if not body.get("name"):
        raise invalid("Label", "missing_field", "name")
    made = create_label(call.store, repository, body["name"], body.get("color"), body.get("description"))
    return created(label(call, made))


@ROUTES.add("GET", "/repos/{owner}/{repo}/labels/{name}")
def get(call: Call, owner: str, repo: str, name: str) -> Answer:
    """One label."""
    return ok(label(call, _find(call, call.repository(owner, repo), name)))


@ROUTES.add("PATCH", "/repos/{owner}/{repo}/labels/{name}")
def update(call: Call, owner: str, repo: str, name: str) -> Answer:
    """Change a label's name, colour or description."""
    found = _find(call, call.repository(owner, repo, "push", write=True), name)
    spec = {"new_name": "string", "name": "string", "color": "string", "description": "string?"}
    body = checked(call.body(), spec)
    new_name = body.get("new_name", body.get("name"))
    if "description" in body and body["description"] is None:
        body["description"] = ""
    return ok(
        label(call, update_label(call.store, found, new_name, body.get("color"), body.get("description")))
    )


@ROUTES.add("DELETE", "/repos/{owner}/{repo}/labels/{name}")
def delete(call: Call, owner: str, repo: str, name: str) -> Answer:
    """Remove a label."""
    delete_label(call.store, _find(call, call.repository(owner, repo, "push", write=True), name))
    return no_content()


def _find(call: Call, repository: Document, name: str) -> Document:
    found = call.store.label(repository["id"], name)
    if found is None:
        raise not_found()
    return found
