"""What the cache tells of secrets is a keyed hash: good to compare with, and never guessed from."""

from pathlib import Path

import pytest

from reconciler.address import Address
from reconciler.plan.action import Action
from reconciler.values import reveal
from tests.lifecycle.two_services import TwoServices, fails

CANARY = "canary-4711"
STACK = """
resources:
  memory_thing:
    a: {name: a, text: "see ${secret.WORD}!"}
    b: {name: b, provider: memory.second, text: "${memory_thing.a.text}"}
"""
MORE = STACK.replace('"${memory_thing.a.text}"', '"${memory_thing.a.text} and more"')
UNTOLD = MORE.replace(', text: "see ${secret.WORD}!"', "")
B = Address.parse("memory_thing.b")


@pytest.fixture
def two(tmp_path: Path) -> TwoServices:
    found = TwoServices(tmp_path)
    found.environ["WORD"] = CANARY
    found.apply(STACK)
    found.plan()
    fails(found.first)
    return found


def test_a_secret_that_is_as_it_was_is_no_change(two: TwoServices) -> None:
    prospect = two.plan()
    assert prospect.plan.cached
    assert not prospect.plan.has_changes
    assert not prospect.plan.held


def test_a_secret_that_is_another_by_now_is_one(two: TwoServices) -> None:
    two.environ["WORD"] = "canary-4712"
    assert two.plan().plan.by_address[Address.parse("memory_thing.a")].action is Action.UPDATE


def test_what_uses_a_secret_that_the_stack_tells_has_it(two: TwoServices) -> None:
    change = two.plan(MORE).plan.by_address[B]
    assert reveal(change.planned["text"]) == f"see {CANARY}! and more"
    two.apply()
    assert two.second.objects("memory_thing")[0].attributes["text"] == f"see {CANARY}! and more"


def test_what_uses_one_that_nobody_tells_is_held_back_until_the_service_does(two: TwoServices) -> None:
    (held,) = two.plan(UNTOLD).plan.held
    assert held.address == B
    assert held.reason == "it needs a secret of memory_thing.a, which the cache does not tell"
    applied = two.apply()
    assert not applied.outcome.done
    two.first.heal()
    two.apply()
    assert two.second.objects("memory_thing")[0].attributes["text"] == f"see {CANARY}! and more"


def test_no_secret_is_in_the_file(two: TwoServices) -> None:
    (path,) = (two.directory / ".reconciler" / "cache").iterdir()
    assert b"memory_thing" in path.read_bytes()
    assert CANARY.encode() not in path.read_bytes()
