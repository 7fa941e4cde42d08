"""Asking several at the same time."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Thing = TypeVar("Thing")
Result = TypeVar("Result")


def side_by_side(work: Callable[[Thing], Result], things: Iterable[Thing]) -> list[Result]:
    """What ``work`` makes of each thing, in their order, each in a thread of its own.

    Raises what ``work`` raises, the first in order, once all that run have ended. Who is interrupted (Ctrl-C)
    waits for none of them: this thread makes no call itself, and those that still run are left to themselves.
    So it is for what changes nothing.
    """
    each = list(things)
    if not each:
        return []
    pool = ThreadPoolExecutor(max_workers=len(each), thread_name_prefix="ask")
    waits = True
    try:
        return list(pool.map(work, each))
    except KeyboardInterrupt:
        waits = False
        raise
    finally:
        pool.shutdown(wait=waits, cancel_futures=not waits)
