"""What a declaration leaves alone is no difference."""

from typing import Any

import pytest

from reconciler.views.settling import settled

ROLE: dict[str, Any] = {"properties": {"role": {}, "until": {}}}


def test_a_mapping_with_known_properties_speaks_only_of_the_keys_it_has() -> None:
    schema: dict[str, Any] = {"properties": {"a": {}, "b": {"properties": {"c": {}, "d": {}}}}}
    before = {"a": 1, "b": {"c": 2, "d": 3}, "e": [1]}
    assert settled(before, {"b": {"c": 9}}, schema) == {"a": 1, "b": {"c": 9, "d": 3}, "e": [1]}
    assert settled(before, {"b": 1}, {}) == {"b": 1}
    assert settled(None, {"b": 1}, schema) == {"b": 1}
    assert settled(before, {"new": 1}, schema) == {**before, "new": 1}


@pytest.mark.parametrize(
    ("schema", "before", "after", "expected"),
    [
        pytest.param(
            {"items": ROLE},
            [{"name": "a", "until": 1}, {"name": "b", "until": 2}],
            [{"name": "b"}, {"name": "c"}],
            [{"name": "b", "until": 2}, {"name": "c"}],
            id="by natural key",
        ),
        pytest.param(
            {"items": {**ROLE, "x-natural-key": ["role"]}},
            [{"role": 1, "until": 1}],
            [{"role": 2}, {"role": 1}],
            [{"role": 2}, {"role": 1, "until": 1}],
            id="by the schema's natural key",
        ),
        pytest.param(
            {"items": ROLE},
            [{"role": 1, "until": 1}],
            [{"role": 2}, {"role": 1}],
            [{"role": 2, "until": 1}, {"role": 1}],
            id="by place",
        ),
        pytest.param(
            {"items": ROLE, "x-unordered": True},
            [{"role": 1, "until": 1}, {"role": 2, "until": None}],
            [{"role": 2}, {"role": 3}],
            [{"role": 2, "until": None}, {"role": 3}],
            id="in a set, by what it says",
        ),
        pytest.param({}, [{"a": 1}], [{"b": 1}], [{"b": 1}], id="without a schema not at all"),
    ],
)
def test_objects_of_a_list_are_settled_by_their_counterparts(
    schema: dict[str, Any], before: list[Any], after: list[Any], expected: list[Any]
) -> None:
    assert settled(before, after, schema) == expected
