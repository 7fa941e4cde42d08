"""Many names in a sentence."""

from collections.abc import Sequence

MOST = 20
"""Names that are written out; of more there is a count."""


def listed(names: Sequence[str]) -> str:
    """``a, b, c``; of more than twenty, ``a, …, t and 5 more``."""
    shown = ", ".join(names[:MOST])
    return f"{shown} and {len(names) - MOST:,} more" if len(names) > MOST else shown
