"""Slack as a provider: the protocol's methods, each handed to the module that knows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from reconciler.errors import NotFound, ProviderError
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
from reconciler_slack import health, import_ids, reading
from reconciler_slack.client import Client
from reconciler_slack.errors import UNDERSTANDING
from reconciler_slack.resources import KINDS

SETTINGS_SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Slack",
    "type": "object",
    "required": ["token"],
    "properties": {
        "token": {
            "type": "string",
            "minLength": 1,
            "x-sensitive": True,
            "description": "The app's bot token (xoxb-…).",
        },
        "user_token": {
            "type": "string",
            "minLength": 1,
            "x-sensitive": True,
            "description": "A person's token (xoxp-…), for what no bot can do: unarchiving channels.",
        },
        "base_url": {
            "type": "string",
            "description": "The Web API: https://slack.com/api when not given.",
        },
    },
}


class SlackProvider:
    """One workspace on Slack, reached with one app's bot token."""

    name = "slack"
    settings_schema = SETTINGS_SCHEMA

    def __init__(self, settings: Mapping[str, Any], context: ProviderContext) -> None:
        self._client = Client(settings, context)

    @staticmethod
    def resource_types() -> Mapping[str, ResourceType]:
        """All managed and data types, by name."""
        return resource_types_in("reconciler_slack", "slack_")

    @staticmethod
    def import_key(type_name: str, text: str) -> Attributes:
        """What an import id stands for: Slack's own id, or the natural key. Raises Rejected."""
        return import_ids.import_key(type_name, text)

    def account(self) -> Account:
        """The workspace: one call, none when it is known already."""
        with UNDERSTANDING.reading("auth.test"):
            workspace = self._client.workspace()
        return Account(workspace.id, workspace.name)

    def health(self) -> Health:
        """One call, two with a ``user_token``; never raises."""
        try:
            return health.check(self._client)
        except UNDERSTANDING.missed as error:
            return Health(True, False, error=UNDERSTANDING.garbled(error, "health"))

    def read(self, lookups: Mapping[str, Lookup]) -> Mapping[str, ReadResult]:
        """One list of channels, one of user groups, and a call for each channel that more is declared of."""
        return reading.read(self._client, lookups)

    def find(self, wanted: Mapping[str, Wanted]) -> Mapping[str, FindResult]:
        """As ``read``, by natural key."""
        return reading.find(self._client, wanted)

    def list(self, type_name: str) -> Iterable[Object]:
        """All objects of a type that the bot may see."""
        return reading.list_all(self._client, type_name)

    def list_many(self, type_names: Collection[str]) -> Mapping[str, Sequence[Object] | ProviderError]:
        """All of these types; the channels are asked for once."""
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
        """Remove an object. Slack's "not found" is believed only when a look by id says the same.

        It says so too of a private channel that the bot is not in.
        """
        try:
            with UNDERSTANDING.changing(f"delete a {prior.type}"):
                KINDS[prior.type].delete(self._client, prior, how)
        except NotFound as error:
            confirm_gone(self, prior, error)

    def write_many(self, writes: Sequence[Write]) -> Sequence[WriteResult]:
        """One after the other: no type of Slack takes its writes in groups."""
        return one_by_one(self, writes)

    def normalise(self, type_name: str, desired: Attributes) -> Attributes:
        """What Slack makes of these attributes."""
        return KINDS[type_name].normalise(desired)

    def limits(self) -> Sequence[Limit]:
        """What the service publishes, as the provider's ``rate_limit`` has it."""
        return self._client.limiter.limits

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()
