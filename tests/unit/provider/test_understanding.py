"""What is not as documented becomes an error that the engine can act on."""

import pytest

from reconciler.errors import Garbled, OutcomeUnknown, Rejected
from reconciler.provider.understanding import NOT_AS_DOCUMENTED, Understanding

BOARD = Understanding("board", "Board", "look who answers")


@pytest.mark.parametrize("missed", NOT_AS_DOCUMENTED)
def test_a_question_with_an_answer_that_is_not_as_documented_is_garbled(missed: type[Exception]) -> None:
    with pytest.raises(Garbled) as told, BOARD.reading("list notes"):
        raise missed("id")
    assert (told.value.call.service, told.value.call.operation) == ("board", "list notes")
    assert told.value.cause.startswith(f"Board's answer is not as documented ({missed.__name__}: ")
    assert told.value.remedy == "look who answers"


def test_a_change_with_such_an_answer_may_have_taken_effect() -> None:
    with pytest.raises(OutcomeUnknown, match="not as documented"), BOARD.changing("create a note"):
        raise KeyError("id")


def test_a_providers_own_errors_pass() -> None:
    for way in (BOARD.reading, BOARD.changing):
        with pytest.raises(Rejected), way("create a note"):
            raise Rejected("no", call=BOARD.garbled(KeyError("id"), "list").call)


def test_what_else_counts_as_missed_is_for_the_provider_to_say() -> None:
    with pytest.raises(ZeroDivisionError), BOARD.reading("list notes"):
        raise ZeroDivisionError
    reckoning = Understanding("board", "Board", "", (*NOT_AS_DOCUMENTED, ArithmeticError))
    with pytest.raises(Garbled), reckoning.reading("list notes"):
        raise ZeroDivisionError
