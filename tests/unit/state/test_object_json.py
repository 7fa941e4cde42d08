import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.address import Address, ModuleStep
from reconciler.errors import StateError
from reconciler.provider.objects import ObjectKey
from reconciler.state.model import StateObject
from reconciler.state.object_json import (
    address_parser,
    read_object,
    read_objects,
    read_value,
    write_object,
    write_value,
)
from reconciler.values import Digest, Sensitive, Unknown, Value

DIGESTS = st.builds(Digest, st.text("0123456789abcdef", min_size=64, max_size=64))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
)
KEYS = st.text(max_size=6) | st.sampled_from(["$sensitive", "$$sensitive", "$$$sensitive", "sensitive", "$"])
VALUES = st.recursive(
    SCALARS | DIGESTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_-]{0,8}", fullmatch=True)
EACH = st.none() | st.text(max_size=6)
MODULES = st.lists(st.builds(ModuleStep, NAMES, EACH), max_size=2).map(tuple)
ADDRESSES = st.builds(
    Address, NAMES.filter(lambda name: name not in ("data", "module")), NAMES, EACH, MODULES
)
PLAIN = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=2), max_leaves=3)
OBJECT_KEYS = st.builds(ObjectKey, NAMES, st.lists(PLAIN, max_size=3).map(tuple))
OBJECTS = st.builds(
    StateObject,
    ADDRESSES,
    NAMES,
    st.text(max_size=8),
    st.dictionaries(KEYS, VALUES, max_size=4),
    st.dictionaries(KEYS, VALUES, max_size=4),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
    st.lists(ADDRESSES, max_size=3).map(tuple),
    st.integers(1, 9),
    st.booleans(),
    st.none() | st.sampled_from(["delete", "forget", "archive"]),
    st.lists(OBJECT_KEYS, max_size=2).map(tuple),
)


@given(VALUES)
def test_every_value_comes_back_as_it_was(value: Value) -> None:
    assert read_value(write_value(value)) == value


@given(OBJECTS)
def test_every_object_comes_back_as_it_was(known: StateObject) -> None:
    assert read_object(str(known.address), write_object(known)) == known


@given(st.lists(OBJECTS, max_size=4))
def test_objects_read_together_are_the_same_as_read_alone(several: list[StateObject]) -> None:
    texts = [(str(known.address), write_object(known)) for known in several]
    assert list(read_objects(texts)) == several


@given(ADDRESSES)
def test_an_address_is_read_as_its_own_parser_reads_it(address: Address) -> None:
    assert address_parser()(str(address)) == Address.parse(str(address)) == address


def test_more_objects_than_are_read_at_once_keep_their_order() -> None:
    several = [StateObject(Address("t", f"n{i}"), "p", str(i), {"i": i}) for i in range(1203)]
    assert list(read_objects((str(known.address), write_object(known)) for known in several)) == several


def test_a_digest_is_a_mapping_with_one_key() -> None:
    assert json.loads(write_value({"token": Digest("00ff")})) == {"token": {"$sensitive": "00ff"}}


def test_a_mapping_that_looks_like_a_digest_stays_a_mapping() -> None:
    value = {"literal": {"$sensitive": "00ff"}, "digest": Digest("00ff"), "deeper": [{"$$sensitive": 1}]}
    assert read_value(write_value(value)) == value


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"token": Sensitive("hunter2")}, "not been sealed"),
        ({"id": [Unknown("slack_channel.main.id")]}, "slack_channel.main.id is not known yet"),
        ({"size": float("nan")}, "not JSON compliant"),
        ({"when": object()}, "it is a object"),
    ],
)
def test_what_must_not_be_stored_is_refused_without_being_shown(value: Value, why: str) -> None:
    with pytest.raises(StateError, match=why) as raised:
        write_value(value)
    assert "hunter2" not in str(raised.value)


def test_a_sensitive_value_is_refused_beside_a_digest_too() -> None:
    with pytest.raises(StateError, match="not been sealed"):
        write_value({"a": Digest("00"), "b": Sensitive("hunter2")})
