"""The whole tenant for a reader: names beside ids, no keys, no bookkeeping."""

from typing import Any

from reconciler_anykrowd.sandbox.domain.ledger import ledger
from reconciler_anykrowd.sandbox.representations import (
    show_currency,
    show_event,
    show_role,
    show_transaction,
    show_wallet,
)
from reconciler_anykrowd.sandbox.store import Store


def show_world(store: Store) -> dict[str, list[dict[str, Any]]]:
    """All objects by kind, in the order of their creation.

    Wallets and transactions say whose they are (``external_id``) and name their currency; a staff member's
    roles are named, and ``has_user_account`` tells whether there is an account beside it.
    """
    now = store.now()
    wallets = store.find("wallet")
    return {
        "currencies": [show_currency(currency) for currency in store.find("currency")],
        "roles": [show_role(role) for role in store.find("role")],
        "events": [show_event(event, now) for event in store.find("event")],
        "users": store.find("user"),
        "staff_members": [_show_staff_member(store, member) for member in store.find("staff_member")],
        "wallets": [
            _named({**show_wallet(store, wallet), "external_id": wallet["external_id"]}) for wallet in wallets
        ],
        "transactions": [
            _named({**show_transaction(entry, currency), "external_id": wallet["external_id"]})
            for wallet in wallets
            for currency in [store.require("currency", wallet["currency_id"])]
            for entry in ledger(store, wallet)
        ],
    }


def _named(shown: dict[str, Any]) -> dict[str, Any]:
    return {**shown, "currency": shown["currency"]["name"]}


def _show_staff_member(store: Store, member: dict[str, Any]) -> dict[str, Any]:
    roles = [{"role": store.require("role", role["role_id"])["name"], **role} for role in member["roles"]]
    return {
        **member,
        "roles": roles,
        "has_user_account": store.get("user", member["external_id"]) is not None,
    }
