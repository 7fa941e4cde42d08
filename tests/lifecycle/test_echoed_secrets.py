"""A secret stays one in whatever is made of it: by the service, or by ``reconciler_value``."""

from pathlib import Path

from reconciler.plan.evaluate import masked
from reconciler.provider.facts import ResourceType
from reconciler.values import Sensitive
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
    shown = masked(PAGE, live, {"title": Sensitive("Plan-B-2027")})
    assert shown == {
        "title": Sensitive("Plan-B-2027"),
        "url": Sensitive("/Plan_B_2027"),
        "icon": Sensitive("/icons/Plan-B-2027.png"),
        "id": "7",
    }


def test_a_short_secret_hides_no_text_that_holds_it_by_chance() -> None:
    shown = masked(PAGE, {"title": "on", "icon": "/icons/front.png", "id": "7"}, {"title": Sensitive("on")})
    assert shown["icon"] == "/icons/front.png"
