"""What is equal to a service is equal here, also where only a keyed hash is left to compare."""

import pytest

from reconciler.errors import Call, ServiceFailed
from tests.lifecycle.lab import Lab


def test_a_set_with_a_secret_in_it_may_come_back_in_another_order(lab: Lab) -> None:
    lab.environ["TOKEN"] = "1"
    lab.apply('resources: {memory_thing: {a: {name: a, tags: ["zz-${secret.TOKEN}", "y"]}}}')
    assert lab.plan().drift == ()
    thing = lab.service.objects("memory_thing")[0]
    lab.service.change("memory_thing", thing.id, tags=["y", "zz-1"])
    assert lab.plan().drift == ()
    lab.service.change("memory_thing", thing.id, tags=["y", "zz-2"])
    assert [found.attributes for found in lab.plan().drift] == [("tags",)]


def test_a_secret_number_may_come_back_as_a_float(lab: Lab) -> None:
    lab.environ["TOKEN"] = "1"
    lab.apply('resources: {memory_thing: {a: {name: a, size: "${secret.TOKEN | int}"}}}')
    thing = lab.service.objects("memory_thing")[0]
    lab.service.change("memory_thing", thing.id, size=1.0)
    assert lab.plan().drift == ()
    lab.service.change("memory_thing", thing.id, size=1.5)
    assert [found.attributes for found in lab.plan().drift] == [("size",)]


def test_a_service_that_answers_a_whole_question_with_an_error_leaves_all_unread(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab.apply("resources: {memory_thing: {a: {name: a}}, reconciler_value: {v: {input: 1}}}")

    def refuse(lookups: object) -> None:
        raise ServiceFailed("no answer", call=Call("memory", "read"))

    monkeypatch.setattr(lab.providers["memory"], "read", refuse)
    plan = lab.plan_for(lab.desired(), allow_unread=True)
    assert [str(found.address) for found in plan.unread] == ["memory_thing.a"]
    assert plan.drift == ()
