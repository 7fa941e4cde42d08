"""Notion as a provider: the protocol's methods, each handed to the module that knows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from reconciler.errors import NotFound, ProviderError, Rejected
from reconciler.provider.catalogue import resource_types_in
from reconciler.provider.facts import ResourceType
from reconciler.provider.limits import Limit
from reconciler.provider.objects import (
    Account,
    Attributes,
    FindResult,
    Health,
    Lookup,
    Object,
    ReadResult,
    Wanted,
    Write,
    WriteResult,
)
from reconciler.provider.protocol import ProviderContext
from reconciler.provider.writes import confirm_gone, one_by_one
from reconciler_notion import health, reading
from reconciler_notion.client import Client
from reconciler_notion.errors import UNDERSTANDING
from reconciler_notion.resources import KINDS

SETTINGS_SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Notion",
    "type": "object",
    "required": ["token"],
    "properties": {
        "token": {
            "type": "string",
            "minLength": 1,
            "x-sensitive": True,
            "description": "The secret of an internal integration; it sees the pages shared with it.",
        },
        "base_url": {
            "type": "string",
            "description": "https://api.notion.com when not given; paths begin with /v1.",
        },
    },
}


class NotionProvider:
    """What one integration sees of a workspace, reached with its token."""

    name = "notion"
    settings_schema = SETTINGS_SCHEMA

    def __init__(self, settings: Mapping[str, Any], context: ProviderContext) -> None:
        self._client = Client(settings, context)

    @staticmethod
    def resource_types() -> Mapping[str, ResourceType]:
        """All managed and data types, by name."""
        return resource_types_in("reconciler_notion", "notion_")

    def account(self) -> Account:
        """The workspace: one call."""
        with UNDERSTANDING.reading("account"):
            return self._client.account()

    def health(self) -> Health:
        """One call; never raises."""
        try:
            return health.check(self._client)
        except UNDERSTANDING.missed as error:
            return Health(True, False, error=UNDERSTANDING.garbled(error, "health"))

    def read(self, lookups: Mapping[str, Lookup]) -> Mapping[str, ReadResult]:
        """One call for each page and each data source, whatever is asked about them."""
        return reading.read(self._client, lookups)

    def find(self, wanted: Mapping[str, Wanted]) -> Mapping[str, FindResult]:
        """By title in a parent, all that have it; the children of a parent are listed once."""
        return reading.find(self._client, wanted)

    def list(self, type_name: str) -> Iterable[Object]:
        """All objects of a type that the integration sees."""
        return reading.list_all(self._client, type_name)

    def list_many(self, type_names: Collection[str]) -> Mapping[str, Sequence[Object] | ProviderError]:
        """All of these types; what several need is asked for once."""
        return reading.list_many(self._client, type_names)

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
        """Move an object to the trash, or remove a relation.

        Notion refuses that for what is in the trash with its parent: then a look says that it is gone.
        """
        try:
            with UNDERSTANDING.changing(f"delete a {prior.type}"):
                KINDS[prior.type].delete(self._client, prior)
        except (NotFound, Rejected) as error:
            confirm_gone(self, prior, error)

    def write_many(self, writes: Sequence[Write]) -> Sequence[WriteResult]:
        """One after the other: no type of Notion takes its writes in groups."""
        return one_by_one(self, writes)

    def normalise(self, type_name: str, desired: Attributes) -> Attributes:
        """What Notion makes of these attributes."""
        return KINDS[type_name].normalise(desired)

    def import_key(self, type_name: str, text: str) -> Attributes:
        """The attributes that an import id stands for; raises Rejected with the form that it should have."""
        return KINDS[type_name].import_key(text)

    def limits(self) -> Sequence[Limit]:
        """What the service publishes, as the provider's ``rate_limit`` has it."""
        return self._client.limiter.limits

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()
