"""What a declaration may say about how it is treated."""

import pytest

from reconciler.errors import Refused
from reconciler.plan.action import Action
from tests.lifecycle.lab import Lab


def thing(settings: str, attributes: str = "text: one") -> str:
    return f"""
    resources:
      memory_thing:
        a: {{name: a, {attributes}, lifecycle: {{{settings}}}}}
    """


def test_prevent_destroy_refuses_a_replacement_and_names_what_forces_it(lab: Lab) -> None:
    lab.apply(thing("prevent_destroy: true", "kind: plain"))
    with pytest.raises(Refused, match="because of kind"):
        lab.plan(thing("prevent_destroy: true", "kind: fancy"))


def test_prevent_destroy_still_holds_when_the_declaration_is_gone(lab: Lab) -> None:
    lab.apply(thing("prevent_destroy: true"))
    with pytest.raises(Refused, match="prevented"):
        lab.plan("")
    lab.apply(thing("prevent_destroy: false"))
    lab.apply("")
    assert lab.names() == []


def test_ignored_attributes_are_set_once_and_then_left_alone(lab: Lab) -> None:
    lab.apply(thing("ignore_changes: [text]"))
    found = lab.service.objects("memory_thing")[0]
    lab.service.change("memory_thing", found.id, text="theirs")
    plan = lab.plan(thing("ignore_changes: [text]", "text: two, size: 1"))
    assert plan.drift == ()
    assert plan.changes[0].changed == {"size"}
    lab.execute(plan)
    assert lab.service.objects("memory_thing")[0].attributes["text"] == "theirs"


def test_on_destroy_archive_archives_and_says_that_it_is_no_full_undo(lab: Lab) -> None:
    lab.apply(thing("on_destroy: archive"))
    plan = lab.plan("")
    assert plan.changes[0].how == "archive"
    assert "keeps its name" in plan.changes[0].irreversible
    lab.execute(plan)
    assert lab.service.objects("memory_thing")[0].attributes["archived"] is True
    assert lab.ledger.objects() == {}


def test_on_destroy_forget_leaves_the_object(lab: Lab) -> None:
    lab.apply(thing("on_destroy: forget"))
    plan = lab.plan("")
    assert lab.actions(plan) == {"memory_thing.a": Action.FORGET}
    lab.execute(plan)
    assert lab.names() == ["a"]
    assert lab.ledger.objects() == {}


@pytest.mark.parametrize("way", ["archive", "forget"])
def test_an_object_that_is_not_to_be_deleted_is_not_replaced(lab: Lab, way: str) -> None:
    lab.apply(thing(f"on_destroy: {way}", "kind: plain"))
    before = lab.service.objects("memory_thing")
    with pytest.raises(Refused, match=rf"on_destroy: {way} the old object stays \(because of kind\)"):
        lab.plan(thing(f"on_destroy: {way}", "kind: fancy"))
    assert lab.service.objects("memory_thing") == before


def test_more_deletions_than_allowed_are_refused_with_their_names(lab: Lab) -> None:
    lab.apply(thing("on_destroy: delete"))
    with pytest.raises(Refused, match=r"memory_thing\.a"):
        lab.plan("", max_deletes=0)
    assert lab.plan("", max_deletes=1).has_changes
