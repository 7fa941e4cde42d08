"""Reading the notes of a run that nothing happened to: which call belongs to which step."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.victim import Fate, Fault, Kind, Moment, Phase

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

    Each is counted among its kind, for steps of one group are under way together, and their calls in any
    order. What needs no call has no intent. ``phase`` is what the numbers are counted in.
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
        calls: Mapping[str, tuple[Sequence[int], Moment, Kind]] = {
            "before the intent": (intents, "before", "record"),
            "after the intent": (intents, "after", "record"),
            "call sent": (self.requests, "sent", "request"),
            "call made": (self.requests, "after", "request"),
            "before the commit": ((self.commit,), "before", "record"),
            "after the commit": ((self.commit,), "after", "record"),
        }
        numbers, moment, kind = calls[boundary]
        return [Fault(number, moment, fate, self.phase, kind) for number in numbers]


def steps(notes: Sequence[Note], phase: Phase) -> Iterator[TracedStep]:
    """The steps of a run that was carried out one by one, in the order of their commits."""
    intents: dict[tuple[str, bool], tuple[Note, str]] = {}
    requests: list[Note] = []
    for note in notes:
        if note["moment"] != "before" or note["phase"] != phase:
            continue
        if note["kind"] == "request":
            requests.append(note)
        if note["kind"] != "record":
            continue
        for address, result in note["results"]:
            intent, action = intents.pop((address, result == "gone"), (note, result))
            between = range(intent["number"], note["number"])
            made = tuple(each["nth"] for each in requests if each["number"] in between)
            yield TracedStep(
                address, action, None if intent is note else intent["nth"], note["nth"], made, phase
            )
        for address, action in note["intents"]:
            intents[address, action == "delete"] = (note, action)
