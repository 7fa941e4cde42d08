"""The provider suite fails for providers that break its rules: each mistake below is caught by its test."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from reconciler.errors import AlreadyExists, ProviderError, Unreachable
from reconciler.provider import (
    Absent,
    Account,
    Attributes,
    FindResult,
    Health,
    Lookup,
    Object,
    ReadResult,
    Unreadable,
    Wanted,
)
from reconciler.provider.context import Context
from reconciler.testing import FakeClock, MemoryFactory, MemoryProvider, MemoryService
from reconciler.testing.contract import ProviderContract, Sample, Subject

Test = Callable[[ProviderContract, Subject], None]


class TakesFailureForAbsence(MemoryProvider):
    def read(self, lookups: Mapping[str, Lookup]) -> Mapping[str, ReadResult]:
        answers = super().read(lookups)
        return {k: Absent() if isinstance(found, Unreadable) else found for k, found in answers.items()}


class ForgetsKeys(MemoryProvider):
    def read(self, lookups: Mapping[str, Lookup]) -> Mapping[str, ReadResult]:
        return {k: found for k, found in super().read(lookups).items() if found != Absent()}


class AnswersFromMemory(MemoryProvider):
    def read(self, lookups: Mapping[str, Lookup]) -> Mapping[str, ReadResult]:
        return {k: Object(asked.type, asked.id, asked.attributes) for k, asked in lookups.items()}


class FindsNothing(MemoryProvider):
    def find(self, wanted: Mapping[str, Wanted]) -> Mapping[str, FindResult]:
        return dict.fromkeys(wanted, ())


class ListsNothing(MemoryProvider):
    def list(self, type_name: str) -> Iterable[Object]:
        return ()


class AdoptsSilently(MemoryProvider):
    def create(self, type_name: str, desired: Attributes) -> Object:
        try:
            return super().create(type_name, desired)
        except AlreadyExists:
            return self._service.objects(type_name)[0]


class MakesItAnew(MemoryProvider):
    def update(self, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
        super().delete(prior, "delete")
        wanted = {k: v for k, v in desired.items() if k in ("name", "text", "tags", "title", "role", "thing")}
        return super().create(prior.type, wanted)


class NormalisesTwice(MemoryProvider):
    def normalise(self, type_name: str, desired: Attributes) -> Attributes:
        return {k: f"{v}!" if isinstance(v, str) else v for k, v in desired.items()}


class ShowsItsToken(MemoryProvider):
    def health(self) -> Health:
        found = super().health()
        if found.error:
            found.error.cause += f" {self._token}"
        return found


class ChangesAccount(MemoryProvider):
    def account(self) -> Account:
        self._service.account = Account(self._service.account.id + "1", "Memory Lane")
        return super().account()


def subject(kind: type[MemoryProvider]) -> Subject:
    service = MemoryService()

    def make(**settings: Any) -> MemoryProvider:
        return kind(service, settings, Context(clock=FakeClock()))

    def failing() -> MemoryProvider:
        for operation in ("read", "find", "list"):
            service.fail(operation, Unreachable, times=None)
        return make()

    sample = Sample(
        lambda provider, n: {"name": f"thing-{n}", "text": "x"},
        {"text": "y"},
        lambda found: service.remove(found.type, found.id),
    )
    return Subject(
        MemoryFactory(service),
        make(),
        {"memory_thing": sample},
        lambda: make(token="wrong-token"),
        failing,
        ("wrong-token",),
    )


@pytest.mark.parametrize(
    ("kind", "test"),
    [
        (TakesFailureForAbsence, ProviderContract.test_a_failed_read_is_unreadable_and_never_absent),
        (ForgetsKeys, ProviderContract.test_a_read_of_many_answers_for_each),
        (AnswersFromMemory, ProviderContract.test_a_change_behind_the_providers_back_is_seen),
        (
            AnswersFromMemory,
            ProviderContract.test_a_deleted_object_is_absent_and_deleting_it_again_is_no_error,
        ),
        (FindsNothing, ProviderContract.test_an_object_is_found_by_its_natural_key),
        (ListsNothing, ProviderContract.test_the_list_of_a_type_holds_what_was_created),
        (AdoptsSilently, ProviderContract.test_what_exists_is_not_created_again),
        (MakesItAnew, ProviderContract.test_an_update_takes_one_step_and_keeps_the_id),
        (NormalisesTwice, ProviderContract.test_normalising_twice_is_normalising_once),
        (ShowsItsToken, ProviderContract.test_bad_credentials_are_told_by_health_and_refused_by_account),
        (ChangesAccount, ProviderContract.test_the_account_stays_the_same),
        (MemoryProvider, ProviderContract.test_every_managed_type_has_a_sample),
    ],
)
def test_a_mistake_is_caught(kind: type[MemoryProvider], test: Test) -> None:
    with pytest.raises((AssertionError, pytest.fail.Exception, KeyError)):
        test(ProviderContract(), subject(kind))


@pytest.mark.parametrize(
    "test",
    [
        ProviderContract.test_a_failed_read_is_unreadable_and_never_absent,
        ProviderContract.test_a_read_of_many_answers_for_each,
        ProviderContract.test_an_update_takes_one_step_and_keeps_the_id,
        ProviderContract.test_bad_credentials_are_told_by_health_and_refused_by_account,
    ],
)
def test_a_provider_without_mistakes_passes(test: Test) -> None:
    test(ProviderContract(), subject(MemoryProvider))


def test_secrets_in_errors_would_be_seen() -> None:
    found = subject(ShowsItsToken).with_bad_credentials
    assert found is not None
    error = found().health().error
    assert isinstance(error, ProviderError)
    assert "wrong-token" in error.cause
