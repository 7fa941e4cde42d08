"""Resources and outputs in Terraform's "values representation", modules within modules."""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.address import Address
from reconciler.plan.change import Change, Plan
from reconciler.plan.world import Types
from reconciler.values import Sensitive, Unknown, Value
from reconciler.views.hiding import facts_of, hidden
from reconciler.views.terraform_values import masked, sensitive_shadow, unknown_shadow

Json = Any


def identity(address: Address) -> dict[str, Json]:
    """The keys by which Terraform names a resource; ``index`` and ``module_address`` as they apply."""
    named: dict[str, Json] = {"address": str(address)}
    if address.module:
        named["module_address"] = module_address(address)
    named |= {
        "mode": "data" if address.is_data else "managed",
        "type": address.type,
        "name": address.name,
    }
    if address.key is not None:
        named["index"] = address.key
    return named


def module_address(address: Address, depth: int | None = None) -> str:
    """``module.qa.module.labels``, as far as ``depth`` steps."""
    return ".".join(str(step) for step in address.module[:depth])


def provider_name(address: Address) -> str:
    """The provider's name: the prefix of the type. (Terraform has a registry address here.)"""
    return address.type.partition("_")[0]


def module_tree(resources: Iterable[tuple[Address, Json]]) -> dict[str, Json]:
    """The root module with its resources and, where there are any, its ``child_modules``."""
    root: dict[str, Json] = {}
    modules: dict[str, dict[str, Json]] = {"": root}
    for address, resource in resources:
        for depth in range(1, len(address.module) + 1):
            name = module_address(address, depth)
            if name not in modules:
                modules[name] = {"address": name}
                parent = modules[module_address(address, depth - 1)]
                parent.setdefault("child_modules", []).append(modules[name])
        modules[module_address(address)].setdefault("resources", []).append(resource)
    return root


def planned_values(plan: Plan, types: Types) -> dict[str, Json]:
    """What there will be, as far as it is known."""
    outputs = {}
    for output in plan.outputs:
        if not output.is_removed:
            outputs[output.name] = output_value(output.after, output.is_sensitive)
    kept = ((change.address, change.after) for change in plan if change.after)
    resources = [(address, resource(address, after, types)) for address, after in kept]
    return {"outputs": outputs, "root_module": module_tree(resources)}


def prior_values(plan: Plan, types: Types) -> dict[str, Json]:
    """What there is now, of what is ours and of the data that were read."""
    outputs = {
        output.name: output_value(output.before, output.is_sensitive)
        for output in plan.outputs
        if output.before is not None
    }
    read = [
        (address, resource(address, values, types))
        for address in plan.read
        if not isinstance(values := plan.values[address], Unknown)
    ]
    ours = [
        (change.address, _prior(change, types))
        for change in plan
        if change.live is not None and not change.takes_over
    ]
    return {"outputs": outputs, "root_module": module_tree([*read, *ours])}


def _prior(change: Change, types: Types) -> dict[str, Json]:
    found = resource(change.address, change.before, types)
    if change.recorded is not None and change.recorded.depends_on:
        found["depends_on"] = [str(address) for address in change.recorded.depends_on]
    return found


def resource(address: Address, values: Mapping[str, Value], types: Types) -> dict[str, Json]:
    """One resource with its values."""
    named = identity(address)
    named.pop("module_address", None)  # the module that it stands in says so
    facts = facts_of(address, types)
    values = hidden(values, facts)
    return {
        **named,
        "provider_name": provider_name(address),
        "schema_version": facts.version,
        "values": masked(values),
        "sensitive_values": sensitive_shadow(values),
    }


def output_value(value: Value, is_sensitive: bool) -> dict[str, Json]:
    """One output; without a value while that is unknown."""
    found: dict[str, Json] = {"sensitive": is_sensitive}
    if unknown_shadow(value) is not True:
        found["value"] = masked(Sensitive(value) if is_sensitive else value)
    return found
