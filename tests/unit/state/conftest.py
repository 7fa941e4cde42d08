from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from reconciler.address import Address
from reconciler.state.model import Run, StateObject
from reconciler.state.sqlite import SqliteLedger


@dataclass
class Clock:
    """Moves a second on each time that it is asked."""

    time: datetime = field(default_factory=lambda: datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC))

    def now(self) -> datetime:
        self.time += timedelta(seconds=1)
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    def sleep(self, seconds: float, until: Callable[[], bool] | None = None) -> None:
        raise AssertionError("nothing here waits")


@dataclass
class Files:
    """Makes addresses, objects, runs and ledgers with few words."""

    path: Path
    clock: Clock = field(default_factory=Clock)
    opened: list[SqliteLedger] = field(default_factory=list)

    def open(
        self,
        *,
        stack: str = "testx",
        environment: str = "dev",
        realm: Literal["real", "sandbox"] = "real",
        read_only: bool = False,
    ) -> SqliteLedger:
        ledger = SqliteLedger.open(
            self.path,
            stack=stack,
            environment=environment,
            realm=realm,
            clock=self.clock,
            read_only=read_only,
        )
        self.opened.append(ledger)
        return ledger

    def run(self, name: str = "run-1", from_serial: int = 0) -> Run:
        return Run(name, "apply", self.clock.now(), "ada@host", from_serial)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def files(tmp_path: Path, clock: Clock) -> Iterator[Files]:
    files = Files(tmp_path / ".reconciler" / "state" / "testx.dev.db", clock)
    yield files
    for ledger in files.opened:
        ledger.close()


@pytest.fixture
def known() -> Callable[..., StateObject]:
    def make(text: str, *depends_on: str, id_: str = "", **attributes: object) -> StateObject:
        address = Address.parse(text)
        targets = tuple(Address.parse(target) for target in depends_on)
        return StateObject(address, "github", id_ or f"id of {text}", attributes, depends_on=targets)

    return make
