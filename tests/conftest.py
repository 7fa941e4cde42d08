"""What all tests share."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.faults_report import pytest_terminal_summary, pytest_unconfigure

__all__ = ["golden", "pytest_addoption", "pytest_terminal_summary", "pytest_unconfigure"]

GOLDEN = Path(__file__).parent / "golden"

settings.register_profile(
    "seeded", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("seeded")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the files in tests/golden")


def pytest_configure() -> None:
    """Hear signals, also behind ``nohup`` and in a shell's background, where they are ignored."""
    for heard, means in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(heard) is signal.SIG_IGN:
            signal.signal(heard, means)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with a file below tests/golden: ``golden("views/plan.txt", text)``."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / name
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        assert file.exists(), f"{file} is missing: run pytest with --update-golden, and read what it wrote"
        assert text == file.read_text(encoding="utf-8")

    return compare
