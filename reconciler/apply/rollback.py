"""The way back: a snapshot as something desired, for the same planner and the same executor."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from reconciler.address import Address
from reconciler.config.stack import Declaration, Lifecycle, Output, Template, ValuePath
from reconciler.diagnostics import Diagnostic, Place
from reconciler.errors import Refused
from reconciler.plan.desired import Desired
from reconciler.plan.world import Types
from reconciler.provider.facts import ResourceType
from reconciler.state.ledger import Ledger
from reconciler.state.model import StateObject
from reconciler.values import Digest, Sealer, Sensitive, Value, holds, reveal

Reader = Callable[[str], Template]
"""Reads a recorded ``${…}`` again, with the stack's present variables and secrets."""


def desired_at(ledger: Ledger, serial: int, read: Reader, types: Types) -> Desired:
    """What a snapshot says should be.

    An attribute that only later runs declared is brought back too, where the snapshot knows what it was.
    What refers to another resource follows it; what is secret is asked for again. Raises Refused for
    secrets that cannot be had any more.
    """
    snapshot, latest = ledger.objects(serial), ledger.objects()
    problems: list[Diagnostic] = []
    resources = {}
    for address, recorded in snapshot.items():
        resource_type = types.type(address.type)
        if resource_type is None:
            problems.append(
                Diagnostic("no provider has its type any more", "configure its provider", None, str(address))
            )
            continue
        later = latest.get(address)
        resources[address] = _declaration(
            recorded, later, resource_type, read, ledger.sealer, problems, serial
        )
    if problems:
        raise Refused(problems)
    outputs = {
        name: Output(value, frozenset(), isinstance(value, Digest), _place(serial))
        for name, value in ledger.outputs(serial).items()
    }
    return Desired(resources, {}, outputs)


def _declaration(
    recorded: StateObject,
    later: StateObject | None,
    resource_type: ResourceType,
    read: Reader,
    sealer: Sealer,
    problems: list[Diagnostic],
    serial: int,
) -> Declaration:
    attributes: dict[str, Template] = dict(recorded.declared)
    for name in later.declared if later else ():
        attribute = resource_type.attributes.get(name)
        if attribute and name not in attributes and not attribute.is_computed and name in recorded.attributes:
            attributes[name] = recorded.attributes[name]
    references: set[Address] = set()
    sources: dict[ValuePath, str] = {}
    for pointer, source in recorded.expressions.items():
        template = read(source)
        then = _at(recorded.declared, pointer)
        if isinstance(template, Sensitive) and not _same(template, then, sealer):
            if later is not None and _at(later.declared, pointer) == then:
                attributes.pop(_steps(pointer)[0], None)  # it is still what it was then: leave it alone
                continue
            problems.append(
                Diagnostic(
                    f"{pointer[1:]} came from {source}, which has another value today",
                    "set the secret to what it was, or roll the other resources back with --target",
                    None,
                    str(recorded.address),
                )
            )
        if isinstance(template, Sensitive):
            sources[tuple(_steps(pointer))] = source
        references |= getattr(template, "references", frozenset())
        attributes = _put(attributes, pointer, template)
    kept = {name: value for name, value in attributes.items() if not _holds_digest(value)}
    lost = sorted(attributes.keys() - kept.keys())
    if lost and (later is None or any(later.declared.get(name) != attributes[name] for name in lost)):
        problems.append(
            Diagnostic(
                f"{', '.join(lost)} cannot be restored: only a keyed hash of it was kept",
                "declare it as ${secret.NAME}, so that it can be asked for again",
                None,
                str(recorded.address),
            )
        )
    return Declaration(
        recorded.address,
        recorded.provider,
        kept,
        frozenset(references),
        frozenset(recorded.depends_on) - references,
        Lifecycle(recorded.prevent_destroy, on_destroy=recorded.on_destroy),
        partial(_somewhere, _place(serial)),
        sources=sources,
    )


def _somewhere(place: Place, _: ValuePath) -> Place:
    return place


def _same(now: Sensitive, then: Value, sealer: Sealer) -> bool:
    return bool(sealer.digest(reveal(now)) == then)


def _holds_digest(value: Template) -> bool:
    return holds(value, Digest)


def _steps(pointer: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]


def _at(value: Value, pointer: str) -> Value:
    for step in _steps(pointer):
        if isinstance(value, list):
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _put(attributes: Mapping[str, Template], pointer: str, part: Template) -> dict[str, Template]:
    """A copy in which the part at the pointer is another; the rest is shared."""

    def put(value: Any, steps: list[str]) -> Any:
        if not steps:
            return part
        if isinstance(value, list):
            index = int(steps[0])
            return [*value[:index], put(value[index], steps[1:]), *value[index + 1 :]]
        return {**value, steps[0]: put(value[steps[0]], steps[1:])}

    return dict(put(dict(attributes), _steps(pointer)))


def _place(serial: int) -> Place:
    return Place(f"snapshot {serial}", 1, 1)
