"""What the trials of faults came to, summed over all tests and told as the last line of a run."""

import pytest

from tests.faults_scale import ALL, scaled

COUNTS = ("kills", "orphans", "duplicates", "lost")
FAILED = "failed trials"
_PART = (
    f"tests/faults: each boundary of each action and {scaled(40, 200)} random kills; "
    "`make faults` kills at every step"
)
_SUMS = pytest.StashKey[dict[str, int]]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Sum up what the tests have recorded, and say which part of them it was."""
    sums = dict.fromkeys((*COUNTS, FAILED), 0)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "teardown":
                for name, number in report.user_properties:
                    if name in sums:
                        sums[name] += number
    config.stash[_SUMS] = sums
    if sums["kills"] and not ALL:
        terminalreporter.write_line(_PART)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Print the sums, after everything else."""
    sums = config.stash.get(_SUMS, {})
    if sums.get("kills"):
        told = (name for name in sums if name in COUNTS or sums[name])
        print(", ".join(f"{name} {sums[name]}" for name in told))
