"""The suite that every provider passes. It needs pytest.

A provider's tests subclass ``ProviderContract`` and give it a fixture ``subject``::

    class TestMyProvider(ProviderContract):
        @pytest.fixture
        def subject(self) -> Iterator[Subject]:
            yield Subject(factory=…, provider=…, samples={"my_thing": Sample(…)})

Each test goes through all samples; a failure names the type. For pytest to show the values that an assertion
compared, say ``pytest.register_assert_rewrite("reconciler.testing")`` in a ``conftest.py``.
"""

# ruff: noqa: S101 - a suite for pytest is made of assertions

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from reconciler.errors import AlreadyExists, ProviderError
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Absent, Lookup, Object, ObjectKey, Unreadable, Wanted, Write
from reconciler.provider.protocol import MakesMore, Provider, ProviderFactory
from reconciler.testing.facts import check_facts
from reconciler.values import canonical

_BULK = 7


@dataclass(frozen=True)
class Sample:
    """Objects of one type for the suite to make.

    ``make`` gives the attributes of the nth object of the type, n from 0; all differ in their natural key. It
    may use the provider to create what the object lives in. ``changes`` are attributes to update in place,
    those of the natural key too if the service can rename. ``change_behind`` changes something about the
    object in the service, not through the provider.
    """

    make: Callable[[Provider, int], Mapping[str, Any]]
    changes: Mapping[str, Any] = field(default_factory=dict)
    change_behind: Callable[[Object], None] | None = None


@dataclass(frozen=True)
class Subject:
    """A provider to be tested, over a service that holds nothing of the samples yet.

    ``with_bad_credentials`` and ``when_failing`` make a provider that the service refuses, and one whose
    every read fails. ``secrets`` are texts that no error may hold. ``has_service`` is False for a provider
    whose objects live in state alone: nothing can be found, listed or absent.
    """

    factory: ProviderFactory
    provider: Provider
    samples: Mapping[str, Sample]
    with_bad_credentials: Callable[[], Provider] | None = None
    when_failing: Callable[[], Provider] | None = None
    secrets: tuple[str, ...] = ()
    has_service: bool = True

    def types(self) -> Iterator[tuple[ResourceType, Sample]]:
        """Each type with its sample."""
        for name, sample in self.samples.items():
            yield self.factory.resource_types()[name], sample


def lookup(found: Object) -> Lookup:
    """The question for an object that is known."""
    return Lookup(found.type, found.id, found.attributes)


class ProviderContract:
    """What the engine relies on."""

    @pytest.fixture
    def subject(self) -> Subject:
        """The provider to be tested; subclasses give it."""
        raise NotImplementedError("a subclass gives the fixture 'subject'")

    def test_every_managed_type_has_a_sample(self, subject: Subject) -> None:
        """Nothing is left out."""
        managed = {name for name in subject.factory.resource_types() if not name.startswith("data.")}
        assert set(subject.samples) == managed

    def test_the_facts_of_each_type_fit_together(self, subject: Subject) -> None:
        """What the engine decides by makes sense."""
        types = subject.factory.resource_types()
        for key, facts in types.items():
            assert facts.name == key.removeprefix("data."), key
            assert facts.provider == subject.factory.name, key
            assert facts.is_data == key.startswith("data."), key
            check_facts(facts, types)

    def test_the_settings_have_a_schema_that_marks_credentials(self, subject: Subject) -> None:
        """Settings can be checked, and credentials hidden, without a connection."""
        schema = subject.factory.settings_schema
        assert schema.get("type") == "object"
        if subject.with_bad_credentials is not None:
            properties = schema.get("properties", {}).values()
            assert any(part.get("x-sensitive") for part in properties)

    def test_the_account_stays_the_same(self, subject: Subject) -> None:
        """State is bound to it."""
        first = subject.provider.account()
        assert first.id
        assert first.name
        assert subject.provider.account() == first

    def test_a_service_that_is_well_is_healthy(self, subject: Subject) -> None:
        """With whose account it is and how long it took."""
        health = subject.provider.health()
        assert health.is_healthy, health.error
        assert health.account == subject.provider.account()
        assert health.latency is not None
        assert health.latency >= 0

    def test_bad_credentials_are_told_by_health_and_refused_by_account(self, subject: Subject) -> None:
        """Health does not raise."""
        if subject.with_bad_credentials is None:
            pytest.skip("the provider has no credentials")
        provider = subject.with_bad_credentials()
        health = provider.health()
        assert health.is_reachable
        assert not health.is_authenticated
        assert health.error is not None
        assert health.error.remedy
        with pytest.raises(ProviderError) as caught:
            provider.account()
        for text in _texts(health.error) + _texts(caught.value):
            assert not any(secret in text for secret in subject.secrets)

    def test_what_is_created_is_read_back_equal(self, subject: Subject) -> None:
        """A plan right after an apply is empty."""
        for facts, sample in subject.types():
            desired = sample.make(subject.provider, 0)
            made = subject.provider.create(facts.name, desired)
            _check_object(facts, made)
            _check_declared(subject.provider, facts, desired, made)
            (answer,) = subject.provider.read({"it": lookup(made)}).values()
            assert isinstance(answer, Object), facts.name
            _check_object(facts, answer)
            assert (answer.type, answer.id) == (made.type, made.id)
            _check_declared(subject.provider, facts, desired, answer)
            assert answer.attributes == made.attributes, facts.name

    def test_what_comes_with_an_object_is_known_without_the_answer_of_its_creation(
        self, subject: Subject
    ) -> None:
        """Else a lost answer would make strangers of it."""
        for facts, sample in subject.types():
            desired = sample.make(subject.provider, 0)
            made = subject.provider.create(facts.name, desired)
            known: tuple[ObjectKey, ...] = ()
            if isinstance(subject.provider, MakesMore):
                known = tuple(subject.provider.side_effects(replace(made, side_effects=()), desired))
            assert known == made.side_effects, facts.name

    def test_an_update_takes_one_step_and_keeps_the_id(self, subject: Subject) -> None:
        """Only what is named changes."""
        for facts, sample in subject.types():
            if not sample.changes:
                continue
            made = subject.provider.create(facts.name, sample.make(subject.provider, 0))
            unchanged = {k: v for k, v in made.attributes.items() if not facts.attributes[k].is_computed}
            desired = {**unchanged, **sample.changes}
            after = subject.provider.update(made, desired, frozenset(sample.changes))
            assert after.id == made.id, facts.name
            _check_declared(subject.provider, facts, desired, after)
            (answer,) = subject.provider.read({"it": lookup(after)}).values()
            assert answer == after, facts.name
            may_change = {name for name in facts.computed if _changes(facts, name, sample.changes)}
            for name in facts.computed:
                if name not in may_change:
                    assert after.attributes.get(name) == made.attributes.get(name), (facts.name, name)

    def test_an_object_is_found_by_the_id_it_had_before_it_was_renamed(self, subject: Subject) -> None:
        """A rename is no deletion."""
        for facts, sample in subject.types():
            if not set(sample.changes) & set(facts.natural_key):
                continue
            made = subject.provider.create(facts.name, sample.make(subject.provider, 0))
            desired = {**made.attributes, **sample.changes}
            subject.provider.update(made, desired, frozenset(sample.changes))
            (answer,) = subject.provider.read({"it": lookup(made)}).values()
            assert isinstance(answer, Object), facts.name
            assert answer.id == made.id

    def test_a_change_behind_the_providers_back_is_seen(self, subject: Subject) -> None:
        """Nothing is answered from memory."""
        for facts, sample in subject.types():
            if sample.change_behind is None:
                continue
            made = subject.provider.create(facts.name, sample.make(subject.provider, 0))
            sample.change_behind(made)
            (answer,) = subject.provider.read({"it": lookup(made)}).values()
            assert isinstance(answer, Object | Absent), facts.name
            if isinstance(answer, Object):
                assert answer.attributes != made.attributes, facts.name

    def test_an_object_is_found_by_its_natural_key(self, subject: Subject) -> None:
        """So that an interrupted create can be settled."""
        for facts, sample in subject.types():
            if not facts.natural_key or not subject.has_service:
                continue
            desired = sample.make(subject.provider, 0)
            key = {name: desired.get(name) for name in facts.natural_key}
            assert subject.provider.find({"it": Wanted(facts.name, key)}) == {"it": ()}, facts.name
            made = subject.provider.create(facts.name, desired)
            (answer,) = subject.provider.find({"it": Wanted(facts.name, key)}).values()
            assert isinstance(answer, tuple), facts.name
            assert [found.id for found in answer] == [made.id], facts.name

    def test_what_exists_is_not_created_again(self, subject: Subject) -> None:
        """No duplicate under one natural key."""
        for facts, sample in subject.types():
            if not facts.natural_key or not facts.key_decides or not subject.has_service:
                continue
            desired = sample.make(subject.provider, 0)
            subject.provider.create(facts.name, desired)
            with pytest.raises(AlreadyExists) as caught:
                subject.provider.create(facts.name, desired)
            for text in _texts(caught.value):
                assert not any(secret in text for secret in subject.secrets)

    def test_a_deleted_object_is_absent_and_deleting_it_again_is_no_error(self, subject: Subject) -> None:
        """Deleting is honest, and can be done again after a lost answer."""
        for facts, sample in subject.types():
            made = subject.provider.create(facts.name, sample.make(subject.provider, 0))
            if "delete" not in facts.destroy:
                continue
            subject.provider.delete(made, "delete")
            if subject.has_service:
                assert subject.provider.read({"it": lookup(made)}) == {"it": Absent()}, facts.name
            subject.provider.delete(made, "delete")

    def test_the_list_of_a_type_holds_what_was_created(self, subject: Subject) -> None:
        """With the attributes that reading gives."""
        if not subject.has_service:
            pytest.skip("the provider has no service")
        for facts, sample in subject.types():
            made = [subject.provider.create(facts.name, sample.make(subject.provider, n)) for n in range(2)]
            listed = {found.id: found for found in subject.provider.list(facts.name)}
            for one in made:
                assert listed[one.id].attributes == one.attributes, facts.name

    def test_a_read_of_many_answers_for_each(self, subject: Subject) -> None:
        """Of all types at once, the absent ones among them."""
        lookups: dict[str, Lookup] = {}
        absent: set[str] = set()
        for facts, sample in subject.types():
            for n in range(_BULK):
                made = subject.provider.create(facts.name, sample.make(subject.provider, n))
                lookups[f"{facts.name}.{n}"] = lookup(made)
                if n == 0 and subject.has_service and "delete" in facts.destroy:
                    subject.provider.delete(made, "delete")
                    absent.add(f"{facts.name}.{n}")
        answers = subject.provider.read(lookups)
        assert set(answers) == set(lookups)
        for key, answer in answers.items():
            if key in absent:
                assert answer == Absent(), key
            else:
                assert isinstance(answer, Object), key
                assert answer.id == lookups[key].id

    def test_nothing_asked_is_nothing_answered(self, subject: Subject) -> None:
        """Without a fuss."""
        assert subject.provider.read({}) == {}
        assert subject.provider.find({}) == {}
        assert list(subject.provider.write_many([])) == []

    def test_a_group_of_writes_is_answered_in_order(self, subject: Subject) -> None:
        """Creates, then updates, then deletes of one type."""
        for facts, sample in subject.types():
            if facts.batch < 2:
                continue
            desired = [sample.make(subject.provider, n) for n in range(min(_BULK, facts.batch))]
            creates = [Write("create", facts.name, one) for one in desired]
            made = list(subject.provider.write_many(creates))
            assert len(made) == len(desired)
            for wanted, one in zip(desired, made, strict=True):
                assert isinstance(one, Object), facts.name
                _check_declared(subject.provider, facts, wanted, one)
            again = subject.provider.write_many(creates[:1])
            assert isinstance(again[0], AlreadyExists), facts.name
            present = [one for one in made if isinstance(one, Object)]
            ends = [Write("delete", facts.name, {}, one) for one in present]
            assert list(subject.provider.write_many(ends)) == [None] * len(present)
            answers = subject.provider.read({one.id: lookup(one) for one in present})
            if "delete" in facts.destroy:
                assert set(answers.values()) == {Absent()}

    def test_normalising_twice_is_normalising_once(self, subject: Subject) -> None:
        """And it takes any part of the attributes."""
        for facts, sample in subject.types():
            desired = sample.make(subject.provider, 0)
            once = subject.provider.normalise(facts.name, desired)
            assert subject.provider.normalise(facts.name, once) == once, facts.name
            assert set(once) == set(desired), facts.name
            for name, value in desired.items():
                alone = subject.provider.normalise(facts.name, {name: value})
                assert alone == {name: once[name]}, (facts.name, name)

    def test_a_failed_read_is_unreadable_and_never_absent(self, subject: Subject) -> None:
        """Nothing is planned from what could not be read."""
        if subject.when_failing is None:
            pytest.skip("the provider cannot fail")
        made = {
            facts.name: subject.provider.create(facts.name, sample.make(subject.provider, 0))
            for facts, sample in subject.types()
        }
        provider = subject.when_failing()
        answers = provider.read({name: lookup(one) for name, one in made.items()})
        assert set(answers) == set(made)
        for name, answer in answers.items():
            assert isinstance(answer, Unreadable), name
            for text in _texts(answer.error):
                assert not any(secret in text for secret in subject.secrets)
        wanted = {
            facts.name: Wanted(
                facts.name, {key: made[facts.name].attributes.get(key) for key in facts.natural_key}
            )
            for facts, _ in subject.types()
            if facts.natural_key
        }
        for name, found in provider.find(wanted).items():
            assert isinstance(found, Unreadable), name
        with pytest.raises(ProviderError):
            list(provider.list(next(iter(made))))


def _texts(error: ProviderError) -> list[str]:
    return [str(error), repr(error), error.cause, error.remedy, repr(error.call)]


def _changes(facts: ResourceType, name: str, changed: Mapping[str, Any]) -> bool:
    sources = facts.attributes[name].changes_with
    return "*" in sources or bool(set(sources) & set(changed))


def _check_object(facts: ResourceType, found: Object) -> None:
    """It is JSON, holds all computed attributes, and none that is unknown or never told."""
    assert found.type == facts.name
    assert isinstance(found.id, str)
    assert found.id
    json.dumps(found.attributes)
    told = {name for name, attribute in facts.attributes.items() if not attribute.is_write_only}
    assert set(facts.computed) <= set(found.attributes) <= told, facts.name


def _check_declared(
    provider: Provider, facts: ResourceType, desired: Mapping[str, Any], found: Object
) -> None:
    """What was asked for is what is there, as the provider said that the service would make of it."""
    for name, value in provider.normalise(facts.name, desired).items():
        attribute = facts.attributes[name]
        if attribute.is_write_only:
            continue
        there = found.attributes[name]
        if attribute.is_unordered:
            assert sorted(there, key=canonical) == sorted(value, key=canonical), (facts.name, name)
        else:
            assert there == value, (facts.name, name)
