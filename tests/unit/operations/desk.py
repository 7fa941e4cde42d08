"""A stack over the service in memory, opened as a command opens it, with a clock that stands still."""

import threading
from contextlib import AbstractContextManager
from pathlib import Path
from textwrap import dedent

from reconciler.apply.outcome import Progress
from reconciler.errors import ReconcilerError
from reconciler.operations import applying, planning
from reconciler.operations.applying import Applied, Order
from reconciler.operations.workspace import Setting, Workspace
from reconciler.operations.writing import opened_for
from reconciler.plan.change import Change
from reconciler.plan.desired import Desired
from reconciler.registry import Registry
from reconciler.testing import FakeClock, MemoryFactory, MemoryService


class Unwatched:
    """A Progress that nobody looks at."""

    def started(self, change: Change) -> None:
        pass

    def finished(self, change: Change, seconds: float) -> None:
        pass

    def failed(self, change: Change, error: ReconcilerError) -> None:
        pass

    def stopping(self, running: int) -> None:
        pass


def order(command: str = "apply", configuration: str = "", progress: Progress | None = None) -> Order:
    return Order(command, progress or Unwatched(), threading.Event(), configuration=configuration)


class Desk:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = FakeClock()
        self.service = MemoryService()
        self.environ: dict[str, str] = {}

    def open(self, resources: str = "", *, command: str = "apply") -> AbstractContextManager[Workspace]:
        """The stack; ``resources`` is everything after its name, if the file is to be written anew."""
        if resources:
            text = "stack: lab\n" + dedent(resources)
            (self.directory / "reconciler.yaml").write_text(text, encoding="utf-8")
        registry = Registry({"memory": MemoryFactory(self.service)})
        setting = Setting(self.directory, registry, environ=self.environ, clock=self.clock)
        return opened_for(command, setting)

    def apply(self, resources: str = "") -> Applied:
        """Plan and carry out, with the stack's configuration in the books."""
        with self.open(resources) as workspace:
            prospect = planning.make(workspace, Desired.of(workspace.stack))
            return applying.carry_out(workspace, prospect, order(configuration=workspace.stack.digest()))
