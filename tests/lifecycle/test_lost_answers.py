"""A call whose answer is lost: what it made is ours, and only that."""

from pathlib import Path

from tests.lifecycle.lab import Lab

ONE = "resources: {memory_thing: {a: {name: x}}}"


def test_an_object_of_another_name_is_not_taken_for_the_one_that_was_lost(lab: Lab) -> None:
    theirs = lab.service.put("memory_thing", name="theirs")
    lab.service.go_down("create", took_effect=True)
    lab.apply(ONE)
    lab.service.heal()
    (change,) = lab.plan(ONE.replace("name: x", "name: theirs")).visible
    assert change.live is not None
    assert change.live.id != theirs.id
    assert change.changed == {"name"}


def test_an_object_that_was_missing_and_whose_creation_was_lost_is_ours(lab: Lab) -> None:
    lab.apply(ONE)
    lab.service.remove("memory_thing", lab.service.objects("memory_thing")[0].id)
    lab.service.go_down("create", took_effect=True)
    lab.apply()
    lab.service.heal()
    lab.reopen()
    assert lab.apply().is_complete
    assert lab.names() == ["x"]
    assert not lab.plan().has_changes
    assert lab.ledger.open_intents() == []


def test_what_the_service_made_with_an_object_whose_creation_was_lost_is_ours_too(lab: Lab) -> None:
    lab.service.go_down("create", took_effect=True)
    lab.apply("""
    resources:
      memory_thing:
        a: {name: a, with_default_part: true}
      memory_part:
        d: {thing: "${memory_thing.a.name}", name: default, text: mine}
    """)
    lab.service.heal()
    lab.reopen()
    assert lab.apply().is_complete
    assert [part.attributes["text"] for part in lab.service.objects("memory_part")] == ["mine"]
    assert not lab.plan().has_changes


def test_a_secret_name_is_not_in_the_journal_and_its_object_is_found_all_the_same(
    lab: Lab, tmp_path: Path
) -> None:
    lab.environ["TOKEN"] = "canary-71c0"
    lab.service.go_down("write_many", took_effect=True)
    lab.apply('resources: {memory_member: {a: {name: "${secret.TOKEN}"}}}')
    lab.ledger.close()
    for file in tmp_path.rglob("*"):
        if file.is_file():
            assert b"canary-71c0" not in file.read_bytes(), file
    lab.service.heal()
    lab.reopen()
    assert lab.apply().is_complete
    assert len(lab.names("memory_member")) == 1
    assert not lab.plan().has_changes
