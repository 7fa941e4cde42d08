"""Errors of a provider, without what the stack says is secret."""

from collections.abc import Callable

import pytest

from reconciler.errors import Call, ProviderError, Rejected
from reconciler.operations.discreet import DiscreetProvider
from reconciler.plan.import_ids import ReadsImportIds
from reconciler.provider.context import Context
from reconciler.provider.masking import Masker
from reconciler.provider.objects import Lookup, Object, Unreadable, Wanted, Write
from reconciler.testing import FakeClock, MemoryProvider, MemoryService
from reconciler.values import Sealer

SECRET = "Plan-B-2027"
THING = Object("memory_thing", "1", {"name": SECRET})


class Quoting(MemoryProvider):
    """Refuses everything, and quotes the secret in each part of what it says."""

    def _perform(self, *_: object) -> object:  # type: ignore[override]  # it never returns
        raise Rejected(
            f"no {SECRET}, and no {SECRET.lower()}",
            call=Call("memory", f"look at {SECRET}"),
            remedy=f"mend {SECRET}",
        )

    def import_key(self, type_name: str, text: str) -> dict[str, str]:
        self._perform()
        return {}


@pytest.fixture
def provider() -> DiscreetProvider:
    inside = Quoting(MemoryService(), {}, Context(clock=FakeClock()))
    sealer = Sealer(b"key")
    provider = DiscreetProvider(inside, sealer, Masker())
    sealer.learn([SECRET])
    return provider


def check(error: ProviderError | None) -> None:
    assert error is not None
    for text in (
        str(error),
        repr(error),
        error.cause,
        error.remedy,
        error.call.operation,
        *map(str, error.args),
    ):
        assert SECRET.casefold() not in text.casefold()
    assert "(sensitive)" in error.remedy


@pytest.mark.parametrize(
    "call",
    [
        lambda provider: provider.account(),
        lambda provider: list(provider.list("memory_thing")),
        lambda provider: provider.create("memory_thing", {"name": SECRET}),
        lambda provider: provider.update(THING, {}, frozenset({"name"})),
        lambda provider: provider.delete(THING, "delete"),
        lambda provider: provider.write_many([Write("create", "memory_member", {"name": SECRET})]),
        lambda provider: provider.import_key("memory_thing", SECRET),
    ],
)
def test_a_raised_error_says_nothing_secret(
    provider: DiscreetProvider, call: Callable[[DiscreetProvider], object]
) -> None:
    with pytest.raises(Rejected) as caught:
        call(provider)
    check(caught.value)


def test_an_error_within_an_answer_says_nothing_secret(provider: DiscreetProvider) -> None:
    check(provider.health().error)
    (read,) = provider.read({"a": Lookup("memory_thing", "1", {})}).values()
    (found,) = provider.find({"a": Wanted("memory_thing", {"name": SECRET})}).values()
    for answer in (read, found):
        assert isinstance(answer, Unreadable)
        check(answer.error)


def test_a_provider_reads_import_ids_if_the_one_inside_does(provider: DiscreetProvider) -> None:
    assert isinstance(provider, ReadsImportIds)
    plain = MemoryProvider(MemoryService(), {}, Context(clock=FakeClock()))
    assert not isinstance(DiscreetProvider(plain, Sealer(b"key"), Masker()), ReadsImportIds)
