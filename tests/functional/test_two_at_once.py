"""Two who write the same stack: one at a time, no update lost; who reads waits for nobody.

The competition of two applies takes 8 rounds in an ordinary run of the tests, and all 50 with
``RECONCILER_FAULTS=all`` in the environment.
"""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.faults_scale import scaled
from tests.functional.processes import Process, read_until
from tests.functional.small import ALL, Small

ROUNDS = scaled(8, 50)


@contextmanager
def held(small: Small, *arguments: str, moment: str = "slack_channel.a: creating") -> Iterator[Process]:
    """An apply that stands still in the middle of a call, and goes on to its end after the block."""
    small.slow_down(50)
    process = small.start("apply", "--auto-approve", *arguments)
    read_until(process.stdout, moment)
    process.send_signal(signal.SIGSTOP)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGCONT)
        process.communicate()


def test_the_loser_says_who_writes_since_when_and_ends_at_once_with_5(small: Small) -> None:
    with held(small) as holder:
        for command in ("apply", "destroy", "rollback"):
            lost = small.command(command, "--auto-approve")
            assert lost.code == 5
            assert re.search(
                rf"\S+@\S+ runs `reconciler apply` \(process {holder.pid}\)\s+since "
                r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC",
                lost.err,
            ), lost.err
            assert "wait until that run ends" in lost.err
        document = small.command("apply", "--auto-approve", "--json").document
        assert document["error"] == {"kind": "StateLocked", "exit_code": 5}
    assert holder.returncode == 0
    assert small.recorded() == ALL


def test_readers_go_on_while_somebody_writes_and_calls_are_slow(small: Small) -> None:
    small.command("apply", "--auto-approve", "--var", "topic=before")
    with held(small, "--var", "topic=after", moment="slack_channel.c: updating") as holder:
        assert small.command("plan").code == 0
        assert small.command("plan", "--destroy").code == 0
        assert small.command("drift").code == 0
        assert small.command("state", "list").code == 0
        assert small.command("snapshot", "list").code == 0
        assert small.command("snapshot", "diff").code == 0
        assert small.command("output", "topic").out == "before\n"
        assert small.command("health").code == 0
        assert holder.poll() is None
        assert small.command("apply", "--auto-approve").code == 5
    assert holder.returncode == 0
    assert small.command("output", "topic").out == "after\n"


def test_a_killed_writer_keeps_nobody_out(small_alone: Small) -> None:
    small = small_alone
    with held(small) as holder:
        assert small.command("apply", "--auto-approve").code == 5
        holder.kill()
        holder.wait()
        assert small.command("state", "list").code == 0
        assert small.command("apply", "--auto-approve").code != 5


def test_two_who_apply_at_once_lose_no_update(small: Small) -> None:
    """Each round two processes apply different content at the same time.

    Either one of them wins and the other ends with 5, or one comes after the other. Then state, books and
    service tell the same: the content of the last one that ran.
    """
    codes: list[int] = []
    for number in range(ROUNDS):
        codes += [check_round(small, f"{number}-one", f"{number}-two")]
    runs, snapshots = books(small)
    assert [found["serial"] for found in snapshots] == list(range(1, len(snapshots) + 1))
    assert len(runs) == sum(codes)
    assert [run["from_serial"] for run in runs] == [0, *(run["to_serial"] for run in runs[:-1])]
    assert runs[-1]["to_serial"] == len(snapshots)


def check_round(small: Small, *topics: str) -> int:
    """Let two compete; gives how many of them ran."""
    before, _ = books(small)
    ends = {topic: (*process.communicate(), process.returncode) for topic, process in both(small, topics)}
    codes = {topic: code for topic, (_, _, code) in ends.items()}
    assert sorted(codes.values()) in ([0, 0], [0, 5]), ends
    for _, err, code in ends.values():
        assert (code == 5) == ("the state is locked" in err), err
        assert (code == 5) == bool(re.search(r"\(process \d+\)\s+since", err)), err
    after, _ = books(small)
    ran = [run["why"] for run in after[len(before) :]]
    assert sorted(ran) == sorted(topic for topic, code in codes.items() if code == 0)
    last = ran[-1]
    assert small.recorded() == ALL
    assert small.made() == ["a", "b", "c"]
    assert small.topic_of("c") == last
    assert small.command("output", "topic").out == f"{last}\n"
    assert small.command("plan", "--detailed-exitcode", "--var", f"topic={last}").code == 0
    return len(ran)


def both(small: Small, topics: tuple[str, ...]) -> list[tuple[str, Process]]:
    return [
        (topic, small.start("apply", "--auto-approve", "--var", f"topic={topic}", "--why", topic))
        for topic in topics
    ]


def books(small: Small) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    document = small.command("snapshot", "list", "--json").document
    return document["runs"], document["snapshots"]
