"""Answers that are not as a service documents them become errors that say so, never a traceback.

A provider takes for granted that an answer holds what is documented. Where it does not, Python raises one of
``NOT_AS_DOCUMENTED``; an Understanding makes of that what the engine can act on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from reconciler.errors import Call, Garbled, OutcomeUnknown

NOT_AS_DOCUMENTED: tuple[type[Exception], ...] = (
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    ValueError,
)
"""What Python raises when an answer lacks what it should hold, or holds something else."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """``service`` is the provider's name, ``title`` the service's own, ``remedy`` what to do about it.

    ``missed`` are the exceptions that mean so: more than the usual ones where an answer is reckoned with.
    """

    service: str
    title: str
    remedy: str
    missed: tuple[type[Exception], ...] = NOT_AS_DOCUMENTED

    def garbled(self, error: Exception, operation: str) -> Garbled:
        """The error for an answer that could not be understood; ``error`` says what was missed."""
        return Garbled(self._cause(error), call=Call(self.service, operation), remedy=self.remedy)

    @contextmanager
    def reading(self, operation: str) -> Iterator[None]:
        """Around a question: an answer that cannot be understood raises Garbled."""
        try:
            yield
        except self.missed as error:
            raise self.garbled(error, operation) from error

    @contextmanager
    def changing(self, operation: str) -> Iterator[None]:
        """Around a call that changes something: it was answered, so it may have taken effect.

        An answer that cannot be understood raises OutcomeUnknown.
        """
        try:
            yield
        except self.missed as error:
            call = Call(self.service, operation)
            raise OutcomeUnknown(self._cause(error), call=call, remedy=self.remedy) from error

    def _cause(self, error: Exception) -> str:
        return f"{self.title}'s answer is not as documented ({type(error).__name__}: {error})"
