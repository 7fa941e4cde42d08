"""Letting the sandbox's services falter: one by one, or as a script says."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reconciler import codes
from reconciler.config import nodes
from reconciler.config.plain_values import plain_value
from reconciler.config.schemas import schema
from reconciler.config.shapes import Shape
from reconciler.config.source import Source
from reconciler.config.stack_schema import diagnostic_of
from reconciler.config.validation import Validation
from reconciler.diagnostics import Diagnostic, did_you_mean
from reconciler.errors import InvalidConfiguration, Refused
from reconciler.operations.documents import read_with_source
from reconciler.sandbox.controls import listed
from reconciler.sandbox.host import installed_emulators
from reconciler.sandbox.outages import Mode, Outages, outage
from reconciler.sandbox.world import World

_DURATION = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,3})?)(ms|s|m|h)?")
_UNITS: Mapping[str | None, float] = {None: 1, "ms": 0.001, "s": 1, "m": 60, "h": 3600}
_OPTIONS = ("at", "for", "rate", "seed")

Listed = Mapping[str, Sequence[Mapping[str, Any]]]
"""``{"outages": [...]}``, as outages.schema.json describes it."""


@dataclass(frozen=True)
class Wish:
    """An outage that is to be. Times are in seconds, ``at`` from now; ``lasts`` None for no end."""

    service: str
    mode: Mode
    at: float = 0.0
    lasts: float | None = None
    rate: float | None = None
    seed: int = 0


def seconds_of(text: str) -> float | None:
    """The seconds that ``500ms``, ``3s``, ``2m``, ``1h`` or a plain number mean; None for anything else."""
    found = _DURATION.fullmatch(text.strip())
    return None if found is None else float(found[1]) * _UNITS[found[2]]


def set_outages(world: Path, wishes: Iterable[Wish]) -> Listed:
    """Let these happen, in place of what was set for their services; gives what is set then.

    Raises Refused for a service that the sandbox does not have.
    """
    wishes = list(wishes)
    for wish in wishes:
        _check_service(wish.service)
    with _opened(world) as outages:
        now = outages.now()
        outages.set(
            outage(
                wish.service,
                wish.mode,
                begins=now + wish.at,
                lasts=wish.lasts,
                rate=wish.rate,
                seed=wish.seed,
            )
            for wish in wishes
        )
        return {"outages": listed(outages)}


def end_outages(world: Path, service: str | None) -> int:
    """End what is set for a service, or for all; says how many outages there were."""
    if service is not None:
        _check_service(service)
    with _opened(world) as outages:
        return outages.end(service)


def list_outages(world: Path) -> Listed:
    """What is set."""
    with _opened(world) as outages:
        return {"outages": listed(outages)}


def read_script(file: Path) -> list[Wish]:
    """The outages that a script declares. Raises InvalidConfiguration with all that is wrong, and OSError."""
    source, root = read_with_source(file)
    document = dict(schema("outage-script.schema.json"))
    root = root or nodes.Mapping(0)
    instance = plain_value(root, Shape(document))
    found = list(_unknown_names(source, root, instance))
    faults = Validation(document).faults(instance)
    found += [replace(diagnostic_of(fault, source, root, None), code=codes.DOCUMENT) for fault in faults]
    if found:
        raise InvalidConfiguration(found)
    return list(_wishes(instance))


def _wishes(script: Mapping[str, Any]) -> Iterator[Wish]:
    for entry in script["outages"]:
        lasts = seconds_of(str(entry["for"])) if "for" in entry else None
        for service, mode in entry.items():
            if service not in _OPTIONS:
                yield Wish(
                    service,
                    mode,
                    at=seconds_of(str(entry.get("at", 0))) or 0.0,
                    lasts=lasts,
                    rate=entry.get("rate"),
                    seed=entry.get("seed", script.get("seed", 0)),
                )


def _unknown_names(source: Source, root: nodes.Mapping, instance: Any) -> Iterator[Diagnostic]:
    """What is neither a service nor an option; it is taken out of ``instance``, which the schema judges."""
    services = list(installed_emulators())
    entries = root.values.get("outages")
    if not isinstance(entries, nodes.Sequence):
        return
    for number, entry in enumerate(entries.items):
        if not isinstance(entry, nodes.Mapping):
            continue
        named = [key for key in entry.values if key not in _OPTIONS]
        for key in named:
            if key not in services:
                del instance["outages"][number][key]
                place = source.place(entry.key_position(key))
                advice = did_you_mean(key, [*services, *_OPTIONS])
                yield Diagnostic(
                    f"there is no service {key!r} in the sandbox", advice, place, code=codes.DOCUMENT
                )
        if not named:
            yield Diagnostic(
                "the outage names no service",
                "write SERVICE: MODE",
                source.place(entry.position),
                code=codes.DOCUMENT,
            )


def _check_service(service: str) -> None:
    known = installed_emulators()
    if service not in known:
        advice = did_you_mean(service, known)
        summary = f"there is no service {service!r} in the sandbox"
        raise Refused([Diagnostic(summary, advice, code=codes.NOTHING_FOUND)])


@contextmanager
def _opened(file: Path) -> Iterator[Outages]:
    world = World(file)
    try:
        yield Outages(world)
    finally:
        world.close()
