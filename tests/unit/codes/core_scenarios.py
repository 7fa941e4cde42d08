"""How each code of the core happens: a function a code, that gets a bench and gives what a command said."""

import errno
import os
import sqlite3
import sys
from collections.abc import Callable
from typing import Any

from reconciler import clock
from reconciler.registry import Registry
from reconciler.state.location import state_path
from reconciler.state.lock import lock
from reconciler.testing import FakeClock, MemoryService
from reconciler.testing.failures import MemoryCall
from tests.command_line import Result
from tests.unit.codes.bench import LOGGED, Bench, Scenario

VALUES = "resources:\n  reconciler_value:\n"
ONE = "stack: lab\nresources:\n  memory_thing: {a: {name: a, text: first}}\n"
OTHER = ONE.replace("first", "second")
NOTE = "stack: lab\nresources:\n  memory_note: {n: {title: hello}}\n"
SECRET = ONE.replace("text: first", "text: first, secret: '${secret.TOKEN}'")

SCENARIOS: dict[str, Scenario] = {}


def makes(code: str) -> Callable[[Scenario], Scenario]:
    """Say that a function makes a code happen."""

    def keep(scenario: Scenario) -> Scenario:
        assert code not in SCENARIOS
        SCENARIOS[code] = scenario
        return scenario

    return keep


def _written(text: str) -> Scenario:
    def validate(bench: Bench) -> Result:
        bench.write(text)
        return bench.json("validate")

    return validate


MISTAKES_IN_FILES = {
    "RC-CONF-001": "stack: my shop\n",
    "RC-CONF-003": "stack: s\ninclude: [none/*.yaml]\n",
    "RC-CONF-004": "stack: [s\n",
    "RC-CONF-005": "stack: s\nstack: t\n",
    "RC-CONF-006": "stack: s\nresources:\n  slack_chanel: {a: {name: a}}\n",
    "RC-CONF-007": f"stack: s\n{VALUES}    a: {{valeu: 1}}\n",
    "RC-CONF-008": "stack: s\noutputs: {a: {value: '${1 +}'}}\n",
    "RC-CONF-009": "stack: s\nproviders: {slack: {token: '${secret.NONE}'}}\n",
    "RC-CONF-010": "stack: s\nvariables: {region: {type: string}}\n",
    "RC-CONF-011": "stack: s\nlocals: {a: '${local.b}', b: '${local.a}'}\n",
    "RC-CONF-012": (
        "stack: s\nproviders: {slack: {token: t}}\n"
        "resources: {slack_channel: {a: {name: results}, b: {name: results}}}\n"
    ),
    "RC-CONF-014": "stack: s\nrequires: '>=99'\n",
    "RC-CONF-015": "stack: s\nproviders: {slak: {token: a}}\n",
}
SCENARIOS |= {code: _written(text) for code, text in MISTAKES_IN_FILES.items()}


@makes("RC-CONF-002")
def no_stack(bench: Bench) -> Result:
    return bench.json("validate")


@makes("RC-CONF-013")
def no_environment(bench: Bench) -> Result:
    bench.write("stack: s\n")
    return bench.json("--environment", "prod", "validate")


@makes("RC-CONF-016")
def credentials_for_another_host(bench: Bench) -> Result:
    bench.write("stack: s\nproviders: {slack: {token: t, base_url: 'https://slack.example'}}\n")
    return bench.json("health")


@makes("RC-CONF-017")
def broken_provider(bench: Bench) -> Result:
    def load() -> Any:
        raise ImportError("No module named 'acme'")

    registry = Registry.installed({"acme": ("the package acme-provider 1.2", load)})
    bench.monkeypatch.setattr(Registry, "installed", lambda: registry)
    bench.write("stack: s\nresources: {acme_door: {front: {}}}\n")
    return bench.json("validate")


@makes("RC-CONF-018")
def senseless_environment(bench: Bench) -> Result:
    bench.command.environ["INTEGRATION_RETRY_MAX_ATTEMPTS"] = "many"
    bench.write("stack: s\n")
    return bench.json("plan")


@makes("RC-INPUT-001")
def misspelt_command(bench: Bench) -> Result:
    return bench.json("plam")


@makes("RC-INPUT-002")
def nobody_to_say_yes(bench: Bench) -> Result:
    bench.memory()
    bench.write(ONE)
    return bench.json("apply")


@makes("RC-INPUT-003")
def document_that_is_no_json(bench: Bench) -> Result:
    bench.write("stack: s\n")
    file = bench.directory / "pulled.json"
    file.write_text("{", encoding="utf-8")
    return bench.json("state", "push", str(file))


@makes("RC-FIND-001")
def nothing_of_this_name(bench: Bench) -> Result:
    bench.write("stack: s\n")
    return bench.json("output", "none")


@makes("RC-SYSTEM-001")
def file_in_the_way(bench: Bench) -> Result:
    (bench.directory / ".gitignore").mkdir()
    return bench.json("init")


@makes("RC-BUG-001")
def mistake_of_ours(bench: Bench) -> Result:
    service = bench.memory()

    def fail(call: MemoryCall) -> None:
        raise KeyError(call.operation)

    service.on_call = fail
    bench.write(ONE)
    return bench.json("plan")


@makes("RC-PLAN-001")
def import_to_an_address_that_is_taken(bench: Bench) -> Result:
    bench.memory()
    bench.applied(ONE)
    return bench.json("import", "memory_thing.a", "a")


@makes("RC-PLAN-002")
def protected_object(bench: Bench) -> Result:
    bench.memory()
    protected = ONE.replace("text: first", "kind: plain, lifecycle: {prevent_destroy: true}")
    bench.applied(protected)
    bench.write(protected.replace("plain", "fancy"))
    return bench.json("plan")


@makes("RC-PLAN-003")
def more_deletes_than_allowed(bench: Bench) -> Result:
    bench.memory()
    bench.applied(ONE)
    bench.write("stack: lab\napply: {max_deletes: 0}\n")
    return bench.json("plan")


@makes("RC-PLAN-004")
def object_that_is_there_already(bench: Bench) -> Result:
    bench.memory().put("memory_thing", name="a")
    bench.write(ONE)
    return bench.json("plan")


@makes("RC-PLAN-005")
def data_that_finds_nothing(bench: Bench) -> Result:
    bench.memory()
    bench.write("stack: lab\ndata: {memory_thing: {a: {name: a}}}\n")
    return bench.json("plan")


@makes("RC-PLAN-006")
def expectation_that_does_not_hold(bench: Bench) -> Result:
    bench.memory().put("memory_thing", name="a", text="else")
    bench.write("stack: lab\ndata: {memory_thing: {a: {name: a, expect: {text: this}}}}\n")
    return bench.json("plan")


@makes("RC-PLAN-007")
def replacement_that_leaves_the_old_object(bench: Bench) -> Result:
    bench.memory()
    archived = ONE.replace("text: first", "kind: plain, lifecycle: {on_destroy: archive}")
    bench.applied(archived)
    bench.write(archived.replace("plain", "fancy"))
    return bench.json("plan")


class _Yes:
    """A terminal with somebody who says yes, an hour after something else has happened."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self._meanwhile = meanwhile
        self.elapsed = 0.0

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        self._meanwhile()
        self.elapsed += 3600
        return "yes\n"


@makes("RC-PLAN-008")
def changed_between_plan_and_yes(bench: Bench) -> Result:
    service = bench.memory()
    bench.applied(ONE)
    (thing,) = service.objects("memory_thing")
    person = _Yes(lambda: service.change("memory_thing", thing.id, text="somebody else's"))
    bench.monkeypatch.setattr(sys, "stdin", person)
    bench.monkeypatch.setattr(clock, "_elapsed", lambda: person.elapsed)
    bench.write(OTHER)
    return bench.command(*LOGGED, "apply")


@makes("RC-PLAN-009")
def configuration_that_was_rolled_back(bench: Bench) -> Result:
    bench.memory()
    bench.applied(ONE)
    bench.applied(OTHER)
    assert bench.json("rollback", "--auto-approve").code == 0
    return bench.apply()


@makes("RC-PLAN-010")
def nothing_to_go_back_to(bench: Bench) -> Result:
    bench.write("stack: s\n")
    return bench.json("rollback")


@makes("RC-PLAN-011")
def secret_that_has_another_value_today(bench: Bench) -> Result:
    bench.memory()
    bench.command.environ["TOKEN"] = "one"
    bench.applied(SECRET)
    bench.applied(OTHER)
    bench.command.environ["TOKEN"] = "two"
    return bench.json("rollback", "--auto-approve")


def _interrupt(call: MemoryCall) -> None:
    raise KeyboardInterrupt


@makes("RC-RUN-001")
def interrupted(bench: Bench) -> Result:
    bench.memory().on_call = _interrupt
    bench.write(ONE)
    return bench.json("plan")


@makes("RC-RUN-002")
def cut_off_with_two_candidates(bench: Bench) -> Result:
    service = bench.memory()
    service.go_down("create", took_effect=True)
    assert bench.apply(NOTE).code == 3
    service.heal()
    service.put("memory_note", title="hello", text="somebody else's")
    return bench.json("plan")


@makes("RC-LOCK-001")
def somebody_else_writes(bench: Bench) -> Result:
    bench.memory()
    bench.applied(ONE)
    path = state_path(bench.directory, "lab", "default", "real")
    with lock(path, who="ada@lovelace", command="apply", clock=FakeClock()):
        return bench.apply(OTHER)


def _applied_state(bench: Bench) -> tuple[MemoryService, str]:
    service = bench.memory()
    bench.applied(ONE)
    return service, str(state_path(bench.directory, "lab", "default", "real"))


@makes("RC-STATE-001")
def file_of_another_program(bench: Bench) -> Result:
    _, path = _applied_state(bench)
    os.unlink(path)
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    return bench.json("state", "list")


@makes("RC-STATE-002")
def damaged_file(bench: Bench) -> Result:
    _, path = _applied_state(bench)
    with open(path, "r+b") as file:
        file.write(b"no database" * 100)
    return bench.json("state", "list")


@makes("RC-STATE-003")
def file_of_a_newer_version(bench: Bench) -> Result:
    _, path = _applied_state(bench)
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 999")
    newer.close()
    return bench.json("state", "list")


@makes("RC-STATE-004")
def credentials_of_another_account(bench: Bench) -> Result:
    service, _ = _applied_state(bench)
    service.account = type(service.account)("memory-2", "Another Lane")
    return bench.json("plan")


def _failing_flush(number: int) -> Callable[[int], None]:
    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@makes("RC-STATE-005")
def full_disk(bench: Bench) -> Result:
    bench.memory()
    bench.monkeypatch.setattr(os, "fsync", _failing_flush(errno.ENOSPC))
    return bench.apply(ONE)


@makes("RC-STATE-006")
def read_only_file_system(bench: Bench) -> Result:
    bench.memory()
    bench.monkeypatch.setattr(os, "fsync", _failing_flush(errno.EROFS))
    return bench.apply(ONE)


@makes("RC-STATE-007")
def document_of_another_state(bench: Bench) -> Result:
    _applied_state(bench)
    pulled = bench.command("state", "pull").out.replace('"lab"', '"other"')
    file = bench.directory / "pulled.json"
    file.write_text(pulled, encoding="utf-8")
    return bench.json("state", "push", str(file))
