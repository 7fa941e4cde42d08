"""A provider as plans read it: what it answers is kept, and told again while its service is down."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NoReturn

from reconciler.cache.entries import Owner
from reconciler.errors import Call, Garbled, ProviderError, RateLimited, ServiceFailed, Unreachable
from reconciler.operations.caching import Caching
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
from reconciler.provider.protocol import HasLimits, MakesMore, Provider

OUTAGES = (Unreachable, ServiceFailed, RateLimited, Garbled)
"""What a service does that is down, or as good as that. That it refuses is an answer."""


class ReadingProvider:
    """Reads through the provider inside, and writes through nothing: plans are made with it, not runs.

    ``fell_back`` is the error because of which the cache was asked; None as long as the service answered.
    ``silence`` is the same of one that did not even tell whose account it is.
    """

    def __init__(
        self,
        key: str,
        inside: Provider,
        caching: Caching,
        account: Account | None = None,
        *,
        may_fall_back: bool = True,
    ) -> None:
        """``account`` is whose answers are kept, until the provider tells; the state's if nothing is said."""
        self._key = key
        self._inside = inside
        self._caching = caching
        self._memory = caching.memory(key)
        self._may_fall_back = may_fall_back
        self._owner = caching.owner(key) if account is None else Owner(key, account.id)
        self.fell_back: ProviderError | None = None
        self.silence: ProviderError | None = None
        self._told: deque[tuple[Mapping[str, Lookup], Mapping[str, ReadResult]]] = deque()
        self._found: deque[tuple[Mapping[str, Wanted], Mapping[str, FindResult]]] = deque()
        # What a provider need not have is seen by its being there.
        if import_key := getattr(inside, "import_key", None):
            self.import_key: Callable[[str, str], Attributes] = import_key
        if isinstance(inside, MakesMore):
            self.side_effects = inside.side_effects
        if isinstance(inside, HasLimits):
            self.limits = inside.limits

    def account(self) -> Account:
        """As inside; while the service is down, the account that the state is bound to."""
        try:
            self._check_online("account")
            account = self._inside.account()
        except OUTAGES as error:
            bound = self._caching.accounts.get(self._key)
            if bound is None or not self._may_fall_back:
                raise
            self.fell_back = self.silence = error
            return bound
        self._owner = Owner(self._key, account.id)
        return account

    def keep(self) -> None:
        """Keep what was told since the last time.

        Not while it is told: only when all services have answered is it known what is secret of that.
        """
        while self._told:
            lookups, read = self._told.popleft()
            if self._owner is not None:
                self._memory.keep_read(self._owner, lookups, read)
        while self._found:
            wanted, found = self._found.popleft()
            if self._owner is not None:
                self._memory.keep_found(self._owner, wanted, found)

    def health(self) -> Health:
        """As inside."""
        if self._caching.is_offline:
            return Health(is_reachable=False, is_authenticated=False, error=self._offline("health"))
        return self._inside.health()

    def read(self, lookups: Mapping[str, Lookup]) -> Mapping[str, ReadResult]:
        """As inside; while the service is down, what it has last said, as old as it may be."""
        answers: dict[str, ReadResult]
        try:
            self._check_online("read")
            answers = dict(self._inside.read(lookups))
        except OUTAGES as error:
            answers = dict.fromkeys(lookups, Unreadable(error))
        self._told.append((lookups, dict(answers)))
        lost = self._lost(answers)
        if lost and self._owner is not None:
            answers |= self._memory.read(self._owner, {name: lookups[name] for name in lost})
        return answers

    def find(self, wanted: Mapping[str, Wanted]) -> Mapping[str, FindResult]:
        """As inside; while the service is down, what it has last said, but never that there is nothing."""
        answers: dict[str, FindResult]
        try:
            self._check_online("find")
            answers = dict(self._inside.find(wanted))
        except OUTAGES as error:
            answers = dict.fromkeys(wanted, Unreadable(error))
        self._found.append((wanted, dict(answers)))
        lost = self._lost(answers)
        if lost and self._owner is not None:
            answers |= self._memory.find(self._owner, {name: wanted[name] for name in lost})
        return answers

    def list(self, type_name: str) -> Iterable[Object]:
        """As inside: whether a list is whole, no cache can tell."""
        self._check_online("list")
        return self._inside.list(type_name)

    def create(self, type_name: str, desired: Attributes) -> Object:
        """Raises TypeError: nothing is written by what reads for a plan."""
        self._refuse()

    def update(self, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
        """Raises TypeError."""
        self._refuse()

    def delete(self, prior: Object, how: str) -> None:
        """Raises TypeError."""
        self._refuse()

    def write_many(self, writes: Sequence[Write]) -> Sequence[WriteResult]:
        """Raises TypeError."""
        self._refuse()

    def normalise(self, type_name: str, desired: Attributes) -> Attributes:
        """As inside."""
        return self._inside.normalise(type_name, desired)

    def close(self) -> None:
        """Whoever has opened the provider inside closes it."""

    def _lost(self, answers: Mapping[str, ReadResult] | Mapping[str, FindResult]) -> tuple[str, ...]:
        """What was not told because of an outage, and may be told by the cache."""
        if not self._may_fall_back:
            return ()
        lost = {
            name: answer.error
            for name, answer in answers.items()
            if isinstance(answer, Unreadable) and isinstance(answer.error, OUTAGES)
        }
        if lost:
            self.fell_back = next(iter(lost.values()))
        return tuple(lost)

    def _check_online(self, operation: str) -> None:
        if self._caching.is_offline:
            raise self._offline(operation)
        if self.silence is not None:
            raise self.silence  # it has not even told whose account it is: nobody waits for more of that

    def _offline(self, operation: str) -> Unreachable:
        return Unreachable(
            "nothing is asked with --offline, and no answer that is young enough is in the cache",
            call=Call(self._key, operation),
            remedy="run the command once without --offline while the service answers",
        )

    def _refuse(self) -> NoReturn:
        raise TypeError(f"{self._key}: a plan's provider was asked to write")


def keep(providers: Mapping[str, Provider]) -> None:
    """Keep what these have told since the last time; to be called when what is secret of it is known."""
    for provider in providers.values():
        if isinstance(provider, ReadingProvider):
            provider.keep()


def fallen_back(providers: Mapping[str, Provider], *, silent_only: bool = False) -> dict[str, ProviderError]:
    """By key: why the cache was asked in the place of a provider's service.

    ``silent_only``: of the providers that did not even tell whose account it is.
    """
    readers = {key: found for key, found in providers.items() if isinstance(found, ReadingProvider)}
    errors = {key: found.silence if silent_only else found.fell_back for key, found in readers.items()}
    return {key: error for key, error in errors.items() if error is not None}
