"""Of any two values: the tree holds all that differs and nothing else, and no view tells a secret."""

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.address import Address
from reconciler.plan.action import Action
from reconciler.plan.change import Change, Drift, Plan, PlannedOutput
from reconciler.provider.facts import ResourceType
from reconciler.values import Digest, Sensitive, Unknown, Value
from reconciler.views.color import colored
from reconciler.views.differences import ABSENT, By, Difference, compare
from reconciler.views.hiding import hidden_value
from reconciler.views.line import plain
from reconciler.views.plan_html import plan_html
from reconciler.views.plan_markdown import plan_markdown
from reconciler.views.plan_text import plan_lines
from reconciler.views.sameness import Schema, frozen, is_set, items_of, part_of

SECRET = "s3cr3t"

SCHEMA: dict[str, Any] = {}
LABELS: dict[str, Any] = {}
for each in (SCHEMA, LABELS):
    each |= {
        "properties": {"token": {"x-sensitive": True}, "labels": LABELS},
        "additionalProperties": SCHEMA,
        "items": SCHEMA,
    }
LABELS["x-unordered"] = True
"""Of values of any depth: everything below is as everything above."""

NAMES = st.sampled_from(["a", "b", "name", "id", "two words", "labels"])
PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(0, 3),
    st.sampled_from([0.5, 1.0]),
    st.sampled_from(["", "x", "y", "1", "x ", "a\nb\nc", "a\nb\n", "\x1b[1A", "é", "e\u0301", "語" * 40]),
    st.text("ab \n", max_size=12),
)
CLOSED = st.one_of(
    st.builds(Sensitive, st.sampled_from([f"{SECRET}-1", f"{SECRET}-2", [f"{SECRET}-3"]])),
    st.builds(Digest, st.sampled_from(["ab", "cd"])),
)
LATER = st.builds(Unknown, st.sampled_from(["a.id", "b.id"]))


def nested(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    with_token = st.fixed_dictionaries(
        {}, optional={"token": st.sampled_from([f"{SECRET}-4", f"{SECRET}-5"])}
    )
    mappings = st.builds(
        lambda one, two: {**one, **two}, st.dictionaries(NAMES, inner, max_size=4), with_token
    )
    return st.one_of(st.lists(inner, max_size=5), mappings, st.lists(mappings, max_size=4))


VALUES = st.recursive(st.one_of(PLAIN, PLAIN, CLOSED, LATER), nested, max_leaves=14)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Value, Value]:
    """Two values, which often have much in common."""
    before = draw(VALUES)
    return before, draw(st.one_of(VALUES, st.just(before), st.deferred(lambda: changed(before))))


@st.composite
def changed(draw: st.DrawFn, value: Value) -> Value:
    """The value with some of its parts replaced, left out, added, or put elsewhere."""
    if isinstance(value, dict) and value:
        kept = {name: draw(changed(part)) if draw(st.booleans()) else part for name, part in value.items()}
        if draw(st.booleans()):
            kept.pop(draw(st.sampled_from(sorted(kept))))
        return kept
    if isinstance(value, list) and value:
        parts = [draw(changed(part)) if draw(st.integers(0, 3)) == 0 else part for part in value]
        parts = draw(st.permutations(parts)) if draw(st.booleans()) else parts
        return [*parts[draw(st.integers(0, 1)) :], *draw(st.lists(VALUES, max_size=1))]
    return draw(VALUES)


def applied(found: Difference | None, before: Value, schema: Schema) -> Value:
    """What comes of a value when all that the tree tells happens to it."""
    if found is None:
        return before
    if found.is_shown_whole:
        return found.after
    if isinstance(before, dict):
        result = dict(before)
        for part in found.parts:
            assert part.step is not None
            name = str(part.step.to)
            if part.after is ABSENT:
                del result[name]
            else:
                result[name] = applied(part, before.get(name), part_of(schema, name))
        return result
    return _applied_to_list(found, before, schema) if found.parts else before


def _applied_to_list(found: Difference, before: list[Value], schema: Schema) -> list[Value]:
    within = items_of(schema)
    new: dict[int, Value] = {}
    there: dict[int, Difference] = {}
    gone, unplaced = [], []
    for part in found.parts:
        assert part.step is not None
        place = part.step.to if isinstance(part.step.to, int) else -1
        in_set = part.step.by is By.MEMBERSHIP
        if part.moved is not None:
            gone.append(part.moved[0])
            new[part.moved[1]] = applied(part, part.before, within)
        elif part.after is ABSENT:
            gone.append(_index(before, part.before, gone) if in_set else place)
        elif part.before is ABSENT and in_set:
            unplaced.append(part.after)
        elif part.before is ABSENT:
            new[place] = part.after
        elif part.step.by is By.PLACE:
            there[place] = part
    staying = [value for at, value in enumerate(before) if at not in gone]
    for part in found.parts:
        if part.step is not None and part.step.by is By.KEY and part.moved is None:
            staying[_index(staying, part.before, [])] = applied(part, part.before, within)
    rest = iter(staying)
    result = [new[at] if at in new else next(rest) for at in range(len(staying) + len(new))]
    for at, part in there.items():
        result[at] = applied(part, result[at], within)
    return [*result, *unplaced]


def _index(values: list[Value], value: Value, taken: list[int]) -> int:
    return next(at for at, each in enumerate(values) if each is value and at not in taken)


def check_smallest(found: Difference, schema: Schema) -> None:
    """Nothing in the tree is unchanged, and all that is not in it is counted."""
    if found.is_shown_whole:
        assert frozen(found.before, schema) != frozen(found.after, schema)
        assert not (isinstance(found.before, dict) and isinstance(found.after, dict))
        return
    is_mapping = isinstance(found.before, dict)
    if found.parts:
        size = {*found.before, *found.after} if is_mapping else found.after
        gone = 0 if is_mapping else sum(part.after is ABSENT for part in found.parts)
        assert found.unchanged + len(found.parts) == len(size) + gone
    for part in found.parts:
        assert part.step is not None
        if ABSENT not in (part.before, part.after):
            check_smallest(part, part_of(schema, str(part.step.to)) if is_mapping else items_of(schema))


@given(pairs())
def test_the_tree_holds_all_that_differs_and_nothing_else(pair: tuple[Value, Value]) -> None:
    before, after = pair
    found = compare(before, after, SCHEMA)
    assert (found is None) is (frozen(before, SCHEMA) == frozen(after, SCHEMA))
    assert frozen(applied(found, before, SCHEMA), SCHEMA) == frozen(after, SCHEMA)
    if found is not None:
        check_smallest(found, SCHEMA)


@given(st.lists(st.integers(0, 9), max_size=12), st.lists(st.integers(0, 9), max_size=12))
def test_of_two_sets_only_what_comes_and_goes_is_told(before: list[int], after: list[int]) -> None:
    schema = {"x-unordered": True}
    assert is_set(schema)
    found = compare(before, after, schema)
    parts = found.parts if found else ()
    assert Counter(part.before for part in parts if part.after is ABSENT) == Counter(before) - Counter(after)
    assert Counter(part.after for part in parts if part.before is ABSENT) == Counter(after) - Counter(before)


class Types:
    """Knows the one type of these tests."""

    def type(self, name: str) -> ResourceType:
        return ResourceType.from_schema(name, {"properties": {"value": SCHEMA}})

    def data_type(self, name: str) -> None:
        return None


def plan_of(before: Value, after: Value, action: Action) -> Plan:
    address = Address("acme_thing", "a")
    change = Change(
        address,
        action,
        "acme",
        before={"value": before},
        after={"value": after},
        planned={"value": after},
        changed=frozenset({"value"}),
        forced_by=("value",) if action is Action.REPLACE else (),
    )
    drift = Drift(address, "acme", {"value": before}, {"value": after}, ("value",))
    return Plan((change,), 1, "", {}, (PlannedOutput("secret", before, after, True),), drift=(drift,))


@given(
    pairs(),
    st.sampled_from([Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE]),
    st.integers(40, 220),
)
def test_no_view_tells_a_secret(pair: tuple[Value, Value], action: Action, width: int) -> None:
    plan = plan_of(*pair, action)
    types = Types()
    for shows_all in (False, True):
        lines = list(plan_lines(plan, types, width=width, shows_all=shows_all))
        texts = (
            plain(lines),
            colored(lines),
            plan_markdown(plan, types, shows_all=shows_all),
            plan_html(plan, types, shows_all=shows_all),
        )
        for text in texts:
            assert SECRET not in text
            assert "\x1b[1A" not in text


@given(pairs())
def test_each_name_that_leads_to_a_difference_is_shown(pair: tuple[Value, Value]) -> None:
    facts = Types().type("acme_thing")
    before, after = (hidden_value(value, "value", facts) for value in pair)
    found = compare(before, after, SCHEMA)
    if found is None or before is None or after is None:
        return
    text = plain(plan_lines(plan_of(before, after, Action.UPDATE), Types(), width=200))

    def check(part: Difference) -> None:
        if part.step is not None and part.step.by is By.NAME:
            assert str(part.step.to) in text
        for inner in part.parts:
            check(inner)

    check(found)
