"""Providers, made when they are first needed, and whose accounts they speak for."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from reconciler import codes
from reconciler.cache.entries import Owner
from reconciler.clock import Clock
from reconciler.config.stack import ProviderConfiguration
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Call, ProviderError, Refused, WrongAccount
from reconciler.operations.caching import Caching
from reconciler.operations.discreet import DiscreetProvider
from reconciler.operations.reading import ReadingProvider
from reconciler.provider.breaker import Breaker
from reconciler.provider.budget import Budget
from reconciler.provider.context import Context
from reconciler.provider.masking import Masker
from reconciler.provider.objects import Account
from reconciler.provider.protocol import Provider, ProviderFactory
from reconciler.provider.retried import Retried
from reconciler.provider.retry_settings import from_environment
from reconciler.provider.side_by_side import side_by_side
from reconciler.registry import Registry
from reconciler.values import Sealer, reveal

if TYPE_CHECKING:
    import httpx  # a stack that needs no service must not pay for it


class Embedded(Protocol):
    """The embedded services, as far as a connection needs them."""

    def transport(self) -> "httpx.BaseTransport":
        """How requests reach them without a socket."""
        ...

    def settings(self, service: str, declared: Mapping[str, Any]) -> Mapping[str, Any]:
        """A provider's settings with those replaced that lead there."""
        ...


class Connections:
    """The providers of a stack. Each is made once, when it is first asked for.

    ``calls`` counts requests and ``retries`` those of them that were repetitions, by provider key;
    ``breakers`` are the circuits to the services, and ``budget`` what may still be repeated. ``environ`` is
    the environment, for what it says of ``retry``; InvalidConfiguration is raised where that makes no sense.
    ``embedded`` takes the place of the real services; ``sealer`` knows what no error may show. ``caching``
    keeps what the services tell; with its ``is_offline`` none of them is called. Who opens connections again
    and again gives the circuits of before, so that what is known of an outage is not forgotten.
    """

    def __init__(
        self,
        configurations: Mapping[str, ProviderConfiguration],
        registry: Registry,
        *,
        clock: Clock,
        allowed_hosts: frozenset[str] = frozenset(),
        embedded: Embedded | None = None,
        sealer: Sealer | None = None,
        environ: Mapping[str, str] | None = None,
        caching: Caching | None = None,
        breakers: dict[str, Breaker] | None = None,
    ) -> None:
        self._configurations = configurations
        self._registry = registry
        self._clock = clock
        self._allowed_hosts = allowed_hosts
        self._embedded = embedded
        self._sealer = sealer
        self.caching = caching
        self._masker = Masker()
        self._open: dict[str, Provider] = {}
        self._counting = threading.Lock()
        self.calls: Counter[str] = Counter()
        self.retries: Counter[str] = Counter()
        self.breakers: dict[str, Breaker] = {} if breakers is None else breakers
        self.budget = Budget()
        self._retry = from_environment(environ or {})
        self._is_stopping: Callable[[], bool] = lambda: False

    def open(self, keys: Iterable[str]) -> dict[str, Provider]:
        """The providers with these keys, sorted; raises Refused when one is not configured any more."""
        wanted = sorted(set(keys))
        for key in wanted:
            if key not in self._open:
                made, sealer = self._make(key), self._sealer
                self._open[key] = DiscreetProvider(made, sealer, self._masker) if sealer else made
        if self.caching is not None and self.caching.is_offline:
            return {key: self._reading(key) for key in wanted}
        return {key: self._open[key] for key in wanted}

    def reading(
        self, keys: Iterable[str], accounts: Mapping[str, Account] | None = None
    ) -> dict[str, Provider]:
        """The same to read with: what they tell is kept, and told again while their service is down.

        With ``accounts`` that are known already nothing is told again: it is a second look at what is there.
        """
        return {key: self._reading(key, accounts) for key in self.open(keys)}

    def forget(
        self, written: Mapping[str, Iterable[tuple[str, str]]], accounts: Mapping[str, Account]
    ) -> None:
        """Objects (type and id, by provider key) that were written: how they were is of no use any more."""
        for key, objects in written.items():
            if self.caching is not None and key in accounts:
                self.caching.memory(key).forget(Owner(key, accounts[key].id), objects)

    def _reading(self, key: str, accounts: Mapping[str, Account] | None = None) -> Provider:
        if self.caching is None or key == "reconciler":
            return self._open[key]
        account = accounts.get(key) if accounts else None
        may_fall_back = accounts is None and self.caching.falls_back(key)
        return ReadingProvider(key, self._open[key], self.caching, account, may_fall_back=may_fall_back)

    @contextmanager
    def until(self, is_stopping: Callable[[], bool]) -> Iterator[None]:
        """While it lasts, waits end and nothing is repeated once ``is_stopping``."""
        before, self._is_stopping = self._is_stopping, is_stopping
        try:
            yield
        finally:
            self._is_stopping = before

    def close(self) -> None:
        """Let go of all connections."""
        while self._open:
            self._open.popitem()[1].close()

    def _make(self, key: str) -> Provider:
        name = key.partition(".")[0]
        factory = self._registry.factory(name)
        configuration = self._configurations.get(key)
        if factory is None or (configuration is None and not _needs_no_settings(factory)):
            raise Refused([_not_configured(key)])
        settings = reveal(dict(configuration.settings)) if configuration else {}
        if self._retry and configuration is not None:
            settings["retry"] = {**(settings.get("retry") or {}), **self._retry}
        if self._embedded is None or name == "reconciler":
            return factory(settings, self._context(key, None))
        settings = self._embedded.settings(name, settings)
        return factory(settings, self._context(key, self._embedded.transport()))

    def _context(self, key: str, transport: "httpx.BaseTransport | None") -> Context:
        def count(_: Call) -> None:
            with self._counting:
                self.calls[key] += 1

        def count_retry(_: Retried) -> None:
            with self._counting:
                self.retries[key] += 1

        return Context(
            self._clock,
            transport,
            self._allowed_hosts,
            count,
            on_retry=count_retry,
            budget=self.budget,
            breaker=self.breakers.setdefault(key, Breaker(self._clock)),
            is_stopping=lambda: self._is_stopping(),
        )


def accounts_of(providers: Mapping[str, Provider]) -> dict[str, Account]:
    """Whose account each provider speaks for; all are asked at the same time. Raises ProviderError."""
    answers = side_by_side(lambda provider: provider.account(), providers.values())
    return dict(zip(providers, answers, strict=True))


def answers_of(
    providers: Mapping[str, Provider],
) -> tuple[dict[str, Account], dict[str, ProviderError]]:
    """Whose account each provider speaks for, and the error of each that does not tell."""

    def ask(provider: Provider) -> Account | ProviderError:
        try:
            return provider.account()
        except ProviderError as error:
            return error

    answers = dict(zip(providers, side_by_side(ask, providers.values()), strict=True))
    accounts = {key: answer for key, answer in answers.items() if isinstance(answer, Account)}
    return accounts, {key: answer for key, answer in answers.items() if isinstance(answer, ProviderError)}


def check_accounts(found: Mapping[str, Account], bound: Mapping[str, Account]) -> None:
    """Hold the accounts of the credentials against those that the state is bound to.

    Raises WrongAccount for the first that differs.
    """
    for key, account in found.items():
        other = bound.get(key)
        if other is not None and other.id != account.id:
            raise WrongAccount(
                f"{key}: the state speaks of the account {other.name}, and the credentials belong to "
                f"{account.name}",
                f"use credentials of {other.name}, or another environment for {account.name}",
            )


def _needs_no_settings(factory: ProviderFactory) -> bool:
    return not factory.settings_schema.get("required")


def _not_configured(key: str) -> Diagnostic:
    return Diagnostic(
        f"the provider {key} is needed, and not configured",
        f"put its configuration back under providers: until nothing in the state belongs to {key}",
        code=codes.PROVIDER_SETTINGS,
    )
