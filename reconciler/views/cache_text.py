"""How old what the cache has told is, in words and as JSON."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.address import Address
from reconciler.errors import ProviderError
from reconciler.provider.objects import Earlier
from reconciler.views.line import BLANK, Line, line, wrapped
from reconciler.views.plan_summary import duration, number
from reconciler.views.terraform_values import timestamp

_ONE_DAY = 86_400


def age_text(seconds: float) -> str:
    """``2 h 10 min old``, ``3 days old``."""
    days = int(seconds // _ONE_DAY)
    return f"{days} days old" if days > 1 else f"{duration(seconds)} old"


def rests_on_text(earlier: Earlier) -> str:
    """What marks a change that rests on the cache."""
    read_at = f"{earlier.read_at:%Y-%m-%d %H:%M} UTC"
    return f"rests on the cache: {age_text(earlier.age)}, read at {read_at}"


def earlier_document(earlier: Earlier | None) -> dict[str, Any] | None:
    """The same as JSON; ``age`` in seconds."""
    return None if earlier is None else {"read_at": timestamp(earlier.read_at), "age": round(earlier.age, 3)}


def cached_document(cached: Mapping[Address, Earlier]) -> list[dict[str, Any]]:
    """Each object and data entry that the cache has told."""
    return [
        {"address": str(address), "read_at": timestamp(earlier.read_at), "age": round(earlier.age, 3)}
        for address, earlier in sorted(cached.items(), key=lambda item: str(item[0]))
    ]


def cached_lines(
    cached: Mapping[Address, Earlier], fell_back: Mapping[str, ProviderError], width: int
) -> Iterator[Line]:
    """How much of what is shown the cache has told, how old it is, and why it was asked."""
    if not cached and not fell_back:
        return
    if cached:
        oldest = max(earlier.age for earlier in cached.values())
        told = f"{number(len(cached), 'object')} told by the cache, up to {age_text(oldest)}"
    else:
        told = "The cache was asked, and has nothing to tell that is young enough"
    yield line(f"{told}. Nothing is deleted or replaced on the strength of that.", "warning")
    for key, error in sorted(fell_back.items()):
        yield from (line(row, "quiet") for row in wrapped(f"{key}: {error}", width, first="  "))
    yield BLANK
