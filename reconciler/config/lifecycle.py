"""The parts of ``lifecycle`` that speak of other resources, or are expressions."""

from collections.abc import Mapping
from typing import Any

from reconciler.address import Address, AddressSyntaxError
from reconciler.config.document import Entry
from reconciler.config.names import Names
from reconciler.config.nodes import Node, Scalar, Sequence
from reconciler.config.stack import Lifecycle, Trigger
from reconciler.diagnostics import Diagnostics, did_you_mean


def build_triggers(
    node: Node | None, entry: Entry, names: Names, found: Diagnostics, called: str
) -> tuple[Trigger, ...]:
    """The entries of ``replace_triggered_by``: addresses of resources, or of one attribute of them."""
    triggers = []
    for item in node.items if isinstance(node, Sequence) else ():
        if not isinstance(item, Scalar):
            continue  # reported with the file
        place = entry.source.place(item.position)
        address, attribute = _parts(item.text)
        if address is None or address.is_data:
            advice = "write TYPE.NAME or TYPE.NAME.ATTRIBUTE of a resource, without ${ }"
            found.error(f"{item.text!r} is no resource and no attribute of one", advice=advice, place=place,
                        address=called)  # fmt: skip
            continue
        known = names.declared.get(address.type, {})
        addresses = _instances(address, known)
        if not addresses:
            every = [str(one) for by_name in names.declared.values() for one in by_name.values()]
            found.error(
                f"there is no {address}",
                advice=did_you_mean(str(address), every),
                place=place,
                address=called,
            )
            continue
        resource_type = names.resource_type(address.type)
        if attribute and resource_type is not None and attribute not in resource_type.attributes:
            advice = did_you_mean(attribute, resource_type.attributes)
            found.error(
                f"{address.type} has no attribute {attribute!r}", advice=advice, place=place, address=called
            )
            continue
        triggers.append(Trigger(item.text, addresses, attribute))
    return tuple(triggers)


def needed_by(lifecycle: Lifecycle) -> frozenset[Address]:
    """What must come first so that a lifecycle's triggers and conditions can be asked."""
    triggers = (one.addresses for one in lifecycle.replace_triggered_by)
    return frozenset().union(*triggers, *(one.references for one in lifecycle.conditions))


def _parts(text: str) -> tuple[Address | None, str]:
    try:
        return Address.parse(text), ""
    except AddressSyntaxError:
        before, _, attribute = text.rpartition(".")
        try:
            return Address.parse(before), attribute
        except AddressSyntaxError:
            return None, ""


def _instances(address: Address, known: Mapping[str, Any]) -> frozenset[Address]:
    """The declared address, if there is one."""
    return frozenset({address} if known.get(address.name) == address else ())
