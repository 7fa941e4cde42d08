"""From objects to resources: which are taken, what they are called, declare and refer to."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from reconciler.address import Address
from reconciler.adoption.attributes import Teller, Told, is_default
from reconciler.adoption.found import (
    Adopted,
    Candidate,
    Generated,
    Ground,
    Known,
    LeftOut,
    Resource,
    ToFill,
)
from reconciler.adoption.grouping import Member, alike, grouped, key_name, same_attributes
from reconciler.adoption.naming import Names, name_of, plain_name
from reconciler.adoption.references import References
from reconciler.adoption.writing import document
from reconciler.adoption.yaml_text import Written
from reconciler.graph import in_order, with_wishes
from reconciler.provider.facts import ResourceType


def generate(
    candidates: Iterable[Candidate], ground: Ground, title: Sequence[str], *, with_groups: bool = True
) -> Generated:
    """The YAML that declares these objects and adopts them; ``title`` are the first lines of it, as comments.

    The same objects give the same text, in whatever order they come. ``with_groups``: alike objects become
    one resource with ``for_each``.
    """
    return _Generation(ground, with_groups).run(candidates, title)


def merged(parts: Iterable[Generated], title: Sequence[str]) -> Generated:
    """What was generated for several providers, as one file."""
    known = list(parts)
    resources = (one for part in known for one in part.resources)
    return _generated(resources, [one for part in known for one in part.left_out], title)


def _generated(resources: Iterable[Resource], left_out: Iterable[LeftOut], title: Sequence[str]) -> Generated:
    finished = sorted(resources, key=lambda one: (one.type.name, one.name))
    imports, others = tuple(_imports(finished)), tuple(sorted(left_out, key=lambda one: (one.type, one.id)))
    text = document(title, finished, imports, others)
    return Generated(text, tuple(finished), imports, others, tuple(_to_fill(finished)))


class _Generation:
    """What is known so far of the resources that are being made."""

    def __init__(self, ground: Ground, with_groups: bool) -> None:
        self._ground = ground
        self._with_groups = with_groups
        self._names = Names(ground.taken)
        self._references = References(ground.types.values())
        self._left_out: list[LeftOut] = []
        self._let_go_of: set[tuple[str, str, str]] = set()
        self._seen: dict[tuple[str, str], Candidate] = {}
        self._labels: dict[tuple[str, str, str], str] = {}
        for known in ground.known:
            self._learn(known)

    def run(self, candidates: Iterable[Candidate], title: Sequence[str]) -> Generated:
        by_type: dict[str, list[Candidate]] = defaultdict(list)
        for candidate in candidates:
            by_type[candidate.type.name].append(candidate)
        made: list[Resource] = []
        for name in _parents_first(self._ground.types):
            resource_type = self._ground.types[name]
            members = list(self._taken(sorted(by_type.get(name, ()), key=_sorting)))
            if name_is_chosen := [member for member in members if member[0].name]:
                made.extend(self._chosen(resource_type, name_is_chosen))
            others = [member for member in members if not member[0].name]
            groups: list[list[Member]] = []
            if self._with_groups and not self._references.is_target(name):
                groups, others = grouped(resource_type, others)
            made.extend(self._group(resource_type, group) for group in groups)
            made.extend(self._single(resource_type, member) for member in others)
        return _generated(map(self._referring, made), self._left_out, title)

    def _taken(self, candidates: Iterable[Candidate]) -> Iterator[Member]:
        """Those that can be declared; the others are left out."""
        teller = Teller(self._ground)
        for candidate in candidates:
            told: Told | str = self._gone(candidate) or self._claimed(candidate) or teller.told(candidate)
            if isinstance(told, Told):
                yield candidate, told
            else:
                self._left_out.append(_left_out(candidate, told))

    def _gone(self, candidate: Candidate) -> str:
        """Why an object is out of use, if it is: somebody has let go of it, or of what it lives in."""
        resource_type, attributes = candidate.type, candidate.object.attributes
        reason = ""
        for way, shown in resource_type.turns.items():
            if all(attributes.get(name) == value for name, value in shown.items()):
                shows = ", ".join(f"{name}: {json.dumps(value)}" for name, value in shown.items())
                reason = f"somebody has let go of it ({way}): it shows {shows}"
        for parent in resource_type.parents:
            value = attributes.get(parent.attribute)
            if isinstance(value, str) and (parent.type, parent.key, value) in self._let_go_of:
                reason = f"the {parent.type} that it is in is left out"
        if reason:
            texts = ((name, value) for name, value in attributes.items() if isinstance(value, str))
            self._let_go_of.update((resource_type.name, name, value) for name, value in texts)
        return reason

    def _claimed(self, candidate: Candidate) -> str:
        """Which resource stands for an object, or cannot be told from the one that would, if there is one."""
        resource_type, attributes = candidate.type, candidate.object.attributes
        key = (resource_type.name, natural_key_of(resource_type, attributes))
        if not key[1]:
            return ""
        if owner := self._ground.owned.get(key):
            self._learn(Known(owner, {**attributes, "id": candidate.object.id}))
            how = f"reconciler import '{owner}' '{import_id(candidate)}'"
            return f"{owner} declares it already: adopt it with {how}"
        known_as = " and ".join(resource_type.natural_key)
        if twin := self._ground.recorded.get(key):
            return f"{twin} has the same {known_as}, by which a stack tells objects apart"
        first = self._seen.setdefault(key, candidate)
        if first is not candidate:
            return f"{import_id(first)} has the same {known_as}, by which a stack tells objects apart"
        return ""

    def _single(self, resource_type: ResourceType, member: Member, name: str = "") -> Resource:
        candidate, told = member
        free = self._names.free(resource_type.name, name or name_of(candidate, self._parents(candidate)))
        attributes: dict[str, Any] = {}
        for attribute in resource_type.attributes.values():
            if attribute.name in (*told.secret, *told.untold):
                attributes[attribute.name] = Written(
                    f"${{secret.{_secret(resource_type, free, attribute.name)}}}"
                )
            elif attribute.name in told.values:
                value = told.values[attribute.name]
                if attribute.is_required or not is_default(attribute, value):
                    attributes[attribute.name] = value
        known = Known(
            Address(resource_type.name, free), {**candidate.object.attributes, "id": candidate.object.id}
        )
        self._learn(known)
        return Resource(
            self._ground.provider,
            resource_type,
            free,
            attributes,
            {None: candidate},
            ignored=told.untold,
            comments=told.comments,
        )

    def _group(self, resource_type: ResourceType, members: Sequence[Member]) -> Resource:
        first = members[0][0]
        name = self._names.free(resource_type.name, name_of(first, self._parents(first), is_group=True))
        key = key_name(resource_type)
        return self._of_alike(
            resource_type, name, {told.values[str(key)]: (one, told) for one, told in members}, key
        )

    def _chosen(self, resource_type: ResourceType, members: Sequence[Member]) -> Iterator[Resource]:
        """Resources whose names somebody has chosen; those with keys under one name are one, if possible."""
        by_name: dict[str, list[Member]] = defaultdict(list)
        for member in members:
            by_name[member[0].name].append(member)
        for name, same in by_name.items():
            keys = {candidate.key: (candidate, told) for candidate, told in same}
            plain = all(not (told.secret or told.untold or told.comments) for _, told in same)
            is_one = self._with_groups and plain and None not in keys and len(keys) == len(same)
            if is_one and same_attributes(same):
                by_key = {
                    str(key): member for key, member in sorted(keys.items(), key=lambda item: str(item[0]))
                }
                key_is = (each for each in same[0][1].values if _is_key(each, by_key))
                resource = self._of_alike(resource_type, name, by_key, next(key_is, None))
                self._names.free(resource_type.name, name)
                for key, (candidate, _) in by_key.items():
                    self._learn(Known(Address(resource_type.name, name, key), candidate.object.attributes))
                yield resource
                continue
            for member in same:
                yield self._single(
                    resource_type, member, "_".join(filter(None, (name, plain_name(member[0].key or ""))))
                )

    def _of_alike(
        self, resource_type: ResourceType, name: str, by_key: Mapping[str, Member], key: str | None
    ) -> Resource:
        found = alike(resource_type, by_key, key)
        members: dict[str | None, Candidate] = {key: one for key, one in found.members.items()}  # noqa: C416
        return Resource(
            self._ground.provider, resource_type, name, found.attributes, members, for_each=found.for_each
        )

    def _parents(self, candidate: Candidate) -> dict[str, str]:
        """The names of the resources that an object lives in, by attribute; none of its own type."""
        found: dict[str, str] = {}
        for parent in candidate.type.parents:
            value = candidate.object.attributes.get(parent.attribute)
            if not isinstance(value, str) or parent.type == candidate.type.name:
                continue
            if label := self._labels.get((parent.type, parent.key, value)):
                found.setdefault(parent.attribute, label)
        return found

    def _learn(self, known: Known) -> None:
        self._references.learn(known)
        for name, value in known.attributes.items():
            if isinstance(value, str):
                self._labels.setdefault((known.address.type, name, value), known.address.name)

    def _referring(self, resource: Resource) -> Resource:
        put = {
            name: value if isinstance(value, Written) else self._references.put(resource.type, name, value)
            for name, value in resource.attributes.items()
        }
        for_each = resource.for_each
        if isinstance(for_each, dict):
            for_each = {
                key: {name: self._references.put(resource.type, name, value) for name, value in one.items()}
                for key, one in for_each.items()
            }
        return replace(resource, attributes=put, for_each=for_each)


def _left_out(candidate: Candidate, reason: str) -> LeftOut:
    names = [candidate.object.attributes.get(name) for name in candidate.type.called_by]
    label = " ".join(name for name in names if isinstance(name, str))
    return LeftOut(candidate.type.name, import_id(candidate), reason, label)


def import_id(candidate: Candidate) -> str:
    """What ``import`` names an object by."""
    values = {"id": candidate.object.id, **candidate.object.attributes}
    try:
        return candidate.import_id or candidate.type.import_id.format_map(values) or candidate.object.id
    except KeyError:
        return candidate.object.id


def natural_key_of(resource_type: ResourceType, attributes: Mapping[str, Any]) -> str:
    """The natural key as one text; empty where it does not name one object."""
    if not resource_type.natural_key or not resource_type.key_decides:
        return ""
    return json.dumps(
        [attributes.get(name) for name in resource_type.natural_key], sort_keys=True, default=str
    )


def _is_key(attribute: str, by_key: Mapping[str, Member]) -> bool:
    return all(told.values[attribute] == key for key, (_, told) in by_key.items())


def _imports(resources: Iterable[Resource]) -> Iterator[Adopted]:
    for resource in resources:
        for key, candidate in resource.members.items():
            yield Adopted(Address(resource.type.name, resource.name, key), import_id(candidate))


def _to_fill(resources: Iterable[Resource]) -> Iterator[ToFill]:
    for resource in resources:
        for name, value in resource.attributes.items():
            if isinstance(value, Written) and value.text.startswith("${secret."):
                secret = value.text.removeprefix("${secret.").removesuffix("}")
                yield ToFill(secret, Address(resource.type.name, resource.name), name)


def _secret(resource_type: ResourceType, name: str, attribute: str) -> str:
    return f"{resource_type.name}_{name}_{attribute}".upper()


def _sorting(candidate: Candidate) -> tuple[Any, ...]:
    values = candidate.object.attributes
    return (*(str(values.get(name, "")) for name in candidate.type.natural_key), candidate.object.id)


def _parents_first(types: Mapping[str, ResourceType]) -> list[str]:
    """The names of types, each after those that its objects live in."""
    names = sorted(types)
    pairs = [(name, parent.type) for name in names for parent in types[name].parents if parent.type in types]
    return in_order(
        with_wishes({name: set() for name in names}, [pair for pair in pairs if pair[0] != pair[1]])
    )
