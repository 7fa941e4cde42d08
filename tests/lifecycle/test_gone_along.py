"""What comes, goes and is renamed with an object is known after a cut-off run, once that is looked up."""

import pytest

from reconciler.address import Address
from reconciler.testing.failures import MemoryCall
from tests.lifecycle.lab import Lab
from tests.lifecycle.law_kills import Kill, killed

FAMILY = """
resources:
  memory_thing:
    a: {name: a}
  memory_part:
    p: {thing: a, name: p}
"""
PLAIN = "resources: {memory_thing: {a: {name: x, kind: plain}}}"
FANCY = "resources: {memory_thing: {b: {name: x, kind: fancy}}}"


def cut_off(lab: Lab, yaml: str, operation: str) -> None:
    """End an apply just after a call took effect, as a kill would."""

    def hook(call: MemoryCall) -> None:
        if call.operation == operation:
            raise KeyboardInterrupt

    lab.service.on_answer = hook
    with pytest.raises(KeyboardInterrupt):
        lab.apply(yaml)
    lab.service.on_answer = None
    lab.reopen()


def test_what_lived_in_a_removed_object_is_recorded_as_gone_with_it(lab: Lab) -> None:
    lab.apply(FAMILY)
    cut_off(lab, "resources: {}", "delete")
    lab.settle()
    assert lab.ledger.objects() == {}
    plan = lab.plan()
    assert plan.drift == ()
    assert not any(change.is_step for change in plan)
    lab.ledger.check()


@pytest.mark.parametrize("operation", ["delete", "create"])
def test_what_is_replaced_at_a_new_address_is_not_known_at_the_old_one(lab: Lab, operation: str) -> None:
    lab.apply(PLAIN)
    cut_off(lab, FANCY, operation)
    lab.settle()
    living = {found.id for found in lab.service.objects("memory_thing")}
    assert {known.id for known in lab.ledger.objects().values()} <= living
    lab.write(FANCY)
    assert lab.apply().is_complete
    assert list(lab.ledger.objects()) == [Address.parse("memory_thing.b")]
    assert not lab.plan().has_changes
    lab.ledger.check()


def test_what_the_service_made_with_an_object_is_still_ours_after_a_rename_that_was_cut_off(lab: Lab) -> None:
    parent = "resources:\n  memory_thing:\n    a: {{name: {name}, with_default_part: true}}\n"
    part = "  memory_part:\n    d: {thing: y, name: default}\n"
    lab.apply(parent.format(name="x"))
    cut_off(lab, parent.format(name="y"), "update")
    assert lab.apply(parent.format(name="y") + part).is_complete
    assert lab.names("memory_part") == ["default"]
    assert not lab.plan().has_changes


ESTATE = """
resources:
  memory_thing:
    a: {name: a}
    b: {name: b, text: "${memory_part.p.text}"}
    c: {name: c, text: "${memory_thing.b.text}"}
  memory_part:
    p: {thing: a, name: p}
    q: {thing: a, name: q}
    r: {thing: b, name: r}
"""
WITHOUT_A = """
resources:
  memory_thing:
    b: {name: b}
  memory_part:
    r: {thing: b, name: r}
"""


@pytest.mark.parametrize(
    "after", ["resources: {}", WITHOUT_A, ESTATE.replace("name: a}", "name: a, kind: fancy}")]
)
@pytest.mark.parametrize(
    "moment", ["before a write to the state", "after a write to the state", "after a call"]
)
def test_no_state_names_what_went_with_a_removed_object_wherever_the_run_is_cut_off(
    lab: Lab, after: str, moment: str
) -> None:
    """The part ``p`` waits for what depends on it, which goes later than the thing that it lives in."""
    for nth in range(1, 8):
        lab.apply(ESTATE)
        with killed(lab, Kill(moment, nth, others=True)):
            lab.apply(after, parallelism=2)
        lab.settle()
        living = {found.id for kind in ("memory_thing", "memory_part") for found in lab.service.objects(kind)}
        assert {known.id for known in lab.ledger.objects().values()} == living, nth
        assert lab.apply(after).is_complete
        assert not lab.plan().has_changes
    lab.ledger.check()


def test_what_went_with_a_removed_object_is_done_even_if_the_run_is_asked_to_stop_then(lab: Lab) -> None:
    lab.apply(FAMILY)
    lab.stop_after(1)
    outcome = lab.apply("resources: {}", parallelism=1)
    assert [str(change.address) for change in outcome.done] == ["memory_thing.a", "memory_part.p"]
    assert outcome.is_complete
    assert lab.ledger.objects() == {}
