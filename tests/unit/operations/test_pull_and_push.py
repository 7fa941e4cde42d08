"""``state pull`` and ``state push``: the document, what is taken, and what is refused."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.address import Address
from reconciler.config.schemas import schema
from reconciler.errors import DiagnosedError, Refused, StateTooNew
from reconciler.operations.adopt import adopt
from reconciler.operations.json_text import DEEPEST
from reconciler.operations.transfer import pull, push
from reconciler.operations.workspace import Workspace
from reconciler.state.books import Pushed
from reconciler.state.model import Committed, Hold, Intent
from tests.unit.operations.desk import Desk

STACK = """
resources:
  memory_thing:
    a: {name: a, secret: "${secret.WORD}", with_default_part: true}
  memory_part:
    lid: {thing: "${memory_thing.a.name}", name: lid}
outputs:
  id: {value: "${memory_thing.a.id}"}
  word: {value: "${secret.WORD}", sensitive: true}
"""
LID = Address.parse("memory_part.lid")
Document = dict[str, Any]


@pytest.fixture
def workspace(desk: Desk) -> Iterator[Workspace]:
    desk.environ["WORD"] = "open sesame"
    desk.apply(STACK)
    desk.service.calls.clear()
    with desk.open() as workspace:
        workspace.ledger.hold(Hold("digest-1", "run-1", desk.clock.now(), "ada@host", "too early"))
        workspace.ledger.name("first", 1, desk.clock.now(), "ada@host")
        yield workspace
    assert desk.service.calls == []


@pytest.fixture
def document(workspace: Workspace) -> Document:
    return pull(workspace)


def given(workspace: Workspace, document: Any) -> Pushed:
    return push(workspace, json.dumps(document).encode(), "file.json")


def thing(document: Document) -> Document:
    found: Document = next(one for one in document["objects"] if one["address"] == "memory_thing.a")
    return found


def part(document: Document) -> Document:
    found: Document = next(one for one in document["objects"] if one["address"] == "memory_part.lid")
    return found


def test_what_is_pulled_is_as_the_schema_says(document: Document) -> None:
    Draft202012Validator(schema("state-file.schema.json")).validate(document)
    assert (document["stack"], document["environment"], document["realm"]) == ("lab", "default", "real")
    assert [one["address"] for one in document["objects"]] == ["memory_part.lid", "memory_thing.a"]
    assert document["accounts"] == {"memory": {"id": "memory-1", "name": "Memory Lane"}}
    assert part(document)["expressions"] == {"/thing": "${memory_thing.a.name}"}
    assert part(document)["depends_on"] == ["memory_thing.a"]
    assert thing(document)["side_effects"] == [{"type": "memory_part", "key": ["a", "default"]}]
    assert document["holds"][0]["why"] == "too early"


def test_secrets_are_pulled_as_digests_without_the_key(
    document: Document, workspace: Workspace, desk: Desk
) -> None:
    text = json.dumps(document)
    assert "open sesame" not in text
    assert thing(document)["declared"]["secret"].keys() == {"$sensitive"}
    assert document["outputs"]["word"] == thing(document)["declared"]["secret"]
    file = next((desk.directory / ".reconciler" / "state").glob("*.db"))
    (key,) = sqlite3.connect(file).execute("SELECT sealing_key FROM ledger").fetchone()
    assert key.hex() not in text


def test_the_same_document_changes_nothing_however_its_keys_are_ordered(
    workspace: Workspace, document: Document
) -> None:
    serial, runs = workspace.ledger.serial, workspace.ledger.runs()
    document["objects"].reverse()
    assert given(workspace, json.loads(json.dumps(document, sort_keys=True))) == Pushed(None, serial)
    assert (workspace.ledger.serial, workspace.ledger.runs()) == (serial, runs)


def test_only_what_differs_takes_a_serial(workspace: Workspace, document: Document) -> None:
    serial, before = workspace.ledger.serial, workspace.ledger.objects()
    thing(document)["attributes"]["revision"] = 7
    pushed = given(workspace, document)
    assert workspace.ledger.serial == serial + 1
    assert [str(address) for address in pushed.changed] == ["memory_thing.a"]
    run = workspace.ledger.runs()[-1]
    assert (run.command, run.to_serial, run.id) == ("push", serial + 1, pushed.run)
    assert workspace.ledger.objects(serial) == before
    assert pull(workspace)["objects"] == document["objects"]
    assert pushed.secrets_unknown == ()


def test_true_and_one_are_two_values(workspace: Workspace, document: Document) -> None:
    thing(document)["attributes"]["revision"] = True
    assert given(workspace, document).changed


def test_what_the_document_does_not_have_is_forgotten_and_what_it_adds_is_there(
    workspace: Workspace, document: Document
) -> None:
    other = {**part(document), "address": "memory_part.other", "id": "part-9"}
    document["objects"] = [thing(document), other]
    pushed = given(workspace, document)
    assert [str(address) for address in pushed.added] == ["memory_part.other"]
    assert [str(address) for address in pushed.removed] == ["memory_part.lid"]
    assert sorted(map(str, workspace.ledger.objects())) == ["memory_part.other", "memory_thing.a"]
    assert [str(one.address) for one in workspace.ledger.released()] == ["memory_part.lid"]


def test_outputs_holds_and_accounts_alone_are_a_push_without_a_serial(
    workspace: Workspace, document: Document
) -> None:
    serial = workspace.ledger.serial
    document["outputs"] = {"id": "another"}
    document["holds"][0]["configuration"] = "digest-2"
    document["accounts"]["memory.second"] = {"id": "memory-2", "name": "Second"}
    pushed = given(workspace, document)
    assert pushed.run is not None
    assert pushed.outputs_changed
    assert workspace.ledger.serial == serial
    assert workspace.ledger.outputs() == {"id": "another"}
    assert [hold.configuration for hold in workspace.ledger.holds()] == ["digest-2"]
    assert workspace.ledger.accounts()["memory.second"].id == "memory-2"
    assert given(workspace, document) == Pushed(None, serial)


def test_names_of_snapshots_are_given_and_taken_away_as_the_document_says(
    workspace: Workspace, document: Document
) -> None:
    serial, (first,) = workspace.ledger.serial, document["names"]
    assert (first["name"], first["serial"], first["who"]) == ("first", 1, "ada@host")
    document["names"] = [{**first, "name": "other"}, {**first, "name": "latest", "serial": serial}]
    assert given(workspace, document).run is not None
    assert pull(workspace)["names"] == document["names"]
    del document["names"]
    assert given(workspace, document) == Pushed(None, serial)
    assert list(workspace.ledger.names()) == ["other", "latest"]
    assert given(workspace, {**document, "names": []}).run is not None
    assert workspace.ledger.names() == {}


def test_an_object_that_stands_at_two_addresses_already_is_no_reason_to_refuse(
    workspace: Workspace, document: Document
) -> None:
    ledger = workspace.ledger
    twin = replace(ledger.objects()[LID], address=Address.parse("memory_part.cover"))
    ledger.record(results=[Committed(ledger.runs()[-1].id, 9, twin.address, twin)])
    pulled = pull(workspace)
    assert given(workspace, pulled) == Pushed(None, ledger.serial)
    thing(pulled)["attributes"]["revision"] = 7
    assert [str(address) for address in given(workspace, pulled).changed] == ["memory_thing.a"]


def test_a_digest_that_this_state_has_not_made_is_told_of(workspace: Workspace, document: Document) -> None:
    thing(document)["declared"]["secret"] = {"$sensitive": "ab" * 32}
    assert [str(address) for address in given(workspace, document).secrets_unknown] == ["memory_thing.a"]


Change = Callable[[Document], object]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda it: it.update(lineage="ab" * 16), "another lineage"),
        (lambda it: it.update(lineage=""), r"another lineage \(none\)"),
        (lambda it: it.update(serial=it["serial"] - 1), "the state has come to 2 since"),
        (lambda it: it.update(stack="other"), "of the stack 'other', and this is 'lab'"),
        (lambda it: it.update(environment="prod"), "of the environment 'prod'"),
        (lambda it: it.update(realm="sandbox"), "of the realm 'sandbox'"),
        (lambda it: it["accounts"]["memory"].update(id="x"), "the account Memory Lane"),
        (lambda it: it["objects"].append(it["objects"][0]), "has it twice"),
        (lambda it: it["objects"].append({**it["objects"][0], "address": "memory_part.x"}), "same object as"),
        (lambda it: part(it).update(depends_on=["memory_thing.b"]), "depends on memory_thing.b"),
        (lambda it: it["objects"].remove(thing(it)), "depends on memory_thing.a"),
        (lambda it: thing(it).update(depends_on=["memory_part.lid"]), "in a circle"),
        (
            lambda it: thing(it).update(expressions={"/name": "${memory_part.lid.name}"}),
            "circle: memory_",
        ),
        (lambda it: thing(it)["declared"].update(nome="a"), "'nome', which is no attribute"),
        (lambda it: thing(it).update(provider="github"), "has no objects of the type"),
        (lambda it: part(it)["expressions"].update({"/name/0": "${var.x}"}), "no value in declared"),
        (
            lambda it: thing(it).update(address="nothing"),
            r"objects\[1\].address: 'nothing' is not an address",
        ),
        (lambda it: thing(it).update(address='memory_thing.a["\\q"]'), "is not a key"),
        (lambda it: thing(it).update(address='memory_thing.a["\ud800"]'), "half of a character"),
        (lambda it: thing(it).update(address="data.memory_thing.a"), "data entries"),
        (lambda it: part(it).update(depends_on=["?"]), r"objects\[0\].depends_on\[0\]"),
        (lambda it: thing(it).update(id=7), r"objects\[1\].id must be text"),
        (lambda it: thing(it).pop("id"), r"objects\[1\] needs 'id'"),
        (lambda it: thing(it).update(idd="x"), r"objects\[1\] has no key 'idd'"),
        (lambda it: thing(it)["declared"].update(secret={"$sensitive": "open sesame"}), "secret"),
        (
            lambda it: thing(it)["declared"].update(secret={"$sensitive": "ab" * 32, "x": 1}),
            "beside the key 'x'",
        ),
        (lambda it: thing(it).update(attributes={"$sensitive": "ab" * 32}), "sensitive"),
        (lambda it: it.update(outputs={"$sensitive": "ab" * 32}), "sensitive"),
        (lambda it: it.update(format_version=0), "format_version"),
        (lambda it: it["holds"][0].update(when="2026-02-31T00:00:00Z"), "day"),
        (lambda it: it["holds"][0].update(when="yesterday"), "when"),
        (lambda it: it["names"][0].update(serial=9), "for snapshot 9, which is not there"),
        (lambda it: it["names"][0].update(name="17"), "'17' is a serial"),
        (lambda it: it["names"].append(it["names"][0]), "the name 'first' twice"),
        (lambda it: it.clear(), "this is no state: it lacks format_version, lineage"),
    ],
)
def test_a_document_that_is_not_of_this_state_or_makes_no_sense_is_refused(
    workspace: Workspace, document: Document, change: Change, why: str
) -> None:
    before, runs = pull(workspace), workspace.ledger.runs()
    change(document)
    with pytest.raises(Refused, match=why) as refused:
        given(workspace, document)
    assert all(one.advice for one in refused.value.diagnostics)
    assert pull(workspace) == before
    assert workspace.ledger.runs() == runs


def test_a_newer_format_is_refused_before_anything_else_is_looked_at(workspace: Workspace) -> None:
    with pytest.raises(StateTooNew, match="format 2"):
        given(workspace, {"format_version": 2})


def test_a_step_that_was_cut_off_stands_in_the_way(workspace: Workspace, document: Document) -> None:
    run = workspace.ledger.runs()[0].id
    address = next(iter(workspace.ledger.objects()))
    workspace.ledger.record(intents=[Intent(run, 9, address, "update", "memory")])
    with pytest.raises(Refused, match="was cut off"):
        given(workspace, document)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"null", "must be a mapping"),
        (b"[" * 100_000, "deeper"),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "deeper"),
        (b'{"a": 1, "a": 2}', "'a' is given twice"),
        (b"[NaN]", "NaN is not a number"),
        (b"[1e999]", "too large"),
        (b"[" + b"9" * 5000 + b"]", "too many digits"),
    ],
)
def test_nonsense_is_refused_with_a_reason(workspace: Workspace, content: bytes, why: str) -> None:
    with pytest.raises(DiagnosedError, match=why):
        push(workspace, content, "file.json")


@pytest.mark.parametrize("wrap", [lambda value: [value], lambda value: {"k": value}])
def test_a_value_as_deep_as_is_allowed_is_judged_and_kept(
    workspace: Workspace, document: Document, wrap: Callable[[Any], Any]
) -> None:
    wrong: Any = {"$sensitive": 1}
    right: Any = {"$$sensitive": 1}
    for _ in range(DEEPEST - 5):
        wrong, right = wrap(wrong), wrap(right)
    thing(document)["attributes"]["deep"] = wrong
    with pytest.raises(Refused, match="deep"):
        given(workspace, document)
    thing(document)["attributes"]["deep"] = right
    assert given(workspace, document).changed
    assert pull(workspace)["objects"] == document["objects"]


def test_a_dependency_that_was_open_already_is_no_reason_to_refuse(desk: Desk) -> None:
    desk.environ["WORD"] = "open sesame"
    desk.service.put("memory_thing", name="a")
    desk.service.put("memory_part", thing="a", name="lid")
    with desk.open(STACK) as workspace:
        adopt(workspace, Address.parse("memory_part.lid"), "a:lid")
        document = pull(workspace)
        assert part(document)["depends_on"] == ["memory_thing.a"]
        part(document)["attributes"]["name"] = "lid!"
        assert given(workspace, document).changed


def test_an_unsettled_account_keeps_a_recovery_from_beginning(desk: Desk) -> None:
    desk.environ["WORD"] = "open sesame"
    desk.apply(STACK)
    with desk.open() as workspace:
        document = pull(workspace)
    document["accounts"]["memory"]["id"] = "memory-2"
    for file in (desk.directory / ".reconciler" / "state").glob("*.db*"):
        file.unlink()
    with desk.open() as workspace:
        workspace.ledger.remember_account("memory", desk.service.account)
        with pytest.raises(Refused, match="Memory Lane"):
            given(workspace, document)
        assert workspace.ledger.runs() == []


def test_a_new_state_takes_over_lineage_serial_and_all(desk: Desk) -> None:
    desk.environ["WORD"] = "open sesame"
    desk.apply(STACK)
    desk.apply(STACK.replace("name: lid", "name: cover"))
    with desk.open() as workspace:
        workspace.ledger.name("before", 2, desk.clock.now(), "ada@host")
        workspace.ledger.name("last", 3, desk.clock.now(), "ada@host")
        document = pull(workspace)
    for file in (desk.directory / ".reconciler" / "state").glob("*.db*"):
        file.unlink()
    with desk.open() as workspace:
        assert workspace.ledger.lineage != document["lineage"]
        pushed = given(workspace, document)
        assert pushed.has_recovered
        assert [str(address) for address in pushed.secrets_unknown] == ["memory_thing.a"]
        assert pushed.names_lost == ("before",)
        assert pull(workspace) == {**document, "names": document["names"][1:]}
        assert workspace.ledger.snapshots() == []
    with desk.open() as workspace:
        assert workspace.ledger.lineage == document["lineage"]
        assert workspace.ledger.serial == document["serial"] == 3
        assert workspace.ledger.kept_from == 3


def test_an_empty_document_recovers_the_lineage_and_the_serial(desk: Desk) -> None:
    with desk.open("resources: {}\n") as workspace:
        document = pull(workspace) | {"lineage": "ab" * 16, "serial": 41}
        assert given(workspace, document).serial == 41
        assert given(workspace, document) == Pushed(None, 41)
    with desk.open() as workspace:
        assert workspace.ledger.serial == 41
    desk.apply("resources: {memory_thing: {a: {name: a}}}\n")
    with desk.open() as workspace:
        assert workspace.ledger.serial == 42
