"""The history of checks: what it tells, how it stays small, and that it never stands in the way."""

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reconciler.health import history as history_module
from reconciler.health import rows as rows_module
from reconciler.health.history import History
from reconciler.health.rows import Check, Figures, percentile
from reconciler.health.states import Observation, Standing, State

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "health.db")


def rows(path: Path) -> int:
    connection = sqlite3.connect(path)
    count: int = connection.execute("SELECT count(*) FROM checks").fetchone()[0]
    connection.close()
    return count


def test_since_when_stays_while_the_state_does(history: History) -> None:
    history.record(Check("a", START, Observation.WELL))
    assert history.record(Check("a", START + HOUR, Observation.WELL)) == Standing(State.READY, START)
    down = history.record(Check("a", START + 2 * HOUR, Observation.SILENT))
    assert down == Standing(State.DOWN, START + 2 * HOUR)


def test_providers_have_histories_of_their_own(history: History) -> None:
    history.record(Check("a", START, Observation.SILENT))
    assert history.record(Check("b", START + HOUR, Observation.WELL)).since == START + HOUR
    assert history.latest("c") is None


def test_a_state_that_nobody_has_looked_at_for_a_day_is_forgotten(history: History) -> None:
    history.record(Check("a", START, Observation.WELL))
    later = START + timedelta(days=1, seconds=1)
    assert history.record(Check("a", later, Observation.WELL)).since == later


def test_figures_are_percentiles_and_the_share_of_usable_answers(history: History) -> None:
    for number in range(1, 101):
        history.record(Check("a", START + number * HOUR / 60, Observation.WELL, number / 100))
    for seen in (Observation.SILENT, Observation.TOLD_TO_WAIT, Observation.REFUSED):
        history.record(Check("a", START + 2 * HOUR, seen))
    history.record(Check("a", START + 2 * HOUR, Observation.GARBLED))
    assert history.figures("a", START) == Figures(104, 0.5, 0.95, 0.99, 101 / 103)
    assert history.figures("a", START + 2 * HOUR).p50 is None
    assert history.figures("b", START) == Figures(0, None, None, None, None)


@pytest.mark.parametrize(("share", "value"), [(0.5, 2.0), (0.51, 3.0), (0.99, 4.0), (0.0, 1.0)])
def test_percentiles_are_values_that_were_measured(share: float, value: float) -> None:
    assert percentile([1.0, 2.0, 3.0, 4.0], share) == value


def test_it_is_bounded_in_age_and_in_number(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows_module, "KEPT", 3)
    for number in range(5):
        history.record(Check("a", START + number * HOUR, Observation.WELL))
    assert rows(tmp_path / "health.db") == 3
    history.record(Check("b", START + timedelta(days=31), Observation.WELL))
    assert rows(tmp_path / "health.db") == 1


def test_a_broken_file_begins_anew(history: History, tmp_path: Path) -> None:
    path = tmp_path / "health.db"
    path.write_bytes(b"no database at all, but long enough to be looked at" * 30)
    assert history.record(Check("a", START, Observation.WELL)) == Standing(State.READY, START)
    history.record(Check("a", START, Observation.WELL))
    assert rows(path) == 1


def test_a_place_that_cannot_be_written_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    history = History(tmp_path / "file" / "health.db")
    assert history.record(Check("a", START, Observation.SILENT)).state is State.DOWN
    assert history.latest("a") is None


def test_a_file_that_another_process_holds_is_no_obstacle(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    history.record(Check("a", START, Observation.WELL))
    monkeypatch.setattr(history_module, "_WAIT", 0.0)
    other = sqlite3.connect(tmp_path / "health.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert history.record(Check("a", START, Observation.SILENT)).state is State.DOWN
    other.execute("ROLLBACK")
    other.close()
    assert rows(tmp_path / "health.db") == 1


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from datetime import UTC, datetime\n"
        "from reconciler.health.history import History\n"
        "from reconciler.health.rows import Check\n"
        "from reconciler.health.states import Observation\n"
        "for _ in range(20):\n"
        "    check = Check('a', datetime(2026, 1, 1, tzinfo=UTC), Observation.WELL)\n"
        "    History(Path(sys.argv[1])).record(check)\n"
    )
    path = tmp_path / "health.db"
    processes = [subprocess.Popen([sys.executable, "-c", program, str(path)]) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert rows(path) == 60


def test_without_room_for_it_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / ".reconciler" / "health" / "a.db"
    History(path, makes_room=False).record(Check("a", START, Observation.WELL))
    assert not path.exists()
    (tmp_path / ".reconciler").mkdir()
    History(path, makes_room=False).record(Check("a", START, Observation.WELL))
    assert rows(path) == 1
