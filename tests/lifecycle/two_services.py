"""A stack over two services in memory, each of which can be down, opened as commands open it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reconciler.errors import ProviderError, Unreachable
from reconciler.health.report import DriftReport
from reconciler.operations import applying, planning
from reconciler.operations.applying import Applied
from reconciler.operations.drift import find_drift
from reconciler.operations.planning import Prospect
from reconciler.operations.workspace import Setting, Workspace, opened
from reconciler.operations.writing import opened_for
from reconciler.plan.desired import Desired
from reconciler.provider.objects import Account
from reconciler.provider.protocol import ProviderContext
from reconciler.registry import Registry
from reconciler.testing import FakeClock, MemoryFactory, MemoryProvider, MemoryService
from tests.unit.operations.desk import order

OPERATIONS = ("account", "health", "read", "find", "list", "create", "update", "delete", "write_many")
SECOND = "second-token"


class _Both(MemoryFactory):
    """Leads to the second service where its token is given."""

    def __init__(self, first: MemoryService, second: MemoryService) -> None:
        super().__init__(first)
        self._second = second

    def __call__(self, settings: Mapping[str, Any], context: ProviderContext) -> MemoryProvider:
        chosen = self._second if settings.get("token") == SECOND else self.service
        return MemoryProvider(chosen, settings, context)


class TwoServices:
    """``memory`` and ``memory.second``; ``fallback`` is what the YAML says of the first."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = FakeClock()
        self.first, self.second = MemoryService(seed=1), MemoryService(seed=2)
        self.second.token, self.second.account = SECOND, Account("memory-2", "Second Street")
        self.environ: dict[str, str] = {}
        self.settings = "fallback: cached"
        self.after = ""

    def write(self, resources: str) -> None:
        providers = f"memory: {{{self.settings}}}\n  memory.second: {{token: {SECOND}{self.after}}}"
        text = f"stack: lab\nproviders:\n  {providers}\n{resources}"
        (self.directory / "reconciler.yaml").write_text(text, encoding="utf-8")

    def setting(self, *, is_offline: bool = False) -> Setting:
        registry = Registry({"memory": _Both(self.first, self.second)})
        return Setting(
            self.directory, registry, environ=self.environ, clock=self.clock, is_offline=is_offline
        )

    @contextmanager
    def work(self, *, is_offline: bool = False) -> Iterator[Workspace]:
        with opened(self.setting(is_offline=is_offline)) as workspace:
            yield workspace

    def plan(self, resources: str = "", *, is_offline: bool = False) -> Prospect:
        """As ``plan`` shows it."""
        if resources:
            self.write(resources)
        with self.work(is_offline=is_offline) as workspace:
            return planning.make(workspace, Desired.of(workspace.stack), to_be_shown=True)

    def apply(self, resources: str = "") -> Applied:
        if resources:
            self.write(resources)
        with opened_for("apply", self.setting()) as workspace:
            prospect = planning.make(workspace, Desired.of(workspace.stack))
            return applying.carry_out(workspace, prospect, order())

    def drift(self, *, is_offline: bool = False) -> DriftReport:
        with self.work(is_offline=is_offline) as workspace:
            return find_drift(workspace)

    def later(self, hours: float) -> None:
        self.clock.advance(hours * 3600)


def fails(service: MemoryService, error: type[ProviderError] = Unreachable) -> None:
    """It is down from now on, until it is healed."""
    for operation in OPERATIONS:
        service.fail(operation, error, times=None)
