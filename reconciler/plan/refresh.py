"""Asking every service, in bulk, how the objects are that state knows."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from reconciler.address import Address
from reconciler.errors import ProviderError
from reconciler.provider.objects import FindResult, Lookup, Object, ReadResult, Unreadable, Wanted
from reconciler.provider.protocol import Provider
from reconciler.provider.side_by_side import side_by_side
from reconciler.state.model import StateObject
from reconciler.values import Digest, Sealer, Value, holds, reveal

Answer = TypeVar("Answer")
Question = TypeVar("Question")

_NONE: Mapping[str, ProviderError] = {}


def refresh(
    objects: Mapping[Address, StateObject],
    providers: Mapping[str, Provider],
    sealer: Sealer,
    silent: Mapping[str, ProviderError] = _NONE,
) -> dict[Address, ReadResult]:
    """The objects as they are now. Every address is answered; ``Unreadable`` where a service did not tell.

    Each provider is asked once, for all of its objects, and all at the same time. What state has sealed, such
    as a repository's secret name, the provider is told as far as the sealer knows it. Those that are
    ``silent`` are not asked: their objects are Unreadable, each with its provider's error.
    """
    questions: dict[str, dict[Address, Lookup]] = {}
    for address, recorded in objects.items():
        declared = frozenset(recorded.declared)
        told = readable(recorded.attributes, sealer)
        lookup = Lookup(address.type, recorded.id, told, declared, _sealed(recorded))
        questions.setdefault(recorded.provider, {})[address] = lookup
    live = _ask(questions, lambda key, lookups: providers[key].read(lookups), silent)
    sealer.learn(_told_again(objects, live, sealer))
    return live


def as_recorded(objects: Mapping[Address, StateObject], sealer: Sealer) -> dict[Address, ReadResult]:
    """The objects as the state has them, in the place of an answer of their services."""
    return {
        address: Object(recorded.type, recorded.id, readable(recorded.attributes, sealer))
        for address, recorded in objects.items()
    }


def _told_again(
    objects: Mapping[Address, StateObject], live: Mapping[Address, ReadResult], sealer: Sealer
) -> Iterator[Value]:
    """Secrets that the stack does not tell any more and a service does: it still has what is sealed.

    Only what was declared is one: what a service computes is sealed too where it may show a secret, and is
    often nothing more than a time.
    """
    for address, found in live.items():
        declared = objects[address].declared
        if isinstance(found, Object) and holds(declared, Digest):
            for name, value in declared.items():
                told = found.attributes.get(name)
                if isinstance(value, Digest) and isinstance(told, str) and sealer.digest(told) == value:
                    yield told


def find(
    wanted: Mapping[Address, tuple[str, Wanted]],
    providers: Mapping[str, Provider],
    silent: Mapping[str, ProviderError] = _NONE,
) -> dict[Address, FindResult]:
    """The objects that answer to natural keys or data arguments; each comes with its provider's key.

    ``silent`` as for ``refresh``.
    """
    questions: dict[str, dict[Address, Wanted]] = {}
    for address, (key, question) in wanted.items():
        questions.setdefault(key, {})[address] = question
    return _ask(questions, lambda key, part: providers[key].find(part), silent)


def readable(attributes: Mapping[str, Value], sealer: Sealer) -> Mapping[str, Value]:
    """Recorded attributes as a provider can make sense of them: without those whose secret nobody tells."""
    if not holds(attributes, Digest):
        return attributes
    opened = {name: reveal(sealer.open(value)) for name, value in attributes.items()}
    return {name: value for name, value in opened.items() if not holds(value, Digest)}


def _sealed(recorded: StateObject) -> dict[str, Value]:
    """The attributes of which state keeps nothing but digests, or keeps a part so."""
    if not holds(recorded.attributes, Digest) and not holds(recorded.declared, Digest):
        return {}
    both = (*recorded.declared.items(), *recorded.attributes.items())
    return {name: value for name, value in both if holds(value, Digest)}


def _ask(
    questions: Mapping[str, Mapping[Address, Question]],
    ask: Callable[[str, Mapping[str, Question]], Mapping[str, Answer]],
    silent: Mapping[str, ProviderError],
) -> dict[Address, Answer | Unreadable]:
    """The answers by address; a service that answered nothing leaves each of its objects unread."""

    def ask_one(key: str) -> dict[Address, Answer | Unreadable]:
        if key in silent:
            return dict.fromkeys(questions[key], Unreadable(silent[key]))
        named = {str(address): (address, question) for address, question in questions[key].items()}
        try:
            answers = ask(key, {name: question for name, (_, question) in named.items()})
        except ProviderError as error:
            return dict.fromkeys(questions[key], Unreadable(error))
        return {address: answers[name] for name, (address, _) in named.items()}

    answered: dict[Address, Answer | Unreadable] = {}
    for part in side_by_side(ask_one, questions):
        answered.update(part)
    return answered
