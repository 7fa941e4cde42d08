"""A sync that is killed, once or twice: the next one finishes, nothing is doubled, and the queue is empty."""

import random
from dataclasses import replace

import pytest

from tests.faults.ground import Ground
from tests.faults.queue_trials import STORIES, Story, carry_out, told
from tests.faults.test_random_kills import MOMENTS
from tests.faults.trials import Verdict
from tests.faults.victim import Fault
from tests.faults_scale import scaled

TWICE = 0.3
"""How often the sync after it is killed too."""


@pytest.fixture(scope="session")
def stories(ground: Ground) -> dict[str, Story]:
    return {name: told(ground, name) for name in STORIES}


@pytest.mark.parametrize("seed", range(scaled(4, 20)))
def test_a_sync_that_is_killed_is_finished_by_the_next_one_and_doubles_nothing(
    ground: Ground, stories: dict[str, Story], verdict: Verdict, seed: int
) -> None:
    draw = random.Random(seed)
    story = stories[sorted(stories)[seed % len(stories)]]

    def fault(fewer: int) -> Fault:
        kind = draw.choice([kind for kind in MOMENTS if story.calls.get(kind)])
        number = draw.randrange(max(story.calls[kind] // fewer, 1))
        return Fault(number, draw.choice(MOMENTS[kind]), kind=kind)

    faults: tuple[Fault, ...] = (fault(1),) if draw.random() >= TWICE else (fault(3), fault(3))
    while not carry_out(ground, story, faults, verdict):
        if any(each.number for each in faults):
            faults = tuple(replace(each, number=each.number // 2) for each in faults)
        else:
            assert len(faults) > 1, "the first call of a sync comes"
            faults = faults[:1]  # nothing was left to do for the second
