"""When a round is due, and when somebody else's change is left alone for a while."""

import random

from reconciler.address import Address
from reconciler.operations.patience import LONGEST, Patience
from reconciler.operations.rounds import SOON, Rounds
from reconciler.testing import FakeClock

THING = Address.parse("memory_thing.a")


def test_every_kind_is_due_at_once_and_then_after_its_interval_give_or_take_a_tenth() -> None:
    clock = FakeClock()
    rounds = Rounds({"health": 300.0, "drift": 900.0}, clock, random.Random(1))
    assert rounds.is_due("health")
    assert rounds.is_due("drift")
    rounds.begin("drift")
    waits = []
    for _ in range(200):
        rounds.begin("health")
        assert not rounds.is_due("health")
        waits.append(rounds.left)
    assert all(270 <= wait <= 330 for wait in waits)
    assert max(waits) - min(waits) > 50
    clock.advance(rounds.left)
    assert rounds.is_due("health")
    assert not rounds.is_due("drift")


def test_after_a_long_sleep_one_round_is_due_and_no_more() -> None:
    clock = FakeClock()
    rounds = Rounds({"health": 300.0}, clock, random.Random(1))
    rounds.begin("health")
    clock.advance(100_000)
    assert rounds.left == 0
    rounds.begin("health")
    assert rounds.left > 200


def test_a_round_that_is_to_come_again_soon_does_and_never_later_than_it_would() -> None:
    clock = FakeClock()
    rounds = Rounds({"drift": 900.0}, clock, random.Random(1))
    rounds.begin("drift")
    rounds.again_soon("drift")
    assert rounds.left == SOON
    clock.advance(30)
    rounds.again_soon("drift")
    assert rounds.left == 30


def test_breaks_double_and_end_when_a_round_finds_the_object_as_it_should_be() -> None:
    patience = Patience()
    breaks, pause = [], 0
    for _ in range(1000):
        if patience.resting({THING}):
            pause += 1
        else:
            breaks.append(pause)
            patience.tried([THING])
            pause = 0
    assert breaks == [0, 0, 0, 2, 4, 8, 16, 32, 64, *[LONGEST] * 8]
    assert patience.resting(()) == frozenset()
    assert patience.resting({THING}) == frozenset()
