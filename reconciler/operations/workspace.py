"""A stack, opened: its files read, its state at hand, its services ready to be asked."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from reconciler import config
from reconciler.cache.store import Store
from reconciler.clock import Clock, SystemClock
from reconciler.config.stack import Stack
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused
from reconciler.operations.caching import Caching, cache_path, check_offline
from reconciler.operations.connections import Connections
from reconciler.operations.embedded import EmbeddedServices
from reconciler.provider.breaker import Breaker
from reconciler.provider.context import hosts_allowed
from reconciler.registry import Registry
from reconciler.state.ledger import Ledger
from reconciler.state.location import Realm, state_path
from reconciler.state.sqlite import SqliteLedger


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
    is_offline: bool = False
    """Whether no service may be called."""

    @property
    def realm(self) -> Realm:
        """``sandbox`` or ``real``; each has a state of its own."""
        return "sandbox" if self.is_sandbox else "real"


@dataclass(frozen=True)
class Workspace:
    """A stack that a command works on. Made by ``opened`` or ``opened_for``; one thread uses it."""

    stack: Stack
    registry: Registry
    ledger: Ledger
    connections: Connections
    clock: Clock
    setting: Setting


def load(setting: Setting, *, asks_services: bool = True) -> Stack:
    """Read the stack's files; raises InvalidConfiguration.

    A command that asks no service needs no secrets: stand-ins take the place of those that are not set.
    """
    asks_services = asks_services and not setting.is_offline
    return config.load(
        setting.directory,
        environment=setting.environment,
        types=setting.registry,
        environ=setting.environ,
        variables=setting.variables,
        sandbox=setting.is_sandbox or not asks_services,
    )


@contextmanager
def opened(setting: Setting, *, asks_services: bool = True) -> Iterator[Workspace]:
    """The stack, ready to be looked at, until the end of the block.

    The state is read as it is now, and not created. ``asks_services`` as for ``load``. Raises
    InvalidConfiguration and StateError.
    """
    with at_work(setting, load(setting, asks_services=asks_services), read_only=True) as workspace:
        yield workspace


@contextmanager
def at_work(
    setting: Setting, stack: Stack, *, read_only: bool, breakers: dict[str, Breaker] | None = None
) -> Iterator[Workspace]:
    """State and services of a stack that has been read. Who writes holds the lock.

    ``breakers`` are the circuits to the services that are known already; new ones are put there too.
    """
    check_offline(setting.environ, is_offline=setting.is_offline)
    with ExitStack() as open_things:
        ledger = SqliteLedger.open(
            path_of(setting, stack),
            stack=stack.name,
            environment=stack.environment,
            realm=setting.realm,
            clock=setting.clock,
            read_only=read_only,
        )
        open_things.callback(ledger.close)
        ledger.sealer.learn(stack.secrets())
        embedded = EmbeddedServices(setting.directory) if setting.is_sandbox else None
        if embedded is not None:
            open_things.callback(embedded.close)
        caching = Caching(
            Store(cache_path(path_of(setting, stack))),
            setting.registry,
            ledger.sealer,
            setting.clock,
            stack.providers,
            ledger.accounts(),
            setting.environ,
            setting.is_offline,
        )
        connections = Connections(
            stack.providers,
            setting.registry,
            clock=setting.clock,
            allowed_hosts=hosts_allowed(setting.allowed_hosts, setting.environ),
            embedded=embedded,
            sealer=ledger.sealer,
            environ=setting.environ,
            caching=caching,
            breakers=breakers,
        )
        open_things.callback(connections.close)
        yield Workspace(stack, setting.registry, ledger, connections, setting.clock, setting)


def check_may_write(command: str, setting: Setting) -> None:
    """Raises Refused for a command that writes, in the services or here, with ``--offline``."""
    if setting.is_offline:
        raise Refused(
            [
                Diagnostic(
                    f"{command} writes, and with --offline nothing is: how the services are is not known",
                    "leave --offline out; `reconciler --offline plan` shows what would change",
                )
            ]
        )


def path_of(setting: Setting, stack: Stack) -> Path:
    """Where the stack's state is."""
    return state_path(setting.directory, stack.name, stack.environment, setting.realm)
