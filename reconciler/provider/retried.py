"""What is told of a call that is made again."""

from dataclasses import dataclass
from enum import StrEnum

from reconciler.errors import Call


class Kind(StrEnum):
    """A kind of failure that may pass."""

    CONNECT = "no connection"
    TIMEOUT = "no answer in time"
    RESET = "the connection broke"
    LIMIT = "rate limited"
    FAILED = "the service failed"


@dataclass(frozen=True, slots=True)
class Retried:
    """A call that is about to be made again: the ``attempt`` that failed (from 1), ``why``, and the wait.

    ``wait`` is in seconds.
    """

    call: Call
    attempt: int
    why: Kind
    wait: float
