"""Answers that are not as Notion documents them become errors that say so, never a traceback."""

from collections.abc import Iterator
from contextlib import contextmanager

from reconciler.errors import Call, Garbled, OutcomeUnknown

NOT_AS_DOCUMENTED = (KeyError, IndexError, TypeError, AttributeError, ValueError)
"""What Python raises when an answer lacks what it should hold, or holds something else."""

_HELP = "check that `base_url` leads to Notion itself, and that no proxy answers in its place"


def garbled(error: Exception, operation: str) -> Garbled:
    """The error for an answer that could not be understood; ``error`` says what was missed."""
    return Garbled(_cause(error), call=Call("notion", operation), remedy=_HELP)


@contextmanager
def understanding(operation: str) -> Iterator[None]:
    """Around a call that changes something: it was answered, so it may have taken effect."""
    try:
        yield
    except NOT_AS_DOCUMENTED as error:
        raise OutcomeUnknown(_cause(error), call=Call("notion", operation), remedy=_HELP) from error


def _cause(error: Exception) -> str:
    return f"Notion's answer is not as documented ({type(error).__name__}: {error})"
