"""What differs within two values that are known to differ: one tree, which every view shows its own way.

Only what differs is in it. Mappings are compared name by name, sets (``x-unordered``) as sets, objects of a
list by their natural key, and all other lists by their longest common part. What is sensitive is compared,
and never told.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from reconciler.values import Digest, Sensitive, Value
from reconciler.views.list_matching import Match, match_by_order, match_keys
from reconciler.views.natural_key import Key, natural_keys
from reconciler.views.sameness import ANYTHING, Schema, frozen, is_set, items_of, part_of


class Absent:
    """Stands for a part that one of the two values does not have."""

    def __repr__(self) -> str:
        return "Absent"


ABSENT = Absent()


class By(StrEnum):
    """What leads to a part: a mapping's name, a place in a list, a natural key, or its being in a set."""

    NAME = "name"
    PLACE = "place"
    KEY = "key"
    MEMBERSHIP = "membership"


@dataclass(frozen=True, slots=True)
class Step:
    """One step into a value; ``to`` is a name, a place (that of ``after``, or of what is removed), or a
    natural key, and says nothing of a set's member."""

    by: By
    to: str | int | Key = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that differs. Without ``parts`` it is shown whole: it came (``before`` is ABSENT), went
    (``after`` is ABSENT), or is another.

    ``parts`` are what differs within it, ``unchanged`` how many do not. ``moved`` is where in its list it
    was and will be. ``forces`` is whether its schema says that it cannot be changed, only replaced.
    """

    before: Value
    after: Value
    step: Step | None = None
    parts: tuple["Difference", ...] = ()
    unchanged: int = 0
    moved: tuple[int, int] | None = None
    forces: bool = False

    @property
    def is_shown_whole(self) -> bool:
        """Whether there is nothing smaller to show than its two values."""
        return not self.parts and self.moved is None

    @property
    def is_hidden(self) -> bool:
        """Whether what differs must not be shown."""
        return any(isinstance(value, Sensitive | Digest) for value in (self.before, self.after))

    @property
    def is_certain(self) -> bool:
        """False where a secret stands against a keyed hash of one: nobody here can tell whether it is it."""
        return isinstance(self.before, Digest) is isinstance(self.after, Digest) or not (
            isinstance(self.before, Sensitive | Digest) and isinstance(self.after, Sensitive | Digest)
        )


def compare(before: Value, after: Value, schema: Schema = ANYTHING) -> Difference | None:
    """The tree of all that differs; None where nothing does."""
    found = None
    if isinstance(before, dict) and isinstance(after, dict):
        found = _mappings(before, after, schema)
    elif isinstance(before, list | tuple) and isinstance(after, list | tuple):
        if frozen(before, schema) == frozen(after, schema):
            return None
        found = _lists(before, after, schema)
    elif frozen(before, schema) != frozen(after, schema):
        found = Difference(before, after)
    return replace(found, forces=True) if found and schema.get("x-forces-replacement", False) else found


def _mappings(before: Mapping[str, Value], after: Mapping[str, Value], schema: Schema) -> Difference | None:
    parts, unchanged = [], 0
    for name in _ordered({**before, **after}, schema):
        old, new = before.get(name, ABSENT), after.get(name, ABSENT)
        within = part_of(schema, name)
        if (part := _part(old, new, within, Step(By.NAME, name))) is None:
            unchanged += 1
        else:
            parts.append(part)
    return Difference(before, after, parts=tuple(parts), unchanged=unchanged) if parts else None


def _ordered(names: Mapping[str, Value], schema: Schema) -> list[str]:
    """In the order of the schema, then of the alphabet."""
    order = {name: place for place, name in enumerate(schema.get("properties", ()))}
    return sorted(names, key=lambda name: (order.get(name, len(order)), name))


def _part(before: Value, after: Value, schema: Schema, step: Step) -> Difference | None:
    if before is ABSENT or after is ABSENT:
        return Difference(before, after, step, forces=bool(schema.get("x-forces-replacement", False)))
    found = compare(before, after, schema)
    return None if found is None else replace(found, step=step)


def _lists(before: Sequence[Value], after: Sequence[Value], schema: Schema) -> Difference:
    keys = natural_keys(before, after, schema)
    if keys is not None:
        matches = match_keys(*keys, in_order=not is_set(schema))
        named: Sequence[Key] = keys[1]
        return _matched(before, after, schema, matches, lambda place: Step(By.KEY, named[place]))
    if is_set(schema):
        return _sets(before, after, schema)
    items = items_of(schema)
    old, new = ([frozen(part, items) for part in parts] for parts in (before, after))
    matches = match_by_order(before, after, old, new)
    return _matched(before, after, schema, matches, lambda place: Step(By.PLACE, place))


def _matched(
    before: Sequence[Value],
    after: Sequence[Value],
    schema: Schema,
    matches: Sequence[Match],
    step_to: Callable[[int], Step],
) -> Difference:
    items, parts, unchanged = items_of(schema), [], 0
    alone = Step(By.MEMBERSHIP) if is_set(schema) else None
    for match in matches:
        if match.after is None or match.before is None:
            place = match.before if match.after is None else match.after
            old = ABSENT if match.before is None else before[match.before]
            new = ABSENT if match.after is None else after[match.after]
            parts.append(Difference(old, new, alone or Step(By.PLACE, place or 0)))
            continue
        old, new, step = before[match.before], after[match.after], step_to(match.after)
        moved = (match.before, match.after) if match.is_moved else None
        found = _part(old, new, items, step)
        if moved and (found is None or found.parts):
            parts.append(replace(found or Difference(old, new, step), moved=moved))
        elif found is not None:
            parts.append(found)
        else:
            unchanged += 1
    return Difference(before, after, parts=tuple(parts), unchanged=unchanged)


def _sets(before: Sequence[Value], after: Sequence[Value], schema: Schema) -> Difference:
    items = items_of(schema)
    old, new = ([frozen(part, items) for part in parts] for parts in (before, after))
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    parts: list[Difference] = []
    for values, known, left in ((before, old, gone), (after, new, come)):
        for value, key in zip(values, known, strict=True):
            if left[key]:
                left[key] -= 1
                old_part, new_part = (value, ABSENT) if left is gone else (ABSENT, value)
                parts.append(Difference(old_part, new_part, Step(By.MEMBERSHIP)))
    kept = len(before) - sum(part.after is ABSENT for part in parts)
    return Difference(before, after, parts=tuple(parts), unchanged=kept)
