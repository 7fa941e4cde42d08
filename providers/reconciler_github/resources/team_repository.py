"""``github_team_repository``: docs.github.com/en/rest/teams/teams, "team repository permissions"."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.errors import AlreadyExists, Call, ProviderError
from reconciler.provider.objects import Absent, Attributes, Object, Unreadable
from reconciler_github.client import Client
from reconciler_github.questions import Questions, Subject, TeamQuestion, Tell
from reconciler_github.resolving import Name, resolve
from reconciler_github.resources.kind import Kind, TellAll

TYPE = "github_team_repository"
PATH = "/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}"

_PERMISSIONS = {"READ": "pull", "TRIAGE": "triage", "WRITE": "push", "MAINTAIN": "maintain", "ADMIN": "admin"}


def ask(subject: Subject, questions: Questions) -> Tell:
    """A grant is found on its team.

    GraphQL tells only the five built-in permissions (a custom role as the one that it extends), so where a
    custom role was granted, the REST list of the team's repositories is read too.
    """
    team_id, _, repository_id = subject.id.partition("/") if subject.id else (None, "", "")
    repository = subject.attributes.get("repository", "").casefold()
    team = questions.team(subject.attributes.get("team", ""), node_id=team_id)
    grants = team.list_grants()
    key = repository_id or repository
    grants.wanted.add(key)
    if subject.attributes.get("permission", "pull") not in _PERMISSIONS.values():
        team.wants_roles = True

    def tell() -> Object | Absent | Unreadable:
        if trouble := team.part.trouble() or grants.trouble:
            return Unreadable(trouble)
        if isinstance(team.roles, ProviderError):
            return Unreadable(team.roles)
        found, value = grants.by_key.get(key), team.part.value
        return Absent() if found is None or value is None else _told(value, found, team.roles or {})

    return tell


def list_in_team(client: Client, question: TeamQuestion) -> TellAll:
    """All grants of a team."""
    grants = question.list_grants()

    def tell() -> Iterable[Object]:
        if trouble := question.part.trouble() or grants.trouble:
            raise trouble
        return [_told(question.part.value or {}, found, {}) for found in grants.entries]

    return tell


def create(client: Client, desired: Attributes) -> Object:
    """Two calls, since GitHub's own call would overwrite a grant that is there already.

    And a query before them when the team or the repository is not known yet.
    """
    team, repository = Name("team", desired["team"]), Name("repository", desired["repository"])
    ids = resolve(client, [team, repository])
    if client.rest("GET", PATH, _parts(desired), accept=(404,)).status != 404:
        raise AlreadyExists(
            f"the team {team.name} has access to {repository.name} already",
            call=Call("github", f"PUT {PATH}"),
        )
    _grant(client, desired)
    return _object(ids[team], ids[repository], team.name, repository.name, desired["permission"])


def update(client: Client, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
    """One call."""
    if "permission" not in changed:
        return prior
    _grant(client, {**prior.attributes, "permission": desired["permission"]})
    return Object(TYPE, prior.id, {**prior.attributes, "permission": desired["permission"]})


def delete(client: Client, prior: Object, how: str) -> None:
    """One call; the repository itself stays."""
    client.rest("DELETE", PATH, _parts(prior.attributes))


def normalise(desired: Attributes) -> Attributes:
    """Slugs in lower case."""
    found = dict(desired)
    if isinstance(found.get("team"), str):
        found["team"] = found["team"].lower()
    return found


def _grant(client: Client, grant: Attributes) -> None:
    client.rest("PUT", PATH, _parts(grant), json={"permission": grant["permission"]})


def _parts(grant: Attributes) -> dict[str, Any]:
    return {"team_slug": grant["team"], "repo": grant["repository"]}


def _told(team: Mapping[str, Any], found: Mapping[str, Any], roles: Mapping[str, str]) -> Object:
    repository = found["node"]
    permission = _PERMISSIONS[found["permission"]]
    role = roles.get(repository["id"], permission)
    if role in _BUILT_IN_ROLES:
        role = permission
    return _object(team["id"], repository["id"], team["slug"], repository["name"], role)


_BUILT_IN_ROLES = frozenset({"read", "triage", "write", "maintain", "admin", "pull", "push"})
"""As ``role_name`` has them; GitHub says ``read`` and ``write`` there for ``pull`` and ``push``."""


def _object(team_id: str, repository_id: str, team: str, repository: str, permission: str) -> Object:
    identity = f"{team_id}/{repository_id}"
    return Object(
        TYPE, identity, {"team": team, "repository": repository, "permission": permission, "id": identity}
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
