"""Two services in memory, people who work on them by hand and with runs, and who is to blame for a change."""

import random
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from reconciler.clock import Clock
from reconciler.errors import OutcomeUnknown, ReconcilerError, ServiceFailed, Unreachable
from reconciler.operations import applying, holds, planning, rollback
from reconciler.operations.applying import Order
from reconciler.operations.workspace import Setting, Workspace, opened
from reconciler.operations.writing import opened_for
from reconciler.plan.desired import Desired
from reconciler.provider.objects import Object
from reconciler.provider.protocol import ProviderContext
from reconciler.registry import Registry
from reconciler.testing import MemoryFactory, MemoryProvider, MemoryService
from reconciler.testing.failures import MemoryCall
from reconciler.views.progress import Silence

TYPES = ("memory_thing", "memory_part", "memory_member")
_OPERATIONS = ("account", "health", "read", "find", "create", "update", "write_many")

Key = tuple[str, str, str]
"""Service, type and name."""


class QuietClock:
    """A clock that remembers nothing: time passes by sleeping, and ``meanwhile`` is called in long sleeps."""

    def __init__(self) -> None:
        self._passed = 0.0
        self.meanwhile: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self._passed)

    def monotonic(self) -> float:
        return self._passed

    def sleep(self, seconds: float, until: Callable[[], bool] | None = None) -> None:
        self._passed += seconds
        if until is not None:
            self.meanwhile()


class TwoServices(MemoryFactory):
    """Makes providers over the service that their token opens."""

    def __init__(self, services: Mapping[str, MemoryService]) -> None:
        super().__init__(services["one"])
        self._services = services

    def __call__(self, settings: Mapping[str, Any], context: ProviderContext) -> MemoryProvider:
        return MemoryProvider(self._services[settings["token"]], settings, context)


@dataclass
class Blame:
    """What ``watch`` has written that nothing explains."""

    actor: str = "watch"
    writes: int = 0

    def __post_init__(self) -> None:
        self.unexplained: list[str] = []
        self.expected: Mapping[Key, Mapping[str, Any]] = {}

    def watches(self, name: str, service: MemoryService) -> None:
        """Look at each write to a service: what it has changed must be what the state says afterwards."""
        before: dict[str, Object] = {}

        def called(call: MemoryCall) -> None:
            before.clear()
            if call.operation in ("create", "update", "delete", "write_many") and self.actor == "watch":
                before.update((one.id, one) for kind in TYPES for one in service.objects(kind))

        def answered(call: MemoryCall) -> None:
            if call.operation not in ("create", "update", "delete", "write_many") or self.actor != "watch":
                return
            self.writes += 1
            after = {one.id: one for kind in TYPES for one in service.objects(kind)}
            if before.keys() - after.keys() or call.operation == "delete":
                self.unexplained.append(f"{call} removed something")
            for found in after.values():
                if before.get(found.id) != found:
                    self._judge(name, found, call)

        service.on_call, service.on_answer = called, answered

    def _judge(self, name: str, found: Object, call: MemoryCall) -> None:
        declared = self.expected.get((name, found.type, found.attributes["name"]))
        if declared is None:
            self.unexplained.append(f"{call} wrote {found.attributes}, of which the state knows nothing")
        elif wrong := {name for name, allowed in declared.items() if found.attributes[name] not in allowed}:
            self.unexplained.append(f"{call} wrote {found.attributes}, and the state says else of {wrong}")


class World:
    """A stack over two services, and all that may happen to it between two rounds of ``watch``."""

    def __init__(self, directory: Path, seed: int) -> None:
        self.directory = directory
        self.random = random.Random(seed)
        self.clock = QuietClock()
        self.services = {name: MemoryService(seed=seed + at) for at, name in enumerate(("one", "two"))}
        self.blame = Blame()
        for name, service in self.services.items():
            service.token = name
            service.account = type(service.account)(f"memory-{name}", name)
            self.blame.watches(name, service)
        registry = Registry({"memory": TwoServices(self.services)})
        clock: Clock = self.clock
        self.setting = Setting(directory, registry, environ={}, clock=clock)
        self.texts = dict.fromkeys("abcd", "first")
        self.pins = ExitStack()
        self.mends: list[Callable[[], None]] = []
        self.happened: dict[str, int] = {}
        self.write()
        self.run_apply()

    def write(self) -> None:
        """The stack's file as somebody has it in the editor at present."""
        things = "".join(
            f"    {name}: {{name: {name}, text: {text}, kind: plain, tags: [x, {name}]"
            f"{', provider: memory.two' if name in 'cd' else ''}}}\n"
            for name, text in self.texts.items()
        )
        self._file.write_text(
            "stack: soak\napply: {parallelism: 1}\nproviders:\n"
            "  memory: {token: one}\n"
            "  memory.two: {token: two, depends_on: [memory]}\n"
            f"resources:\n  memory_thing:\n{things}"
            "  memory_part:\n"
            '    p: {thing: "${memory_thing.a.name}", name: p, text: "${memory_thing.b.text}"}\n'
            '    q: {thing: "${memory_thing.c.name}", name: q, text: fixed, provider: memory.two}\n'
            "  memory_member:\n    m: {name: m, role: reader}\n    n: {name: n, role: reader}\n",
            encoding="utf-8",
        )

    @property
    def _file(self) -> Path:
        return self.directory / "reconciler.yaml"

    # What happens.

    def something_happens(self) -> None:
        """One thing, or nothing: chosen at random."""
        things: tuple[Callable[[], object], ...] = (
            self.outage, self.outage, self.flaky, self.recovery, self.recovery, self.recovery,
            self.change, self.change, self.change, self.deletion, self.deletion, self.stranger,
            self.impostor, self.unchangeable, self.renaming, self.edit, self.broken_file, self.edit_mended,
            self.run_apply, self.run_rollback, self.busy, self.idle,
        )  # fmt: skip
        if self.random.random() < 0.5:
            thing = self.random.choice(things)
            self.happened[thing.__name__] = self.happened.get(thing.__name__, 0) + 1
            thing()
        for service in self.services.values():
            service.calls.clear()
        with opened_quietly(self.setting) as workspace:
            if workspace is not None:
                self.blame.expected = expected(workspace)

    def quiet(self) -> None:
        """Everything that stands in the way of healing goes: outages, wrong files, what nobody may undo."""
        self.idle()
        for mend in self.mends:
            mend()
        self.mends.clear()
        for service in self.services.values():
            service.heal()
        self.write()

    def outage(self) -> None:
        for operation in _OPERATIONS:
            self._service.fail(operation, Unreachable, times=None)

    def flaky(self) -> None:
        service = self._service
        for operation in _OPERATIONS:
            error = self.random.choice((Unreachable, ServiceFailed))
            service.fail(operation, error, nth=self.random.randint(1, 3), times=self.random.randint(1, 2))
        for operation in ("create", "update"):
            took_effect = self.random.random() < 0.5
            service.fail(operation, OutcomeUnknown, took_effect=took_effect)

    def recovery(self) -> None:
        self._service.heal()

    def change(self) -> None:
        found = self._some("memory_thing", "memory_part")
        if found is not None:
            name = self.random.choice(("text", "tags" if found.type == "memory_thing" else "text"))
            value = ["by", "hand"] if name == "tags" else f"by hand {self.random.random()}"
            self._owner(found).change(found.type, found.id, **{name: value})

    def deletion(self) -> None:
        found = self._some(*TYPES)
        if found is not None:
            self._owner(found).remove(found.type, found.id)

    def stranger(self) -> None:
        """Somebody has things of their own, and takes them away again."""
        service = self._service
        own = [one for one in service.objects("memory_thing") if one.attributes["name"] == "own"]
        if own:
            service.remove("memory_thing", own[0].id)
        else:
            service.put("memory_thing", name="own", text="not yours")

    def impostor(self) -> None:
        """Another object takes the name of one of ours."""
        found = self._some("memory_thing")
        if found is None or found.attributes["name"] == "own":
            return
        service = self._owner(found)
        service.remove("memory_thing", found.id)
        other = service.put("memory_thing", name=found.attributes["name"], text="impostor")
        self.mends.append(lambda: service.remove("memory_thing", other.id))

    def unchangeable(self) -> None:
        """What only a replacement could change back."""
        found = self._some("memory_thing")
        if found is None:
            return
        service = self._owner(found)
        service.change("memory_thing", found.id, kind="special")

        def mend() -> None:
            if any(one.id == found.id for one in service.objects("memory_thing")):
                service.change("memory_thing", found.id, kind="plain")

        self.mends.append(mend)

    def renaming(self) -> None:
        found = self._some("memory_part")
        if found is not None:
            self._owner(found).change("memory_part", found.id, name="renamed")

    def edit(self) -> None:
        self.texts[self.random.choice(tuple(self.texts))] = f"edit {self.random.randint(1, 5)}"
        self.write()

    def broken_file(self) -> None:
        self._file.write_text("stack: [soak", encoding="utf-8")

    def edit_mended(self) -> None:
        self.write()

    def busy(self) -> None:
        """Somebody else's run takes its time."""
        self.idle()
        self.write()
        self.pins.enter_context(opened_for("apply", self.setting))

    def idle(self) -> None:
        self.pins.close()

    def run_apply(self) -> None:
        self._run("apply")

    def run_rollback(self) -> None:
        self._run("rollback")

    def _run(self, command: str) -> None:
        self.idle()
        self.write()
        self.blame.actor = "person"
        # A service may be down, and there may be nothing to go back to.
        with suppress(ReconcilerError), opened_for(command, self.setting) as workspace:
            _carry_out(workspace, command)
        self.blame.actor = "watch"

    @property
    def _service(self) -> MemoryService:
        return self.random.choice(tuple(self.services.values()))

    def _owner(self, found: Object) -> MemoryService:
        return next(
            service
            for service in self.services.values()
            if any(one.id == found.id for one in service.objects(found.type))
        )

    def _some(self, *types: str) -> Object | None:
        there = [
            one
            for service in self.services.values()
            for kind in types
            for one in service.objects(kind)
            if one.attributes["name"] != "own"
        ]
        return self.random.choice(there) if there else None


def _carry_out(workspace: Workspace, command: str) -> None:
    stack = workspace.stack
    order = Order(command, Silence(), threading.Event(), configuration=stack.digest())
    if command == "apply":
        holds.check(workspace.ledger, stack.digest())
        prospect = planning.make(workspace, Desired.of(stack))
    else:
        where = rollback.target(workspace.ledger)
        prospect = rollback.prepare(workspace, where)
        order = Order(
            command, Silence(), threading.Event(), configuration=where.configuration,
            hold=lambda run: rollback.hold(where, run, "soak"), target=where.serial,
        )  # fmt: skip
    if prospect.has_work:
        applying.carry_out(workspace, prospect, order)


@contextmanager
def opened_quietly(setting: Setting) -> Iterator[Workspace | None]:
    """The workspace, or None while the files are wrong."""
    with ExitStack() as held:
        try:
            workspace = held.enter_context(opened(setting))
        except ReconcilerError:
            workspace = None
        yield workspace


def expected(workspace: Workspace) -> dict[Key, Mapping[str, Any]]:
    """What the state says of each object, by how its service knows it: of each attribute, all that it may be.

    A text that refers to another object follows that: a run that got half way may have left the two apart.
    """
    objects = workspace.ledger.objects()
    found: dict[Key, Mapping[str, Any]] = {}
    for known in objects.values():
        allowed: dict[str, list[Any]] = {name: [value] for name, value in known.declared.items()}
        if "/text" in known.expressions:
            allowed["text"] += [objects[other].declared.get("text") for other in known.depends_on]
        service = "two" if known.provider == "memory.two" else "one"
        found[service, known.type, str(known.declared["name"])] = allowed
    return found
