"""What providers do alike when they write."""

from collections.abc import Sequence

from reconciler.errors import OutcomeUnknown, ProviderError
from reconciler.provider.objects import Absent, Lookup, Object, Unreadable, Write, WriteResult
from reconciler.provider.protocol import Provider


def one_by_one(provider: Provider, writes: Sequence[Write]) -> Sequence[WriteResult]:
    """``write_many`` for a service that takes one write at a time: each write's outcome, in their order.

    An error is its own write's outcome, and the next write is carried out all the same. An update writes
    every attribute of ``desired``; a delete is ``"delete"``.
    """
    return [_written(provider, write) for write in writes]


def confirm_gone(provider: Provider, prior: Object, refusal: ProviderError) -> None:
    """Believe a delete's refusal to mean that the object is gone only when a look by id says the same.

    Raises ``refusal`` when the object is there, and the look's own error when that failed.
    """
    answer = provider.read({"": Lookup(prior.type, prior.id, prior.attributes)})[""]
    if isinstance(answer, Unreadable):
        raise answer.error from refusal
    if not isinstance(answer, Absent):
        raise refusal


def half_created(what: str, error: ProviderError) -> OutcomeUnknown:
    """A create whose first call worked and whose next did not: the object exists, and must not be lost.

    The engine looks an object of unknown outcome up before it does anything else with it.
    """
    return OutcomeUnknown(
        f"{what} was created, but not all of its settings could be made: {error.cause}",
        call=error.call,
        remedy=error.remedy or "apply again: what is missing will be made up for",
    )


def _written(provider: Provider, write: Write) -> WriteResult:
    try:
        if write.prior is None:
            return provider.create(write.type, write.desired)
        if write.action == "delete":
            provider.delete(write.prior, "delete")
            return None
        return provider.update(write.prior, write.desired, frozenset(write.desired))
    except ProviderError as error:
        return error
