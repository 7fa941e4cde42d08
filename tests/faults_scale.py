"""How much the tests of faults and of competition do: little by default, all with RECONCILER_FAULTS=all."""

import os

ALL = os.environ.get("RECONCILER_FAULTS", "") == "all"


def scaled(usual: int, whole: int) -> int:
    """How many times: ``usual`` in an ordinary run of the tests, ``whole`` when all is asked for."""
    return whole if ALL else usual
