"""Whether the facts of a resource type fit together: what the engine decides by must make sense."""

# ruff: noqa: S101 - part of a suite for pytest, which is made of assertions

from collections.abc import Mapping

from reconciler.provider.facts import ResourceType


def check_facts(facts: ResourceType, types: Mapping[str, ResourceType]) -> None:
    """Assert that a type's facts agree with one another, and with the other types of its provider."""
    names = set(facts.attributes)
    assert facts.schema.get("additionalProperties") is False, f"{facts.name} takes unknown attributes"
    assert set(facts.schema.get("required", ())) <= names, facts.name
    assert set(facts.natural_key) <= names, facts.name
    assert facts.version >= 1
    assert facts.batch >= 1
    assert facts.destroy, facts.name
    assert set(facts.turns) <= set(facts.destroy), facts.name
    assert all(set(shown) <= names for shown in facts.turns.values()), facts.name
    assert facts.replace_needs in names | {""}, facts.name
    for attribute in facts.attributes.values():
        where = f"{facts.name}.{attribute.name}"
        assert not (attribute.is_computed and attribute.is_required), f"{where} is computed and required"
        assert not (attribute.is_computed and attribute.forces_replacement), where
        assert not (attribute.is_write_only and attribute.is_computed), where
        assert not attribute.is_unordered or attribute.schema.get("type") == "array", f"{where} is no list"
        assert set(attribute.changes_with) <= names | {"*"}, f"{where} changes with what is not there"
        assert attribute.is_computed or not attribute.changes_with, f"{where} is not computed"
    for name in facts.natural_key:
        assert not facts.attributes[name].is_computed, f"{facts.name}.{name} names objects but is computed"
        assert not facts.attributes[name].is_write_only, f"{facts.name}.{name} names objects but is not told"
    for parent in facts.parents:
        assert parent.attribute in names, facts.name
        assert parent.type in types, f"{facts.name} lives in {parent.type}, which is not there"
        assert parent.key in types[parent.type].attributes, f"{parent.type} has no {parent.key}"
