"""Bringing a repository to its settings: the calls, in the order that GitHub needs."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from reconciler.provider.objects import Attributes
from reconciler_github.client import Client
from reconciler_github.resources.repository_fields import PATCHED, from_rest

UPDATE = (
    "mutation UpdateRepository($input: UpdateRepositoryInput!) "
    "{ updateRepository(input: $input) { repository { hasDiscussionsEnabled } } }"
)

_TOGETHER = (
    ("merge_commit_title", "merge_commit_message"),
    ("squash_merge_commit_title", "squash_merge_commit_message"),
)
"""GitHub wants the title with the message."""

_REPOSITORY = "/repositories/{id}"

Step = Callable[[Client, Attributes, Attributes], Mapping[str, Any]]
"""Makes one call for a repository with these attributes, towards the desired ones: what is so afterwards."""


def bring(
    client: Client, attributes: Attributes, desired: Attributes, changed: frozenset[str]
) -> dict[str, Any]:
    """The attributes after the calls that the changed ones need. Raises ProviderError at the first failure.

    A repository that leaves the archive does so first, and one that enters it does so last: in between it
    takes no changes. Source: docs.github.com/en/repositories/archiving-a-github-repository.
    """
    found = dict(attributes)
    for step in _steps(desired, changed):
        found |= step(client, found, desired)
    return found


def first_branch_renamed(client: Client, attributes: Attributes, name: str) -> dict[str, Any]:
    """The attributes after the branch that holds a new repository's first commit got another name."""
    path = f"{_REPOSITORY}/branches/{{branch}}/rename"
    parts = {"id": attributes["database_id"], "branch": attributes["default_branch"]}
    client.rest("POST", path, parts, json={"new_name": name})
    return {**attributes, "default_branch": name}


def _steps(desired: Attributes, changed: frozenset[str]) -> Iterator[Step]:
    patched = changed & PATCHED
    if "archived" in changed and not desired["archived"]:
        yield lambda client, found, wanted: _patch(client, found, wanted, frozenset({"archived"}))
        patched -= {"archived"}
    if "topics" in changed:
        yield _put_topics
    if "has_discussions" in changed:
        yield _switch_discussions
    if "vulnerability_alerts" in changed:
        yield lambda client, found, wanted: _switch(
            client, found, wanted, "vulnerability_alerts", "vulnerability-alerts"
        )
    if "automated_security_fixes" in changed:
        yield lambda client, found, wanted: _switch(
            client, found, wanted, "automated_security_fixes", "automated-security-fixes"
        )
    if "custom_properties" in changed:
        yield _patch_properties
    if patched:
        yield lambda client, found, wanted: _patch(client, found, wanted, patched)


def _patch(
    client: Client, found: Attributes, desired: Attributes, names: frozenset[str]
) -> Mapping[str, Any]:
    body = {name: desired[name] for name in names}
    for title, message in _TOGETHER:
        if (title in body) != (message in body):
            for name in (title, message):
                value = desired.get(name, found.get(name))
                if value is not None:
                    body[name] = value
    answer = client.rest("PATCH", _REPOSITORY, {"id": found["database_id"]}, json=body).body
    return from_rest(answer, {**found, **desired})


def _put_topics(client: Client, found: Attributes, desired: Attributes) -> Mapping[str, Any]:
    path, names = f"{_REPOSITORY}/topics", desired["topics"]
    answer = client.rest("PUT", path, {"id": found["database_id"]}, json={"names": names}).body
    return {"topics": sorted(answer["names"])}


def _switch_discussions(client: Client, found: Attributes, desired: Attributes) -> Mapping[str, Any]:
    """REST has no switch for discussions."""
    fields = {"repositoryId": found["node_id"], "hasDiscussionsEnabled": desired["has_discussions"]}
    payload = client.mutate(UPDATE, {"input": fields}, "updateRepository")
    return {"has_discussions": payload["repository"]["hasDiscussionsEnabled"]}


def _switch(
    client: Client, found: Attributes, desired: Attributes, name: str, path: str
) -> Mapping[str, Any]:
    method = "PUT" if desired[name] else "DELETE"
    client.rest(method, f"{_REPOSITORY}/{path}", {"id": found["database_id"]})
    return {name: desired[name]}


def _patch_properties(client: Client, found: Attributes, desired: Attributes) -> Mapping[str, Any]:
    """Values by name; null unsets one that is no longer declared.

    Source: docs.github.com/en/rest/repos/custom-properties
    """
    wanted: Mapping[str, Any] = desired["custom_properties"]
    dropped = dict.fromkeys(found.get("custom_properties") or (), None)
    values = [{"property_name": name, "value": value} for name, value in {**dropped, **wanted}.items()]
    path = f"{_REPOSITORY}/properties/values"
    client.rest("PATCH", path, {"id": found["database_id"]}, json={"properties": values})
    return {"custom_properties": dict(wanted)}
