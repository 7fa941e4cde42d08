"""Whether a state's document says what it must, by itself: shape, addresses, dependencies."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from reconciler import codes
from reconciler.address import Address, AddressSyntaxError
from reconciler.config.schemas import schema
from reconciler.config.validation import Validation
from reconciler.diagnostics import Diagnostic, Place, did_you_mean
from reconciler.errors import Refused, StateTooNew
from reconciler.graph import find_circle
from reconciler.plan.world import Types
from reconciler.state.document import FORMAT_VERSION, StateDocument, read_document
from reconciler.state.ledger import Ledger
from reconciler.state.model import StateObject
from reconciler.state.names import check_name
from reconciler.state.object_json import DIGEST

_NAMED = re.compile(r"[A-Za-z_]\w*\.[A-Za-z_][\w-]*")
_AS_PULLED = "write it as `reconciler state pull` does"


@cache
def _validation() -> Validation:
    return Validation(schema("state-file.schema.json"))


def checked(document: Any, called: str) -> StateDocument:
    """The state that a JSON document describes; ``called`` is what messages call it.

    Raises StateTooNew for a newer format, and Refused with everything that is wrong in it.
    """
    version = document.get("format_version") if isinstance(document, dict) else None
    if type(version) is int and version > FORMAT_VERSION:
        raise StateTooNew(
            f"{called}: a newer reconciler wrote this (format {version}; this one reads {FORMAT_VERSION})",
            "use that reconciler, or a newer one",
        )
    if isinstance(document, dict) and (missing := _missing(document)):
        lacks = f"this is no state: it lacks {', '.join(missing)}"
        advice = "push the whole of what `reconciler state pull` wrote, with your change in it"
        raise Refused([Diagnostic(lacks, advice, Place(called, 1, 1), code=codes.DOCUMENT)])
    problems = [
        Diagnostic(f"{called}: {fault.summary}", fault.advice or _AS_PULLED)
        for fault in _validation().faults(document, "the document")
    ]
    if not problems:
        for check in (_crowded, _misspelt, _unwritable):
            problems.extend(check(document, called))
    if problems:
        raise Refused(replace(problem, code=codes.DOCUMENT) for problem in problems)
    try:
        return read_document(document)
    except ValueError as error:
        found = Diagnostic(f"{called}: holds: {error}", "write a moment that there is", code=codes.DOCUMENT)
        raise Refused([found]) from None


def _missing(document: Mapping[str, Any]) -> list[str]:
    """The keys that every state has and this does not: one problem, however many they are."""
    return [key for key in schema("state-file.schema.json")["required"] if key not in document]


def _crowded(document: Mapping[str, Any], called: str) -> Iterator[Diagnostic]:
    """Digests with something beside them, which would get lost."""
    level = [document]
    while level:
        for found in level:
            if isinstance(found, dict) and DIGEST in found and len(found) > 1:
                beside = next(key for key in found if key != DIGEST)
                yield Diagnostic(
                    f"{called}: a digest ({DIGEST}) stands beside the key {beside!r}",
                    f"leave one of them out, or write ${DIGEST} for a key that is no digest",
                )
        nested = [one for one in level if isinstance(one, list | dict)]
        level = [part for one in nested for part in (one.values() if isinstance(one, dict) else one)]


def _misspelt(document: Mapping[str, Any], called: str) -> Iterator[Diagnostic]:
    """Texts that are no addresses."""
    for number, known in enumerate(document["objects"]):
        places = {f"objects[{number}].address": known["address"]}
        places |= {
            f"objects[{number}].depends_on[{at}]": target for at, target in enumerate(known["depends_on"])
        }
        for place, text in places.items():
            try:
                address = Address.parse(text)
            except AddressSyntaxError as error:
                yield Diagnostic(f"{called}: {place}: {error}", _AS_PULLED)
                continue
            if address.is_data:
                yield Diagnostic(f"{called}: {place}: a state has nothing of data entries", "leave it out")


def _unwritable(document: Mapping[str, Any], called: str) -> Iterator[Diagnostic]:
    """Halves of surrogate pairs, which no file can keep; in attributes they are kept as they are escaped."""
    around = [document["accounts"], document["holds"], document.get("names")]
    texts = [*around, *(known["address"] for known in document["objects"])]
    try:
        json.dumps(texts, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        yield Diagnostic(
            f"{called}: an address, account, hold or name has half of a character in it", _AS_PULLED
        )


def contradictions(
    state: StateDocument, known: Mapping[Address, StateObject], types: Types
) -> Iterator[Diagnostic]:
    """Where the objects of a document do not go together, or are none of their type.

    ``known`` are those of the state that is there. A dependency on nothing is none of these when it is one
    there already: an object can have been imported before what it refers to.
    """
    yield from _twice(state.objects, known)
    there = {str(one.address): one.address for one in state.objects}
    for one in state.objects:
        name = str(one.address)
        if one.provider.partition(".")[0] != one.type.partition("_")[0]:
            yield Diagnostic(
                f"the provider {one.provider!r} has no objects of the type {one.type}",
                f"its provider is {one.type.partition('_')[0]}, or a second configuration of that one",
                address=name,
            )
        yield from _dangling(one, known.get(one.address), known, there)
        yield from _strange(one, types)
        for pointer in one.expressions:
            if not _leads_somewhere(pointer, one.declared):
                yield Diagnostic(
                    f"the expression for {pointer} belongs to no value in declared",
                    "correct the pointer, or remove the expression",
                    address=name,
                )
    if circle := find_circle({one.address: _waits_for(one, there) for one in state.objects}):
        around = " → ".join(map(str, [*circle, circle[0]]))
        yield Diagnostic(f"the objects depend on each other in a circle: {around}", "break it")


def _dangling(
    one: StateObject,
    before: StateObject | None,
    known: Mapping[Address, StateObject],
    there: Mapping[str, Address],
) -> Iterator[Diagnostic]:
    for target in one.depends_on:
        was_open = before is not None and target in before.depends_on and target not in known
        if str(target) not in there and not was_open:
            yield Diagnostic(
                f"it depends on {target}, which the document does not have",
                did_you_mean(str(target), there) or "add that, or take it out of depends_on",
                address=str(one.address),
            )


def _strange(one: StateObject, types: Types) -> Iterator[Diagnostic]:
    """What is declared and is no attribute of its type, as far as that is known here."""
    resource_type = types.type(one.type)
    if resource_type is None or resource_type.version != one.schema_version:
        return
    for name in one.declared:
        if name not in resource_type.attributes:
            yield Diagnostic(
                f"declared has {name!r}, which is no attribute of {one.type}",
                did_you_mean(name, resource_type.attributes) or "remove it",
                address=str(one.address),
            )


def _waits_for(one: StateObject, there: Mapping[str, Address]) -> list[Address]:
    """What it depends on, and what its expressions name besides: a rollback follows those too."""
    named = (text for expression in one.expressions.values() for text in _NAMED.findall(expression))
    return [*one.depends_on, *(there[text] for text in named if text in there)]


def _twice(objects: Sequence[StateObject], known: Mapping[Address, StateObject]) -> Iterator[Diagnostic]:
    """Addresses and objects that the document has twice.

    An object may stand at two addresses in the state that is there: a run was cut off between giving it the
    one and taking it from the other, and the next apply settles that.
    """

    def was_there(one: StateObject) -> bool:
        before = known.get(one.address)
        return before is not None and (before.provider, before.id) == (one.provider, one.id)

    addresses: set[Address] = set()
    owners: dict[tuple[str, str, str], StateObject] = {}
    for one in objects:
        if one.address in addresses:
            yield Diagnostic("the document has it twice", "keep one", address=str(one.address))
            continue
        addresses.add(one.address)
        owner = owners.setdefault((one.provider, one.type, one.id), one)
        if owner is not one and not (was_there(owner) and was_there(one)):
            yield Diagnostic(
                f"it is the same object as {owner.address}", "keep one", address=str(one.address)
            )


def misnamed(state: StateDocument, ledger: Ledger, *, is_new: bool) -> Iterator[Diagnostic]:
    """Names of snapshots that can be none, that the document has twice, or whose snapshot is not there.

    A new state has no snapshots yet, and takes over only the names of the one that it begins with.
    """
    runs = [run.id for run in ledger.runs()]
    seen: set[str] = set()
    for one in state.names or ():
        try:
            check_name(one.name, runs)
        except Refused as refused:
            yield from refused.diagnostics
            continue
        if one.name in seen:
            yield Diagnostic(f"the document has the name {one.name!r} twice", "keep one")
        seen.add(one.name)
        first, last = (0, state.serial) if is_new else (ledger.kept_from, ledger.serial)
        if not first <= one.serial <= last:
            yield Diagnostic(
                f"the document has the name {one.name!r} for snapshot {one.serial}, which is not there",
                "leave the name out",
            )


def _leads_somewhere(pointer: str, declared: Mapping[str, Any]) -> bool:
    """Whether a JSON pointer (RFC 6901) has a value; one whose attribute is not declared is passed over."""
    first, *steps = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
    if first not in declared:
        return True
    value = declared[first]
    for step in steps:
        if isinstance(value, list) and step.isascii() and step.isdecimal() and len(step) < 10:
            if int(step) >= len(value):
                return False
            value = value[int(step)]
        elif isinstance(value, Mapping) and step in value:
            value = value[step]
        else:
            return False
    return True
