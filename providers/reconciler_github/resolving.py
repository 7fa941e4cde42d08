"""Node ids for names, from memory where possible and otherwise with one query for all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.errors import Call, NotFound, Rejected
from reconciler_github.batches import Part
from reconciler_github.client import Client
from reconciler_github.questions import PlainQuestion, Questions, RepositoryQuestion, TeamQuestion


@dataclass(frozen=True, slots=True)
class Name:
    """What is to be resolved. ``kind`` is repository, team, user or app; a team and an app go by slug."""

    kind: str
    name: str


def resolve(client: Client, names: Iterable[Name]) -> Mapping[Name, str]:
    """The node ids of all these; raises Rejected for what is not there, and ProviderError."""
    found: dict[Name, str] = {}
    questions = Questions(client)
    asked: dict[Name, RepositoryQuestion | TeamQuestion | PlainQuestion] = {}
    for name in dict.fromkeys(names):
        known = _known(client, name)
        if known is not None:
            found[name] = known
        elif name.kind == "app":
            found[name] = _app(client, name)
        else:
            asked[name] = _question(questions, name)
    if asked:
        questions.answer()
    for name, question in asked.items():
        found[name] = _learn(client, name, question.part)
    return found


def _known(client: Client, name: Name) -> str | None:
    identities = client.identities
    if name.kind == "repository":
        return identities.repository(name.name)
    return identities.team(name.name) if name.kind == "team" else identities.actor(name.kind, name.name)


def _question(questions: Questions, name: Name) -> RepositoryQuestion | TeamQuestion | PlainQuestion:
    if name.kind == "repository":
        return questions.repository(name.name)
    return questions.team(name.name) if name.kind == "team" else questions.user(name.name)


def _learn(client: Client, name: Name, part: Part) -> str:
    if trouble := part.trouble():
        raise trouble
    if part.value is None:
        raise _missing(name)
    node_id: str = part.value["id"]
    if name.kind == "repository":
        client.identities.learn_repository(name.name, node_id)
    elif name.kind == "team":
        client.identities.learn_team(name.name, node_id)
    else:
        client.identities.learn_actor(name.kind, name.name, node_id)
    return node_id


def _app(client: Client, name: Name) -> str:
    """An app's node id; only the REST API knows apps by their slug.

    Source: docs.github.com/en/rest/apps/apps#get-an-app
    """
    try:
        body: Mapping[str, Any] = client.rest("GET", "/apps/{app_slug}", {"app_slug": name.name}).body
    except NotFound:
        raise _missing(name) from None
    client.identities.learn_actor(name.kind, name.name, body["node_id"])
    return str(body["node_id"])


def _missing(name: Name) -> Rejected:
    return Rejected(
        f"there is no {name.kind} {name.name}",
        call=Call("github", f"look up a {name.kind}"),
        remedy="check the name, and that the token may see it",
    )
