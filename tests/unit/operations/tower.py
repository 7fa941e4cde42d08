"""Watching a stack over the service in memory: time passes only between the rounds."""

import random
import threading
from collections.abc import Callable, Generator

from reconciler.health.watch_events import Event
from reconciler.operations.watching import Habits, Watch
from reconciler.operations.workspace import Setting
from reconciler.registry import Registry
from reconciler.testing import FakeClock, MemoryFactory
from tests.unit.operations.desk import Desk, Unwatched


class Hours(FakeClock):
    """A clock that calls somebody whenever nothing happens for a while."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], None] = lambda: None

    def sleep(self, seconds: float, until: Callable[[], bool] | None = None) -> None:
        """Let the time pass, and what happens in it."""
        super().sleep(seconds, until)
        if until is not None:
            self.meanwhile()


class Punctual(random.Random):
    """No jitter."""

    def uniform(self, a: float, b: float) -> float:
        """The middle."""
        return (a + b) / 2


class Tower:
    """Watches the stack of a desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.clock = Hours()
        desk.clock = self.clock
        self.stop = threading.Event()

    def watch(
        self,
        *meanwhile: Callable[[], object],
        heals: bool = True,
        health: float = 300.0,
        drift: float = 300.0,
    ) -> list[Event]:
        """What is told until the end of what happens ``meanwhile``, one thing between two rounds."""
        return list(self.watching(*meanwhile, heals=heals, health=health, drift=drift))

    def watching(
        self,
        *meanwhile: Callable[[], object],
        heals: bool = True,
        health: float = 300.0,
        drift: float = 300.0,
    ) -> Generator[Event]:
        left = iter(meanwhile)

        def next_thing() -> None:
            thing = next(left, None)
            if thing is None:
                self.stop.set()
            else:
                thing()

        self.stop.clear()
        self.clock.meanwhile = next_thing
        watch = Watch(
            self.setting,
            Habits(health, drift, heals),
            stop=self.stop,
            progress=Unwatched(),
            random=Punctual(),
        )
        yield from watch.events()

    @property
    def setting(self) -> Setting:
        registry = Registry({"memory": MemoryFactory(self.desk.service)})
        return Setting(self.desk.directory, registry, environ=self.desk.environ, clock=self.clock)
