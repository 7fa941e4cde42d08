"""Laws of the language, over random stacks: they load, one apply is enough, and fmt changes nothing."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from reconciler.adoption.found import Candidate, Ground
from reconciler.adoption.generate import generate
from reconciler.plan.action import Action
from reconciler.provider.context import Context
from reconciler.testing import MemoryFactory, MemoryProvider, MemoryService
from tests.faults_scale import scaled
from tests.lifecycle.lab import Lab
from tests.lifecycle.language_stacks import Files, files

TYPES = {name: known for name, known in MemoryFactory.resource_types().items() if not known.is_data}
_SLOW = settings(max_examples=scaled(25, 400), suppress_health_check=list(HealthCheck))


def lab_of(folder: str, service: MemoryService | None = None) -> Lab:
    lab = Lab(Path(folder), service)
    lab.providers["memory.second"] = MemoryProvider(lab.service, {}, Context(clock=lab.clock))
    return lab


@_SLOW
@given(files())
def test_a_stack_is_accepted_and_one_apply_is_enough(stack: Files) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lab = lab_of(folder)
        stack.write(lab.directory)
        assert lab.apply().is_complete
        lab.reopen()  # which looks whether everything hangs together
        assert not lab.plan().has_changes
        serial = lab.ledger.serial
        lab.destroy()
        assert not lab.service.objects("memory_thing")
        assert lab.rollback(serial).is_complete
        assert not lab.plan_for(lab.desired_at(serial)).has_changes
        assert not lab.plan().has_changes
        lab.ledger.close()


@_SLOW
@given(files())
def test_fmt_changes_no_plan_and_is_done_once(stack: Files) -> None:
    formatted = stack.formatted()
    assert formatted.formatted() == formatted
    with tempfile.TemporaryDirectory() as folder:
        lab = lab_of(folder)
        stack.write(lab.directory)
        digest = lab.stack().digest()
        lab.apply()
        formatted.write(lab.directory)
        assert lab.stack().digest() == digest
        assert not lab.plan().has_changes
        lab.ledger.close()


@_SLOW
@given(files())
def test_what_was_made_can_be_taken_over_by_another_stack_as_it_is(stack: Files) -> None:
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as elsewhere:
        maker = lab_of(folder)
        stack.write(maker.directory)
        maker.apply()
        maker.ledger.close()
        lab = lab_of(elsewhere, maker.service)
        generated = generate(candidates(lab), Ground("memory", TYPES), ["Written by a test."])
        head = "stack: lab\nproviders:\n  memory: {}\n"
        (lab.directory / "reconciler.yaml").write_text(head + generated.text, encoding="utf-8")
        plan = lab.plan()
        assert {change.action for change in plan.visible} <= {Action.NO_OP}
        assert len(generated.imports) == len(candidates(lab))
        writes = lab.service.count("create"), lab.service.count("update")
        assert lab.execute(plan).is_complete
        assert (lab.service.count("create"), lab.service.count("update")) == writes
        assert not lab.plan().has_changes
        lab.ledger.close()


def candidates(lab: Lab) -> list[Candidate]:
    return [Candidate(known, found) for name, known in TYPES.items() for found in lab.service.objects(name)]
