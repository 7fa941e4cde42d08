"""What the provider has learnt about identities, so that it need not ask twice."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.clock import Clock
from reconciler.provider.objects import Account

_NEW_FOR = 60.0
"""Seconds in which GitHub may not have told all of its servers about a new object."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The account whose objects are managed."""

    account: Account
    is_organization: bool


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A repository's public key for secrets: base64, and the id to send back with what it sealed."""

    id: str
    key: str


class Identities:
    """Node ids by name, as the service told them; what is forgotten is asked again.

    Names are compared without case, as GitHub does.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._owner: Owner | None = None
        self._repositories = _Names()
        self._teams = _Names()
        self._actors: dict[tuple[str, str], str] = {}
        self._keys: dict[str, SealingKey] = {}
        self._new: dict[str, float] = {}

    @property
    def owner(self) -> Owner | None:
        """The owner, once somebody asked for it."""
        return self._owner

    @owner.setter
    def owner(self, owner: Owner) -> None:
        self._owner = owner

    def repository(self, name: str) -> str | None:
        """The node id of the owner's repository with this name."""
        return self._repositories.id_of(name)

    def learn_repository(self, name: str, node_id: str, *, is_new: bool = False) -> None:
        """A repository has this name; whatever name it had before is free."""
        with self._lock:
            self._repositories.learn(name, node_id)
            if is_new:
                self._new[name.casefold()] = self._clock.monotonic()

    def forget_repository(self, name: str) -> None:
        """No repository has this name any more."""
        with self._lock:
            self._repositories.forget(name)
            self._keys.pop(name.casefold(), None)
            self._new.pop(name.casefold(), None)

    def team(self, slug: str) -> str | None:
        """The node id of the organisation's team with this slug."""
        return self._teams.id_of(slug)

    def learn_team(self, slug: str, node_id: str, *, is_new: bool = False) -> None:
        """A team has this slug; whatever slug it had before is free."""
        with self._lock:
            self._teams.learn(slug, node_id)
            if is_new:
                self._new[slug.casefold()] = self._clock.monotonic()

    def forget_team(self, slug: str) -> None:
        """No team has this slug any more."""
        with self._lock:
            self._teams.forget(slug)
            self._new.pop(slug.casefold(), None)

    def actor(self, kind: str, name: str) -> str | None:
        """The node id of a user or an app."""
        return self._actors.get((kind, name.casefold()))

    def learn_actor(self, kind: str, name: str, node_id: str) -> None:
        """A user or an app has this name."""
        with self._lock:
            self._actors[(kind, name.casefold())] = node_id

    def sealing_key(self, repository: str) -> SealingKey | None:
        """The public key of a repository."""
        return self._keys.get(repository.casefold())

    def learn_sealing_key(self, repository: str, key: SealingKey) -> None:
        """A repository has this public key."""
        with self._lock:
            self._keys[repository.casefold()] = key

    def is_new(self, names: Iterable[object]) -> bool:
        """Whether one of these is the name of what this run has just created."""
        now = self._clock.monotonic()
        with self._lock:
            moments = [self._new.get(str(name).casefold()) for name in names]
        return any(moment is not None and now - moment < _NEW_FOR for moment in moments)


class _Names:
    """Node ids by name, one name an id."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._names: dict[str, str] = {}

    def id_of(self, name: str) -> str | None:
        return self._ids.get(name.casefold())

    def learn(self, name: str, node_id: str) -> None:
        earlier = self._names.get(node_id)
        if earlier is not None and self._ids.get(earlier) == node_id:
            del self._ids[earlier]
        self._names[node_id] = name.casefold()
        self._ids[name.casefold()] = node_id

    def forget(self, name: str) -> None:
        node_id = self._ids.pop(name.casefold(), None)
        if node_id is not None:
            self._names.pop(node_id, None)
