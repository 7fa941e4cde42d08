"""A secret stays one in whatever is made of it: by the service, or by ``reconciler_value``."""

from pathlib import Path

import pytest

from reconciler.address import Address
from reconciler.errors import Refused
from reconciler.plan.evaluate import masked
from reconciler.provider.facts import ResourceType
from reconciler.testing.failures import MemoryCall
from reconciler.values import Sealer, Sensitive
from tests.lifecycle.lab import Lab

CANARY = "canary-91ab"

PARTS = """
resources:
  reconciler_value:
    a: {input: {plain: seen, text: "${secret.TOKEN}", list: ["${secret.TOKEN | upper}", x]}}
    b: {input: "${reconciler_value.a.output}"}
outputs:
  token: {value: "${reconciler_value.a.output.text}"}
  upper: {value: "${reconciler_value.b.output.list}"}
"""
PAGE = ResourceType.from_schema(
    "memory_page",
    {
        "properties": {
            "title": {"type": "string"},
            "url": {"type": "string", "x-computed": True, "x-changes-with": ["title"]},
            "icon": {"type": "string", "x-computed": True},
            "id": {"type": "string", "x-computed": True},
        }
    },
)


def test_a_value_with_secret_parts_hides_them_in_its_output_and_in_what_refers_to_it(
    lab: Lab, tmp_path: Path
) -> None:
    lab.environ["TOKEN"] = CANARY
    lab.apply(PARTS)
    assert lab.recorded("reconciler_value.a")["output"]["plain"] == "seen"
    lab.ledger.close()
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert CANARY.encode() not in file.read_bytes().lower(), file


def test_a_value_with_secret_parts_settles_and_keeps_its_output(lab: Lab) -> None:
    lab.environ["TOKEN"] = CANARY
    lab.apply(PARTS)
    assert not lab.plan().has_changes
    first = lab.recorded("reconciler_value.a")
    for _ in range(2):
        lab.apply()
        assert lab.recorded("reconciler_value.a") == first
    assert not lab.plan().has_changes


def test_a_text_built_on_a_secret_value_can_be_planned_again_and_again(lab: Lab) -> None:
    lab.environ["TOKEN"] = CANARY
    lab.apply("""
    resources:
      reconciler_value:
        a: {input: "${secret.TOKEN}"}
        b: {input: "with ${reconciler_value.a.output}"}
    """)
    for _ in range(2):
        lab.apply()
    assert not lab.plan().has_changes


def test_what_the_service_makes_of_a_secret_is_secret() -> None:
    live = {"title": "Plan-B-2027", "url": "/Plan_B_2027", "icon": "/icons/Plan-B-2027.png", "id": "7"}
    shown = masked(PAGE, live, {"title": Sensitive("Plan-B-2027")}, sealer=Sealer(b"key"))
    assert shown == {
        "title": Sensitive("Plan-B-2027"),
        "url": Sensitive("/Plan_B_2027"),
        "icon": Sensitive("/icons/Plan-B-2027.png"),
        "id": "7",
    }


def test_a_short_secret_hides_no_text_that_holds_it_by_chance() -> None:
    live = {"title": "on", "icon": "/icons/front.png", "id": "7"}
    shown = masked(PAGE, live, {"title": Sensitive("on")}, sealer=Sealer(b"key"))
    assert shown["icon"] == "/icons/front.png"


def test_a_secret_is_hidden_in_what_was_looked_up_elsewhere_but_not_where_it_was_declared_in_the_clear() -> (
    None
):
    sealer = Sealer(b"key")
    sealer.learn(["Plan-B-2027"])
    live = {"title": "Plan-B-2027 again", "url": "/about/plan-b-2027", "icon": "/plain.png", "id": "7"}
    shown = masked(PAGE, live, {"title": "Plan-B-2027 again"}, sealer=sealer)
    assert shown == {**live, "url": Sensitive("/about/plan-b-2027")}
    assert masked(PAGE, live, {}, sealer=sealer)["title"] == Sensitive("Plan-B-2027 again")


def test_a_sensitive_output_that_is_not_known_yet_can_be_planned_again(lab: Lab) -> None:
    lab.environ["TOKEN"] = CANARY
    stack = """
    resources:
      memory_thing:
        a: {name: a, kind: KIND, secret: "${secret.TOKEN}"}
    outputs:
      id: {value: "${memory_thing.a.id}", sensitive: true}
    """
    lab.apply(stack.replace("KIND", "plain"))
    (output,) = lab.plan(stack.replace("KIND", "fancy")).outputs
    assert output.is_changed


def test_a_secret_that_the_stack_has_forgotten_is_learnt_again_from_the_service(lab: Lab) -> None:
    lab.environ["TOKEN"] = CANARY
    lab.apply('resources: {memory_thing: {a: {name: "${secret.TOKEN}"}}}')
    lab.environ["TOKEN"] = "rotated-7c1d"
    lab.reopen()
    plan = lab.plan()
    assert CANARY not in repr([change.before for change in plan.changes])
    assert lab.ledger.sealer.hide(f"no thing {CANARY}") == Sensitive(f"no thing {CANARY}")
    lab.execute(plan)
    assert not lab.plan().has_changes


def test_what_is_made_together_with_an_object_of_a_secret_name_is_recorded_without_it_and_can_be_taken(
    lab: Lab, tmp_path: Path
) -> None:
    lab.environ["TOKEN"] = CANARY
    thing = 'memory_thing: {a: {name: "${secret.TOKEN}", with_default_part: true}}'
    lab.apply(f"resources: {{{thing}}}")
    assert lab.ledger.objects()[Address.parse("memory_thing.a")].side_effects
    for file in tmp_path.rglob("*.db*"):
        assert CANARY.encode() not in file.read_bytes(), file
    outcome = lab.apply(
        f'resources: {{{thing}, memory_part: {{p: {{thing: "${{secret.TOKEN}}", name: default}}}}}}'
    )
    assert outcome.is_complete
    assert not lab.plan().has_changes


def test_an_object_of_a_secret_name_that_exists_already_is_not_named(lab: Lab) -> None:
    lab.environ["TOKEN"] = CANARY
    lab.service.make("memory_thing", {"name": CANARY}, MemoryCall("create"))
    with pytest.raises(Refused) as caught:
        lab.plan('resources: {memory_thing: {a: {name: "${secret.TOKEN}"}}}')
    (problem,) = caught.value.diagnostics
    assert problem.summary == "(sensitive) exists already, and no run of ours made it"
    assert CANARY not in problem.advice
