"""What the state's commands say of what they did."""

from reconciler.address import Address
from reconciler.state.books import Forgotten, Pushed, Removal
from reconciler.views.line import plain
from reconciler.views.state_command_text import pushed_lines, removal_lines

A, B = Address("thing", "a"), Address("thing", "b")


def test_a_step_that_was_cut_off_is_not_said_to_be_taken_back() -> None:
    text = plain(removal_lines(Removal("run-1", 4, (Forgotten(A, None, None),), ())))
    assert "thing.a (a step that was cut off)" in text
    assert "adopt the object with `reconciler import`" in " ".join(text.split())
    assert "take it back" not in text


def test_an_object_that_is_forgotten_has_no_word_of_a_step() -> None:
    forgotten = Forgotten(A, "id-1", "reconciler import thing.a a")
    text = plain(removal_lines(Removal("run-1", 4, (forgotten,), (B,))))
    assert "thing.a (id id-1)\n    take it back with: reconciler import thing.a a\n" in text
    assert "Warning: these depended on it, and stay:\n  thing.b\n" in text
    assert "cut off" not in text


def test_a_push_lists_what_it_added_changed_and_forgot() -> None:
    text = plain(pushed_lines(Pushed("run-1", 9, (A,), (B,), (Address("thing", "c"),), True)))
    assert "  + thing.a\n  ~ thing.b\n  - thing.c\n  ~ outputs\n" in text
    assert "secrets" not in text


def test_a_recovery_names_the_snapshots_that_are_lost() -> None:
    pushed = Pushed("run-1", 9, (A,), has_recovered=True, names_lost=("before", "v1"))
    text = plain(pushed_lines(pushed))
    assert "Earlier snapshots are lost, before, v1 among them; a rollback reaches back to here." in text
