"""Where outages are tried: the example against services on a socket, from points that are kept."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

from reconciler.sandbox.host import Host
from reconciler.sandbox.outages import Mode, Seen, outage
from reconciler.sandbox.serving import running
from reconciler.state.location import ROOM
from tests.faults import stacks
from tests.faults.nursery import Ended, Nursery
from tests.faults.services import Services
from tests.faults.situation import Situation, situation
from tests.faults.stacks import Document

ATTEMPTS = 3
_RETRY = {"attempts": ATTEMPTS, "base_delay": 0.01, "max_delay": 0.02}
_PATIENCE_S = 0.3
"""How long an answer is waited for, of services that are slow; of others, as long as ever."""

_LIMIT_LASTS_S = 2.0
"""How long a limit lasts, which is waited out; other outages last until they are ended."""


class Streaming(Services):
    """The services, each answer passed on piece by piece, so that it can end in the middle."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return Host.__call__(self, environ, start_response)


@dataclass(frozen=True)
class Run:
    """A command that ended, with the calls that it made of each service."""

    ended: Ended
    calls: Mapping[str, int]
    seen: Seen | None = None


class OutageGround:
    """One stack in two versions, ``made`` and then ``changed``, against one set of services."""

    def __init__(self, room: Path, services: Services, nursery: Nursery) -> None:
        self.services = services
        self._room, self._nursery = room, nursery
        self._directory = room / "stack"
        self._directory.mkdir()
        connections = services.connections(services.origin)
        self.environ = stacks.environ_of(connections)
        made = _patient(stacks.thirty(connections))
        self._versions: dict[str, Document] = {"made": made, "changed": stacks.edited(made, stacks.MIXED)}
        self._situations: dict[str, Situation] = {}
        self._calls: dict[tuple[str, tuple[str, ...]], Mapping[str, int]] = {}
        self._keep_points()

    @property
    def secrets(self) -> list[str]:
        """What must be shown nowhere."""
        names = ("TOKEN", "KEY")
        return [value for name, value in self.environ.items() if name.endswith(names)]

    def expected(self, version: str) -> Situation:
        """What there is where nothing has gone wrong."""
        return self._situations[version]

    def go_to(self, point: str, declared: str) -> None:
        """Bring services and state to a point, and declare a version."""
        self.services.bring_back(self._room / point / "world.db")
        shutil.rmtree(self._directory / ROOM)
        shutil.copytree(self._room / point / ROOM, self._directory / ROOM)
        self.declare(declared)

    def declare(self, version: str, *, hasty: str | None = None) -> None:
        """Write a version of the stack; ``hasty`` is a service that is not waited for."""
        document = self._versions[version]
        if hasty is not None:
            settings = {**document["providers"][hasty], "timeout": _PATIENCE_S}
            document = {**document, "providers": {**document["providers"], hasty: settings}}
        stacks.write(document, self._directory)

    def run(self, *arguments: str) -> Run:
        """One command on the stack."""
        before = self._counted()
        ended = self._nursery.run(["-C", str(self._directory), *arguments], self.environ)
        return Run(ended, {service: number - before[service] for service, number in self._counted().items()})

    def run_in(self, service: str, mode: Mode, rate: float, seed: int, *arguments: str) -> Run:
        """One command, while a service falters."""
        outages = self.services.outages
        lasts = _LIMIT_LASTS_S if mode in ("rate-limited", "secondary-limit") else None
        outages.set([outage(service, mode, begins=outages.now(), lasts=lasts, rate=rate, seed=seed)])
        run = self.run(*arguments)
        (seen,) = outages.all()
        outages.end()
        return Run(run.ended, run.calls, seen)

    def usual_calls(self, point: str, declared: str, *arguments: str) -> Mapping[str, int]:
        """How many calls of each service a command makes where nothing goes wrong; it is carried out once."""
        key = (f"{point} {declared}", arguments)
        if key not in self._calls:
            self.go_to(point, declared)
            self._calls[key] = self._succeed(*arguments).calls
        return self._calls[key]

    def situation(self) -> Situation:
        """What there is just now."""
        return situation(self.services, self._directory)

    def _counted(self) -> dict[str, int]:
        requests = self.services.requests()
        return {service: sum(requests.get(service, {}).values()) for service in self.services.emulators}

    def _keep_points(self) -> None:
        for version in self._versions:
            self.declare(version)
            self._succeed("apply", "--auto-approve")
            self._situations[version] = self.situation()
            point = self._room / version
            point.mkdir()
            self.services.keep(point / "world.db")
            shutil.copytree(self._directory / ROOM, point / ROOM)

    def _succeed(self, *arguments: str) -> Run:
        run = self.run(*arguments)
        assert run.ended.code == 0, f"without any outage, {arguments} failed:\n{run.ended.out}"
        return run


@contextmanager
def outage_ground(room: Path) -> Iterator[OutageGround]:
    """The ground, while the block lasts."""
    services = Streaming(room / "world.db")
    with running(services) as origin, Nursery(room) as nursery:
        services.origin = origin
        yield OutageGround(room, services, nursery)
    services.world.close()


def _patient(document: Document) -> Document:
    providers = {name: {**settings, "retry": _RETRY} for name, settings in document["providers"].items()}
    return {**document, "providers": providers}
