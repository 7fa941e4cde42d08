"""Taking a part of a stack back: what was named, what must come along, and nothing else."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from reconciler.address import Address
from reconciler.errors import Refused, Unreachable
from reconciler.operations import applying, rollback
from reconciler.plan.change import Plan
from reconciler.plan.desired import Desired
from reconciler.plan.targets import named
from reconciler.state.model import RunOutcome, StateObject
from reconciler.views.line import plain
from reconciler.views.plan_text import plan_lines
from tests.unit.operations.desk import Desk, order

TWO = """
resources:
  memory_thing:
    a: {name: a, text: first}
    b: {name: b, text: first}
"""


@dataclass
class Part(Desk):
    """A desk at which parts are taken back."""

    directory: Path

    def __post_init__(self) -> None:
        Desk.__init__(self, self.directory)

    @property
    def serial(self) -> int:
        with self.open() as workspace:
            return workspace.ledger.serial

    def plan_back(self, to: int, *targets: str) -> Plan:
        with self.open() as workspace:
            where = rollback.target(workspace.ledger, str(to))
            return rollback.prepare(workspace, where, targets=[*map(Address.parse, targets)]).plan

    def back(self, to: int, *targets: str) -> Plan:
        """Plan and carry out; everything planned must get done."""
        with self.open() as workspace:
            where = rollback.target(workspace.ledger, str(to))
            prospect = rollback.prepare(workspace, where, targets=[*map(Address.parse, targets)])
            applied = applying.carry_out(workspace, prospect, order("rollback"))
            assert applied.outcome.outcome is RunOutcome.DONE, applied.outcome
            return prospect.plan

    def texts(self) -> dict[str, str]:
        """By name: the text of every thing."""
        return {
            found.attributes["name"]: found.attributes["text"]
            for found in self.service.objects("memory_thing")
        }

    def recorded(self) -> set[str]:
        with self.open() as workspace:
            return set(map(str, workspace.ledger.objects()))


@pytest.fixture
def desk(tmp_path: Path) -> Part:
    return Part(tmp_path)


def seen(plan: Plan) -> dict[str, tuple[str, str]]:
    """What a reader of the plan sees: by address, what happens and why it came along."""
    return {str(change.address): (str(change.action), change.along) for change in plan.visible}


def test_only_what_was_named_is_taken_back(desk: Part) -> None:
    desk.apply(TWO)
    before = desk.serial
    desk.apply(TWO.replace("first", "second") + "    c: {name: c}\n")
    plan = desk.back(before, "memory_thing.a")
    assert seen(plan) == {"memory_thing.a": ("update", "")}
    assert desk.texts() == {"a": "first", "b": "second", "c": ""}
    assert desk.recorded() == {"memory_thing.a", "memory_thing.b", "memory_thing.c"}
    assert not desk.plan_back(before, "memory_thing.a").has_changes


def test_what_is_left_as_it_is_is_not_even_read(desk: Part) -> None:
    desk.apply(TWO + "  memory_note:\n    n: {title: n}\n")
    before = desk.serial
    desk.apply((TWO + "  memory_note:\n    n: {title: n}\n").replace("first", "second"))
    desk.service.fail("read", Unreachable, type="memory_note", times=None)
    assert seen(desk.back(before, "memory_thing.a")) == {"memory_thing.a": ("update", "")}


def test_what_a_target_refers_to_comes_along_over_a_chain(desk: Part) -> None:
    chain = """
    resources:
      memory_thing:
        a: {name: a}
        b: {name: b, text: "${memory_thing.a.id}"}
        c: {name: c, text: "${memory_thing.b.id}"}
        d: {name: d, text: kept}
    outputs:
      last: {value: "${memory_thing.c.text}"}
    """
    desk.apply(chain)
    before = desk.serial
    desk.apply("resources: {memory_thing: {d: {name: d, text: changed}}}\noutputs: {last: {value: none}}\n")
    plan = desk.back(before, "memory_thing.c")
    assert seen(plan) == {
        "memory_thing.a": ("create", "memory_thing.b needs it"),
        "memory_thing.b": ("create", "memory_thing.c needs it"),
        "memory_thing.c": ("create", ""),
    }
    ids = {found.attributes["name"]: found.id for found in desk.service.objects("memory_thing")}
    assert desk.texts() == {"a": "", "b": ids["a"], "c": ids["b"], "d": "changed"}


def test_what_depends_on_a_target_that_is_removed_goes_or_changes_first(desk: Part) -> None:
    desk.apply(TWO)
    before = desk.serial
    desk.apply(
        """
    resources:
      memory_thing:
        a: {name: a, text: "${memory_thing.c.id}"}
        b: {name: b, text: second}
        c: {name: c}
        d: {name: d, text: "${memory_thing.c.id}"}
    """
    )
    plan = desk.back(before, "memory_thing.c")
    why = "it depends on memory_thing.c, which is removed"
    assert seen(plan) == {
        "memory_thing.a": ("update", why),
        "memory_thing.d": ("delete", why),
        "memory_thing.c": ("delete", ""),
    }
    assert desk.texts() == {"a": "first", "b": "second"}


def test_what_lives_in_a_target_that_is_removed_goes_with_it(desk: Part) -> None:
    desk.apply(TWO)
    before = desk.serial
    desk.apply(
        TWO
        + "    c: {name: c}\n"
        + "  memory_part:\n    p: {thing: c, name: p}\n    q: {thing: a, name: q}\n"
    )
    plan = desk.back(before, "memory_thing.c")
    assert set(seen(plan)) == {"memory_thing.c", "memory_part.p"}
    assert desk.recorded() == {"memory_thing.a", "memory_thing.b", "memory_part.q"}


def test_what_refers_to_an_object_that_is_made_anew_follows_its_new_id(desk: Part) -> None:
    pair = """
    resources:
      memory_thing:
        a: {name: a, text: first}
        b: {name: b, text: "${memory_thing.a.id}"}
        c: {name: c, text: first}
    outputs:
      where: {value: "${memory_thing.a.id}"}
      other: {value: "${memory_thing.c.text} ${memory_thing.a.id}"}
    """
    desk.apply(pair)
    before = desk.serial
    desk.apply(pair.replace("first", "second"))
    gone = next(found for found in desk.service.objects("memory_thing") if found.attributes["name"] == "a")
    desk.service.remove("memory_thing", gone.id)
    plan = desk.back(before, "memory_thing.a")
    assert seen(plan) == {
        "memory_thing.a": ("create", ""),
        "memory_thing.b": ("update", "it depends on memory_thing.a, which is made anew"),
    }
    new = next(found.id for found in desk.service.objects("memory_thing") if found.attributes["name"] == "a")
    assert desk.texts() == {"a": "first", "b": new, "c": "second"}
    with desk.open() as workspace:
        assert workspace.ledger.outputs() == {"where": new, "other": f"second {new}"}


def test_what_lives_in_a_target_that_gets_its_name_back_follows(desk: Part) -> None:
    stack = """
    resources:
      memory_thing:
        a: {name: a, text: first}
      memory_part:
        p: {thing: "${memory_thing.a.name}", name: p, text: first}
    """
    desk.apply(stack)
    before = desk.serial
    desk.apply(stack.replace("name: a,", "name: b,"))
    desk.back(before, "memory_thing.a")
    assert [part.attributes["thing"] for part in desk.service.objects("memory_part")] == ["a"]
    with desk.open() as workspace:
        parts = [known for known in workspace.ledger.objects().values() if known.type == "memory_part"]
        assert [part.attributes["thing"] for part in parts] == ["a"]


def test_an_object_that_got_another_address_keeps_one_address(desk: Part) -> None:
    desk.apply(TWO)
    before = desk.serial
    identity = desk.service.objects("memory_thing")[0].id
    desk.apply(TWO.replace("a: {name: a", "moved: {name: a"))
    for target in ("memory_thing.a", "memory_thing.moved"):
        only = desk.plan_back(before, target).only or {}
        assert set(map(str, only)) == {"memory_thing.a", "memory_thing.moved"}
    desk.back(before, "memory_thing.a")
    assert desk.recorded() == {"memory_thing.a", "memory_thing.b"}
    assert identity in [found.id for found in desk.service.objects("memory_thing")]


def test_a_secret_that_is_lost_elsewhere_does_not_hinder_it(desk: Part) -> None:
    stack = TWO + '    s: {name: s, secret: "${secret.TOKEN}"}\n'
    desk.environ["TOKEN"] = "one"
    desk.apply(stack)
    before = desk.serial
    desk.apply(TWO.replace("first", "second"))
    desk.environ["TOKEN"] = "two"
    with pytest.raises(Refused, match="another value today"):
        desk.plan_back(before)
    with pytest.raises(Refused, match="another value today"):
        desk.plan_back(before, "memory_thing.s")
    desk.back(before, "memory_thing.a")
    assert desk.texts() == {"a": "first", "b": "second"}


def test_a_secret_that_is_not_set_elsewhere_does_not_hinder_it(desk: Part) -> None:
    stack = TWO + '    s: {name: s, secret: "${secret.TOKEN}"}\n'
    desk.environ["TOKEN"] = "one"
    desk.apply(stack)
    before = desk.serial
    desk.apply(TWO.replace("first", "second"))
    del desk.environ["TOKEN"]
    with pytest.raises(Refused, match="TOKEN"):
        desk.plan_back(before, "memory_thing.s")
    desk.back(before, "memory_thing.a")
    assert desk.texts() == {"a": "first", "b": "second"}


def test_outputs_that_rest_on_nothing_of_it_stay_as_they_are(desk: Part) -> None:
    stack = TWO + 'outputs:\n  a: {value: "${memory_thing.a.text}"}\n  b: {value: "${memory_thing.b.text}"}\n'
    desk.apply(stack)
    before = desk.serial
    desk.apply(stack.replace("first", "second") + "  c: {value: later}\n")
    plan = desk.back(before, "memory_thing.a")
    assert [output.name for output in plan.outputs if output.is_changed] == ["a"]
    with desk.open() as workspace:
        assert workspace.ledger.outputs() == {"a": "first", "b": "second", "c": "later"}


def test_a_resource_named_without_its_key_means_all_its_instances() -> None:
    addresses = [
        Address("memory_thing", "t", "x"),
        Address("memory_thing", "t", "y"),
        Address("memory_thing", "u"),
    ]
    objects = {address: StateObject(address, "memory", str(address), {}) for address in addresses}
    assert list(named([Address("memory_thing", "t")], Desired({}), objects)) == addresses[:2]


def test_an_address_that_is_nowhere_is_refused_with_the_nearest_one(desk: Part) -> None:
    desk.apply("resources: {memory_thing: {alpha: {name: a}}}\n")
    with pytest.raises(Refused, match="no resource of this address") as refused:
        desk.plan_back(0, "memory_thing.alpah", "memory_note.n")
    assert [(found.address, found.advice) for found in refused.value.diagnostics] == [
        ("memory_thing.alpah", "did you mean 'memory_thing.alpha'?"),
        ("memory_note.n", "use one of: memory_thing.alpha"),
    ]


def test_the_plan_says_what_came_along_and_that_the_rest_stays(desk: Part) -> None:
    stack = 'resources: {memory_thing: {a: {name: a}, b: {name: b, text: "${memory_thing.a.id}"}}}\n'
    desk.apply(stack)
    before = desk.serial
    desk.apply("resources: {memory_thing: {c: {name: c}}}\n")
    plan = desk.plan_back(before, "memory_thing.b")
    with desk.open() as workspace:
        text = plain(plan_lines(plan, workspace.registry))
    assert "(comes along: memory_thing.b needs it)" in text
    assert (
        "Only memory_thing.b, and 1 resource that must come along. Everything else is left as it is." in text
    )


def test_a_part_taken_back_can_be_taken_back_again(desk: Part) -> None:
    desk.apply(TWO)
    before = desk.serial
    desk.apply(TWO.replace("first", "second") + "    c: {name: c}\n")
    after, seen_then = desk.serial, desk.texts()
    desk.back(before, "memory_thing.a", "memory_thing.c")
    assert desk.texts() == {"a": "first", "b": "second"}
    desk.back(after, "memory_thing.a", "memory_thing.c")
    assert desk.texts() == seen_then
    assert not desk.plan_back(after).has_changes


def test_a_target_whose_object_lost_its_name_to_one_left_alone_is_refused(desk: Part) -> None:
    desk.apply(TWO)
    before = desk.serial
    desk.apply("resources: {memory_thing: {b: {name: b, text: first}}}\n")
    desk.apply("resources: {memory_thing: {b: {name: b, text: first}, other: {name: a}}}\n")
    with pytest.raises(Refused, match=r"memory_thing\.other has an object of this name, and is left"):
        desk.plan_back(before, "memory_thing.a")
    plan = replace(desk.plan_back(before, "memory_thing.a", "memory_thing.other"))
    assert set(seen(plan)) == {"memory_thing.a", "memory_thing.other"}
