"""``when``: what is there only if something is so."""

import pytest

from reconciler.errors import DiagnosedError, InvalidConfiguration
from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab

MAYBE = """
variables:
  wanted: {type: bool, default: true}
resources:
  memory_thing:
    maybe: {when: "${var.wanted}", name: maybe}
"""


def refusal(lab: Lab, text: str) -> str:
    lab.write(text)
    with pytest.raises(InvalidConfiguration) as caught:
        lab.stack()
    return "; ".join(f"{found.summary} ({found.advice})" for found in caught.value.diagnostics)


def test_it_is_there_as_long_as_when_holds(lab: Lab) -> None:
    lab.apply(MAYBE)
    assert lab.names() == ["maybe"]
    plan = lab.plan(MAYBE.replace("true", "false"))
    assert lab.actions(plan) == {"memory_thing.maybe": Action.DELETE}
    lab.execute(plan)
    assert lab.names() == []
    assert not lab.plan().has_changes


def test_each_turn_of_a_for_each_has_a_when_of_its_own(lab: Lab) -> None:
    lab.apply("""
resources:
  memory_thing:
    some:
      for_each: {a: {on: true}, b: {on: false}, c: {on: true}}
      when: ${each.value.on}
      name: ${each.key}
""")
    assert lab.names() == ["a", "c"]


def test_what_is_not_there_cannot_be_referred_to_but_asked_about(lab: Lab) -> None:
    off = MAYBE.replace("true", "false")
    text = refusal(lab, off + "    b: {name: b, text: '${memory_thing.maybe.id}'}\n")
    assert "memory_thing.maybe is not there, since its when is false" in text
    assert "same when" in text
    lab.apply(
        off
        + """
    b: {name: b, text: "${memory_thing.maybe.id | default('none')}"}
    c: {name: c, text: "${memory_thing.maybe.id if var.wanted else 'off'}"}
    d: {name: d, text: "${'yes' if memory_thing.maybe is defined else 'no'}"}
"""
    )
    assert [lab.recorded(f"memory_thing.{name}")["text"] for name in "bcd"] == ["none", "off", "no"]


def test_a_when_must_be_known_true_or_false_and_no_secret(lab: Lab) -> None:
    lab.environ["TOKEN"] = "x"
    base = "resources:\n  memory_thing:\n    a: {name: a}\n    b: {name: b, when: %s}\n"
    assert "known only after apply" in refusal(lab, base % "\"${memory_thing.a.id == '1'}\"")
    assert "must be true or false" in refusal(lab, base % "'${[1]}'")
    assert "must not be secret" in refusal(lab, base % "\"${secret.TOKEN == 'x'}\"")
    assert "how many there are of it" in refusal(lab, base % "\"${memory_thing.b.name == 'b'}\"")


@pytest.mark.parametrize(
    "text", ["${memory_thing.maybe.id ~ '!'}", "${memory_thing.maybe.id}", "${memory_thing.maybe}"]
)
@pytest.mark.parametrize("where", ["resource", "output"])
def test_what_needs_something_that_is_not_there_says_why_it_is_not(lab: Lab, text: str, where: str) -> None:
    user = {
        "resource": f'  reconciler_value: {{a: {{input: "{text}"}}}}\n',
        "output": f'outputs: {{a: {{value: "{text}"}}}}\n',
    }
    lab.write(MAYBE.replace("true", "false") + user[where])
    with pytest.raises(DiagnosedError) as caught:
        lab.plan()
    problem, *_ = caught.value.diagnostics
    assert problem.summary == f"{text}: memory_thing.maybe is not there, since its when is false"
    assert "the same when, or a default" in problem.advice


def test_an_attribute_that_is_not_there_is_as_little_secret_as_one_that_is(lab: Lab) -> None:
    output = "outputs: {a: {value: \"${memory_thing.maybe.id | default('none')}\"}}\n"
    lab.apply(MAYBE.replace("true", "false") + output)
    assert lab.ledger.outputs() == {"a": "none"}


def test_another_mistake_is_not_taken_for_one_in_a_branch_that_is_not_taken(lab: Lab) -> None:
    text = "${(memory_thing.maybe.id if var.wanted else 1) + 'x'}"
    lab.write(MAYBE.replace("true", "false") + f'  reconciler_value: {{a: {{input: "{text}"}}}}\n')
    with pytest.raises(InvalidConfiguration, match="unsupported operand"):
        lab.plan()
