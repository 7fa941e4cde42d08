"""The order among providers: what the stack says, and the usual sequence where it says nothing."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import pairwise

from reconciler.config.stack import ProviderConfiguration

USUAL = ("slack", "notion", "github")
"""Where people are told first, then where results are kept, then where work is done."""


def in_usual_sequence(
    configured: Mapping[str, ProviderConfiguration], said: Collection[str]
) -> dict[str, ProviderConfiguration]:
    """The configurations, each of the usual ones waiting for the one before it.

    ``said`` are the keys of those that declare ``depends_on``: they are left as they are. Where the stack
    has turned the sequence round, the usual order gives way: it never makes a circle.
    """
    result = dict(configured)
    present = [name for name in USUAL if name in configured]
    for earlier, later in pairwise(present):
        if later not in said and not _waits_for(result, earlier, later):
            result[later] = replace(result[later], depends_on=(earlier,))
    return result


def _waits_for(configured: Mapping[str, ProviderConfiguration], key: str, target: str) -> bool:
    """Whether ``key`` waits for ``target``, directly or through others."""
    seen: set[str] = set()
    left = [key]
    while left:
        name = left.pop()
        if name == target:
            return True
        if name not in seen and name in configured:
            seen.add(name)
            left.extend(configured[name].depends_on)
    return False
