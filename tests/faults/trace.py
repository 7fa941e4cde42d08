"""Reading the notes of a run that nothing happened to: which call belongs to which step."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.victim import Fate, Fault, Phase

Note = Mapping[str, Any]

BOUNDARIES = (
    "before the intent",
    "after the intent",
    "call sent",
    "call made",
    "before the commit",
    "after the commit",
)
"""The moments of a step. After ``call sent`` the service acts when its caller is dead already; at ``call
made`` its answer has come, and is not heard."""


@dataclass(frozen=True)
class TracedStep:
    """A step of a run, by the numbers of its calls: the journal's entries, and the requests in between.

    What needs no call has no intent. ``phase`` is what the numbers are counted in.
    """

    address: str
    action: str
    intent: int | None
    commit: int
    requests: tuple[int, ...] = ()
    phase: Phase = "run"

    @property
    def service(self) -> str:
        """Whose resource it is."""
        return self.address.partition("_")[0]

    def faults(self, boundary: str, fate: Fate = "killed") -> list[Fault]:
        """The faults at a boundary; where it is in the call, one for each request."""
        intents = () if self.intent is None else (self.intent,)
        match boundary:
            case "before the intent":
                return [Fault(number, "before", fate, self.phase) for number in intents]
            case "after the intent":
                return [Fault(number, "after", fate, self.phase) for number in intents]
            case "call sent":
                return [Fault(number, "sent", fate, self.phase) for number in self.requests]
            case "call made":
                return [Fault(number, "after", fate, self.phase) for number in self.requests]
            case "before the commit":
                return [Fault(self.commit, "before", fate, self.phase)]
            case "after the commit":
                return [Fault(self.commit, "after", fate, self.phase)]
        raise ValueError(boundary)


def steps(notes: Sequence[Note], phase: Phase) -> Iterator[TracedStep]:
    """The steps of a run that was carried out one by one, in the order of their commits."""
    intents: dict[tuple[str, bool], tuple[int, str]] = {}
    requests: list[int] = []
    for note in notes:
        if note["moment"] != "before" or note["phase"] != phase:
            continue
        number = note["number"]
        if note["kind"] == "request":
            requests.append(number)
        if note["kind"] != "record":
            continue
        for address, result in note["results"]:
            intent, action = intents.pop((address, result == "gone"), (None, result))
            between = range(number if intent is None else intent, number)
            made = tuple(each for each in requests if each in between)
            yield TracedStep(address, action, intent, number, made, phase)
        for address, action in note["intents"]:
            intents[address, action == "delete"] = (number, action)
