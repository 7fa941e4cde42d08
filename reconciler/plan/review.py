"""Whether what a saved plan was made from is still so, and whether a change comes out as it was reviewed.

Each difference is a sentence that names what was, and what is; secrets stand in none of them.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler import codes
from reconciler.address import Address
from reconciler.plan.action import Action
from reconciler.plan.change import Change
from reconciler.plan.compare import matches
from reconciler.plan.file_values import write
from reconciler.provider.facts import ResourceType
from reconciler.state.model import StateObject
from reconciler.values import Sealer, Unknown, Value, holds, is_sensitive

_LONGEST = 80
"""Characters of a value that a sentence shows."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not as it was: a sentence, and the code of its kind."""

    text: str
    code: str


def entry_differences(
    saved: Change, objects: Mapping[Address, StateObject], facts: ResourceType, sealer: Sealer
) -> Iterator[Difference]:
    """Whether the state says something else of a change's object than it did."""
    address = saved.recorded.address if saved.recorded is not None else saved.address
    then, now = saved.recorded, objects.get(address)
    if then is None:
        if now is not None:
            yield _entry("another run has recorded an object at this address since")
        return
    if now is None:
        elsewhere = [
            str(other)
            for other, one in objects.items()
            if (one.provider, one.type, one.id) == (then.provider, then.type, then.id)
        ]
        now_at = f"; its object is {elsewhere[0]} by now" if elsewhere else ""
        yield _entry(f"the state does not know it at this address any more{now_at}")
        return
    if (now.provider, now.id) != (then.provider, then.id):
        yield _entry(
            f"another object has taken its place: its id was {_text(then.id)}, and is {_text(now.id)}"
        )
        return
    for name in sorted({*then.declared, *now.declared}):
        was, is_now = then.declared.get(name), now.declared.get(name)
        if not same(was, is_now, _schema(facts, name), sealer):
            told = _was_and_is(was, is_now)
            yield _entry(f"another run has written {name} since the plan was made: it {told}")


def object_differences(
    saved: Change, before: Mapping[str, Value], id_now: str | None, facts: ResourceType, sealer: Sealer
) -> Iterator[Difference]:
    """Whether an object is as it was, over the attributes that the change looks at.

    ``before`` are its attributes now, masked, and ``id_now`` its id; None when it is not there.
    """
    if saved.live is None:
        if id_now is not None:
            yield _changed("it was not there when the plan was made, and exists in the service by now")
        return
    if id_now is None:
        yield _changed("it has changed in the service since the plan was made: it is not there any more")
        return
    if id_now != saved.live.id:
        yield _changed(f"it is another object: its id was {_text(saved.live.id)}, and is {_text(id_now)}")
        return
    for name in looked_at(saved):
        attribute = facts.attributes.get(name)
        was, is_now = saved.before.get(name), before.get(name)
        if attribute is not None and attribute.is_write_only:
            # A provider's word for a value that it cannot tell, and that somebody else has written since.
            if (name in before and is_now is None) and not (name in saved.before and was is None):
                yield _changed(f"{name} has been written by somebody else since the plan was made")
        elif not same(was, is_now, _schema(facts, name), sealer):
            told = _was_and_is(was, is_now)
            yield _changed(f"{name} has changed in the service since the plan was made: it {told}")


def outcome_differences(
    saved: Change, fresh: Change, facts: ResourceType, sealer: Sealer
) -> Iterator[Difference]:
    """Whether a change comes out as it was reviewed, given that its object is as it was."""
    is_odd = False
    for name in sorted({*saved.planned, *fresh.planned}):
        meant, comes_out = saved.planned.get(name), fresh.planned.get(name)
        if same(meant, comes_out, _schema(facts, name), sealer):
            continue
        is_odd = True
        if is_sensitive(meant) or is_sensitive(comes_out):
            yield Difference(f"{name} comes from a secret that has another value by now", codes.OTHER_SECRET)
        else:
            yield Difference(
                f"what {name} rests on has changed: it was to be {_text(meant)}, and would be "
                f"{_text(comes_out)}",
                codes.RESTS_ON_OTHER,
            )
    if not is_odd and _nature(saved) != _nature(fresh):
        yield Difference(
            f"it was to {saved.action}, and as things are it would {fresh.action}", codes.RESTS_ON_OTHER
        )


def looked_at(change: Change) -> list[str]:
    """The attributes that a change was made from."""
    declared = change.recorded.declared if change.recorded is not None else {}
    if change.action in (Action.DELETE, Action.FORGET):
        return sorted(declared)
    return sorted({*change.planned, *declared, *change.changed, *change.forced_by})


def same(one: Value, other: Value, schema: Mapping[str, Any], sealer: Sealer) -> bool:
    """Whether two values are alike, of which either may be known by digests; what is unknown is alike too."""
    if _written(one, sealer) == _written(other, sealer):
        return True
    return not holds(one, Unknown) and matches(one, other, schema, sealer)


def _nature(change: Change) -> tuple[Any, ...]:
    """What a change does, apart from values."""
    return (
        change.action,
        change.provider,
        change.how if change.action.removes else "",
        change.takes_over,
        frozenset(change.changed) if change.action is not Action.CREATE else None,
        frozenset(change.forced_by),
        change.goes_with,
        change.becomes,
        change.takes_from,
        change.creates_first,
    )


def _schema(facts: ResourceType, name: str) -> Mapping[str, Any]:
    return facts.attributes[name].schema if name in facts.attributes else {}


def _written(value: Value, sealer: Sealer) -> str:
    return json.dumps(write(value, sealer), sort_keys=True)


def _was_and_is(was: Value, is_now: Value) -> str:
    if is_sensitive(was) or is_sensitive(is_now):
        return "is sensitive, and not the same"
    return f"was {_text(was)}, and is {_text(is_now)}"


def _text(value: Value) -> str:
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _entry(text: str) -> Difference:
    return Difference(text, codes.ENTRY_CHANGED)


def _changed(text: str) -> Difference:
    return Difference(text, codes.CHANGED_SINCE)
