"""A provider whose errors say nothing secret, whatever its service quotes of a request."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from reconciler.errors import Call, ProviderError
from reconciler.provider.masking import Masker
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
from reconciler.provider.protocol import HasLimits, ListsTogether, MakesMore, Provider
from reconciler.values import Sealer

_Lists = Mapping[str, Sequence[Object] | ProviderError]
_Result = TypeVar("_Result", ReadResult, FindResult)


class DiscreetProvider:
    """Passes every call on, and masks what went wrong; for the rest as the provider inside.

    A connection masks its own credentials. That a text it sends is secret only the stack knows, and the
    sealer, which learns more as services tell what state has sealed.
    """

    def __init__(self, inside: Provider, sealer: Sealer, masker: Masker) -> None:
        self._inside = inside
        self._sealer = sealer
        self._masker = masker
        # What a provider need not have is seen by its being there.
        if import_key := getattr(inside, "import_key", None):
            self.import_key: Callable[[str, str], Attributes] = self._wrapped(import_key)
        if isinstance(inside, ListsTogether):
            self.list_many = self._masked_lists(inside)
        if isinstance(inside, MakesMore):
            self.side_effects = inside.side_effects
        if isinstance(inside, HasLimits):
            self.limits = inside.limits

    def account(self) -> Account:
        """As inside."""
        with self._masked():
            return self._inside.account()

    def health(self) -> Health:
        """As inside."""
        health = self._inside.health()
        return health if health.error is None else replace(health, error=self._mask(health.error))

    def read(self, lookups: Mapping[str, Lookup]) -> Mapping[str, ReadResult]:
        """As inside."""
        with self._masked():
            return {key: self._answer(found) for key, found in self._inside.read(lookups).items()}

    def find(self, wanted: Mapping[str, Wanted]) -> Mapping[str, FindResult]:
        """As inside."""
        with self._masked():
            return {key: self._answer(found) for key, found in self._inside.find(wanted).items()}

    def list(self, type_name: str) -> Iterable[Object]:
        """As inside."""
        with self._masked():
            yield from self._inside.list(type_name)

    def create(self, type_name: str, desired: Attributes) -> Object:
        """As inside."""
        with self._masked():
            return self._inside.create(type_name, desired)

    def update(self, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
        """As inside."""
        with self._masked():
            return self._inside.update(prior, desired, changed)

    def delete(self, prior: Object, how: str) -> None:
        """As inside."""
        with self._masked():
            self._inside.delete(prior, how)

    def write_many(self, writes: Sequence[Write]) -> Sequence[WriteResult]:
        """As inside."""
        with self._masked():
            answers = self._inside.write_many(writes)
        return [self._mask(found) if isinstance(found, ProviderError) else found for found in answers]

    def normalise(self, type_name: str, desired: Attributes) -> Attributes:
        """As inside."""
        return self._inside.normalise(type_name, desired)

    def close(self) -> None:
        """As inside."""
        self._inside.close()

    def _wrapped(self, import_key: Callable[[str, str], Attributes]) -> Callable[[str, str], Attributes]:
        def discreet(type_name: str, text: str) -> Attributes:
            with self._masked():
                return import_key(type_name, text)

        return discreet

    def _masked_lists(self, inside: ListsTogether) -> Callable[[Collection[str]], _Lists]:
        def discreet(type_names: Collection[str]) -> _Lists:
            found = inside.list_many(type_names)
            for answer in found.values():
                if isinstance(answer, ProviderError):
                    self._mask(answer)
            return found

        return discreet

    def _answer(self, found: _Result) -> _Result:
        if isinstance(found, Unreadable):
            self._mask(found.error)
        return found

    @contextmanager
    def _masked(self) -> Iterator[None]:
        try:
            yield
        except ProviderError as error:
            self._mask(error)
            raise

    def _mask(self, error: ProviderError) -> ProviderError:
        """The same error, without what is secret, in small letters too, as services put names."""
        texts = tuple(self._sealer.texts)
        self._masker.add(*texts, *(text.lower() for text in texts))
        error.cause = self._masker.mask(error.cause)
        error.remedy = self._masker.mask_advice(error.remedy)
        error.call = Call(error.call.service, self._masker.mask(error.call.operation))
        error.args = (error.cause,)
        return error
