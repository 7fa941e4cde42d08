"""Where in a seed file something is wrong."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from reconciler.sandbox.emulator import SeedError

Refusal = TypeVar("Refusal", bound=Exception)


@contextmanager
def place(path: str, refusal: type[Refusal], words: Callable[[Refusal], str]) -> Iterator[None]:
    """Around the planting of what stands at ``path``, such as ``slack.users[2]``; raises SeedError.

    ``refusal`` is what the emulator raises for what its service would not take, ``words`` what to say of it.
    What a seed lacks, or has of another shape, is told as well.
    """
    try:
        yield
    except refusal as refused:
        raise SeedError(path, words(refused), "change the value") from refused
    except KeyError as missing:
        raise SeedError(path, f"{missing} is missing", "add it") from missing
    except (LookupError, ValueError, TypeError, AttributeError) as problem:
        raise SeedError(path, str(problem), "change the value") from problem
