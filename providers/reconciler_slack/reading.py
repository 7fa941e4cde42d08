"""Reading many objects with few calls, and listing all of a type."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TypeVar

from reconciler.errors import ProviderError
from reconciler.provider.objects import FindResult, Lookup, Object, ReadResult, Unreadable, Wanted
from reconciler_slack.channels import Everything
from reconciler_slack.client import Client
from reconciler_slack.errors import UNDERSTANDING
from reconciler_slack.resources import DATA_KINDS, KINDS

Question = TypeVar("Question", Lookup, Wanted)
Answer = TypeVar("Answer")


def read(client: Client, lookups: Mapping[str, Lookup]) -> dict[str, ReadResult]:
    """The objects as they are now, by id."""
    answers: dict[str, ReadResult] = {}
    for type_name, part in _by_type(lookups).items():
        answers |= _answered(client, part, KINDS[type_name].read)
    return answers


def find(client: Client, wanted: Mapping[str, Wanted]) -> dict[str, FindResult]:
    """The objects that answer to these attributes."""
    answers: dict[str, FindResult] = {}
    for type_name, part in _by_type(wanted).items():
        kind = KINDS.get(type_name)
        if kind is not None:
            part = {key: Wanted(type_name, kind.normalise(one.attributes)) for key, one in part.items()}
        answers |= _answered(client, part, (kind or DATA_KINDS[type_name]).find)
    return answers


def list_all(client: Client, type_name: str) -> Iterator[Object]:
    """All objects of a type; raises ProviderError at the first that cannot be read."""
    with UNDERSTANDING.reading("list"):
        yield from KINDS[type_name].list_all(client, Everything(client))


def list_many(client: Client, type_names: Collection[str]) -> dict[str, Sequence[Object] | ProviderError]:
    """All objects of these types, or why they cannot be listed; the channels are asked for once."""
    everything = Everything(client)
    answers: dict[str, Sequence[Object] | ProviderError] = {}
    for name in type_names:
        try:
            with UNDERSTANDING.reading("list"):
                answers[name] = list(KINDS[name].list_all(client, everything))
        except ProviderError as error:
            answers[name] = error
    return answers


def _by_type(questions: Mapping[str, Question]) -> dict[str, dict[str, Question]]:
    """Channels first: what is learnt of them need not be asked again for what is in them."""
    parts: dict[str, dict[str, Question]] = {name: {} for name in (*KINDS, *DATA_KINDS)}
    for key, question in questions.items():
        parts[question.type][key] = question
    return {name: part for name, part in parts.items() if part}


def _answered(
    client: Client,
    part: Mapping[str, Question],
    ask: Callable[[Client, Mapping[str, Question]], Mapping[str, Answer]],
) -> dict[str, Answer | Unreadable]:
    try:
        return dict(ask(client, part))
    except ProviderError as error:
        return dict.fromkeys(part, Unreadable(error))
    except UNDERSTANDING.missed as error:
        return dict.fromkeys(part, Unreadable(UNDERSTANDING.garbled(error, "read")))
