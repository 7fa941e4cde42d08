"""Which of our types stand for what a Terraform state knows, and under which names."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.adoption.naming import plain_name
from reconciler.adoption.tfstate import Instance
from reconciler.provider.facts import ResourceType, TerraformType


@dataclass(frozen=True, slots=True)
class Counterpart:
    """An object to look for: our type and import id, and the name and key that its resource is to have.

    ``address`` is Terraform's; ``notes`` say what of it is not taken over.
    """

    type: ResourceType
    import_id: str
    name: str
    key: str | None
    address: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """An instance without a counterpart, and why."""

    address: str
    reason: str


def counterparts(
    instances: Iterable[Instance], types: Iterable[ResourceType], without: Mapping[str, str]
) -> Iterator[Counterpart | Skipped]:
    """What each instance stands for here. ``without`` says of Terraform's types why they have no counterpart.

    Modules become part of the name, keys of ``for_each`` and numbers of ``count`` are the keys.
    """
    known: dict[str, list[tuple[ResourceType, TerraformType]]] = defaultdict(list)
    for resource_type in types:
        for one in resource_type.terraform:
            known[one.type].append((resource_type, one))
    for instance in instances:
        pairs = known.get(instance.type)
        if not pairs:
            yield Skipped(instance.address, without.get(instance.type, "no type here stands for it"))
        for resource_type, one in pairs or ():
            yield from _of_instance(instance, resource_type, one)


def _of_instance(
    instance: Instance, resource_type: ResourceType, one: TerraformType
) -> Iterator[Counterpart | Skipped]:
    name = "_".join(part for step, key in instance.modules for part in (step, plain_name(key or "")) if part)
    name = f"{name}_{instance.name}" if name else instance.name
    notes = tuple(
        f"{attribute}: {reason}"
        for attribute, reason in one.left.items()
        if instance.attributes.get(attribute)
    )
    if not one.each:
        yield _counterpart(instance, resource_type, one, instance.attributes, name, instance.key, notes)
        return
    if instance.key is not None:
        name = f"{name}_{plain_name(instance.key)}"
    for part in instance.attributes.get(one.each) or ():
        fields = {**instance.attributes, **part}
        key = str(fields.get(resource_type.natural_key[-1], ""))
        yield _counterpart(instance, resource_type, one, fields, name, key, notes)


def _counterpart(
    instance: Instance,
    resource_type: ResourceType,
    one: TerraformType,
    fields: Mapping[str, Any],
    name: str,
    key: str | None,
    notes: tuple[str, ...],
) -> Counterpart | Skipped:
    told = {field: value for field, value in fields.items() if value not in (None, "")}
    try:
        import_id = one.id.format_map(told)
    except KeyError as error:
        return Skipped(instance.address, f"the state does not tell its {error.args[0]}")
    return Counterpart(resource_type, import_id, name, key, instance.address, notes)
