"""GitHub as a provider: the protocol's methods, each handed to the module that knows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from reconciler.errors import NotFound, ProviderError
from reconciler.provider.catalogue import resource_types_in
from reconciler.provider.facts import ResourceType
from reconciler.provider.limits import Limit
from reconciler.provider.objects import (
    Absent,
    Account,
    Attributes,
    FindResult,
    Health,
    Lookup,
    Object,
    ObjectKey,
    ReadResult,
    Unreadable,
    Wanted,
    Write,
    WriteResult,
)
from reconciler.provider.protocol import ProviderContext
from reconciler.provider.writes import confirm_gone, one_by_one
from reconciler_github import health, import_ids, reading
from reconciler_github.client import Client
from reconciler_github.errors import UNDERSTANDING
from reconciler_github.resources import KINDS, repository
from reconciler_github.terraform import WITHOUT_COUNTERPART

SETTINGS_SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "GitHub",
    "type": "object",
    "required": ["owner", "token"],
    "properties": {
        "owner": {
            "type": "string",
            "pattern": "^[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?$",
            "description": "The organisation, or the person's account, whose objects are managed.",
        },
        "token": {
            "type": "string",
            "minLength": 1,
            "x-sensitive": True,
            "description": "A personal access token: classic (scopes repo, admin:org, delete_repo) "
            "or fine-grained.",
        },
        "base_url": {
            "type": "string",
            "description": "The REST API: https://api.github.com when not given; "
            "https://HOST/api/v3 for GitHub Enterprise Server.",
        },
    },
}


class GitHubProvider:
    """One owner's objects on GitHub, reached with one token."""

    name = "github"
    settings_schema = SETTINGS_SCHEMA
    terraform_without = WITHOUT_COUNTERPART

    def __init__(self, settings: Mapping[str, Any], context: ProviderContext) -> None:
        self._client = Client(settings, context)

    @staticmethod
    def resource_types() -> Mapping[str, ResourceType]:
        """All managed and data types, by name."""
        return resource_types_in("reconciler_github", "github_")

    def account(self) -> Account:
        """The owner: one query, none when another query has told already."""
        with UNDERSTANDING.reading("account"):
            return self._client.owner_account()

    def health(self) -> Health:
        """One call; never raises."""
        try:
            return health.check(self._client)
        except UNDERSTANDING.missed as error:
            return Health(True, False, error=UNDERSTANDING.garbled(error, "health"))

    def read(self, lookups: Mapping[str, Lookup]) -> Mapping[str, ReadResult]:
        """One query for each 75 repositories and teams, whatever is asked about them."""
        return reading.read(self._client, lookups)

    def find(self, wanted: Mapping[str, Wanted]) -> Mapping[str, FindResult]:
        """As ``read``, by name."""
        found = reading.find(self._client, wanted)
        return {key: _candidates(answer) for key, answer in found.items()}

    def list(self, type_name: str) -> Iterable[Object]:
        """All objects of a type that the owner has."""
        return reading.list_all(self._client, type_name)

    def list_many(self, type_names: Collection[str]) -> Mapping[str, Sequence[Object] | ProviderError]:
        """All of these types, with one query for each 75 repositories and teams."""
        return reading.list_many(self._client, type_names)

    def import_key(self, type_name: str, text: str) -> Attributes:
        """What an import id stands for; raises Rejected with the form that it should have."""
        return import_ids.import_key(type_name, text)

    def create(self, type_name: str, desired: Attributes) -> Object:
        """Create one object."""
        kind = KINDS[type_name]
        with UNDERSTANDING.changing(f"create a {type_name}"):
            return kind.create(self._client, kind.normalise(desired))

    def update(self, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
        """Change what is named in ``changed``, and nothing else."""
        kind = KINDS[prior.type]
        with UNDERSTANDING.changing(f"update a {prior.type}"):
            return kind.update(self._client, prior, kind.normalise(desired), changed)

    def delete(self, prior: Object, how: str) -> None:
        """Remove an object. GitHub's "not found" is believed only when a look by id says the same.

        It says so too to a token that may not delete.
        """
        try:
            with UNDERSTANDING.changing(f"delete a {prior.type}"):
                KINDS[prior.type].delete(self._client, prior, how)
        except NotFound as error:
            confirm_gone(self, prior, error)

    def write_many(self, writes: Sequence[Write]) -> Sequence[WriteResult]:
        """One after the other: no type of GitHub takes its writes in groups."""
        return one_by_one(self, writes)

    def side_effects(self, created: Object, desired: Attributes) -> Sequence[ObjectKey]:
        """What GitHub made together with a repository; nothing else brings anything along."""
        is_repository = created.type == repository.TYPE
        return repository.side_effects(desired, created.attributes) if is_repository else ()

    def normalise(self, type_name: str, desired: Attributes) -> Attributes:
        """What GitHub makes of these attributes."""
        return KINDS[type_name].normalise(desired)

    def limits(self) -> Sequence[Limit]:
        """What the service publishes, as the provider's ``rate_limit`` has it."""
        return self._client.limiter.limits

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()


def _candidates(answer: ReadResult) -> FindResult:
    if isinstance(answer, Unreadable):
        return answer
    return () if isinstance(answer, Absent) else (answer,)
