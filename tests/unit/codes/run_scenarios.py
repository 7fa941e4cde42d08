"""How the codes about plans and runs happen."""

import sys
from collections.abc import Callable

from reconciler import clock
from reconciler.testing.failures import MemoryCall
from tests.command_line import Result
from tests.unit.codes.bench import LOGGED, ONE, OTHER, Bench, Scenarios

NOTE = "stack: lab\nresources:\n  memory_note: {n: {title: hello}}\n"
SECRET = ONE.replace("text: first", "text: first, secret: '${secret.TOKEN}'")

makes = Scenarios()


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


@makes("RC-PLAN-021")
def check_that_does_not_hold(bench: Bench) -> Result:
    bench.memory()
    bench.write(
        ONE + "checks: [{name: none, assert: '${plan.creates == 0}', message: something is created}]\n"
    )
    return bench.json("apply", "--auto-approve")


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


@makes("RC-PLAN-012")
def names_that_are_exchanged(bench: Bench) -> Result:
    bench.memory()
    bench.applied("stack: lab\nresources:\n  memory_thing: {a: {name: x}, b: {name: y}}\n")
    bench.write("stack: lab\nresources:\n  memory_thing: {a: {name: y}, b: {name: x}}\n")
    return bench.json("plan")


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
