"""``github_repository``: docs.github.com/en/rest/repos/repos.

Writes go to ``/repositories/{id}``, where GitHub's own redirects after a rename lead, and not to the name: a
repository of the same name with another id is not ours to change.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.errors import Call, Forbidden, ProviderError
from reconciler.provider.objects import Absent, Attributes, Object, ObjectKey, Unreadable
from reconciler.provider.writes import half_created
from reconciler_github import codes
from reconciler_github.client import Client
from reconciler_github.questions import Questions, RepositoryQuestion, Subject, Tell
from reconciler_github.resources.kind import Kind, TellAll
from reconciler_github.resources.repository_fields import (
    CREATE_ONLY,
    GIVES_FIRST_COMMIT,
    ONLY_BY_REST,
    ORGANIZATION_POST,
    USER_POST,
    from_graphql,
    from_rest,
    only_by_rest,
)
from reconciler_github.resources.repository_settings import bring, first_branch_renamed
from reconciler_github.resources.repository_template import create_from_template

TYPE = "github_repository"

DEFAULT_LABELS = (
    "bug",
    "documentation",
    "duplicate",
    "enhancement",
    "good first issue",
    "help wanted",
    "invalid",
    "question",
    "wontfix",
)
"""The labels that GitHub makes in each new repository.

Source: docs.github.com/en/issues/using-labels-and-milestones-to-track-work/managing-labels, "default labels"
"""


def ask(subject: Subject, questions: Questions) -> Tell:
    """A known repository is found by its id, whatever it is called now."""
    attributes = subject.attributes
    question = questions.repository(attributes.get("name", ""), node_id=subject.id)
    question.wants_settings = True
    if ONLY_BY_REST & attributes.keys():
        question.wants_rest_settings = True
    if "automated_security_fixes" in attributes:
        question.wants_security_fixes = True

    def tell() -> Object | Absent | Unreadable:
        if trouble := question.settings_trouble or _rest_trouble(question):
            return Unreadable(trouble)
        if question.part.value is None:
            blind = _cannot_see(questions.client, attributes)
            return Unreadable(blind) if blind else Absent()
        return _told(questions.client, question, attributes)

    return tell


def list_in_repository(client: Client, question: RepositoryQuestion) -> TellAll:
    """The repository itself."""
    question.wants_settings = True

    def tell() -> Iterable[Object]:
        if trouble := question.settings_trouble:
            raise trouble
        return [_told(client, question, {})] if question.part.value else []

    return tell


def create(client: Client, desired: Attributes) -> Object:
    """One call, one more for topics, and one for what GitHub does not take when it creates."""
    template = desired.get("template")
    attributes = create_from_template(client, desired) if template else _post(client, desired)
    client.identities.forget_repository(desired["name"])
    client.identities.learn_repository(attributes["name"], attributes["node_id"], is_new=True)
    missing = frozenset(
        name for name, value in desired.items() if not _holds(value, attributes.get(name, _MISSING))
    )
    try:
        if _has_first_commit(desired) and "default_branch" in missing:
            attributes = first_branch_renamed(client, attributes, desired["default_branch"])
            missing -= {"default_branch"}
        attributes = bring(client, attributes, desired, missing - CREATE_ONLY)
    except ProviderError as error:
        raise half_created(f"the repository {desired['name']}", error) from error
    return Object(TYPE, attributes["node_id"], attributes, side_effects(desired, attributes))


def update(client: Client, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
    """One call for all that ``PATCH`` takes, a rename too; topics and the switches have their own."""
    attributes = bring(client, prior.attributes, desired, changed - CREATE_ONLY)
    if attributes["name"] != prior.attributes["name"]:
        client.identities.forget_repository(prior.attributes["name"])
        client.identities.learn_repository(attributes["name"], prior.id)
    return Object(TYPE, prior.id, attributes)


def delete(client: Client, prior: Object, how: str) -> None:
    """One call: deleted for good, or archived."""
    if how == "archive":
        bring(client, prior.attributes, {"archived": True}, frozenset({"archived"}))
        return
    client.rest("DELETE", "/repositories/{id}", {"id": prior.attributes["database_id"]})
    client.identities.forget_repository(prior.attributes["name"])


def normalise(desired: Attributes) -> Attributes:
    """Topics in lower case, texts without spaces around them."""
    found = dict(desired)
    if isinstance(found.get("topics"), list):
        found["topics"] = sorted({topic.lower() for topic in found["topics"]})
    for name in ("description", "homepage"):
        if isinstance(found.get(name), str):
            found[name] = found[name].strip()
    return found


def _post(client: Client, desired: Attributes) -> dict[str, Any]:
    if client.is_organization():
        body = {name: desired[name] for name in ORGANIZATION_POST & desired.keys()}
        return from_rest(client.rest("POST", "/orgs/{org}/repos", json=body).body, desired)
    body = {name: desired[name] for name in USER_POST & desired.keys()}
    if "visibility" in desired:
        body["private"] = desired["visibility"] != "public"
    return from_rest(client.rest("POST", "/user/repos", json=body).body, desired)


_MISSING: Any = object()


def _holds(asked: Any, found: Any) -> bool:
    """Whether what is there is what is asked for; of a mapping, only what it names is asked for."""
    if isinstance(asked, Mapping) and isinstance(found, Mapping):
        return all(_holds(value, found.get(name, _MISSING)) for name, value in asked.items())
    return bool(asked == found)


def _has_first_commit(desired: Attributes) -> bool:
    return any(desired.get(name) for name in GIVES_FIRST_COMMIT)


def side_effects(desired: Attributes, attributes: Attributes) -> tuple[ObjectKey, ...]:
    """What GitHub makes with a repository: its default labels, and the branch of its first commit."""
    name = attributes["name"]
    made = [ObjectKey("github_issue_label", (name, label)) for label in DEFAULT_LABELS]
    if _has_first_commit(desired) and "default_branch" in attributes:
        made.append(ObjectKey("github_branch", (name, attributes["default_branch"])))
    return tuple(made)


def _rest_trouble(question: RepositoryQuestion) -> ProviderError | None:
    for answer in (question.rest_settings, question.security_fixes):
        if isinstance(answer, ProviderError):
            return answer
    return None


def _cannot_see(client: Client, attributes: Attributes) -> Forbidden | None:
    """GitHub says "not found" of private repositories to tokens without the scope for them."""
    scopes = client.granted_scopes
    is_hidden = attributes.get("visibility") in ("private", "internal")
    if not is_hidden or scopes is None or "repo" in scopes:
        return None
    return Forbidden(
        f"the repository {attributes['name']} was private, and the token lacks the scope to see it",
        call=Call("github", "GraphQL query: objects"),
        remedy="give the token the scope repo",
        code=codes.MISSING_SCOPE,
    )


def _told(client: Client, question: RepositoryQuestion, known: Attributes) -> Object:
    attributes = from_graphql(question.part.value or {})
    if "default_branch" not in attributes and known.get("default_branch"):
        attributes["default_branch"] = known["default_branch"]  # empty: only REST knows it, and it stays
    if "vulnerability_alerts" in known:
        attributes["vulnerability_alerts"] = (question.part.value or {})["hasVulnerabilityAlertsEnabled"]
    if isinstance(question.rest_settings, Mapping):
        attributes |= only_by_rest(question.rest_settings, known)
    if isinstance(question.security_fixes, bool) and "automated_security_fixes" in known:
        attributes["automated_security_fixes"] = question.security_fixes
    client.identities.learn_repository(attributes["name"], attributes["node_id"])
    return Object(TYPE, attributes["node_id"], attributes)


KIND = Kind(
    type=TYPE,
    ask=ask,
    list_in_repository=list_in_repository,
    create=create,
    update=update,
    delete=delete,
    normalise=normalise,
)
