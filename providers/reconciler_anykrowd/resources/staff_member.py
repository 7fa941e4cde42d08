"""``anykrowd_staff_member``: a person who works in the tenant.

Source: anyKrowd's APIX notes, v1: ``POST users/sync`` creates and updates many people, by external id.
Nothing tells a person's names, codes and roles again, and nothing deletes a person. So what was last written
is carried from one read to the next, and only whether the person is there is asked, by ``users/wallets``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reconciler.errors import AlreadyExists, Call, NotFound, ProviderError, Rejected
from reconciler.provider.objects import (
    Absent,
    FindResult,
    Lookup,
    Object,
    ReadResult,
    Unreadable,
    Wanted,
    Write,
    WriteResult,
)
from reconciler_anykrowd import wallets
from reconciler_anykrowd.asking import ask_each
from reconciler_anykrowd.client import Client
from reconciler_anykrowd.errors import UNDERSTANDING

TYPE = "anykrowd_staff_member"
SYNC = "/users/sync"
MOST_AT_ONCE = 100
"""People in one ``users/sync``: our own limit (``x-batch``), the notes name none."""

_NEEDED = ("external_qr_code", "first_name", "last_name")
_OPTIONAL = ("external_qr_codes", "roles")
_CARRIED = (*_NEEDED, *_OPTIONAL)
_LOOK = "look up staff members"


def read(client: Client, lookups: Mapping[str, Lookup]) -> dict[str, ReadResult]:
    """One call for each person. What the service does not tell is what was last written.

    Only a 404 says that somebody is gone. A person without any wallet is there: anyKrowd knows the id.
    """
    found = _ask(client, (lookup.id for lookup in lookups.values()))
    answers: dict[str, ReadResult] = {}
    for key, lookup in lookups.items():
        answer = found[lookup.id]
        if isinstance(answer, ProviderError):
            answers[key] = Unreadable(answer)
        elif answer is None:
            answers[key] = Absent()
        else:
            answers[key] = _object(lookup.id, lookup.attributes)
    return answers


def find(client: Client, wanted: Mapping[str, Wanted]) -> dict[str, FindResult]:
    """One call for each person. Who has no wallet is nobody that could be taken over."""
    found = _ask(client, (_id_of(one.attributes) for one in wanted.values()))
    answers: dict[str, FindResult] = {}
    for key, one in wanted.items():
        external_id = _id_of(one.attributes)
        answer = found[external_id]
        if isinstance(answer, ProviderError):
            answers[key] = Unreadable(answer)
        else:
            answers[key] = (_object(external_id, {}),) if answer else ()
    return answers


def write_many(client: Client, writes: Sequence[Write]) -> list[WriteResult]:
    """One call for all; one more for each new person whom nobody looked for within the last minute."""
    taken = _taken(client, [_id_of(write.desired) for write in writes if write.action == "create"])
    results: dict[int, WriteResult] = {}
    bodies: dict[int, dict[str, Any]] = {}
    for index, write in enumerate(writes):
        problem = taken.get(_id_of(write.desired)) if write.action == "create" else None
        body = problem or _body(write)
        if isinstance(body, ProviderError):
            results[index] = body
        else:
            bodies[index] = body
    errors: dict[int, ProviderError] = {}
    indexes = list(bodies)
    for at in range(0, len(indexes), MOST_AT_ONCE):
        errors |= _send(client, {index: bodies[index] for index in indexes[at : at + MOST_AT_ONCE]})
    for index, body in bodies.items():
        results[index] = errors.get(index) or _after(writes[index], body)
    return [results[index] for index in range(len(writes))]


def _ask(
    client: Client, external_ids: Iterable[str]
) -> Mapping[str, list[wallets.Wallet] | ProviderError | None]:
    found = ask_each(external_ids, lambda external_id: wallets.of_person(client, external_id), _LOOK)
    for external_id, answer in found.items():
        client.absences.saw(external_id, not answer)
    return found


def _taken(client: Client, external_ids: Sequence[str]) -> dict[str, ProviderError]:
    """For each new person who exists already, or could not be looked for, the error."""
    asked = _ask(client, (one for one in external_ids if not client.absences.are_fresh(one)))
    problems: dict[str, ProviderError] = {}
    for external_id, answer in asked.items():
        if isinstance(answer, ProviderError):
            problems[external_id] = answer
        elif answer:
            problems[external_id] = AlreadyExists(
                f"there is somebody with the external id {external_id}",
                call=Call("anykrowd", "create a staff member"),
                remedy="import the person, or declare lifecycle: {on_exists: adopt}",
            )
    return problems


def _body(write: Write) -> dict[str, Any] | ProviderError:
    """A person as ``users/sync`` takes one, or why that cannot be said."""
    prior = _before(write)
    external_id = _id_of(prior or write.desired)
    known = {**prior, **write.desired}
    missing = [name for name in _NEEDED if name not in known]
    if missing:
        return Rejected(
            f"{', '.join(missing)} of {external_id} must be sent too, and nothing tells what it is",
            call=Call("anykrowd", f"{write.action} a staff member"),
            remedy="declare it and apply, or let the person be forgotten: lifecycle: {on_destroy: forget}",
        )
    body = {"external_id": external_id, **{name: known[name] for name in _NEEDED}}
    if write.action == "delete":
        return {**body, "roles": []}
    optional = (*_OPTIONAL, "create_user_account")
    return body | {name: write.desired[name] for name in optional if name in write.desired}


def _send(client: Client, bodies: Mapping[int, dict[str, Any]]) -> dict[int, ProviderError]:
    """Write people, and say of whom that failed.

    A call that is refused because of one of them is halved until only that one is left: writing the others
    again changes nothing, should some have been written.
    """
    for body in bodies.values():
        client.absences.saw(body["external_id"], is_absent=False)
    try:
        with UNDERSTANDING.changing(f"POST {SYNC}"):
            client.succeed(SYNC, {"staff_members": list(bodies.values())})
    except (Rejected, NotFound) as error:
        if len(bodies) == 1:
            return dict.fromkeys(bodies, error)
        indexes, middle = list(bodies), len(bodies) // 2
        halves = (indexes[:middle], indexes[middle:])
        first, second = (_send(client, {index: bodies[index] for index in half}) for half in halves)
        return first | second
    except ProviderError as error:
        return dict.fromkeys(bodies, error)
    return {}


def _after(write: Write, body: Mapping[str, Any]) -> Object | None:
    if write.action == "delete":
        return None
    return _object(body["external_id"], {**_before(write), **body})


def _before(write: Write) -> Mapping[str, Any]:
    """The person as last written; nothing for who is new, even in the place of somebody else."""
    return write.prior.attributes if write.prior and write.action != "create" else {}


def _object(external_id: str, written: Mapping[str, Any]) -> Object:
    carried = {name: written[name] for name in _CARRIED if name in written}
    return Object(TYPE, external_id, {"external_id": external_id, "id": external_id, **carried})


def _id_of(attributes: Mapping[str, Any]) -> str:
    return str(attributes["external_id"])
