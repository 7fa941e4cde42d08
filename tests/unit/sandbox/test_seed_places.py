"""What is wrong with a seed is told with its place and what to do."""

import pytest

from reconciler.sandbox.emulator import SeedError
from reconciler.sandbox.seeds import place


class Refusal(Exception):
    """What an emulated service would not take."""


@pytest.mark.parametrize(
    ("problem", "message", "remedy"),
    [
        (Refusal("too long"), "it would answer: too long", "change the value"),
        (KeyError("name"), "'name' is missing", "add it"),
        (TypeError("a list"), "a list", "change the value"),
        (LookupError("nobody"), "nobody", "change the value"),
    ],
)
def test_a_wrong_seed_names_its_place(problem: Exception, message: str, remedy: str) -> None:
    def words(refusal: Refusal) -> str:
        return f"it would answer: {refusal}"

    with pytest.raises(SeedError) as told, place("board.notes[1]", Refusal, words):
        raise problem
    assert (told.value.path, told.value.message, told.value.remedy) == ("board.notes[1]", message, remedy)
