"""The data types: roles, events, currencies and wallets, looked up and never managed.

Source: anyKrowd's APIX notes, v1: ``roles/list``, ``events/list``, ``currencies/list``, ``users/wallets``,
``wallets/show/{id}``. One list serves all that is asked of a kind.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from reconciler.errors import ProviderError
from reconciler.provider.objects import Attributes, FindResult, Object, Unreadable, Wanted
from reconciler_anykrowd import amounts, wallets
from reconciler_anykrowd.asking import ask_each
from reconciler_anykrowd.client import Client
from reconciler_anykrowd.errors import UNDERSTANDING

ROLES, EVENTS, CURRENCIES = "/roles/list", "/events/list", "/currencies/list"
WALLET = "data.anykrowd_wallet"

_Told = Mapping[str, Any]
_EVENT = (
    *("id", "name", "summary", "description", "main_image", "is_running"),
    *("start_sales_timestamp", "end_sales_timestamp", "start_datetime", "end_datetime"),
)


def find(client: Client, wanted: Mapping[str, Wanted]) -> dict[str, FindResult]:
    """All that answers to each; one list for each kind, and one call for each person or wallet."""
    answers: dict[str, FindResult] = {}
    for type_name in dict.fromkeys(one.type for one in wanted.values()):
        of_type = {key: one.attributes for key, one in wanted.items() if one.type == type_name}
        answers |= _wallets(client, of_type) if type_name == WALLET else _listed(client, type_name, of_type)
    return answers


def _listed(client: Client, type_name: str, asked: Mapping[str, Attributes]) -> dict[str, FindResult]:
    path, answer = _LISTS[type_name]
    try:
        with UNDERSTANDING.reading(f"look up {type_name}"):
            told = list(client.items(path))
            return {key: tuple(answer(arguments, told)) for key, arguments in asked.items()}
    except ProviderError as error:
        return dict.fromkeys(asked, Unreadable(error))


def _roles(arguments: Attributes, told: Sequence[_Told]) -> list[Object]:
    return [
        _object("data.anykrowd_role", {**found, "rights": dict(found["rights"] or {})}, _ROLE)
        for found in told
        if _answers(found, arguments)
    ]


def _events(arguments: Attributes, told: Sequence[_Told]) -> list[Object]:
    return [
        _object("data.anykrowd_event", found, _EVENT)
        for found in told
        if _answers(found, arguments) and (not arguments.get("running") or found["is_running"])
    ]


def _running_events(arguments: Attributes, told: Sequence[_Told]) -> list[Object]:
    """One object, whatever events there are: what a check can look at when there should be none."""
    names = sorted(found["name"] for found in told)
    running = sorted(found["name"] for found in told if found["is_running"])
    attributes = {"id": "events", "names": names, "running": running, "is_any_running": bool(running)}
    return [Object("data.anykrowd_events", "events", attributes)]


def _currencies(arguments: Attributes, told: Sequence[_Told]) -> list[Object]:
    return [
        _object("data.anykrowd_currency", currency, _CURRENCY)
        for currency in map(_currency, told)
        if _answers(currency, arguments) and (not arguments.get("default") or currency["default"])
    ]


_ROLE = ("id", "name", "full_rights", "rights")
_CURRENCY = ("id", "name", "default", "prefix", "suffix", "exchange_rate")
_LISTS: Mapping[str, tuple[str, Callable[[Attributes, Sequence[_Told]], list[Object]]]] = {
    "data.anykrowd_role": (ROLES, _roles),
    "data.anykrowd_event": (EVENTS, _events),
    "data.anykrowd_events": (EVENTS, _running_events),
    "data.anykrowd_currency": (CURRENCIES, _currencies),
}
TYPES = (*_LISTS, WALLET)


def _wallets(client: Client, asked: Mapping[str, Attributes]) -> dict[str, FindResult]:
    people = ask_each(
        (str(one["external_id"]) for one in asked.values() if one.get("id") is None),
        lambda external_id: wallets.of_person(client, external_id),
        "look up wallets",
    )
    single = ask_each(
        (int(one["id"]) for one in asked.values() if one.get("id") is not None),
        lambda wallet_id: wallets.by_id(client, wallet_id),
        "look up wallets",
    )
    answers: dict[str, FindResult] = {}
    for key, arguments in asked.items():
        if arguments.get("id") is not None:
            one = single[int(arguments["id"])]
            found: list[_Told] | ProviderError = (
                one if isinstance(one, ProviderError) else [] if one is None else [one]
            )
        else:
            owned = people[str(arguments["external_id"])]
            found = owned if isinstance(owned, ProviderError) else _of_currency(owned or [], arguments)
        if isinstance(found, ProviderError):
            answers[key] = Unreadable(found)
            continue
        try:
            with UNDERSTANDING.reading("look up wallets"):
                answers[key] = tuple(_wallet(wallet, arguments) for wallet in found)
        except ProviderError as error:
            answers[key] = Unreadable(error)
    return answers


def _of_currency(owned: Sequence[_Told], arguments: Attributes) -> list[_Told]:
    name, currency_id = arguments.get("currency"), arguments.get("currency_id")
    return [
        wallet
        for wallet in owned
        if name in (None, wallet["currency"]["name"]) and currency_id in (None, wallet["currency"]["id"])
    ]


def _wallet(wallet: _Told, arguments: Attributes) -> Object:
    attributes = {
        "id": wallet["id"],
        "external_id": arguments.get("external_id"),
        "currency": wallet["currency"]["name"],
        "currency_id": wallet["currency"]["id"],
        "current_balance": amounts.number(wallet["current_balance"]),
        "is_guest_wallet": bool(wallet["is_guest_wallet"]),
        "metadata": wallet.get("metadata"),
    }
    return Object(WALLET, str(wallet["id"]), attributes)


def _currency(told: _Told) -> _Told:
    return {**told, "default": bool(told["default"]), "exchange_rate": amounts.number(told["exchange_rate"])}


def _answers(found: _Told, arguments: Attributes) -> bool:
    """Whether an object has the id and the name that are asked for, as far as they are."""
    return all(arguments.get(name) in (None, found[name]) for name in ("id", "name"))


def _object(type_name: str, found: _Told, names: Sequence[str]) -> Object:
    return Object(type_name, str(found["id"]), {name: found.get(name) for name in names})
