"""What ``watch`` tells and does, round by round."""

from collections.abc import Callable, Sequence

import pytest

from reconciler.errors import OutcomeUnknown, ServiceFailed, StateLocked, Unreachable
from reconciler.health.states import State
from reconciler.health.watch_events import (
    Began,
    Drifted,
    DriftOver,
    Ended,
    Event,
    Hindered,
    Left,
    NotHindered,
    Phase,
    Ran,
    Waits,
)
from reconciler.health.watching import Transition
from reconciler.operations.workspace import opened
from reconciler.state.model import Run, RunOutcome
from tests.unit.operations.desk import Desk
from tests.unit.operations.tower import Tower

STACK = """
    providers: {memory: {}}
    resources:
      memory_thing:
        a: {name: a, text: one}
        b: {name: b, text: two}
      memory_part:
        p: {thing: "${memory_thing.a.name}", name: p, text: inside}
"""


@pytest.fixture
def tower(desk: Desk) -> Tower:
    tower = Tower(desk)
    desk.apply(STACK)
    return tower


def nothing() -> None:
    """A round passes."""


def told(events: Sequence[Event]) -> list[str]:
    """Events in few words, without the beginning and the end."""
    assert isinstance(events[0], Began)
    assert isinstance(events[-1], Ended)
    return [words(event) for event in events[1:-1]]


def words(event: Event) -> str:
    match event:
        case Transition():
            return f"{event.after.provider} {event.after.state}"
        case Drifted():
            return f"{event.found.finding.address} {event.found.finding}"
        case DriftOver():
            return f"{event.finding.address} over"
        case Ran():
            return f"{event.outcome} {' '.join(str(change.address) for change in event.done)}"
        case Left():
            return f"left {event.address}"
        case Hindered() | NotHindered() | Waits():
            return f"{type(event).__name__} {event.phase}"
        case _:
            return type(event).__name__


def changes(tower: Tower, name: str, **attributes: object) -> Callable[[], object]:
    """Somebody changes a thing by hand."""

    def change() -> None:
        (found,) = [
            one for one in tower.desk.service.objects("memory_thing") if one.attributes["name"] == name
        ]
        tower.desk.service.change("memory_thing", found.id, **attributes)

    return change


def removes(tower: Tower, type_name: str, name: str) -> Callable[[], object]:
    def remove() -> None:
        for found in tower.desk.service.objects(type_name):
            if found.attributes.get("name", found.attributes.get("title")) == name:
                tower.desk.service.remove(type_name, found.id)

    return remove


def texts(tower: Tower) -> dict[str, object]:
    things = tower.desk.service.objects("memory_thing")
    return {str(one.attributes["name"]): one.attributes["text"] for one in things}


def runs(tower: Tower) -> list[Run]:
    with opened(tower.setting) as workspace:
        return workspace.ledger.runs()


def test_without_healing_drift_is_told_once_and_that_it_is_over_and_nothing_is_changed(tower: Tower) -> None:
    events = tower.watch(
        changes(tower, "a", text="by hand"), nothing, changes(tower, "a", text="one"), nothing, heals=False
    )
    assert told(events) == ["memory ready", "memory_thing.a changed: text", "memory_thing.a over"]
    assert len(runs(tower)) == 1


def test_another_change_of_what_has_drifted_is_told_again(tower: Tower) -> None:
    events = tower.watch(
        changes(tower, "a", text="by hand"), changes(tower, "a", text="again"), nothing, heals=False
    )
    assert told(events)[1:] == ["memory_thing.a changed: text"] * 2


def test_what_was_changed_or_deleted_by_hand_is_restored_by_a_run_that_says_why(tower: Tower) -> None:
    def by_hand() -> None:
        changes(tower, "b", text="by hand")()
        removes(tower, "memory_thing", "a")()

    events = tower.watch(by_hand, nothing)
    assert told(events)[-1] == "done memory_thing.a memory_thing.b memory_part.p"
    assert texts(tower) == {"a": "one", "b": "two"}
    assert [one.attributes["thing"] for one in tower.desk.service.objects("memory_part")] == ["a"]
    run = runs(tower)[-1]
    assert (run.command, run.outcome) == ("watch", RunOutcome.DONE)
    assert run.why == (
        "restored what somebody else had changed: "
        "memory_thing.a (missing), memory_thing.b (text), memory_part.p (missing)"
    )


def test_a_configuration_that_was_edited_and_not_applied_is_not_what_is_restored(tower: Tower) -> None:
    def edit() -> None:
        file = tower.desk.directory / "reconciler.yaml"
        file.write_text(file.read_text().replace("text: one", "text: edited").replace("b: {", "c: {"))
        changes(tower, "a", text="by hand")()

    tower.watch(edit, nothing)
    assert texts(tower) == {"a": "one", "b": "two"}


def test_a_service_that_does_not_answer_holds_back_its_part_and_is_looked_at_once_it_is_back(
    tower: Tower,
) -> None:
    service = tower.desk.service

    def falls() -> None:
        changes(tower, "a", text="by hand")()
        for operation in ("health", "account", "read"):
            service.fail(operation, Unreachable, times=None)

    events = tower.watch(falls, nothing, service.heal, nothing, drift=100_000.0)
    assert told(events) == [
        "memory ready",
        "memory down",
        "memory ready",
        "memory_thing.a changed: text",
        "done memory_thing.a",
    ]


def test_files_that_cannot_be_read_are_an_event_and_not_an_end(tower: Tower) -> None:
    file = tower.desk.directory / "reconciler.yaml"
    good = file.read_text()
    events = tower.watch(
        lambda: file.write_text("stack: [lab"),
        nothing,
        lambda: file.write_text("stack: other"),
        file.unlink,
        lambda: file.write_text(good),
        nothing,
    )
    assert told(events) == ["memory ready", *["Hindered files"] * 3, "NotHindered files"]


def test_while_somebody_else_writes_the_state_it_waits_for_its_turn_and_comes_back_soon(tower: Tower) -> None:
    desk = tower.desk
    writers = [desk.open(command="apply")]

    def begins() -> None:
        writers[0].__enter__()
        changes(tower, "a", text="by hand")()

    def ends() -> None:
        writers[0].__exit__(None, None, None)

    events = tower.watch(begins, nothing, ends, nothing)
    assert told(events) == [
        "memory ready",
        "Waits drift",
        "memory_thing.a changed: text",
        "done memory_thing.a",
        "NotHindered drift",
    ]
    assert tower.clock.slept[:3] == [300.0, 60.0, 60.0]


def test_one_watch_a_stack_and_environment(tower: Tower) -> None:
    first = tower.watching()
    assert isinstance(next(first), Began)
    with pytest.raises(StateLocked, match=r"it is watched already: .* runs `reconciler watch`"):
        list(Tower(tower.desk).watching())
    first.close()
    assert told(tower.watch()) == ["memory ready"]


def test_what_would_have_to_be_replaced_is_left_with_the_command_that_does_it(tower: Tower) -> None:
    def by_hand() -> None:
        changes(tower, "a", kind="special")()
        changes(tower, "b", text="by hand")()

    tower.desk.apply(STACK.replace("text: one", "text: one, kind: plain"))
    events = tower.watch(by_hand, nothing, nothing)
    assert told(events)[-2:] == ["left memory_thing.a", "done memory_thing.b"]
    (left,) = [event for event in events if isinstance(event, Left)]
    assert left.reason == "it would have to be replaced (because of kind), and watch deletes nothing"
    assert left.remedy.startswith("`reconciler rollback --to 4 --target memory_thing.a`")
    assert tower.desk.service.count("delete") == 0


def test_what_may_not_be_replaced_or_not_so_often_hinders_nothing_else(tower: Tower) -> None:
    tower.desk.apply(
        STACK.replace("text: one", "text: one, kind: plain, lifecycle: {prevent_destroy: true}").replace(
            "providers:", "apply: {max_deletes: 0}\n    providers:"
        )
    )

    def by_hand() -> None:
        changes(tower, "a", kind="special")()
        changes(tower, "b", text="by hand")()

    events = tower.watch(by_hand, nothing)
    assert told(events)[-2:] == ["left memory_thing.a", "done memory_thing.b"]


def test_what_somebody_sets_again_and_again_is_left_alone_for_longer_and_longer(tower: Tower) -> None:
    contested = [changes(tower, "a", text=f"by hand {number}") for number in range(11)]
    events = tower.watch(*contested, nothing)
    rounds = [words(event) for event in events if isinstance(event, Ran | Left)]
    restored, left = "done memory_thing.a", "left memory_thing.a"
    # Three times, a break of two rounds, once more, a break of four, once more.
    assert rounds == [restored, restored, restored, left, restored, left, restored]


def test_a_step_that_fails_is_told_and_tried_again_in_the_next_round(tower: Tower) -> None:
    def by_hand() -> None:
        changes(tower, "a", text="by hand")()
        tower.desk.service.fail("update", ServiceFailed)

    events = tower.watch(by_hand, nothing, nothing)
    assert [words(event) for event in events if isinstance(event, Ran)] == [
        "failed ",
        "done memory_thing.a",
    ]
    assert texts(tower)["a"] == "one"


@pytest.mark.parametrize("took_effect", [False, True])
def test_a_step_whose_answers_are_all_lost_is_not_forgotten(tower: Tower, took_effect: bool) -> None:
    def by_hand() -> None:
        changes(tower, "a", text="by hand", tags=["by hand"])()
        tower.desk.service.fail("update", OutcomeUnknown, took_effect=took_effect, times=None)

    tower.desk.apply(STACK.replace("text: one", "text: one, tags: [x]"))
    events = tower.watch(by_hand, nothing, tower.desk.service.heal, nothing)
    assert words([event for event in events if isinstance(event, Ran)][-1]) == "done memory_thing.a"
    (found,) = [one for one in tower.desk.service.objects("memory_thing") if one.attributes["name"] == "a"]
    assert (found.attributes["text"], found.attributes["tags"]) == ("one", ["x"])


def test_a_step_that_was_killed_before_it_took_effect_is_not_forgotten(tower: Tower) -> None:
    service = tower.desk.service

    def die(call: object) -> None:
        if getattr(call, "operation", "") == "update":
            service.on_call = None
            raise KeyboardInterrupt

    def by_hand() -> None:
        changes(tower, "a", text="by hand")()
        service.on_call = die

    with pytest.raises(KeyboardInterrupt):
        tower.watch(by_hand, nothing)
    events = tower.watch(nothing)
    assert told(events)[-1] == "done memory_thing.a"
    assert texts(tower)["a"] == "one"


def test_asked_to_stop_it_ends_without_another_round(tower: Tower) -> None:
    events = tower.watch(tower.stop.set, nothing)
    assert told(events) == ["memory ready"]


def test_health_is_asked_every_interval_and_drift_looked_for_at_its_own(tower: Tower) -> None:
    before = len(tower.desk.service.calls)
    tower.watch(*[nothing] * 6, health=300, drift=900)
    assert tower.clock.slept == [300.0] * 7
    asked = [call.operation for call in tower.desk.service.calls[before:]]
    drift = ["health", "read", "read"]
    assert asked == [*(["health", *drift, "health", "health"] * 3)[:-2]]


def test_health_that_has_changed_is_told_with_what_was_before(tower: Tower) -> None:
    service = tower.desk.service

    def falls() -> None:
        service.fail("health", Unreachable, times=None)

    events = tower.watch(falls, nothing, service.heal, nothing)
    states = [(event.before, event.after.state) for event in events if isinstance(event, Transition)]
    assert states == [(None, State.READY), (State.READY, State.DOWN), (State.DOWN, State.READY)]


def test_phases_have_words_for_people(tower: Tower) -> None:
    assert [str(phase) for phase in Phase] == ["files", "health", "sync", "drift", "heal"]
