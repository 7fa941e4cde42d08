"""Values that live in state alone."""

from reconciler.builtin import BuiltinProvider
from reconciler.provider import Lookup, Object, Wanted, Write
from reconciler.provider.context import Context


def provider() -> BuiltinProvider:
    ids = iter(["first", "second", "third"])
    return BuiltinProvider({}, Context(), new_id=lambda: next(ids))


def test_a_value_has_an_id_of_its_own_and_gives_its_input_back() -> None:
    assert provider().create("reconciler_value", {"input": {"a": [1]}, "triggers": ["x"]}) == Object(
        "reconciler_value",
        "first",
        {"id": "first", "input": {"a": [1]}, "triggers": ["x"], "output": {"a": [1]}},
    )


def test_a_value_needs_neither_input_nor_triggers() -> None:
    made = provider().create("reconciler_value", {})
    assert made.attributes == {"id": "first", "input": None, "triggers": None, "output": None}


def test_ids_are_different_for_all_values() -> None:
    values = BuiltinProvider({}, Context())
    made = {values.create("reconciler_value", {}).id for _ in range(100)}
    assert len(made) == 100
    assert all(len(identity) == 32 for identity in made)


def test_an_update_keeps_the_id_and_changes_input_and_output() -> None:
    values = provider()
    prior = values.create("reconciler_value", {"input": 1, "triggers": 2})
    after = values.update(prior, {"input": 3, "triggers": 2}, frozenset({"input"}))
    assert after.id == prior.id
    assert after.attributes == {"id": "first", "input": 3, "triggers": 2, "output": 3}


def test_reading_answers_what_was_recorded() -> None:
    recorded = {"id": "x", "input": 1, "output": 1}
    answer = provider().read({"a": Lookup("reconciler_value", "x", recorded)})
    assert answer == {"a": Object("reconciler_value", "x", recorded)}


def test_a_value_cannot_be_found_or_listed_for_no_service_has_it() -> None:
    assert provider().find({"a": Wanted("reconciler_value", {"input": 1})}) == {"a": ()}
    assert list(provider().list("reconciler_value")) == []


def test_a_group_of_writes_is_carried_out_one_by_one() -> None:
    values = provider()
    prior = values.create("reconciler_value", {})
    results = values.write_many(
        [
            Write("create", "reconciler_value", {"input": 1}),
            Write("update", "reconciler_value", {"input": 2}, prior),
            Write("delete", "reconciler_value", {}, prior),
        ]
    )
    assert [found.id if isinstance(found, Object) else found for found in results] == [
        "second",
        "first",
        None,
    ]


def test_the_schema_says_what_forces_a_replacement_and_what_follows_from_what() -> None:
    attributes = BuiltinProvider.resource_types()["reconciler_value"].attributes
    assert [name for name, facts in attributes.items() if facts.forces_replacement] == ["triggers"]
    assert attributes["output"].changes_with == ("input",)
    assert attributes["id"].is_computed
    assert attributes["id"].changes_with == ()
