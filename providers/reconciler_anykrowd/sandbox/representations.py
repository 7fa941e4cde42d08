"""The JSON objects of the answers, made from the store's documents.

Source: the description's schemas ``Currency``, ``Event``, ``Role``, ``Wallet`` and ``Transaction``.
"""

from datetime import datetime
from typing import Any

from reconciler.sandbox.world import Document
from reconciler_anykrowd.sandbox.domain.ledger import Entry, balance
from reconciler_anykrowd.sandbox.money import text_of
from reconciler_anykrowd.sandbox.store import Store
from reconciler_anykrowd.sandbox.times import moment_of

_EVENT_FIELDS = (
    "id",
    "name",
    "summary",
    "description",
    "main_image",
    "start_sales_timestamp",
    "end_sales_timestamp",
    "start_datetime",
    "end_datetime",
)


def show_currency(currency: Document) -> dict[str, Any]:
    """Schema ``Currency``; ``default`` is 0 or 1, and the rate is text."""
    return {
        "id": currency["id"],
        "default": int(currency["default"]),
        "name": currency["name"],
        "prefix": currency["prefix"],
        "suffix": currency["suffix"],
        "exchange_rate": currency["exchange_rate"],
    }


def is_running(event: Document, now: datetime) -> bool:
    """Whether an event has begun and is not over."""
    return moment_of(event["start_datetime"]) <= now < moment_of(event["end_datetime"])


def show_event(event: Document, now: datetime) -> dict[str, Any]:
    """Schema ``Event``."""
    return {**{name: event[name] for name in _EVENT_FIELDS}, "is_running": is_running(event, now)}


def show_role(role: Document) -> dict[str, Any]:
    """Schema ``Role``; no rights at all are an empty list (APIX notes)."""
    return {
        "id": role["id"],
        "name": role["name"],
        "full_rights": role["full_rights"],
        "rights": role["rights"] or [],
    }


def show_wallet(store: Store, wallet: Document) -> dict[str, Any]:
    """Schema ``Wallet``, with the balance that the ledger gives."""
    return {
        "id": wallet["id"],
        "currency": show_currency(store.require("currency", wallet["currency_id"])),
        "current_balance": text_of(balance(store, wallet)),
        "is_guest_wallet": int(wallet["external_id"] is None),
        "metadata": wallet["metadata"],
    }


def show_transaction(entry: Entry, currency: Document) -> dict[str, Any]:
    """Schema ``Transaction``. There are no devices, tags, scans or taxes in the emulated tenant."""
    transaction = entry.transaction
    return {
        "id": transaction["id"],
        "order_id": transaction["order_id"],
        "user_id": transaction["user_id"],
        "wallet_id": transaction["wallet_id"],
        "rfid_tag_id": None,
        "event_id": transaction["event_id"],
        "device_id": None,
        "scanned_by_id": None,
        "scanned_by_type": None,
        "amount": transaction["amount"],
        "paid": True,
        "direction": transaction["direction"],
        "reference": transaction["reference"],
        "nanoid": transaction["nanoid"],
        "type": transaction["type"],
        "created_at": transaction["created_at"],
        "price_vat": "0.00",
        "price_excl": transaction["amount"],
        "vat_percentage": None,
        "balance_before": text_of(entry.before),
        "balance_after": text_of(entry.after),
        "currency": show_currency(currency),
    }
