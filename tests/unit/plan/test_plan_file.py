"""What is in the file of a saved plan: all that the plan says, no secret, and a signature over every bit."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reconciler.address import Address
from reconciler.config.schemas import schema
from reconciler.config.sections import Check, Condition
from reconciler.diagnostics import Place
from reconciler.errors import Call, Unreachable
from reconciler.plan.action import Action, ActionReason, Mode
from reconciler.plan.change import Change, CheckResult, Drift, Held, Plan, PlannedOutput, Unread, WayBack
from reconciler.plan.conditions import Verdict
from reconciler.plan.file import is_signed, read_document, signature, write_document
from reconciler.plan.file_values import read, write
from reconciler.plan.saved import SavedPlan, SavedWay
from reconciler.provider.objects import Account, Earlier, Object, ObjectKey
from reconciler.state.model import StateObject
from reconciler.values import Digest, Sealer, Sensitive, Unknown, holds

KEY = b"k" * 32
A, B, C = (
    Address.parse(text)
    for text in ("memory_thing.a", 'module.x["1"].memory_thing.b["k"]', "data.memory_thing.c")
)
EARLIER = Earlier(datetime(2026, 1, 1, tzinfo=UTC), 3.5)
ERROR = Unreachable("no answer", call=Call("memory", "read"), remedy="wait", code="MEMORY-NET-001")

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.builds(Unknown, st.text()),
    st.builds(Digest, st.text("0123456789abcdef", min_size=64, max_size=64)),
)
names = st.one_of(st.text(), st.sampled_from(["$sensitive", "$unknown", "$$sensitive", "$$$unknown"]))
values = st.recursive(
    leaves,
    lambda part: st.one_of(st.lists(part, max_size=3), st.dictionaries(names, part, max_size=3)),
    max_leaves=8,
)


def sealer() -> Sealer:
    return Sealer(KEY)


def saved() -> SavedPlan:
    """A plan with something in every field."""
    recorded = StateObject(
        A,
        "memory",
        "id-a",
        {"text": "was", "secret": sealer().digest("shh")},
        declared={"text": "was"},
        depends_on=(B,),
        side_effects=(ObjectKey("memory_part", ("a", "default")),),
    )
    changes = (
        Change(
            A,
            Action.REPLACE,
            "memory",
            live=Object("memory_thing", "id-a", {"text": "was"}),
            recorded=recorded,
            planned={"text": "is", "secret": Sensitive("hidden secret")},
            before={"text": "was", "size": 1.0},
            after={"text": "is", "id": Unknown("memory_thing.a.id"), "secret": Sensitive("hidden secret")},
            changed=frozenset(("text",)),
            forced_by=("text",),
            reason="because",
            irreversible="gone is gone",
            how="archive",
            goes_with=B,
            becomes=B,
            takes_from=C,
            takes_over=True,
            seen_absent=True,
            depends_on=(B, C),
            follows=frozenset(("text",)),
            records_anew=True,
            along="it comes along",
            way_back=WayBack(
                True, "id-0", "all", {"secret": "${secret.S}"}, {"text": "${var.t}"}, ("secret",)
            ),
            as_of=EARLIER,
            action_reason=ActionReason.REPLACE_BY_REQUEST,
        ),
        Change(B, Action.NO_OP, "memory", before={"text": "x"}, after={"text": "x"}),
    )
    plan = Plan(
        changes,
        7,
        "lineage",
        {C: {"name": "c", "secret": Sensitive("hidden secret")}},
        outputs=(
            PlannedOutput("o", None, Sensitive("hidden secret"), True),
            PlannedOutput("p", 1, None, False, True),
        ),
        drift=(
            Drift(A, "memory", {"text": "was"}, None),
            Drift(B, "memory", {}, {"text": 1}, ("text",), EARLIER),
        ),
        unread=(Unread(B, "memory", ERROR),),
        read=(C,),
        only={A: "", B: "needed"},
        held=(Held(B, "memory", "not ready", error=ERROR), Held(A, "memory", "waits", B)),
        cached={B: EARLIER},
        mode=Mode.NORMAL,
        excluded={B: "asked for"},
        is_refreshed=False,
        checks=(
            CheckResult(
                Check(
                    "check.small",
                    Condition(
                        False, "too much", frozenset(), Place("check.small", 1, 1), "${plan.creates == 0}"
                    ),
                    is_error=False,
                    place=Place("check.small", 1, 1),
                ),
                Verdict.FAIL,
                "too much",
            ),
        ),
    )
    return SavedPlan(
        "0123456789abcdef",
        datetime(2026, 1, 2, tzinfo=UTC),
        "0.1",
        "lab",
        "default",
        "real",
        "digest",
        {"memory": Account("m", "Memory Lane")},
        plan,
        {"region": "eu", "token": Sensitive("hidden secret")},
        {"region": "eu"},
        (A,),
        SavedWay(3, ("run-1",), True),
    )


def test_all_that_a_plan_says_is_read_again() -> None:
    before = saved()
    text = json.dumps(write_document(before, sealer()))
    after = read_document(json.loads(text))
    assert write_document(after, sealer()) == json.loads(text)
    for one, other in zip(before.plan, after.plan, strict=True):
        for name in ("address", "action", "recorded", "before", "changed", "forced_by", "reason", "how",
                     "goes_with", "becomes", "takes_from", "takes_over", "seen_absent", "depends_on",
                     "follows", "along", "records_anew", "way_back", "as_of", "action_reason",
                     "irreversible"):  # fmt: skip
            assert getattr(one, name) == getattr(other, name), name
        assert sealer().seal(one.planned) == other.planned
        assert sealer().seal(one.after) == other.after
    for name in ("drift", "only", "cached", "mode", "excluded", "is_refreshed", "serial", "lineage", "read"):
        assert getattr(before.plan, name) == getattr(after.plan, name), name
    assert [str(one.error) for one in after.plan.held if one.error] == [str(ERROR)]
    assert after.way == before.way


def test_the_document_is_what_its_schema_says() -> None:
    Draft202012Validator(schema("plan-file.schema.json")).validate(
        json.loads(json.dumps(write_document(saved(), sealer())))
    )


def test_no_secret_is_in_it_but_as_a_digest_with_the_states_key() -> None:
    text = json.dumps(write_document(saved(), sealer()))
    assert "hidden secret" not in text
    assert KEY.hex() not in text
    assert sealer().digest("hidden secret").hexadecimal in text
    assert not holds(read_document(json.loads(text)).plan.by_address[A].planned, Sensitive)


def _places(part: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [path, *(place for name, one in inner for place in _places(one, (*path, name)))]


def test_whatever_is_changed_in_it_the_signature_tells() -> None:
    whole = json.loads(json.dumps(write_document(saved(), sealer())))
    assert is_signed(whole, sealer())
    places = [place for place in _places(whole) if place and place != ("signature",)]
    assert len(places) > 150
    for place in places:
        document = json.loads(json.dumps(whole))
        holder = document
        for step in place[:-1]:
            holder = holder[step]
        if isinstance(holder, dict):
            del holder[place[-1]]
        else:
            holder[place[-1]] = "another"
        assert not is_signed(document, sealer()), place


@pytest.mark.parametrize("given_signature", [None, 5, "", "é", "0" * 64])
def test_what_is_no_signature_is_none(given_signature: Any) -> None:
    document = {**write_document(saved(), sealer()), "signature": given_signature}
    assert not is_signed(document, sealer())


def test_another_states_key_makes_another_signature() -> None:
    document = write_document(saved(), sealer())
    assert not is_signed(document, Sealer(b"l" * 32))
    assert signature(document, sealer()) == document["signature"]


@given(values)
def test_every_value_is_read_as_it_was_written(value: Any) -> None:
    assert repr(read(json.loads(json.dumps(write(value, sealer()))))) == repr(value)


def test_what_is_sensitive_and_not_known_yet_shows_neither_what_it_is_nor_its_parts() -> None:
    value = Sensitive({"known": "hidden secret", "later": Unknown("memory_thing.a.id")})
    text = json.dumps(write([value], sealer()))
    assert text == '[{"$sensitive": null}]'
    assert write(read(json.loads(text)), sealer()) == json.loads(text)
