"""Seed files: one's own currencies, roles, events and users.

``{currencies: [{name, default, prefix, suffix, exchange_rate}], roles: [{name, full_rights,
rights: {right: true}}], events: [{name, start_datetime, end_datetime, summary, description, main_image,
start_sales_timestamp, end_sales_timestamp}], users: [{external_id, first_name, last_name, external_qr_code,
external_qr_codes, roles: [{role, valid_from, valid_until}], topups: [{currency, amount}]}]}``.

A currency, role or event of a name (or ``id``, which may be chosen) that is there gets what is given.
A user with ``external_qr_code`` is a staff member as well. Roles and currencies are named by their names.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from reconciler.sandbox.emulator import SeedError
from reconciler.sandbox.world import Document
from reconciler_anykrowd.sandbox.domain.ledger import open_wallet, top_up
from reconciler_anykrowd.sandbox.domain.staff import ensure_user, write_staff_member
from reconciler_anykrowd.sandbox.errors import Refusal
from reconciler_anykrowd.sandbox.fields import Fields
from reconciler_anykrowd.sandbox.store import SERVICE, Store
from reconciler_anykrowd.sandbox.times import moment_of

_EVENT_TEXTS = ("summary", "description", "main_image")
_SALES_TIMES = ("start_sales_timestamp", "end_sales_timestamp")
_TIMES = ("start_datetime", "end_datetime")
_STAFF_ONLY = ("external_qr_codes", "roles")
_KEYS: Mapping[str, tuple[str, ...]] = {
    "currencies": ("id", "name", "default", "prefix", "suffix", "exchange_rate"),
    "roles": ("id", "name", "full_rights", "rights"),
    "events": ("id", "name", *_TIMES, *_EVENT_TEXTS, *_SALES_TIMES),
    "users": ("external_id", "first_name", "last_name", "external_qr_code", *_STAFF_ONLY, "topups"),
}
_RATE = re.compile(r"-?[0-9]+\.[0-9]+")


def plant(store: Store, document: Mapping[str, Any]) -> None:
    """Add what a seed declares to the world; raises ``SeedError`` for the first thing that is wrong."""
    for section in document:
        if section not in _KEYS:
            raise SeedError(f"{SERVICE}.{section}", "is not known", f"use one of: {', '.join(_KEYS)}")
    planters: dict[str, Callable[[Store, Fields], None]] = {
        "currencies": _plant_currency,
        "roles": _plant_role,
        "events": _plant_event,
        "users": _plant_user,
    }
    for section, plant_one in planters.items():
        with _at(SERVICE):
            entries = list(Fields(document).objects(section)) if section in document else []
        for number, given in enumerate(entries):
            with _at(f"{SERVICE}.{section}[{number}]"):
                _only(given, _KEYS[section])
                plant_one(store, Fields(given.values))


def _plant_currency(store: Store, given: Fields) -> None:
    currency = _begun(
        store, "currency", given, {"default": False, "prefix": "", "suffix": "", "exchange_rate": "1.00000"}
    )
    currency |= {name: given.text(name) for name in ("prefix", "suffix", "exchange_rate") if name in given}
    if not _RATE.fullmatch(currency["exchange_rate"]):
        raise given.wrong("exchange_rate", 'must be text such as "2.50000"')
    if "default" in given and given.flag("default") != currency["default"]:
        if currency["default"]:
            raise given.wrong("default", "there must be one: make another currency the default instead")
        before = store.default_currency()
        store.put("currency", before["id"], {**before, "default": False})
        currency["default"] = True
    store.put("currency", currency["id"], currency)


def _plant_role(store: Store, given: Fields) -> None:
    role = _begun(store, "role", given, {"full_rights": False, "rights": {}})
    if "full_rights" in given:
        role["full_rights"] = given.flag("full_rights")
    if "rights" in given:
        rights = given.values["rights"]
        if not isinstance(rights, Mapping):
            raise given.wrong("rights", "must be a mapping of rights to true or false")
        role["rights"] = {name: Fields(rights, "rights").flag(name) for name in rights}
    store.put("role", role["id"], role)


def _plant_event(store: Store, given: Fields) -> None:
    event = _begun(store, "event", given, dict.fromkeys((*_EVENT_TEXTS, *_SALES_TIMES)))
    event |= {name: given.text(name) for name in _EVENT_TEXTS if name in given}
    event |= {name: given.moment(name) for name in _SALES_TIMES if name in given}
    event |= {name: given.moment(name) for name in _TIMES if name in given or name not in event}
    if moment_of(event["end_datetime"]) < moment_of(event["start_datetime"]):
        raise given.wrong("end_datetime", "must not be before start_datetime")
    store.put("event", event["id"], event)


def _plant_user(store: Store, given: Fields) -> None:
    external_id = given.identifier("external_id")
    if "external_qr_code" in given:
        staff = {name: value for name, value in given.values.items() if name != "topups"}
        if "roles" in given:
            staff["roles"] = [_by_id(store, role) for role in given.objects("roles")]
        write_staff_member(store, Fields(staff))
    elif any(name in given for name in _STAFF_ONLY):
        raise given.wrong("external_qr_code", "is required of a staff member")
    ensure_user(store, external_id, given.text("first_name"), given.text("last_name"))
    for topup in given.objects("topups") if "topups" in given else ():
        _only(topup, ("currency", "amount"))
        currency = _named(store, "currency", topup)
        wallet = open_wallet(store, external_id, currency["id"])
        top_up(store, wallet, currency["id"], topup.amount("amount"))


def _begun(store: Store, kind: str, given: Fields, defaults: Mapping[str, Any]) -> Document:
    """The document that an entry means, or the beginning of a new one."""
    name = given.text("name", filled=True) if "name" in given or "id" not in given else None
    if "id" in given:
        number = given.integer("id")
        if number < 1:
            raise given.wrong("id", "must be 1 or more")
        earlier = store.get(kind, number)
    else:
        earlier = next(iter(store.find(kind, name=name)), None)
        number = earlier["id"] if earlier else store.free_id(kind)
    document = {"id": number, **(earlier or defaults)}
    document["name"] = name or document.get("name") or given.text("name")
    return document


def _by_id(store: Store, given: Fields) -> dict[str, Any]:
    _only(given, ("role", "valid_from", "valid_until"))
    rest = {name: value for name, value in given.values.items() if name != "role"}
    return {"role_id": _named(store, "role", given)["id"], **rest}


def _named(store: Store, kind: str, given: Fields) -> Document:
    name = given.text(kind)
    found = store.find(kind, name=name)
    if not found:
        raise given.wrong(kind, f"there is no {kind} {name}")
    return found[0]


def _only(given: Fields, known: tuple[str, ...]) -> None:
    for name in given.values:
        if name not in known:
            raise given.wrong(name, f"is not known; use {', '.join(known)}")


@contextmanager
def _at(path: str) -> Iterator[None]:
    """Say where in the seed something is wrong."""
    try:
        yield
    except Refusal as refusal:
        raise SeedError(path, refusal.message, "change the value") from refusal
