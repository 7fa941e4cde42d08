"""Laws of the language, over random stacks: they load, one apply is enough, and fmt changes nothing."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from reconciler.provider.context import Context
from reconciler.testing import MemoryProvider
from tests.faults_scale import scaled
from tests.lifecycle.lab import Lab
from tests.lifecycle.language_stacks import Files, files

_SLOW = settings(max_examples=scaled(40, 400), suppress_health_check=list(HealthCheck))


def lab_of(folder: str) -> Lab:
    lab = Lab(Path(folder))
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
