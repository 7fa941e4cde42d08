"""Wallets and their ledgers.

A wallet holds one currency (schema ``Wallet``), so somebody has one wallet for each currency. Its balance is
always the sum of its ledger, and the ledger is only ever added to: a revoked top-up stays, and a second entry
takes the money back. The types of entries and what ``reference`` holds are not documented.
"""

import hashlib
import string
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from reconciler.sandbox.world import Document
from reconciler_anykrowd.sandbox.errors import Refusal, invalid, not_found
from reconciler_anykrowd.sandbox.money import text_of
from reconciler_anykrowd.sandbox.store import Store
from reconciler_anykrowd.sandbox.times import date_time

TOP_UP = "TOPUP"
REVERSAL = "TOPUP_REVOKE"
PAYMENT = "ORDER"

_ALPHABET = string.ascii_letters + string.digits + "_-"
_NANOID_LENGTH = 21


@dataclass(frozen=True)
class Entry:
    """A transaction with its wallet's balance right before and right after it."""

    transaction: Document
    before: Decimal
    after: Decimal


def open_wallet(store: Store, external_id: str | None, currency_id: int) -> Document:
    """The wallet of somebody in a currency, opened if there is none; without an id, a new guest's."""
    if external_id is not None:
        found = store.find("wallet", external_id=external_id, currency_id=currency_id)
        if found:
            return found[0]
    wallet: Document = {
        "id": store.free_id("wallet"),
        "external_id": external_id,
        "currency_id": currency_id,
        "metadata": None,
    }
    store.put("wallet", wallet["id"], wallet)
    return wallet


def ledger(store: Store, wallet: Document) -> list[Entry]:
    """All that ever happened to a wallet, oldest first."""
    entries: list[Entry] = []
    balance = Decimal(0)
    for transaction in store.find("transaction", wallet_id=wallet["id"]):
        before, balance = balance, balance + _change(transaction)
        entries.append(Entry(transaction, before, balance))
    return entries


def balance(store: Store, wallet: Document) -> Decimal:
    """What is in a wallet."""
    return sum(map(_change, store.find("transaction", wallet_id=wallet["id"])), Decimal(0))


def top_up(store: Store, wallet: Document, currency_id: int, amount: Decimal) -> Entry:
    """Put money into a wallet, each time it is asked for; raises ``Refusal`` if it holds another currency."""
    if wallet["currency_id"] != currency_id:
        raise invalid("currency_id", f"wallet {wallet['id']} holds another currency")
    return _append(store, wallet, amount, "CREDIT", TOP_UP)


def pay(store: Store, wallet: Document, amount: Decimal, event_id: int | None = None) -> Entry:
    """Take what an order costs out of a wallet; raises ``Refusal`` if there is not as much in it."""
    return _take(store, wallet, amount, PAYMENT, order_id=store.shelf.next_id(), event_id=event_id)


def revoke(store: Store, nanoid: str) -> Entry:
    """Take a top-up back.

    Raises ``Refusal`` if there is no such transaction (404), and if it is no top-up, is revoked already or
    its money has been spent (400).
    """
    found = store.find("transaction", nanoid=nanoid)
    if not found:
        raise not_found(f"There is no transaction {nanoid}")
    (transaction,) = found
    if transaction["type"] != TOP_UP:
        raise invalid("nanoids", f"{nanoid} is no top-up")
    if store.count("transaction", reference=nanoid):
        raise invalid("nanoids", f"{nanoid} is revoked already")
    wallet = store.require("wallet", transaction["wallet_id"])
    return _take(store, wallet, Decimal(transaction["amount"]), REVERSAL, reference=nanoid)


def revoke_all(store: Store, nanoids: Sequence[str]) -> None:
    """Take several top-ups back; raises ``Refusal`` as ``revoke`` does, and then none must be kept."""
    for nanoid in nanoids:
        revoke(store, nanoid)


def _take(store: Store, wallet: Document, amount: Decimal, type_: str, **more: str | int | None) -> Entry:
    if balance(store, wallet) < amount:
        raise Refusal(400, f"The balance of wallet {wallet['id']} is too low")
    return _append(store, wallet, amount, "DEBIT", type_, **more)


def _append(
    store: Store, wallet: Document, amount: Decimal, direction: str, type_: str, **more: str | int | None
) -> Entry:
    number = store.free_id("transaction")
    holder = wallet["external_id"]
    user = None if holder is None else store.get("user", holder)
    transaction = {
        "id": number,
        "wallet_id": wallet["id"],
        "nanoid": _nanoid(number),
        "user_id": None if user is None else user["id"],
        "amount": text_of(amount),
        "direction": direction,
        "type": type_,
        "reference": None,
        "order_id": None,
        "event_id": None,
        "created_at": date_time(store.now()),
        **more,
    }
    before = balance(store, wallet)
    store.put("transaction", number, transaction)
    return Entry(transaction, before, before + _change(transaction))


def _change(transaction: Document) -> Decimal:
    amount = Decimal(transaction["amount"])
    return amount if transaction["direction"] == "CREDIT" else -amount


def _nanoid(number: int) -> str:
    """21 letters of the nano id alphabet; made from the id, as nothing in the world is random."""
    digest = hashlib.sha256(f"transaction {number}".encode()).digest()
    return "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:_NANOID_LENGTH])
