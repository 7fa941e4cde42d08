"""``github_team``: docs.github.com/en/rest/teams/teams."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.provider.objects import Absent, Attributes, Object, Unreadable
from reconciler_github.client import Client
from reconciler_github.questions import Questions, Subject, TeamQuestion, Tell
from reconciler_github.resources.kind import Kind, TellAll

TYPE = "github_team"

_PRIVACY = {"VISIBLE": "closed", "SECRET": "secret"}
_PLAIN = ("name", "description", "privacy", "notification_setting")


def ask(subject: Subject, questions: Questions) -> Tell:
    """A team is asked for by its id, or else by its slug, which GitHub makes of its name.

    Two teams whose names make one slug cannot be, so the slug decides; it may stand for the name, too.
    """
    question = questions.team(slug_of(subject.attributes.get("name", "")), node_id=subject.id)

    def tell() -> Object | Absent | Unreadable:
        if trouble := question.part.trouble():
            return Unreadable(trouble)
        found = question.part.value
        if found is None:
            return Absent()
        questions.client.identities.learn_team(found["slug"], found["id"])
        return _told(found)

    return tell


def list_in_team(client: Client, question: TeamQuestion) -> TellAll:
    """The team itself."""

    def tell() -> Iterable[Object]:
        if trouble := question.part.trouble():
            raise trouble
        return [_told(question.part.value)] if question.part.value else []

    return tell


def create(client: Client, desired: Attributes) -> Object:
    """One call; its answer is the team."""
    answer = client.rest("POST", "/orgs/{org}/teams", json=_body(desired, frozenset(desired))).body
    client.identities.learn_team(answer["slug"], answer["node_id"], is_new=True)
    return _told_by_rest(answer)


def update(client: Client, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
    """One call. Another name changes the slug too."""
    body = _body(desired, changed)
    if not body:
        return prior
    parts = {"team_slug": prior.attributes["slug"]}
    answer = client.rest("PATCH", "/orgs/{org}/teams/{team_slug}", parts, json=body).body
    client.identities.learn_team(answer["slug"], answer["node_id"])
    return _told_by_rest(answer)


def delete(client: Client, prior: Object, how: str) -> None:
    """One call; GitHub deletes the teams inside it too."""
    slug = prior.attributes["slug"]
    client.rest("DELETE", "/orgs/{org}/teams/{team_slug}", {"team_slug": slug})
    client.identities.forget_team(slug)


def normalise(desired: Attributes) -> Attributes:
    """A parent's slug in lower case."""
    found = dict(desired)
    if isinstance(found.get("parent_team"), str):
        found["parent_team"] = found["parent_team"].lower()
    return found


def slug_of(name: str) -> str:
    """The slug that GitHub makes of a name: lower case, no accents, hyphens for all else."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_]+", "-", plain.lower()).strip("-")


def _body(desired: Attributes, names: frozenset[str]) -> dict[str, Any]:
    body = {name: desired[name] for name in _PLAIN if name in names}
    if "parent_team" in names:
        body["parent_team_slug"] = desired["parent_team"]
    return body


def _told(found: Mapping[str, Any]) -> Object:
    return _object(
        found["id"],
        found,
        {
            "database_id": found["databaseId"],
            "privacy": _PRIVACY[found["privacy"]],
            "notification_setting": found["notificationSetting"].lower(),
            "parent_team": (found["parentTeam"] or {}).get("slug"),
            "html_url": found["url"],
            "created_at": found["createdAt"],
        },
    )


def _told_by_rest(found: Mapping[str, Any]) -> Object:
    others = {
        "database_id": found["id"],
        "privacy": found.get("privacy"),
        "notification_setting": found.get("notification_setting"),
        "parent_team": (found.get("parent") or {}).get("slug"),
        "html_url": found["html_url"],
        "created_at": found.get("created_at"),
    }
    told = {name: value for name, value in others.items() if value is not None or name == "parent_team"}
    return _object(found["node_id"], found, told)


def _object(node_id: str, found: Mapping[str, Any], others: Mapping[str, Any]) -> Object:
    return Object(
        TYPE,
        node_id,
        {
            "name": found["name"],
            "description": found.get("description") or "",
            "slug": found["slug"],
            "id": node_id,
            "node_id": node_id,
            **others,
        },
    )


KIND = Kind(
    type=TYPE,
    ask=ask,
    list_in_team=list_in_team,
    create=create,
    update=update,
    delete=delete,
    normalise=normalise,
)
