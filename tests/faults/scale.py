"""How much is tried: a little with every run of the tests, everything with ``RECONCILER_FAULTS=all``."""

import os

IS_FULL = os.environ.get("RECONCILER_FAULTS") == "all"
"""Whether every step is killed at every boundary, and not only one of each kind."""

RANDOM_KILLS = 200 if IS_FULL else 40
LOST_ANSWERS = 100 if IS_FULL else 8
