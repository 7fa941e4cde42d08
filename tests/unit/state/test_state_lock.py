import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import StateError, StateLocked
from reconciler.state.lock import lock, lock_path
from reconciler.testing import FakeClock

HOLD = """
import sys
from pathlib import Path
from reconciler.clock import SystemClock
from reconciler.state.lock import lock
with lock(Path(sys.argv[1]), who="grace@host", command="apply", clock=SystemClock()):
    print("held", flush=True)
    sys.stdin.read()
print("let go", flush=True)
"""
TAKE = """
import sys
from pathlib import Path
from reconciler.clock import SystemClock
from reconciler.errors import StateLocked
from reconciler.state.lock import lock
sys.stdin.readline()
try:
    with lock(Path(sys.argv[1]), who="x", command="apply", clock=SystemClock()):
        print("won", flush=True)
        sys.stdin.readline()
except StateLocked:
    print("lost", flush=True)
"""


@contextmanager
def started(script: str, state: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(state)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def test_the_loser_is_told_who_holds_the_lock_since_when_and_for_what(tmp_path: Path, clock: Any) -> None:
    state = tmp_path / "testx.dev.db"
    with (
        lock(state, who="ada@host", command="apply --auto-approve", clock=clock) as holder,
        pytest.raises(StateLocked) as raised,
        lock(state, who="grace@host", command="destroy", clock=clock),
    ):
        pass
    assert raised.value.holder == str(holder)
    assert raised.value.holder == (
        f"ada@host runs `reconciler apply --auto-approve` (process {os.getpid()}) "
        "since 2026-01-02 03:04:06 UTC"
    )
    assert raised.value.remedy


def test_the_lock_can_be_taken_again_once_it_is_let_go(tmp_path: Path, clock: Any) -> None:
    for who in ("ada", "grace"):
        with lock(tmp_path / "s.db", who=who, command="apply", clock=clock) as holder:
            assert holder.who == who
    assert lock_path(tmp_path / "s.db").read_bytes() == b""


def test_a_lock_is_let_go_when_what_it_guards_fails(tmp_path: Path, clock: Any) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        lock(tmp_path / "s.db", who="ada", command="apply", clock=clock),
    ):
        raise KeyboardInterrupt
    with lock(tmp_path / "s.db", who="grace", command="apply", clock=clock) as holder:
        assert holder.who == "grace"


def test_another_process_is_kept_out_until_the_holder_ends(tmp_path: Path, clock: Any) -> None:
    with started(HOLD, tmp_path / "s.db") as other:
        assert said(other) == "held"
        with (
            pytest.raises(StateLocked, match=rf"grace@host runs .*process {other.pid}\)"),
            lock(tmp_path / "s.db", who="ada", command="apply", clock=clock),
        ):
            pass
        assert other.stdin is not None
        other.stdin.close()
        assert said(other) == "let go"
        other.stdin = None
        with lock(tmp_path / "s.db", who="ada", command="apply", clock=clock) as holder:
            assert holder.process == os.getpid()


def test_a_lock_dies_with_a_holder_that_is_killed(tmp_path: Path, clock: Any) -> None:
    with started(HOLD, tmp_path / "s.db") as other:
        assert said(other) == "held"
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        with lock(tmp_path / "s.db", who="ada", command="apply", clock=clock) as holder:
            assert holder.who == "ada"


def test_of_two_processes_that_compete_one_wins(tmp_path: Path) -> None:
    with started(TAKE, tmp_path / "s.db") as one, started(TAKE, tmp_path / "s.db") as two:
        tell(one)
        tell(two)
        assert sorted([said(one), said(two)]) == ["lost", "won"]


def test_readers_take_no_lock(files: Any, clock: Any) -> None:
    with lock(files.path, who="ada", command="apply", clock=clock):
        files.open().begin(files.run())
        assert len(files.open(read_only=True).runs()) == 1


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"who": "ada"}', b"\xff\xfe"])
def test_a_holder_that_has_not_said_who_it_is_keeps_others_out_all_the_same(
    tmp_path: Path, content: bytes
) -> None:
    clock = FakeClock()
    with lock(tmp_path / "s.db", who="ada", command="apply", clock=clock):
        lock_path(tmp_path / "s.db").write_bytes(content)
        with (
            pytest.raises(StateLocked, match="has not said"),
            lock(tmp_path / "s.db", who="grace", command="apply", clock=clock),
        ):
            pass


def test_a_holder_of_this_very_moment_is_given_the_time_to_say_who_it_is(tmp_path: Path) -> None:
    class Meanwhile(FakeClock):
        """While somebody waits on it, the holder gets round to writing."""

        def sleep(self, seconds: float, until: Callable[[], bool] | None = None) -> None:
            super().sleep(seconds)
            lock_path(state).write_bytes(written)

    state, clock = tmp_path / "s.db", Meanwhile()
    with lock(state, who="ada@host", command="apply", clock=clock) as holder:
        written = lock_path(state).read_bytes()
        lock_path(state).write_bytes(b"")
        with (
            pytest.raises(StateLocked) as raised,
            lock(state, who="grace@host", command="apply", clock=clock),
        ):
            pass
    assert raised.value.holder == str(holder)
    assert sum(clock.slept) < 1


def test_the_lock_file_is_for_its_owner_alone_and_its_directory_is_made(tmp_path: Path, clock: Any) -> None:
    state = tmp_path / ".reconciler" / "state" / "s.db"
    with lock(state, who="ada", command="apply", clock=clock):
        assert stat.S_IMODE(lock_path(state).stat().st_mode) == 0o600
    assert (tmp_path / ".reconciler" / ".gitignore").read_text() == "*\n"


def test_where_no_lock_file_can_be_the_error_says_so(tmp_path: Path, clock: Any) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(StateError, match="cannot be used") as raised,
        lock(tmp_path / "file" / "s.db", who="ada", command="apply", clock=clock),
    ):
        pass
    assert not isinstance(raised.value, StateLocked)
