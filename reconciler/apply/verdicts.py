"""What became of a call whose answer nobody got: decided by looking, never by guessing.

Three cases are told apart for an object that was to be created. Its natural key decides, where only one
object can have it and it was seen absent before the call. Else the ids that were there before the call
decide. Where even these cannot, nobody can tell, and whoever runs the command is asked.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reconciler.provider.objects import Absent, FindResult, Object, ReadResult, Unreadable
from reconciler.state.model import Intent


@dataclass(frozen=True, slots=True)
class TookEffect:
    """The call was carried out, wholly or in part: ``found`` is what is there now, None when it is gone."""

    found: Object | None


@dataclass(frozen=True, slots=True)
class NeverHappened:
    """The call did not take effect, and may be made (again)."""


@dataclass(frozen=True, slots=True)
class Undecidable:
    """Nobody can tell. ``candidates`` are the objects that the call may have made."""

    reason: str
    candidates: tuple[Object, ...] = ()


Verdict = TookEffect | NeverHappened | Undecidable | Unreadable
"""``Unreadable``: it could not be looked up, so nothing is known yet."""


def on_created(intent: Intent, answer: FindResult, is_taken: Callable[[Object], bool]) -> Verdict:
    """What a create has left, given all that answers to its natural key now.

    ``is_taken`` tells the objects that another address stands for.
    """
    return on_all_created([intent], answer, is_taken)[0]


def on_all_created(
    intents: Sequence[Intent], answer: FindResult, is_taken: Callable[[Object], bool]
) -> list[Verdict]:
    """The same for several creates with one and the same natural key; no two get one object."""
    if isinstance(answer, Unreadable):
        return [answer] * len(intents)
    free = [found for found in answer if not is_taken(found)]
    if any(intent.seen is not None for intent in intents):
        return _by_ids_before(intents, free)
    verdicts = []
    for intent in intents:
        verdicts.append(verdict := _by_key(intent, free))
        if isinstance(verdict, TookEffect):
            free = [found for found in free if found is not verdict.found]
    return verdicts


def on_changed(answer: ReadResult, renamed: FindResult = ()) -> Verdict:
    """What an update has left: how the object is now says what is still to be done.

    ``renamed`` is what has the natural key that the object was to get, where its id is not there any more.
    """
    if isinstance(answer, Object):
        return TookEffect(answer)
    if isinstance(answer, Unreadable):
        return answer
    if isinstance(renamed, Unreadable):
        return renamed
    return TookEffect(renamed[0]) if len(renamed) == 1 else NeverHappened()


def on_removed(answer: ReadResult) -> Verdict:
    """What a removal has left; one that only archives can be repeated."""
    if isinstance(answer, Unreadable):
        return answer
    return TookEffect(None) if isinstance(answer, Absent) else NeverHappened()


def on_let_go(answer: ReadResult) -> Verdict:
    """What a removal has left that does not delete: how the object is now says whether it was carried out."""
    return answer if isinstance(answer, Unreadable) else TookEffect(_there(answer))


def commands(address: object, candidates: Sequence[Object]) -> str:
    """What to say to us about a call of which nobody can tell what became."""
    taken = [f"reconciler import '{address}' '{found.id}'" for found in candidates]
    if not taken:
        taken = [f"if it is there, reconciler import '{address}' ID"]
    return "; ".join([*taken, f"if it was not made, reconciler state rm '{address}'"])


def _there(answer: Object | Absent) -> Object | None:
    return None if isinstance(answer, Absent) else answer


def _by_key(intent: Intent, free: Sequence[Object]) -> Verdict:
    if not free:
        return NeverHappened()
    if not intent.seen_absent:
        return Undecidable("nobody looked whether it was there before the call", tuple(free))
    if len(free) > 1:
        return Undecidable("several objects have its name", tuple(free))
    return TookEffect(free[0])


def _by_ids_before(intents: Sequence[Intent], free: Sequence[Object]) -> list[Verdict]:
    """Each new object goes to one intent; what several could have made, to any: they asked for alike."""
    could_be: Mapping[int, list[Object]] = {
        position: [found for found in free if found.id not in (intent.seen or ())]
        for position, intent in enumerate(intents)
    }
    new = {found.id: found for candidates in could_be.values() for found in candidates}
    if len(new) > len(intents):
        reason = f"{len(new)} objects like it have come since the call, and nothing tells which it made"
        return [Undecidable(reason, tuple(could_be[position])) for position in range(len(intents))]
    verdicts: list[Verdict] = [NeverHappened()] * len(intents)
    for position in sorted(could_be, key=lambda position: len(could_be[position])):
        left = [found for found in could_be[position] if found.id in new]
        if left:
            verdicts[position] = TookEffect(new.pop(left[0].id))
    return verdicts
