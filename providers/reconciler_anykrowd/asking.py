"""Questions that the API answers only one at a time, asked several at once."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from reconciler.errors import ProviderError
from reconciler_anykrowd.errors import UNDERSTANDING

AT_ONCE = 8
"""Requests that are under way at the same time."""

Question = TypeVar("Question", bound=Hashable)
Found = TypeVar("Found")


def ask_each(
    questions: Iterable[Question], ask: Callable[[Question], Found], operation: str
) -> Mapping[Question, Found | ProviderError]:
    """The answer to each different question, or the error that it met."""

    def outcome(question: Question) -> Found | ProviderError:
        try:
            with UNDERSTANDING.reading(operation):
                return ask(question)
        except ProviderError as error:
            return error

    different = list(dict.fromkeys(questions))
    if len(different) < 2:
        return {question: outcome(question) for question in different}
    with ThreadPoolExecutor(max_workers=min(AT_ONCE, len(different))) as pool:
        return dict(zip(different, pool.map(outcome, different), strict=True))
