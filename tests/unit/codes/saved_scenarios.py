"""How the codes about saved plans happen."""

import json
from collections.abc import Callable
from typing import Any

from tests.command_line import Result
from tests.unit.codes.bench import ONE, OTHER, Bench, Scenarios

TWO = ONE.replace("}}", '}, b: {name: b, text: "${memory_thing.a.id}"}}')

makes = Scenarios()


def _apply(bench: Bench, *options: str) -> Result:
    return bench.json(*options, "apply", str(bench.directory / "saved.plan"))


def _save(bench: Bench, text: str = ONE) -> None:
    """Save a plan of new YAML."""
    bench.write(text)
    result = bench.command("plan", "--out", str(bench.directory / "saved.plan"))
    assert result.code == 0, result.err


def _alter(bench: Bench, change: Callable[[dict[str, Any]], None]) -> None:
    """Write the file again with something else in it."""
    file = bench.directory / "saved.plan"
    document = json.loads(file.read_text("utf-8"))
    change(document)
    file.write_text(json.dumps(document), "utf-8")


@makes("RC-SAVED-001")
def file_of_another_kind(bench: Bench) -> Result:
    bench.memory()
    bench.write(ONE)
    (bench.directory / "saved.plan").write_text('{"planned_values": {}}', "utf-8")
    return _apply(bench)


@makes("RC-SAVED-002")
def file_that_was_not_copied_to_its_end(bench: Bench) -> Result:
    bench.memory()
    _save(bench)
    file = bench.directory / "saved.plan"
    file.write_bytes(file.read_bytes()[:-100])
    return _apply(bench)


@makes("RC-SAVED-003")
def file_of_a_newer_version(bench: Bench) -> Result:
    bench.memory()
    _save(bench)
    _alter(bench, lambda document: document.update(format_version=2))
    return _apply(bench)


@makes("RC-SAVED-004")
def file_that_somebody_has_changed(bench: Bench) -> Result:
    bench.memory()
    _save(bench)
    _alter(bench, lambda document: document["plan"]["changes"][0]["planned"].update(text="worse"))
    return _apply(bench)


@makes("RC-SAVED-005")
def file_for_another_environment(bench: Bench) -> Result:
    bench.memory()
    _save(bench, f"environments: {{prod: {{}}}}\n{ONE}")
    return _apply(bench, "--environment", "prod")


@makes("RC-SAVED-006")
def file_of_another_state(bench: Bench) -> Result:
    bench.memory()
    _save(bench)
    (state,) = (bench.directory / ".reconciler" / "state").glob("*.db")
    state.unlink()
    bench.applied(ONE)
    return _apply(bench)


@makes("RC-SAVED-007")
def configuration_that_has_changed(bench: Bench) -> Result:
    bench.memory()
    _save(bench)
    bench.write(OTHER)
    return _apply(bench)


@makes("RC-SAVED-008")
def plan_that_is_applied_twice(bench: Bench) -> Result:
    bench.memory()
    _save(bench)
    assert _apply(bench).code == 0
    return _apply(bench)


@makes("RC-SAVED-009")
def object_that_the_state_has_forgotten(bench: Bench) -> Result:
    bench.memory()
    bench.applied(ONE)
    _save(bench, OTHER)
    assert bench.command("state", "rm", "memory_thing.a").code == 0
    return _apply(bench)


@makes("RC-SAVED-010")
def object_that_is_not_there_any_more(bench: Bench) -> Result:
    service = bench.memory()
    bench.applied(TWO)
    _save(bench, TWO.replace("name: b", "name: b, size: 2"))
    (thing,) = (one for one in service.objects("memory_thing") if one.attributes["name"] == "a")
    service.remove("memory_thing", thing.id)
    return _apply(bench)


@makes("RC-SAVED-011")
def secret_that_is_another_by_now(bench: Bench) -> Result:
    bench.memory()
    bench.command.environ["TOKEN"] = "one-secret"
    _save(bench, ONE.replace("text: first", "secret: '${secret.TOKEN}'"))
    bench.command.environ["TOKEN"] = "another-secret"
    return _apply(bench)
