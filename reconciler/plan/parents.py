"""Objects that live in others: they are new with a new parent, replaced with it, and follow its name."""

from collections.abc import Iterator, Mapping

from reconciler.address import Address
from reconciler.plan.draft import Draft
from reconciler.plan.world import ParentKey
from reconciler.provider.facts import ResourceType
from reconciler.values import Value


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
) -> Address | None:
    """The parent that this plan replaces, and the object with it."""
    if not draft.replaced:
        return None
    keys = (key for _, key in parent_keys(resource_type, provider, before))
    return next((draft.replaced[key] for key in keys if key in draft.replaced), None)


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
