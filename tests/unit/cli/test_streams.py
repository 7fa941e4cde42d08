"""Output that can go nowhere: what is dropped, and what is told."""

import errno
import os
import pty
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.cli.streams import Pipe


@pytest.fixture
def full() -> Iterator[int]:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no device that is always full")
    descriptor = os.open("/dev/full", os.O_WRONLY)
    yield descriptor
    os.close(descriptor)


def test_what_nobody_reads_any_more_is_dropped_and_not_missed() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    pipe = Pipe(writer)
    assert pipe.write(b"hello") == 5
    assert pipe.lost is None
    os.close(writer)


def test_what_goes_to_a_terminal_that_is_gone_is_dropped_and_not_missed() -> None:
    keyboard, terminal = pty.openpty()
    pipe = Pipe(terminal)
    os.close(keyboard)
    with pytest.raises(OSError, match="nput/output") as raised:
        os.write(terminal, b"hello")
    assert raised.value.errno == errno.EIO
    assert pipe.write(b"hello") == 5
    assert pipe.lost is None
    os.close(terminal)


def test_what_a_full_disk_does_not_take_is_dropped_and_remembered(full: int) -> None:
    pipe = Pipe(full)
    assert pipe.write(b"hello") == 5
    assert pipe.lost is not None
    assert pipe.lost.errno == errno.ENOSPC
