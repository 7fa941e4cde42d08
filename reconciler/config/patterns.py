"""Regular expressions that a stack may use, with a bound on the time that they take.

Python's matching goes back and tries again, and cannot be stopped: ``(a+)+$`` on 40 letters outlasts anyone.
So what repeats inside of what is repeated is refused, and what remains is a polynomial of the text's length,
whose degree is the number of places with a choice: the text must be short enough for that.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from math import comb

MAX_TEXT = 10_000
"""Characters that are looked through."""
MAX_PATTERN = 1_000
_MAX_TIMES = 1_000
_MAX_STEPS = 100_000_000
"""In the worst case: about a second."""

_MAX_WAYS = 100

_REPEAT = re.compile(r"\{(\d*)(,?)(\d*)\}")
_GROUP = re.compile(r"\((?:\?(?:P<\w+>|P=\w+\)|<?[=!]|[:>]|\(\w+\)|#|[a-zA-Z-]+[:)]))?")
_ONCE_ONLY = "write the inner one possessive (++ or *+), so that it is tried once, or put it into (?>...)"


class PatternError(Exception):
    """A pattern cannot be used, or not with this text. ``advice`` says what to do."""

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


def searched(pattern: str, text: str) -> re.Match[str] | None:
    """The first match in a text, or None; raises PatternError."""
    return usable(pattern, text).search(text)


def usable(pattern: str, text: str) -> re.Pattern[str]:
    """The compiled pattern, if it can be used on this text; raises PatternError."""
    compiled, cost = _compiled(pattern)
    if len(text) > MAX_TEXT:
        raise PatternError(f"the text has more than {MAX_TEXT:,} characters", "look through a part of it")
    if comb(max(0, len(text) + cost.places - 1), cost.places) * cost.ways > _MAX_STEPS:
        raise PatternError(
            f"the pattern has too many repetitions for {len(text):,} characters: it could take too long",
            "begin it with ^, write repetitions possessive (++ or *+), or shorten the text",
        )
    return compiled


@dataclass(frozen=True, slots=True)
class _Cost:
    """What a match may try: at so many places as many choices as the text is long, times so many ways.

    ``is_free``: a choice may be taken back later, which what is possessive or atomic never does.
    """

    places: int = 0
    ways: int = 1
    is_free: bool = False

    def __add__(self, other: "_Cost") -> "_Cost":
        places, ways = self.places + other.places, self.ways * other.ways
        return _Cost(min(places, MAX_PATTERN), min(ways, _MAX_STEPS + 1), self.is_free or other.is_free)

    def times(self, count: int) -> "_Cost":
        """Of the same, one after the other."""
        if not self.is_free:
            return replace(self, ways=min(self.ways * count, _MAX_STEPS + 1)) if self != _NONE else self
        ways = _MAX_STEPS + 1 if self.ways > 1 and count > _MAX_WAYS else self.ways**count
        return _NONE + _Cost(self.places * count, ways, True)


_NONE = _Cost()
_MANY = _Cost(places=1, is_free=True)


@dataclass
class _Group:
    """A group that is open: what stands in it so far, and in the branches before this one."""

    is_atomic: bool = False
    cost: _Cost = _NONE
    branches: int = 1


class _Reading:
    """Reads a pattern that Python has compiled already; raises PatternError where it repeats repetitions."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._open = [_Group()]
        self._last = _NONE  # of what stands last, which a repetition would repeat

    def cost(self) -> _Cost:
        """Of the whole pattern, from where it begins."""
        while self._at < len(self._pattern):
            self._step(self._pattern[self._at])
        return self._closed(self._open[0])

    def _step(self, char: str) -> None:
        match char:
            case "\\":
                self._single(2)
            case "[":
                self._single(self._class_length())
            case "(":
                self._begin_group()
            case ")":
                self._at += 1
                self._put(self._closed(self._open.pop()))
            case "|":
                self._at += 1
                self._put(_NONE)
                self._open[-1].branches += 1
            case "*" | "+":
                self._repeated(1, None, _MANY)
            case "?":
                self._repeated(1, 1, _Cost(ways=2, is_free=True))
            case "{" if (repeat := _REPEAT.match(self._pattern, self._at)) and repeat[0] != "{}":
                self._counted(repeat)
            case _:
                self._single(1)

    def _put(self, cost: _Cost) -> None:
        self._flush()
        self._last = cost

    def _flush(self) -> None:
        self._open[-1].cost += self._last
        self._last = _NONE

    def _single(self, length: int) -> None:
        self._at += length
        self._put(_NONE)

    def _closed(self, group: _Group) -> _Cost:
        cost = group.cost + self._last + _Cost(ways=group.branches, is_free=group.branches > 1)
        self._last = _NONE
        return replace(cost, is_free=cost.is_free and not group.is_atomic)

    def _class_length(self) -> int:
        end = self._at + 1
        end += self._pattern.startswith("^", end)
        end += self._pattern.startswith("]", end)  # a bracket that stands first is itself
        while end < len(self._pattern) and self._pattern[end] != "]":
            end += 2 if self._pattern[end] == "\\" else 1
        return end + 1 - self._at

    def _begin_group(self) -> None:
        found = _GROUP.match(self._pattern, self._at)
        text = found[0] if found else "("
        if text.startswith("(?#") or re.match(r"\(\?[a-zA-Z]*x", text):
            raise PatternError("comments and the flag x cannot be used in a pattern", "remove them")
        self._at += len(text)
        self._put(_NONE)
        if not text.endswith(")") or text == "(":
            self._open.append(_Group(text in ("(?>", "(?=", "(?!", "(?<=", "(?<!")))

    def _counted(self, repeat: re.Match[str]) -> None:
        least, comma, most = repeat.groups()
        if int(most or least or 0) > _MAX_TIMES:
            raise PatternError(f"the pattern repeats more than {_MAX_TIMES:,} times", "write * or +")
        if comma and not most:
            self._repeated(len(repeat[0]), None, _MANY)
        else:
            times = int(most or least)
            ways = times - int(least or 0) + 1 if comma else 1
            self._repeated(len(repeat[0]), times, _Cost(ways=ways, is_free=ways > 1))

    def _repeated(self, length: int, times: int | None, own: _Cost) -> None:
        """``times`` is None where there is no end to it; ``own`` is what the number of times adds."""
        self._at += length
        after = self._pattern[self._at : self._at + 1]
        self._at += after in ("+", "?") and bool(after)
        if times is None and self._last.is_free:
            raise PatternError("the pattern repeats what has repetitions or branches inside", _ONCE_ONLY)
        cost = self._last.times(times or 1) + own
        self._last = replace(cost, is_free=cost.is_free and after != "+")


@lru_cache(maxsize=1_000)
def _compiled(pattern: str) -> tuple[re.Pattern[str], _Cost]:
    """A pattern, and what finding it may cost."""
    if len(pattern) > MAX_PATTERN:
        raise PatternError(f"the pattern has more than {MAX_PATTERN:,} characters", "write a shorter one")
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternError(f"it is no regular expression: {error}", "correct the pattern") from None
    cost = _Reading(pattern).cost()
    is_anchored = pattern.startswith(("^", r"\A")) and "|" not in pattern
    return compiled, cost if is_anchored else cost + _Cost(places=1)
