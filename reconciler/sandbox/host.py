"""The host of the emulators: one WSGI application, in one process or behind a server.

``/<service>/…`` leads to the emulator of that service, and so do its ``root_paths``. What is below
``/_sandbox/`` is for whoever tests against it: ``GET /_sandbox/requests`` tells how many calls there were,
``POST /_sandbox/reset`` empties world and counters, ``POST /_sandbox/latency {"ms": 50}`` slows every call,
and ``/_sandbox/outages`` lets services falter (``controls.py``).
"""

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import entry_points
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx

from reconciler.sandbox.controls import control
from reconciler.sandbox.emulator import Emulator, EmulatorFactory, SeedError
from reconciler.sandbox.faltering import Faltering
from reconciler.sandbox.outages import Outages
from reconciler.sandbox.wire import Embedded
from reconciler.sandbox.world import World

GROUP = "reconciler.emulators"
EMBEDDED_ORIGIN = "http://127.0.0.1"
"""The origin of requests that never leave the process; loopback, so that credentials may go there."""


def installed_emulators() -> dict[str, EmulatorFactory]:
    """The emulators that installed packages offer, by service, in alphabetical order."""
    found = sorted(entry_points(group=GROUP), key=lambda entry: entry.name)
    return {entry.name: entry.load() for entry in found}


def emulator_names() -> list[str]:
    """The services that installed packages emulate, in alphabetical order; loads none of them."""
    return sorted({entry.name for entry in entry_points(group=GROUP)})


class Host:
    """All emulators of one world; several threads may call it at once."""

    def __init__(
        self,
        world: World,
        factories: Mapping[str, EmulatorFactory] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """``factories`` are emulators by service; the installed ones, if none are given."""
        self.world = world
        factories = installed_emulators() if factories is None else factories
        self.emulators: dict[str, Emulator] = {name: make(world) for name, make in factories.items()}
        self._applications = {name: emulator.application() for name, emulator in self.emulators.items()}
        self.outages = Outages(world)
        self._faltering = {
            name: Faltering(emulator, self._applications[name], sleep, world.clock_off_by)
            for name, emulator in self.emulators.items()
        }
        self._sleep = sleep
        self._lock = threading.Lock()
        self._counts: dict[str, dict[str, int]] = {}
        self.latency_ms = 0.0
        """How long every call takes longer."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request (WSGI)."""
        path = environ.get("PATH_INFO", "") or "/"
        method = environ["REQUEST_METHOD"]
        service, mount = self._service_of(path)
        if service is None:
            return _respond(start_response, *control(self, method, path, environ))
        below = path[len(mount) :] or "/"
        self._count(service, method, below)
        if self.latency_ms:
            self._sleep(self.latency_ms / 1000)
        moved = {**environ, "SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + mount, "PATH_INFO": below}
        stroke = self.outages.stroke(service)
        if stroke is None:
            return self._applications[service](moved, start_response)
        return self._faltering[service].answer(stroke, moved, start_response)

    def transport(self) -> httpx.BaseTransport:
        """How an ``httpx.Client`` of this process reaches the emulators without a socket."""
        return Embedded(self)

    def connections(self, origin: str = EMBEDDED_ORIGIN) -> dict[str, dict[str, str]]:
        """How to reach each service: the document of the ready file."""
        return {name: emulator.connection(origin) for name, emulator in self.emulators.items()}

    def settings(
        self, service: str, declared: Mapping[str, Any], origin: str = EMBEDDED_ORIGIN
    ) -> dict[str, Any]:
        """A provider's settings, turned to the sandbox; as declared, if the service has no emulator."""
        emulator = self.emulators.get(service)
        return dict(declared) if emulator is None else emulator.settings(declared, origin)

    def show(self, service: str | None = None) -> dict[str, dict[str, list[dict[str, Any]]]]:
        """The world, as ``{service: {kind: [object, …]}}``; of one service, if it is named."""
        return {name: each.show() for name, each in self.emulators.items() if service in (None, name)}

    def seed(self, document: Mapping[str, Any]) -> None:
        """Add what a seed document declares, ``{service: …}``; if any is wrong, nothing (``SeedError``)."""
        with self.world.transaction():
            for service, declared in document.items():
                if service not in self.emulators:
                    known = ", ".join(self.emulators)
                    raise SeedError(service, "there is no such service", f"use one of: {known}")
                if not isinstance(declared, Mapping):
                    raise SeedError(service, "must be a mapping", "see the service's own seed format")
                self.emulators[service].seed(declared)

    def reset(self) -> None:
        """Empty the world and the counters, and end all outages."""
        for emulator in self.emulators.values():
            emulator.reset()
        self.outages.end()
        with self._lock:
            self._counts.clear()

    def requests(self) -> dict[str, dict[str, int]]:
        """Calls so far, as ``{service: {"METHOD /path/{template}": count}}``."""
        with self._lock:
            return {service: dict(sorted(counts.items())) for service, counts in sorted(self._counts.items())}

    def _service_of(self, path: str) -> tuple[str | None, str]:
        """The service that a path leads to, and the part of the path that says so."""
        name = path.split("/", 2)[1]
        if name in self.emulators:
            return name, f"/{name}"
        for service, emulator in self.emulators.items():
            if any(path == root or path.startswith(f"{root}/") for root in emulator.root_paths):
                return service, ""
        return None, ""

    def _count(self, service: str, method: str, path: str) -> None:
        call = f"{method} {self.emulators[service].path_template(method, path)}"
        with self._lock:
            counts = self._counts.setdefault(service, {})
            counts[call] = counts.get(call, 0) + 1


def _respond(start_response: StartResponse, status: str, body: Any) -> Iterable[bytes]:
    content = json.dumps(body, indent=2).encode() + b"\n"
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
    start_response(status, headers)
    return [content]
