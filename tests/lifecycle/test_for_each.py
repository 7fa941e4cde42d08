"""One declaration for many resources: each key is a resource of its own."""

import pytest

from reconciler.address import Address
from reconciler.errors import InvalidConfiguration
from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab

THINGS = """
variables:
  names: {type: list, default: [a, b, c]}
resources:
  memory_thing:
    every:
      for_each: ${var.names}
      name: thing-${each.key}
      text: ${each.value}
"""


def test_a_list_makes_one_resource_for_each_text(lab: Lab) -> None:
    plan = lab.plan(THINGS)
    assert lab.actions(plan) == {f'memory_thing.every["{key}"]': Action.CREATE for key in "abc"}
    lab.execute(plan)
    assert lab.names() == ["thing-a", "thing-b", "thing-c"]
    assert not lab.plan().has_changes


def test_taking_a_key_out_of_the_middle_removes_that_one_alone(lab: Lab) -> None:
    lab.apply(THINGS)
    plan = lab.plan(THINGS.replace("[a, b, c]", "[a, c]"))
    assert lab.actions(plan) == {'memory_thing.every["b"]': Action.DELETE}
    lab.execute(plan)
    assert lab.names() == ["thing-a", "thing-c"]


def test_the_order_of_a_list_means_nothing(lab: Lab) -> None:
    lab.apply(THINGS)
    assert not lab.plan(THINGS.replace("[a, b, c]", "[c, a, b]")).has_changes


def test_a_mapping_gives_each_its_values_which_may_refer_to_resources(lab: Lab) -> None:
    lab.apply("""
resources:
  memory_thing:
    first: {name: first}
    every:
      for_each:
        x: {text: plain, size: 1}
        y: {text: "${memory_thing.first.id}", size: 2}
      name: ${each.key}
      text: ${each.value.text}
      size: ${each.value.size}
""")
    first = next(one for one in lab.service.objects("memory_thing") if one.attributes["name"] == "first")
    assert lab.recorded('memory_thing.every["y"]')["text"] == first.id
    assert lab.recorded('memory_thing.every["y"]')["size"] == 2
    assert lab.stack().resources[Address.parse('memory_thing.every["x"]')].references == {
        Address.parse("memory_thing.first")
    }
    assert not lab.plan().has_changes


@pytest.mark.parametrize("index", ["[each.key]", '["" ~ each.key]'], ids=["plain", "computed"])
def test_a_resource_may_follow_another_key_by_key(lab: Lab, index: str) -> None:
    parts = f"""
  memory_part:
    every:
      for_each: ${{memory_thing.every}}
      thing: ${{memory_thing.every{index.replace('"', "'")}.name}}
      name: part-${{each.value.text}}
"""
    lab.apply(THINGS + parts)
    assert lab.names("memory_part") == ["part-a", "part-b", "part-c"]
    assert not lab.plan().has_changes
    plan = lab.plan((THINGS + parts).replace("[a, b, c]", "[a, b]"))
    assert set(lab.actions(plan).values()) == {Action.DELETE}
    assert len(lab.actions(plan)) == 2


def test_a_reference_by_the_present_key_waits_for_that_one_alone(lab: Lab) -> None:
    lab.write(
        THINGS
        + """
  memory_note:
    every:
      for_each: ${var.names}
      title: ${each.key}
      text: ${memory_thing.every[each.key].id}
"""
    )
    notes = lab.stack().resources
    for key in "abc":
        address = Address.parse(f'memory_note.every["{key}"]')
        assert notes[address].references == {Address.parse(f'memory_thing.every["{key}"]')}


def test_the_whole_is_a_mapping_from_key_to_resource(lab: Lab) -> None:
    lab.apply(
        THINGS.replace("thing:", "note:").replace("name:", "title:")
        + """
outputs:
  count: {value: "${memory_note.every | length}"}
  one: {value: "${memory_note.every['b'].title}"}
  titles: {value: "${memory_note.every.values() | map(attribute='title') | sort}"}
"""
    )
    outputs = lab.ledger.outputs()
    assert outputs["count"] == 3
    assert outputs["one"] == "thing-b"
    assert outputs["titles"] == ["thing-a", "thing-b", "thing-c"]


def test_a_key_may_hold_anything_that_stands_on_one_line(lab: Lab) -> None:
    lab.apply(
        """
resources:
  memory_thing:
    odd: {for_each: ['a.b', 'a"b', "a'b", 'ä ö', 'a]b', '${'], name: "${each.key}"}
""".replace("'${'", "'$${'")
    )
    assert lab.names() == sorted(["a.b", 'a"b', "a'b", "ä ö", "a]b", "${"])
    lab.reopen()
    assert not lab.plan().has_changes


@pytest.mark.parametrize(
    ("for_each", "advice"),
    [
        ("{'${var.region}': 1}", "keys are written out"),
        ("['(deposed 1a2b3c4d)']", "the state gives such keys to what a replacement has left"),
        ("['a (deposed 1a2b3c4d)']", "the state gives such keys to what a replacement has left"),
        ("['']", "a text of 1 to 512 characters"),
    ],
)
def test_a_key_that_would_be_misunderstood_is_refused(lab: Lab, for_each: str, advice: str) -> None:
    text = "variables: {region: {default: eu}}\nresources: {memory_thing: {a: {for_each: %s, name: x}}}\n"
    lab.write(text % for_each)
    with pytest.raises(InvalidConfiguration) as caught:
        lab.stack()
    (problem,) = caught.value.diagnostics
    assert problem.summary.startswith("for_each cannot have the key")
    assert advice in problem.advice


def test_the_whole_mapping_is_a_value_like_any_other(lab: Lab) -> None:
    lab.apply(
        THINGS.replace("thing:", "note:").replace("name:", "title:")
        + """
  reconciler_value: {all: {input: "${memory_note.every}"}}
outputs:
  all: {value: "${memory_note.every}"}
"""
    )
    every = lab.ledger.outputs()["all"]
    assert {key: one["title"] for key, one in every.items()} == {key: f"thing-{key}" for key in "abc"}
    assert lab.recorded("reconciler_value.all")["output"] == every
    assert not lab.plan().has_changes


def test_what_is_known_only_after_apply_cannot_say_how_many_there_are(lab: Lab) -> None:
    lab.write("""
resources:
  memory_thing:
    a: {name: a}
    every: {for_each: ["${memory_thing.a.id}"], name: "${each.key}"}
""")
    with pytest.raises(InvalidConfiguration) as caught:
        lab.stack()
    (problem,) = caught.value.diagnostics
    assert problem.summary == "for_each rests on memory_thing.a.id, which is known only after apply"
    assert problem.place is not None
    assert problem.place.line == 6
    assert problem.address == "memory_thing.every"


def test_what_another_resource_declares_may_say_how_many_there_are(lab: Lab) -> None:
    lab.apply("""
resources:
  memory_thing:
    a: {name: a, tags: [x, y]}
    every: {for_each: "${memory_thing.a.tags}", name: "${each.key}"}
""")
    assert lab.names() == ["a", "x", "y"]
    every = lab.stack().resources[Address.parse('memory_thing.every["x"]')]
    assert every.references == {Address.parse("memory_thing.a")}


def test_a_sensitive_value_flows_and_a_sensitive_key_is_refused(lab: Lab) -> None:
    lab.environ["TOKEN"] = "hush-hush-hush"
    lab.apply("""
resources:
  memory_thing:
    every: {for_each: {a: "${secret.TOKEN}"}, name: "${each.key}", secret: "${each.value}"}
""")
    assert "hush" not in str(lab.recorded('memory_thing.every["a"]'))
    assert not lab.plan().has_changes
    lab.write("""
resources:
  memory_thing:
    every: {for_each: ["${secret.TOKEN}"], name: x}
""")
    with pytest.raises(InvalidConfiguration) as caught:
        lab.stack()
    assert "must not be secret" in caught.value.diagnostics[0].summary
    assert "hush" not in str(caught.value.diagnostics)


def test_a_rollback_brings_back_what_a_key_had_made(lab: Lab) -> None:
    lab.apply(
        THINGS
        + """
  memory_note:
    every: {for_each: "${var.names}", title: "${each.key}", text: "${memory_thing.every[each.key].id}"}
"""
    )
    serial = lab.ledger.serial
    lab.apply(THINGS.replace("[a, b, c]", "[a]"))
    assert lab.names() == ["thing-a"]
    lab.rollback(serial)
    assert lab.names() == ["thing-a", "thing-b", "thing-c"]
    assert sorted(str(one.attributes["title"]) for one in lab.service.objects("memory_note")) == [
        "a",
        "b",
        "c",
    ]
    texts = {one.attributes["text"] for one in lab.service.objects("memory_note")}
    assert texts == {one.id for one in lab.service.objects("memory_thing")}
    assert not lab.plan_for(lab.desired_at(serial)).has_changes
