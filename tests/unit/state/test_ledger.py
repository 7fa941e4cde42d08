from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from reconciler.address import Address
from reconciler.errors import StateError, WrongAccount
from reconciler.provider.objects import Account, ObjectKey
from reconciler.state.ledger import Ledger
from reconciler.state.model import Committed, Failed, Hold, Intent, RunOutcome, StateObject
from reconciler.state.sqlite import SqliteLedger
from reconciler.values import Digest, Sensitive

Make = Callable[..., StateObject]

WHEN = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)


@pytest.fixture
def ledger(files: Any) -> SqliteLedger:
    opened: SqliteLedger = files.open()
    opened.begin(files.run())
    return opened


def done(step: int, after: StateObject, run: str = "run-1") -> Committed:
    return Committed(run, step, after.address, after)


def gone(step: int, address: str, run: str = "run-1") -> Committed:
    return Committed(run, step, Address.parse(address), None)


def intent(step: int, address: str, action: str = "create", run: str = "run-1") -> Intent:
    return Intent(run, step, Address.parse(address), action, "github")


def texts(ledger: Ledger, serial: int | None = None) -> dict[str, object]:
    return {str(address): known.attributes.get("v") for address, known in ledger.objects(serial).items()}


def test_a_new_state_is_empty_and_has_a_lineage_of_its_own(files: Any, tmp_path: Any) -> None:
    first, second = files.open(), replace(files, path=tmp_path / "other.db").open()
    assert (first.serial, first.objects(), first.outputs(), first.runs()) == (0, {}, {}, [])
    assert first.lineage
    assert first.lineage != second.lineage


def test_an_object_comes_back_after_reopening_exactly_as_it_was_recorded(
    ledger: SqliteLedger, files: Any
) -> None:
    whole = StateObject(
        Address.parse('module.qa["a.b"].github_issue_label.triage["bug \\"x\\"é"]'),
        "github.enterprise",
        "L_1",
        {"name": "bug", "deep": [{"secret": Digest("ab"), "$sensitive": "mine"}], "none": None},
        {"name": "bug", "token": Digest("cd")},
        {"/token": "${secret.TOKEN}"},
        (Address("github_repository", "testx"),),
        3,
        True,
        "archive",
        (ObjectKey("github_issue_label", ("testx", 7)),),
    )
    ledger.record(results=[done(0, whole)])
    ledger.close()
    assert files.open().objects() == {whole.address: whole}


def test_each_committed_step_takes_one_serial_in_the_order_given(ledger: SqliteLedger, known: Make) -> None:
    reached = ledger.record(results=[done(0, known("t.a", v=1)), done(1, known("t.b", v=1))])
    assert reached == ledger.serial == 2
    assert ledger.record(results=[done(2, known("t.a", v=2)), gone(3, "t.b")]) == 4
    assert [texts(ledger, serial) for serial in range(5)] == [
        {},
        {"t.a": 1},
        {"t.a": 1, "t.b": 1},
        {"t.a": 2, "t.b": 1},
        {"t.a": 2},
    ]
    assert texts(ledger) == texts(ledger, 4)


def test_one_transaction_may_close_and_open_the_same_address_twice(ledger: SqliteLedger, known: Make) -> None:
    ledger.record(results=[done(0, known("t.a", v=1)), gone(1, "t.a"), done(2, known("t.a", v=2))])
    assert [texts(ledger, serial) for serial in (1, 2, 3)] == [{"t.a": 1}, {}, {"t.a": 2}]


def test_a_serial_that_never_was_is_refused_with_those_that_are(ledger: SqliteLedger, known: Make) -> None:
    ledger.record(results=[done(0, known("t.a"))])
    with pytest.raises(StateError, match="no snapshot 2") as raised:
        ledger.objects(2)
    assert "from 0 to 1" in raised.value.remedy


def test_snapshots_name_the_step_that_led_to_them(ledger: SqliteLedger, known: Make) -> None:
    ledger.record([intent(0, "t.a", "replace")])
    ledger.record(results=[done(0, known("t.a")), done(1, known("t.b"))])
    ledger.record(results=[done(2, known("t.b", v=2)), gone(3, "t.b")])
    assert [(made.serial, str(made.address), made.action, made.run) for made in ledger.snapshots()] == [
        (1, "t.a", "replace", "run-1"),
        (2, "t.b", "create", "run-1"),
        (3, "t.b", "update", "run-1"),
        (4, "t.b", "delete", "run-1"),
    ]


def test_an_intent_is_open_to_later_runs_until_its_step_is_committed(
    ledger: SqliteLedger, known: Make, files: Any
) -> None:
    first = Intent(
        "run-1", 0, Address("t", "a"), "create", "github", None, ObjectKey("t", ("a", 1)), True, group=4
    )
    ledger.record([first, intent(1, "t.b")])
    assert ledger.open_intents() == []  # the run knows of its own
    ledger.close()
    later = files.open()
    assert later.open_intents() == [first, intent(1, "t.b")]
    later.begin(files.run("run-2"))
    later.record(results=[done(0, known("t.a"))])
    assert later.open_intents() == [intent(1, "t.b")]


def test_results_are_written_before_intents_so_a_step_may_begin_its_second_half(
    ledger: SqliteLedger, files: Any
) -> None:
    ledger.record([intent(0, "t.a", "delete")])
    ledger.record([intent(0, "t.a", "create")], [gone(0, "t.a")])
    ledger.close()
    assert files.open().open_intents() == [intent(0, "t.a", "create")]


@pytest.mark.parametrize(("outcome_known", "still_open"), [(True, []), (False, [intent(0, "t.a")])])
def test_a_failure_settles_an_intent_only_when_its_outcome_is_known(
    ledger: SqliteLedger, files: Any, outcome_known: bool, still_open: list[Intent]
) -> None:
    ledger.record([intent(0, "t.a")])
    assert ledger.record(results=[Failed("run-1", 0, "the service said no", outcome_known)]) == 0
    ledger.close()
    assert files.open().open_intents() == still_open


def test_intents_of_an_ended_run_of_this_process_count_as_earlier_ones(ledger: SqliteLedger) -> None:
    ledger.record([intent(0, "t.a")])
    ledger.end("run-1", RunOutcome.FAILED, WHEN)
    assert ledger.open_intents() == [intent(0, "t.a")]


def test_a_run_comes_back_whole_with_where_it_ended(ledger: SqliteLedger, files: Any, known: Make) -> None:
    ledger.record(results=[done(0, known("t.a"))])
    ledger.end("run-1", RunOutcome.DONE, WHEN)
    begun = replace(
        files.run("run-2", 1), commit="abc+changes", pull_request="#7", configuration="c", why="w"
    )
    ledger.begin(begun)
    ended, running = ledger.runs()
    assert (ended.outcome, ended.ended, ended.from_serial, ended.to_serial) == (RunOutcome.DONE, WHEN, 0, 1)
    assert running == begun


def test_a_run_that_is_ended_late_ends_at_its_own_last_step(
    ledger: SqliteLedger, files: Any, known: Make
) -> None:
    ledger.record(results=[done(0, known("t.a"))])
    ledger.begin(files.run("run-2", 1))
    ledger.record(results=[done(0, known("t.b"), "run-2")])
    ledger.end("run-1", RunOutcome.INTERRUPTED, WHEN)
    ledger.end("run-2", RunOutcome.DONE, WHEN)
    assert [run.to_serial for run in ledger.runs()] == [1, 2]


def test_a_run_that_did_nothing_ends_where_it_began(ledger: SqliteLedger, files: Any, known: Make) -> None:
    ledger.record(results=[done(0, known("t.a"))])
    ledger.begin(files.run("run-2", 1))
    ledger.end("run-2", RunOutcome.DONE, WHEN)
    assert ledger.runs()[1].to_serial == 1


def test_what_belongs_to_no_run_is_refused_and_nothing_of_it_stays(ledger: SqliteLedger, known: Make) -> None:
    with pytest.raises(StateError, match="FOREIGN KEY"):
        ledger.record(results=[done(0, known("t.a")), done(0, known("t.b"), "never begun")])
    with pytest.raises(StateError, match="no run 'never begun'"):
        ledger.end("never begun", RunOutcome.DONE, WHEN)
    with pytest.raises(StateError, match="UNIQUE"):
        ledger.begin(ledger.runs()[0])
    assert (ledger.serial, ledger.objects()) == (0, {})


def test_outputs_belong_to_the_serial_that_they_were_told_at(ledger: SqliteLedger, known: Make) -> None:
    ledger.record(results=[done(0, known("t.a"))])
    ledger.end("run-1", RunOutcome.DONE, WHEN, {"url": "u1", "token": Digest("ab")})
    ledger.begin(replace(ledger.runs()[0], id="run-2", outcome=RunOutcome.RUNNING))
    ledger.record(results=[done(0, known("t.a", v=2), "run-2")])
    ledger.end("run-2", RunOutcome.DONE, WHEN, {"url": "u2"})
    assert ledger.outputs(0) == {}
    assert ledger.outputs(1) == {"url": "u1", "token": Digest("ab")}
    assert ledger.outputs() == ledger.outputs(2) == {"url": "u2"}


def test_a_run_that_tells_no_outputs_leaves_those_that_are_there(ledger: SqliteLedger, files: Any) -> None:
    ledger.end("run-1", RunOutcome.DONE, WHEN, {"url": "u1"})
    ledger.begin(files.run("run-2"))
    ledger.end("run-2", RunOutcome.FAILED, WHEN)
    assert ledger.outputs() == {"url": "u1"}


def test_a_configuration_is_held_back_until_it_is_released(ledger: SqliteLedger) -> None:
    first = Hold("digest-1", "run-1", WHEN, "ada@host", "the labels were wrong")
    ledger.end("run-1", RunOutcome.DONE, WHEN, hold=first)
    assert ledger.holds() == [first]
    again = replace(first, why="still wrong")
    ledger.end("run-1", RunOutcome.DONE, WHEN, hold=again)
    assert ledger.holds() == [again]
    ledger.release("another")
    assert ledger.holds() == [again]
    ledger.release("digest-1")
    assert ledger.holds() == []


def test_a_state_is_bound_to_an_account_and_refuses_another(ledger: SqliteLedger) -> None:
    ledger.remember_account("github", Account("O_1", "acme"))
    ledger.remember_account("github", Account("O_1", "acme-renamed"))
    with pytest.raises(WrongAccount, match=r"acme-renamed \(O_1\).*rival \(O_2\)"):
        ledger.remember_account("github", Account("O_2", "rival"))
    ledger.remember_account("github.enterprise", Account("O_2", "rival"))
    assert ledger.accounts() == {
        "github": Account("O_1", "acme-renamed"),
        "github.enterprise": Account("O_2", "rival"),
    }


def test_digests_compare_within_one_state_and_nowhere_else(files: Any, tmp_path: Any) -> None:
    first = files.open()
    digest = first.sealer.digest("hunter2")
    first.close()
    assert files.open().sealer.seal(Sensitive("hunter2")) == digest
    assert replace(files, path=tmp_path / "other.db").open().sealer.digest("hunter2") != digest


def test_an_object_recorded_under_another_address_is_refused(ledger: SqliteLedger, known: Make) -> None:
    with pytest.raises(StateError, match=r"the step on t\.b tells of t\.a"):
        ledger.record(results=[Committed("run-1", 0, Address("t", "b"), known("t.a"))])


def test_a_secret_that_was_not_sealed_stops_the_record_and_is_not_in_the_file(
    ledger: SqliteLedger, known: Make, files: Any
) -> None:
    with pytest.raises(StateError, match="not been sealed"):
        ledger.record(
            [intent(1, "t.b")], [done(0, known("t.ok")), done(0, known("t.a", token=Sensitive("hunter2")))]
        )
    assert ledger.objects() == {}
    ledger.close()
    assert b"hunter2" not in files.path.read_bytes()
    assert files.open().open_intents() == []


def test_nothing_can_be_asked_of_a_closed_ledger(ledger: SqliteLedger) -> None:
    ledger.close()
    with pytest.raises(StateError, match="closed"):
        ledger.objects()
