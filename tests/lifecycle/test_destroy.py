"""Deleting: in reverse order, once, and never what goes by itself."""

from tests.lifecycle.lab import Lab

STACK = """
resources:
  memory_thing:
    a: {name: a, with_default_part: true}
    b: {name: b, text: "${memory_thing.a.id}"}
  memory_part:
    p: {thing: "${memory_thing.a.name}", name: p}
    d: {thing: "${memory_thing.a.name}", name: default}
  memory_note:
    n: {title: "${memory_thing.b.id}"}
"""


def test_destroy_empties_service_and_state_in_reverse_order(lab: Lab) -> None:
    lab.apply(STACK)
    lab.watcher.events.clear()
    outcome = lab.destroy()
    assert outcome.is_complete
    assert lab.ledger.objects() == {}
    assert not any(lab.service.objects(kind) for kind in ("memory_thing", "memory_part", "memory_note"))
    finished = [address for event, address in lab.watcher.events if event == "finished"]
    assert finished.index("memory_note.n") < finished.index("memory_thing.b")
    assert finished.index("memory_thing.b") < finished.index("memory_thing.a")


def test_what_lives_in_a_deleted_object_takes_no_call_of_its_own(lab: Lab) -> None:
    lab.apply(STACK)
    lab.destroy()
    assert lab.service.count("delete", "memory_part") == 0
    assert lab.service.count("delete", "memory_thing") == 2


def test_what_lives_in_an_archived_object_stays_in_it(lab: Lab) -> None:
    lab.apply("""
    resources:
      memory_thing:
        a: {name: a, lifecycle: {on_destroy: archive}}
      memory_part:
        p: {thing: "${memory_thing.a.name}", name: p}
    """)
    lab.destroy()
    assert lab.names("memory_part") == ["p"]
    assert lab.ledger.objects() == {}


def test_an_object_that_is_gone_already_is_forgotten(lab: Lab) -> None:
    lab.apply(STACK)
    lab.service.remove("memory_note", lab.service.objects("memory_note")[0].id)
    assert lab.destroy().is_complete
    assert lab.ledger.objects() == {}
    assert lab.service.count("delete", "memory_note") == 0


def test_a_reference_is_dropped_before_its_target_is_deleted(lab: Lab) -> None:
    lab.apply(STACK)
    lab.watcher.events.clear()
    lab.apply("""
    resources:
      memory_note:
        n: {title: alone}
    """)
    finished = [address for event, address in lab.watcher.events if event == "finished"]
    assert finished.index("memory_note.n") < finished.index("memory_thing.b")
    assert lab.names() == []
