"""``anykrowd_wallet_topup``: money put into a wallet, once. How it is paid is in ``payment``.

No call asks for a transaction by its nanoid, so each is looked for among its wallet's transactions.
"""

from collections.abc import Iterable, Mapping

from reconciler.errors import Call, ProviderError, Rejected
from reconciler.provider.objects import (
    Absent,
    Attributes,
    FindResult,
    Lookup,
    Object,
    ReadResult,
    Unreadable,
    Wanted,
)
from reconciler_anykrowd import amounts, payment, wallets
from reconciler_anykrowd.asking import ask_each
from reconciler_anykrowd.client import Client
from reconciler_anykrowd.errors import UNDERSTANDING
from reconciler_anykrowd.import_ids import TOPUP_FORM

TYPE = "anykrowd_wallet_topup"
_LOOK = "look up top-ups"
_OWNERS = ("external_id", "wallet_id")

_Ledger = Mapping[str, wallets.Transaction] | ProviderError | None
_Person = list[wallets.Wallet] | ProviderError | None


def read(client: Client, lookups: Mapping[str, Lookup]) -> dict[str, ReadResult]:
    """One list for each wallet, however many of its top-ups are asked for."""
    ledgers = _ledgers(client, (lookup.attributes["credited_wallet_id"] for lookup in lookups.values()))
    answers: dict[str, ReadResult] = {}
    for key, lookup in lookups.items():
        ledger = ledgers[lookup.attributes["credited_wallet_id"]]
        if isinstance(ledger, ProviderError):
            answers[key] = Unreadable(ledger)
            continue
        found = (ledger or {}).get(lookup.id)
        answers[key] = Absent() if found is None else _object(found, lookup.attributes)
    return answers


def find(client: Client, wanted: Mapping[str, Wanted]) -> dict[str, FindResult]:
    """All top-ups that answer to a natural key, or the one of a wallet that has an ``id``."""
    people = ask_each(
        (str(one.attributes["external_id"]) for one in wanted.values() if _is_of_person(one.attributes)),
        lambda external_id: wallets.of_person(client, external_id),
        _LOOK,
    )
    places = {key: _places(one.attributes, people) for key, one in wanted.items()}
    known = (place for place in places.values() if not isinstance(place, ProviderError))
    ledgers = _ledgers(client, (wallet_id for place in known for wallet_id in place))
    answers: dict[str, FindResult] = {}
    for key, one in wanted.items():
        place = places[key]
        if isinstance(place, ProviderError):
            answers[key] = Unreadable(place)
        else:
            answers[key] = _matching(one.attributes, [ledgers[wallet_id] for wallet_id in place])
    return answers


def create(client: Client, desired: Attributes) -> Object:
    """Pay once. Raises OutcomeUnknown while it cannot be told whether that was done."""
    paid = payment.pay(client, desired)
    with UNDERSTANDING.changing("create a top-up"):
        return _object(paid, desired)


def update(client: Client, prior: Object, desired: Attributes, changed: frozenset[str]) -> Object:
    """Nothing of a top-up can be changed but what is said about it here."""
    if others := sorted(changed - {"allow_replace"}):
        raise Rejected(
            f"{', '.join(others)} of a top-up cannot be changed",
            call=Call("anykrowd", "update a top-up"),
            remedy="declare another top-up",
        )
    return prior


def delete(client: Client, prior: Object, how: str) -> None:
    """Revoke it, unless that was done already. The wallet keeps both entries."""
    payment.revoke(client, prior.id, prior.attributes["credited_wallet_id"])


def _ledgers(client: Client, wallet_ids: Iterable[int]) -> Mapping[int, _Ledger]:
    """The top-ups of each wallet that were not revoked."""

    def ask(wallet_id: int) -> _Ledger:
        entries = wallets.transactions(client, wallet_id)
        return None if entries is None else wallets.standing(entries.values())

    return ask_each(wallet_ids, ask, _LOOK)


def _is_of_person(attributes: Attributes) -> bool:
    return attributes.get("external_id") is not None and attributes.get("wallet_id") is None


def _places(attributes: Attributes, people: Mapping[str, _Person]) -> list[int] | ProviderError:
    """The wallets in which a top-up can be, by what is known of it."""
    if attributes.get("wallet_id") is not None:
        return [int(attributes["wallet_id"])]
    if not _is_of_person(attributes):
        return Rejected(
            "a top-up is looked for in a wallet, and it is not said in which",
            call=Call("anykrowd", _LOOK),
            remedy=f"name it as {TOPUP_FORM}",
        )
    found = people[str(attributes["external_id"])]
    if isinstance(found, ProviderError):
        return found
    return [wallet["id"] for wallet in payment.of_currency(found or (), attributes.get("currency_id"))]


def _matching(attributes: Attributes, ledgers: Iterable[_Ledger]) -> FindResult:
    answers: list[Object] = []
    for ledger in ledgers:
        if isinstance(ledger, ProviderError):
            return Unreadable(ledger)
        for nanoid, entry in (ledger or {}).items():
            wanted_id = attributes.get("id")
            if nanoid == wanted_id if wanted_id is not None else payment.is_like(entry, attributes):
                answers.append(_object(entry, attributes))
    return tuple(answers)


def _object(entry: wallets.Transaction, asked: Attributes) -> Object:
    """``asked`` says by which of its owners' names the top-up is known here: the entry tells neither."""
    balance = entry.get("balance_after")
    attributes = {
        **{name: asked[name] for name in _OWNERS if asked.get(name) is not None},
        "currency_id": entry["currency"]["id"],
        "amount": amounts.number(entry["amount"]),
        "id": entry["nanoid"],
        "nanoid": entry["nanoid"],
        "transaction_id": entry["id"],
        "credited_wallet_id": entry["wallet_id"],
        "created_at": entry["created_at"],
        "balance_after": None if balance is None else amounts.number(balance),
    }
    return Object(TYPE, entry["nanoid"], attributes)
