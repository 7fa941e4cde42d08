"""A stack, opened: its files read, its state at hand, its services ready to be asked."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from reconciler import config
from reconciler.clock import Clock, SystemClock
from reconciler.config.stack import Stack
from reconciler.operations.connections import Connections
from reconciler.operations.embedded import EmbeddedServices
from reconciler.provider.context import hosts_allowed
from reconciler.registry import Registry
from reconciler.state.ledger import Ledger
from reconciler.state.location import Realm, state_path
from reconciler.state.lock import lock
from reconciler.state.model import Run
from reconciler.state.sqlite import SqliteLedger
from reconciler.state.who import commit, pull_request, who_runs


@dataclass(frozen=True)
class Setting:
    """Which stack a command works on, and how.

    ``variables`` are those given on the command line; ``environ`` is the environment of the process.
    """

    directory: Path
    registry: Registry
    environment: str = "default"
    is_sandbox: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)
    allowed_hosts: tuple[str, ...] = ()
    """Hosts that credentials may go to, beside those of ``RECONCILER_ALLOWED_HOSTS``."""
    clock: Clock = field(default_factory=SystemClock)

    @property
    def realm(self) -> Realm:
        """``sandbox`` or ``real``; each has a state of its own."""
        return "sandbox" if self.is_sandbox else "real"


@dataclass(frozen=True)
class Workspace:
    """A stack that a command works on. Made by ``opened``; one thread uses it."""

    stack: Stack
    registry: Registry
    ledger: Ledger
    connections: Connections
    clock: Clock
    setting: Setting

    def run_now(self, command: str, *, configuration: str = "", why: str = "") -> Run:
        """A run that starts now, as the books will have it."""
        now = self.clock.now()
        return Run(
            id=f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}",  # sorts by time
            command=command,
            started=now,
            who=who_runs(self.setting.environ),
            from_serial=self.ledger.serial,
            commit=commit(self.setting.directory),
            pull_request=pull_request(self.setting.environ),
            configuration=configuration,
            why=why,
        )


def load(setting: Setting, *, asks_services: bool = True) -> Stack:
    """Read the stack's files; raises InvalidConfiguration.

    A command that asks no service needs no secrets: stand-ins take the place of those that are not set.
    """
    return config.load(
        setting.directory,
        environment=setting.environment,
        types=setting.registry,
        environ=setting.environ,
        variables=setting.variables,
        sandbox=setting.is_sandbox or not asks_services,
    )


@contextmanager
def opened(setting: Setting, *, command: str = "", asks_services: bool = True) -> Iterator[Workspace]:
    """The stack, ready to work on, until the end of the block.

    With ``command``, the state is locked for it and opened for writing; without, it is read as it is now,
    and not created. ``asks_services`` as for ``load``. Raises InvalidConfiguration and StateError.
    """
    stack = load(setting, asks_services=asks_services)
    path = state_path(setting.directory, stack.name, stack.environment, setting.realm)
    with ExitStack() as open_things:
        if command:
            open_things.enter_context(
                lock(path, who=who_runs(setting.environ), command=command, clock=setting.clock)
            )
        ledger = SqliteLedger.open(
            path,
            stack=stack.name,
            environment=stack.environment,
            realm=setting.realm,
            clock=setting.clock,
            read_only=not command,
        )
        open_things.callback(ledger.close)
        embedded = EmbeddedServices(setting.directory) if setting.is_sandbox else None
        if embedded is not None:
            open_things.callback(embedded.close)
        connections = Connections(
            stack.providers,
            setting.registry,
            clock=setting.clock,
            allowed_hosts=hosts_allowed(setting.allowed_hosts, setting.environ),
            embedded=embedded,
        )
        open_things.callback(connections.close)
        yield Workspace(stack, setting.registry, ledger, connections, setting.clock, setting)
