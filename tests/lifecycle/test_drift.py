"""What somebody changed behind our back is seen, named, and put right."""

from reconciler.errors import ServiceFailed
from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab

TWO = """
resources:
  memory_thing:
    a: {name: a, text: ours, tags: [x]}
    b: {name: b}
"""


def test_a_change_of_a_declared_attribute_is_drift_and_apply_puts_it_right(lab: Lab) -> None:
    lab.apply(TWO)
    thing = lab.service.objects("memory_thing")[0]
    lab.service.change("memory_thing", thing.id, text="theirs", size=9)
    plan = lab.plan()
    (drift,) = plan.drift
    assert (str(drift.address), drift.attributes) == ("memory_thing.a", ("text",))
    assert (drift.prior["text"], drift.live and drift.live["text"]) == ("ours", "theirs")
    lab.execute(plan)
    assert lab.service.objects("memory_thing")[0].attributes["text"] == "ours"
    assert lab.plan().drift == ()


def test_a_change_of_what_is_not_declared_is_no_drift(lab: Lab) -> None:
    lab.apply(TWO)
    lab.service.change("memory_thing", lab.service.objects("memory_thing")[1].id, text="theirs")
    plan = lab.plan()
    assert plan.drift == ()
    assert not plan.has_changes


def test_a_missing_object_is_drift_and_made_again(lab: Lab) -> None:
    lab.apply(TWO)
    lab.service.remove("memory_thing", lab.service.objects("memory_thing")[0].id)
    plan = lab.plan()
    (drift,) = plan.drift
    assert drift.is_missing
    assert lab.actions(plan) == {"memory_thing.a": Action.CREATE}
    assert plan.by_address[drift.address].reason == "it is missing in the service"
    lab.execute(plan)
    assert lab.names() == ["a", "b"]
    assert not lab.plan().has_changes


def test_a_failed_read_is_unknown_and_never_missing(lab: Lab) -> None:
    lab.apply(TWO)
    lab.service.fail("read", ServiceFailed)
    plan = lab.plan_for(lab.desired(), allow_unread=True)
    assert {str(found.address) for found in plan.unread} == {"memory_thing.a", "memory_thing.b"}
    assert plan.drift == ()
    assert not plan.visible


def test_a_secret_overwritten_by_somebody_else_is_drift(lab: Lab) -> None:
    lab.environ["TOKEN"] = "one"
    lab.apply("""
    resources:
      memory_thing:
        a: {name: a, secret: "${secret.TOKEN}"}
    """)
    thing = lab.service.objects("memory_thing")[0]
    lab.service.change("memory_thing", thing.id, secret="stolen")
    plan = lab.plan()
    assert [found.attributes for found in plan.drift] == [("secret",)]
    lab.execute(plan)
    assert lab.service.secret_of(thing.id) == "one"
    assert lab.plan().drift == ()
