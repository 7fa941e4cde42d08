"""Objects that live in others: they are new with a new parent, replaced with it, and follow its name."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reconciler.address import Address
from reconciler.config.stack import Declaration
from reconciler.graph import find_circle
from reconciler.plan.desired import Desired
from reconciler.plan.draft import Draft
from reconciler.plan.world import ParentKey, Types, type_of
from reconciler.provider.facts import ResourceType
from reconciler.values import Value


def with_parents(desired: Desired, types: Types) -> Desired:
    """The same, with every resource waiting for the one that it lives in, also where it names that by a
    plain text: a child that came first would not be seen to follow its parent.

    Where what is declared already says the opposite, it is left as it is.
    """
    parents = _named_parents(desired.resources.values(), types)
    if not parents:
        return desired
    resources = dict(desired.resources)
    for address, found in parents.items():
        resources[address] = replace(resources[address], depends_on=resources[address].depends_on | found)
    everything = {**desired.data, **resources}
    edges = {address: one.references | one.depends_on for address, one in everything.items()}
    return desired if find_circle(edges) else replace(desired, resources=resources)


def _named_parents(declarations: Iterable[Declaration], types: Types) -> dict[Address, frozenset[Address]]:
    """By child: the declared parents that it names by a plain text."""
    examples = {one.address.type: one.address for one in declarations}
    facts = {name: type_of(types, address) for name, address in examples.items()}
    keys = {(parent.type, parent.key) for known in facts.values() for parent in known.parents}
    if not keys:
        return {}
    named: dict[ParentKey, Address] = {}
    for one in declarations:
        for type_name, key in keys:
            if one.address.type == type_name and isinstance(name := one.attributes.get(key), str):
                named[(one.provider, type_name, key, name)] = one.address
    found: dict[Address, frozenset[Address]] = {}
    for one in declarations:
        texts = {name: value for name, value in one.attributes.items() if isinstance(value, str)}
        of_child = parent_keys(facts[one.address.type], one.provider, texts)
        parents = frozenset(named[key] for _, key in of_child if key in named) - {one.address}
        if not parents <= one.references | one.depends_on:
            found[one.address] = parents
    return found


def parent_keys(
    resource_type: ResourceType, provider: str, attributes: Mapping[str, Value]
) -> Iterator[tuple[str, ParentKey]]:
    """For each parent: the attribute that names it, and the key that the parent is known by."""
    for parent in resource_type.parents:
        yield parent.attribute, (provider, parent.type, parent.key, attributes.get(parent.attribute))


def has_new_parent(
    draft: Draft, resource_type: ResourceType, provider: str, asked: Mapping[str, Value]
) -> bool:
    """Whether it is to live in an object that this plan creates: then it cannot be there yet."""
    return any(key in draft.created for _, key in parent_keys(resource_type, provider, asked))


def replaced_parent(
    draft: Draft, resource_type: ResourceType, provider: str, before: Mapping[str, Value]
) -> tuple[Address | None, bool]:
    """The parent that this plan replaces, and the object with it; whether that goes without a call."""
    if not draft.replaced:
        return None, False
    keys = (key for _, key in parent_keys(resource_type, provider, before))
    found = zip(keys, resource_type.parents, strict=True)
    replaced = ((draft.replaced[key], parent.goes_along) for key, parent in found if key in draft.replaced)
    return next(replaced, (None, False))


def followed(
    draft: Draft,
    resource_type: ResourceType,
    provider: str,
    before: Mapping[str, Value],
    planned: Mapping[str, Value],
) -> frozenset[str]:
    """The attributes that differ only because the parent that they name gets another name."""
    if not draft.renamed:
        return frozenset()
    return frozenset(
        attribute
        for attribute, key in parent_keys(resource_type, provider, before)
        if key in draft.renamed and draft.renamed[key] == planned.get(attribute)
    )
