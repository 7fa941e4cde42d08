"""What only the REST API can tell: secrets, some settings of repositories, custom roles of teams."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol, TypeVar

from reconciler.errors import ProviderError
from reconciler_github.batches import Part
from reconciler_github.client import Client

_AT_ONCE = 8
"""Requests that are under way at the same time; GitHub allows a hundred, over all of a token's users."""

_FEW = 3
"""Up to so many repositories are asked for one by one; from there on, the owner's list is read."""

Found = TypeVar("Found")


class AboutRepository(Protocol):
    """A question about a repository, as far as it concerns REST."""

    wants_rest_settings: bool
    wants_security_fixes: bool
    wants_secrets: bool
    part: Part
    rest_settings: Mapping[str, Any] | ProviderError | None
    security_fixes: bool | ProviderError | None
    secrets: Mapping[str, Mapping[str, Any]] | ProviderError | None


class AboutTeam(Protocol):
    """A question about a team, as far as it concerns REST."""

    wants_roles: bool
    part: Part
    roles: Mapping[str, str] | ProviderError | None


def answer_by_rest(
    client: Client, repositories: Iterable[AboutRepository], teams: Iterable[AboutTeam]
) -> None:
    """Answer what is wanted of REST, about the repositories and teams that were found."""
    found = [question for question in repositories if question.part.value is not None]
    calls: list[Callable[[], None]] = []
    with_settings = [question for question in found if question.wants_rest_settings]
    owner = client.identities.owner
    if len(with_settings) > _FEW and owner is not None and owner.is_organization:
        calls.append(partial(_answer_settings_of_many, client, with_settings))
    else:
        calls.extend(partial(_answer_settings, client, question) for question in with_settings)
    calls.extend(
        partial(_answer_security_fixes, client, question)
        for question in found
        if question.wants_security_fixes
    )
    calls.extend(partial(_answer_secrets, client, question) for question in found if question.wants_secrets)
    calls.extend(
        partial(_answer_roles, client, question)
        for question in teams
        if question.wants_roles and question.part.value is not None
    )
    if len(calls) == 1:
        calls[0]()
    elif calls:
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            list(pool.map(lambda call: call(), calls))


def _answer_secrets(client: Client, question: AboutRepository) -> None:
    """A repository's secrets by name: name, created_at and updated_at.

    Source: docs.github.com/en/rest/actions/secrets#list-repository-secrets
    """
    path = "/repos/{owner}/{repo}/actions/secrets"
    question.secrets = _outcome(
        lambda: {secret["name"]: secret for secret in client.items(path, _parts(question), member="secrets")}
    )


def _answer_security_fixes(client: Client, question: AboutRepository) -> None:
    """Whether Dependabot mends what is vulnerable; 404 says that it does not.

    Source: docs.github.com/en/rest/repos/repos, "Check if Dependabot security updates are enabled"
    """
    path = "/repos/{owner}/{repo}/automated-security-fixes"

    def work() -> bool:
        answer = client.rest("GET", path, _parts(question), accept=(404,))
        return answer.status == 200 and bool(answer.body["enabled"])

    question.security_fixes = _outcome(work)


def _answer_roles(client: Client, question: AboutTeam) -> None:
    """A team's role in each of its repositories, by the repository's node id; custom roles by their name.

    Source: docs.github.com/en/rest/teams/teams#list-team-repositories
    """
    parts = {"team_slug": (question.part.value or {})["slug"]}
    listed = client.items("/orgs/{org}/teams/{team_slug}/repos", parts)
    question.roles = _outcome(
        lambda: {found["node_id"]: found["role_name"] for found in listed if found.get("role_name")}
    )


def _answer_settings(client: Client, question: AboutRepository) -> None:
    question.rest_settings = _outcome(
        lambda: dict(client.rest("GET", "/repos/{owner}/{repo}", _parts(question)).body)
    )


def _answer_settings_of_many(client: Client, questions: Iterable[AboutRepository]) -> None:
    """What REST tells of many repositories, from the organisation's list.

    Source: docs.github.com/en/rest/repos/repos#list-organization-repositories
    """
    listed = _outcome(lambda: {found["node_id"]: found for found in client.items("/orgs/{org}/repos")})
    for question in questions:
        node_id = (question.part.value or {})["id"]
        question.rest_settings = listed if isinstance(listed, ProviderError) else listed.get(node_id)


def _outcome(work: Callable[[], Found]) -> Found | ProviderError:
    try:
        return work()
    except ProviderError as error:
        return error


def _parts(question: AboutRepository) -> dict[str, str]:
    """The path's parts, from where the repository is now."""
    owner, _, name = (question.part.value or {})["nameWithOwner"].partition("/")
    return {"owner": owner, "repo": name}
