"""Preconditions and postconditions: asked by the plan, or where that is too early, around the step."""

import pytest

from reconciler.address import Address
from reconciler.errors import InvalidConfiguration, Refused
from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab

BEFORE = """
variables: {size: {type: number, default: SIZE}}
resources:
  memory_thing:
    a:
      name: a
      size: ${var.size}
      lifecycle:
        precondition: {assert: "${var.size < 10}", message: "${var.size} is too much"}
"""
AFTER = """
resources:
  memory_thing:
    a:
      name: a
      text: TEXT
      lifecycle:
        postcondition:
          - {assert: "${self.text != 'bad' and self.name == 'a'}", message: "${self.text} is not 'self.text'"}
          - {assert: "${self.id is defined}", message: no id}
    b: {name: b, text: "${memory_thing.a.id}"}
"""
LATER = """
resources:
  memory_thing:
    a: {name: a}
    b:
      name: b
      lifecycle:
        precondition:
          assert: "${memory_thing.a.revision == REVISION}"
          message: revision ${memory_thing.a.revision}
    c: {name: c, text: "${memory_thing.b.id}"}
"""
A = Address.parse("memory_thing.a")
B = Address.parse("memory_thing.b")


def refused(lab: Lab, resources: str) -> str:
    with pytest.raises(Refused) as caught:
        lab.plan(resources)
    (problem,) = caught.value.diagnostics
    assert problem.place is not None, "it has no place"
    assert problem.advice.startswith("make it true: ${")
    return problem.summary


def test_a_precondition_that_does_not_hold_refuses_the_plan(lab: Lab) -> None:
    assert refused(lab, BEFORE.replace("SIZE", "12")) == "its precondition does not hold: 12 is too much"
    assert lab.apply(BEFORE.replace("SIZE", "9")).is_complete


def test_it_refuses_a_change_and_an_unchanged_object_alike(lab: Lab) -> None:
    lab.apply("resources: {memory_thing: {a: {name: a, size: 12}}}")
    refused(lab, BEFORE.replace("SIZE", "12"))


def test_one_that_nobody_can_know_yet_is_asked_before_the_step(lab: Lab) -> None:
    outcome = lab.apply(LATER.replace("REVISION", "7"))
    assert [str(failure.change.address) for failure in outcome.failed] == ["memory_thing.b"]
    assert "its precondition does not hold: revision 1" in str(outcome.failed[0].error)
    assert [str(one.change.address) for one in outcome.not_reached] == ["memory_thing.c"]
    assert lab.names() == ["a"]
    lab.destroy()
    assert lab.apply(LATER.replace("REVISION", "1")).is_complete
    assert not lab.plan().has_changes


def test_it_is_asked_of_an_unchanged_object_too_when_what_it_names_changes(lab: Lab) -> None:
    lab.apply(LATER.replace("REVISION", "1"))
    more = LATER.replace("REVISION", "1").replace("a: {name: a}", "a: {name: a, text: more}")
    outcome = lab.apply(more)
    assert [str(failure.change.address) for failure in outcome.failed] == ["memory_thing.b"]
    assert "revision 2" in str(outcome.failed[0].error)


def test_a_postcondition_is_refused_as_soon_as_it_is_known(lab: Lab) -> None:
    problem = refused(lab, AFTER.replace("TEXT", "bad"))
    assert problem == "its postcondition does not hold: bad is not 'self.text'"
    assert lab.apply(AFTER.replace("TEXT", "good")).is_complete
    assert not lab.plan().has_changes


def test_one_that_the_service_decides_stops_what_depends_on_it_and_keeps_the_object(lab: Lab) -> None:
    text = AFTER.replace("TEXT", "good").replace("self.id is defined", "self.revision > 1")
    outcome = lab.apply(text)
    assert [str(failure.change.address) for failure in outcome.failed] == ["memory_thing.a"]
    assert [str(one.change.address) for one in outcome.not_reached] == ["memory_thing.b"]
    assert lab.names() == ["a"]
    assert lab.recorded("memory_thing.a")["revision"] == 1
    assert lab.ledger.open_intents() == []
    assert refused(lab, text) == "its postcondition does not hold: no id"


def test_a_replacement_asks_before_the_old_object_goes(lab: Lab) -> None:
    lab.apply("resources: {memory_thing: {a: {name: a}, b: {name: b, kind: plain}}}")
    outcome = lab.apply(
        """
        resources:
          memory_thing:
            a: {name: a, text: more}
            b:
              name: b
              kind: fancy
              lifecycle: {precondition: {assert: "${memory_thing.a.revision == 1}", message: no}}
        """
    )
    assert [failure.change.action for failure in outcome.failed] == [Action.REPLACE]
    assert lab.names() == ["a", "b"]


DATA = """
data:
  memory_thing:
    d:
      name: NAME
      lifecycle:
        precondition: {assert: "${var.may}", message: may not}
        postcondition: {assert: "${self.size > 1}", message: "only ${self.size}"}
variables: {may: {type: bool, default: MAY}}
resources: {memory_thing: {a: {name: a, size: 1}}}
"""


def test_data_have_conditions_too(lab: Lab) -> None:
    lab.service.put("memory_thing", name="there", size=1)
    text = DATA.replace("NAME", "there")
    assert refused(lab, text.replace("MAY", "false")) == "its precondition does not hold: may not"
    assert refused(lab, text.replace("MAY", "true")) == "its postcondition does not hold: only 1"


def test_a_postcondition_of_data_that_are_read_during_apply_fails_their_step(lab: Lab) -> None:
    outcome = lab.apply(DATA.replace("NAME", "${memory_thing.a.name}").replace("MAY", "true"))
    (failure,) = outcome.failed
    assert "its postcondition does not hold: only 1" in str(failure.error)


def test_what_is_neither_true_nor_false_is_told(lab: Lab) -> None:
    text = AFTER.replace("TEXT", "good").replace("self.id is defined", "self.text")
    with pytest.raises(Refused, match="is neither true nor false"):
        lab.plan(text)


def test_a_secret_stays_one_in_a_message(lab: Lab) -> None:
    lab.environ["TOKEN"] = "hush-hush"
    text = BEFORE.replace("SIZE", "12").replace("${var.size} is", "${secret.TOKEN} is")
    assert refused(lab, text) == "its precondition does not hold: (its message is sensitive)"


def test_a_precondition_cannot_speak_of_its_own_object(lab: Lab) -> None:
    with pytest.raises(InvalidConfiguration, match="asked before the object is there"):
        lab.plan(BEFORE.replace("SIZE", "1").replace("${var.size < 10}", "${self.size < 10}"))
