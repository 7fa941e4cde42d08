"""``github_issue_label``: docs.github.com/en/rest/issues/labels."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from reconciler.provider.objects import Absent, Attributes, Object, Unreadable
from reconciler_github.client import Client
from reconciler_github.questions import Questions, RepositoryQuestion, Subject, Tell
from reconciler_github.resources.kind import Kind, TellAll

TYPE = "github_issue_label"


def ask(subject: Subject, questions: Questions) -> Tell:
    """A known label is looked for among the repository's first hundred; an unknown one by its name."""
    if subject.id is not None and "repository" not in subject.attributes:
        return ask_by_id(subject, questions)
    repository = questions.repository(subject.attributes["repository"])
    listing = repository.list_labels() if subject.id is not None else None
    field = "labels" if listing else repository.ask_label(subject.attributes["name"])

    def tell() -> Object | Absent | Unreadable:
        if trouble := repository.part.trouble(field):
            return Unreadable(trouble)
        value = repository.part.value
        found = listing.by_key.get(subject.id or "") if listing else (value or {}).get(field)
        return Absent() if found is None or value is None else _told(questions.client, found, value["name"])

    return tell


def ask_by_id(subject: Subject, questions: Questions) -> Tell:
    """One that was not among the first hundred, or whose repository has another name now."""
    question = questions.node(subject.id or "", "Label", "...LabelSettings repository { ...RepositoryName }")

    def tell() -> Object | Absent | Unreadable:
        if trouble := question.part.trouble():
            return Unreadable(trouble)
        found = question.part.value
        return _told(questions.client, found, found["repository"]["name"]) if found else Absent()

    return tell


def list_in_repository(client: Client, repository: RepositoryQuestion) -> TellAll:
    """All labels of a repository."""
    listing = repository.list_labels(is_whole=True)

    def tell() -> Iterable[Object]:
        if listing.trouble:
            raise listing.trouble
        name = (repository.part.value or {}).get("name", repository.name)
        return [_told(client, found, name) for found in listing.entries]

    return tell


def create(client: Client, desired: Attributes) -> Object:
    """One call; its answer is the label."""
    body = {name: desired[name] for name in ("name", "color", "description") if name in desired}
    answer = client.rest("POST", "/repos/{owner}/{repo}/labels", {"repo": desired["repository"]}, json=body)
    return _told_by_rest(client, answer.body, desired["repository"])


def update(client: Client, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
    """One call; a rename keeps the label on its issues."""
    body: dict[str, Any] = {name: desired[name] for name in ("color", "description") if name in changed}
    if "name" in changed:
        body["new_name"] = desired["name"]
    if not body:
        return prior
    repository = prior.attributes["repository"]
    parts = {"repo": repository, "name": prior.attributes["name"]}
    answer = client.rest("PATCH", "/repos/{owner}/{repo}/labels/{name}", parts, json=body)
    return _told_by_rest(client, answer.body, repository)


def delete(client: Client, prior: Object, how: str) -> None:
    """One call."""
    parts = {"repo": prior.attributes["repository"], "name": prior.attributes["name"]}
    client.rest("DELETE", "/repos/{owner}/{repo}/labels/{name}", parts)


def normalise(desired: Attributes) -> Attributes:
    """Colours in lower case without ``#``, as GitHub keeps them."""
    found = dict(desired)
    if isinstance(found.get("color"), str):
        found["color"] = found["color"].removeprefix("#").lower()
    return found


def _told(client: Client, found: Mapping[str, Any], repository: str) -> Object:
    return _object(client, found["id"], found["isDefault"], found, repository)


def _told_by_rest(client: Client, found: Mapping[str, Any], repository: str) -> Object:
    return _object(client, found["node_id"], found["default"], found, repository)


def _object(
    client: Client, node_id: str, is_default: bool, found: Mapping[str, Any], repository: str
) -> Object:
    name = found["name"]
    attributes = {
        "repository": repository,
        "name": name,
        "color": found["color"].lower(),
        "description": found.get("description") or "",
        "id": node_id,
        "node_id": node_id,
        "url": f"{client.base_url}/repos/{client.owner}/{repository}/labels/{quote(name, safe='')}",
        "is_default": is_default,
    }
    return Object(TYPE, node_id, attributes)


KIND = Kind(
    type=TYPE,
    ask=ask,
    ask_by_id=ask_by_id,
    list_in_repository=list_in_repository,
    create=create,
    update=update,
    delete=delete,
    normalise=normalise,
)
