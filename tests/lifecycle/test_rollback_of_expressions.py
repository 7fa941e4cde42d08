"""The way back for what was an expression: data, ignored changes, secrets, sensitive outputs."""

from pathlib import Path

import pytest

from reconciler.errors import Refused
from reconciler.values import Digest
from tests.lifecycle.lab import Lab

CANARY = "canary-99b1"


def test_what_came_from_data_keeps_the_value_that_it_had(lab: Lab) -> None:
    other = lab.service.put("memory_thing", name="other")
    stack = """
    data: {memory_thing: {other: {name: other}}}
    resources: {memory_note: {n: {title: "${data.memory_thing.other.url}", text: one}}}
    """
    lab.apply(stack)
    serial = lab.ledger.serial
    lab.apply(stack.replace("one", "two"))
    assert lab.rollback(serial).is_complete
    (note,) = lab.service.objects("memory_note")
    assert (note.attributes["title"], note.attributes["text"]) == (other.attributes["url"], "one")
    assert not lab.plan_for(lab.desired_at(serial)).has_changes


def test_an_expression_whose_changes_are_ignored_is_no_part_of_the_way_back(lab: Lab) -> None:
    stack = """
    resources:
      memory_thing:
        b: {name: b}
        a: {name: a, text: "${memory_thing.b.id}", size: 1, lifecycle: {ignore_changes: [text]}}
    """
    lab.apply(stack)
    serial = lab.ledger.serial
    lab.apply(stack.replace("size: 1", "size: 2"))
    assert lab.rollback(serial).is_complete
    assert not lab.plan_for(lab.desired_at(serial)).has_changes


def test_one_of_several_secrets_in_an_attribute_may_be_rotated_later(lab: Lab) -> None:
    lab.environ.update(A="1", B="2")
    stack = """
    resources:
      memory_thing:
        a: {name: a, tags: ["${secret.A}", "${secret.B}"], size: 1}
    """
    lab.apply(stack)
    serial = lab.ledger.serial
    lab.apply(stack.replace("size: 1", "size: 2"))
    lab.environ["A"] = "3"
    assert lab.rollback(serial).is_complete
    assert lab.service.objects("memory_thing")[0].attributes["tags"] == ["1", "2"]
    assert not lab.plan_for(lab.desired_at(serial)).has_changes


def test_a_sensitive_output_goes_back_by_its_digest(lab: Lab) -> None:
    lab.environ["TOKEN"] = "one"
    stack = """
    resources:
      memory_thing:
        a: {name: a, size: 1}
    outputs:
      token: {value: "${secret.TOKEN}", sensitive: true}
    """
    lab.apply(stack)
    serial = lab.ledger.serial
    lab.apply(stack.replace("size: 1", "size: 2"))
    assert lab.rollback(serial).is_complete
    assert not lab.plan_for(lab.desired_at(serial)).has_changes
    assert isinstance(lab.ledger.outputs()["token"], Digest)


def test_a_rotated_secret_that_is_left_alone_stays_secret(lab: Lab, tmp_path: Path) -> None:
    lab.environ["TOKEN"] = CANARY
    stack = """
    resources:
      memory_thing:
        a: {name: a, text: "${secret.TOKEN}", size: 1}
    """
    lab.apply(stack)
    serial = lab.ledger.serial
    lab.apply(stack.replace("size: 1", "size: 2"))
    lab.environ["TOKEN"] = "rotated"
    assert lab.rollback(serial).is_complete
    assert not lab.plan_for(lab.desired_at(serial)).has_changes
    lab.ledger.close()
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert CANARY.encode() not in file.read_bytes(), file
    lab.reopen()


def test_an_object_that_must_be_made_again_is_not_made_without_its_secret(lab: Lab) -> None:
    lab.environ["TOKEN"] = "one"
    stack = """
    resources:
      memory_thing:
        a: {name: a, secret: "${secret.TOKEN}", size: 1}
    """
    lab.apply(stack)
    serial = lab.ledger.serial
    lab.apply(stack.replace("size: 1", "size: 2"))
    lab.environ["TOKEN"] = "two"
    lab.service.remove("memory_thing", lab.service.objects("memory_thing")[0].id)
    with pytest.raises(Refused, match="secret would have to be written again"):
        lab.plan_for(lab.desired_at(serial))


def test_a_secret_that_is_declared_no_more_stays_secret(lab: Lab, tmp_path: Path) -> None:
    lab.environ["TOKEN"] = CANARY
    stack = """
    resources:
      memory_thing:
        a: {name: a, text: "${secret.TOKEN}"}
    """
    lab.apply(stack)
    for without in ("", ", size: 1", ", size: 2"):
        lab.apply(stack.replace(', text: "${secret.TOKEN}"', without))
        (change,) = lab.plan().changes
        assert CANARY not in repr((change.before, change.after, lab.plan().values))
    lab.ledger.close()
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert CANARY.encode() not in file.read_bytes(), file
    lab.reopen()
    lab.apply(stack.replace('"${secret.TOKEN}"', "plain"))
    assert lab.recorded("memory_thing.a")["text"] == "plain"
