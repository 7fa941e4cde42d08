"""What a run needs, one thing at a time, as ``doctor`` finds it."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What a check comes to."""

    FINE = "fine"
    WARNING = "warning"
    """Something to know of; a run goes on all the same."""
    WRONG = "wrong"
    NOT_CHECKED = "not checked"
    """It takes what is wrong above."""


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """One thing that must be so: of the stack, its state or a provider, and how to mend it."""

    subject: str
    check: str
    verdict: Verdict
    found: str
    remedy: str = ""
    code: str = ""
    """What ``explain`` explains; empty for what is fine."""
