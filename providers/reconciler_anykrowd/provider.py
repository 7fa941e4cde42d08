"""anyKrowd as a provider: the protocol's methods, each handed to the module that knows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from reconciler.errors import Call, ProviderError, Rejected
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
    Unreadable,
    Wanted,
    Write,
    WriteResult,
)
from reconciler.provider.protocol import ProviderContext
from reconciler.provider.writes import one_by_one
from reconciler_anykrowd import health, import_ids
from reconciler_anykrowd.client import Client
from reconciler_anykrowd.errors import UNDERSTANDING
from reconciler_anykrowd.resources import looked_up, staff_member, wallet_topup

SETTINGS_SCHEMA: Mapping[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "anyKrowd",
    "type": "object",
    "required": ["tenant_url", "api_key"],
    "properties": {
        "tenant_url": {
            "type": "string",
            "pattern": "^https?://[^/?#@\\s]+(/[^?#\\s]*)?$",
            "description": "The tenant's address: https://TENANT.ENVIRONMENT.anykrowd.dev. It tells one "
            "tenant from another.",
        },
        "api_key": {
            "type": "string",
            "minLength": 1,
            "x-sensitive": True,
            "description": "A key for the tenant's APIX, made in AdminX.",
        },
        "base_url": {
            "type": "string",
            "description": "Where the tenant is asked instead of at `tenant_url`: for tests and proxies.",
        },
    },
}


class AnykrowdProvider:
    """One tenant, reached with one key."""

    name = "anykrowd"
    settings_schema = SETTINGS_SCHEMA

    def __init__(self, settings: Mapping[str, Any], context: ProviderContext) -> None:
        self._client = Client(settings, context)

    @staticmethod
    def resource_types() -> Mapping[str, ResourceType]:
        """All managed and data types, by name."""
        return resource_types_in("reconciler_anykrowd", "anykrowd_")

    def account(self) -> Account:
        """The tenant, once it has accepted the key: one call."""
        return health.account(self._client)

    def health(self) -> Health:
        """One call; never raises."""
        return health.check(self._client)

    def read(self, lookups: Mapping[str, Lookup]) -> Mapping[str, ReadResult]:
        """One call for each staff member, and one list for each wallet with top-ups."""
        answers: dict[str, ReadResult] = {}
        for type_name, read in _READ.items():
            if of_type := {key: lookup for key, lookup in lookups.items() if lookup.type == type_name}:
                try:
                    answers |= read(self._client, of_type)
                except UNDERSTANDING.missed as error:
                    answers |= _unreadable(error, of_type)
        return answers

    def find(self, wanted: Mapping[str, Wanted]) -> Mapping[str, FindResult]:
        """As ``read``, by natural key; one list for each kind of data, however much of it is asked for."""
        answers: dict[str, FindResult] = {}
        for types, find in _FIND:
            if of_types := {key: one for key, one in wanted.items() if one.type in types}:
                try:
                    answers |= find(self._client, of_types)
                except UNDERSTANDING.missed as error:
                    answers |= _unreadable(error, of_types)
        return answers

    def list(self, type_name: str) -> Iterable[Object]:
        """Raises Rejected: the API lists neither people nor wallets."""
        raise Rejected(
            f"anyKrowd does not list what a {type_name} can be",
            call=Call("anykrowd", f"list {type_name}"),
            remedy="look in AdminX, and import what should be managed",
        )

    def import_key(self, type_name: str, text: str) -> Attributes:
        """What an import id stands for; raises Rejected with the form that it should have."""
        return import_ids.import_key(type_name, text)

    def create(self, type_name: str, desired: Attributes) -> Object:
        """Create one object."""
        if type_name == wallet_topup.TYPE:
            return wallet_topup.create(self._client, desired)
        return self._person(Write("create", type_name, desired))

    def update(self, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
        """Change what is named in ``changed``; a person is written whole."""
        if prior.type == wallet_topup.TYPE:
            return wallet_topup.update(self._client, prior, desired, changed)
        return self._person(Write("update", prior.type, desired, prior))

    def delete(self, prior: Object, how: str) -> None:
        """Revoke a top-up, or take a person's roles away."""
        if prior.type == wallet_topup.TYPE:
            wallet_topup.delete(self._client, prior, how)
            return
        (result,) = staff_member.write_many(self._client, [Write("delete", prior.type, {}, prior)])
        if isinstance(result, ProviderError):
            raise result

    def write_many(self, writes: Sequence[Write]) -> Sequence[WriteResult]:
        """Staff members with one call for all; top-ups one after the other."""
        if writes and all(write.type == staff_member.TYPE for write in writes):
            return staff_member.write_many(self._client, writes)
        return one_by_one(self, writes)

    def normalise(self, type_name: str, desired: Attributes) -> Attributes:
        """The same: anyKrowd is not known to change what it is given."""
        return desired

    def limits(self) -> Sequence[Limit]:
        """What the service publishes, as the provider's ``rate_limit`` has it."""
        return self._client.limiter.limits

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def _person(self, write: Write) -> Object:
        (result,) = staff_member.write_many(self._client, [write])
        if isinstance(result, Object):
            return result
        raise result or AssertionError("only a delete leaves nothing")


_READ: Mapping[str, Callable[[Client, Mapping[str, Lookup]], dict[str, ReadResult]]] = {
    staff_member.TYPE: staff_member.read,
    wallet_topup.TYPE: wallet_topup.read,
}
_FIND: Sequence[tuple[Sequence[str], Callable[[Client, Mapping[str, Wanted]], dict[str, FindResult]]]] = (
    ((staff_member.TYPE,), staff_member.find),
    ((wallet_topup.TYPE,), wallet_topup.find),
    (looked_up.TYPES, looked_up.find),
)


def _unreadable(error: Exception, keys: Iterable[str]) -> dict[str, Unreadable]:
    """An answer that nobody understood tells nothing of any object that was asked for with it."""
    return dict.fromkeys(keys, Unreadable(UNDERSTANDING.garbled(error, "read")))
