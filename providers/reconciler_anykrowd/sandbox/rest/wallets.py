"""Wallets: what is in them, what happened to them, top-ups and their end."""

from typing import Any

from reconciler_anykrowd.sandbox.domain.ledger import ledger, revoke_all, top_up
from reconciler_anykrowd.sandbox.errors import not_found
from reconciler_anykrowd.sandbox.paging import page_of
from reconciler_anykrowd.sandbox.representations import show_transaction, show_wallet
from reconciler_anykrowd.sandbox.routes import Call, Routes

ROUTES = Routes()


@ROUTES.add("GET", "/apix/v1/wallets/show/{id}")
def show_one_wallet(call: Call, id: str) -> Any:
    """One wallet with its balance."""
    return show_wallet(call.store, call.find("wallet", id))


@ROUTES.add("GET", "/apix/v1/wallets/transactions/{id}")
def list_transactions(call: Call, id: str) -> Any:
    """A page of a wallet's ledger, oldest first."""
    wallet = call.find("wallet", id)
    currency = call.store.require("currency", wallet["currency_id"])
    return page_of(call, ledger(call.store, wallet), lambda entry: show_transaction(entry, currency))


@ROUTES.add("POST", "/apix/v1/wallets/topup")
def top_up_wallet(call: Call) -> Any:
    """Top up a wallet in the currency that it holds."""
    body = call.body()
    wallet_id, currency_id = body.integer("wallet_id"), body.integer("currency_id")
    amount = body.amount("amount")
    currency = call.store.get("currency", currency_id)
    if currency is None:
        raise body.wrong("currency_id", f"there is no currency {currency_id}")
    wallet = call.store.get("wallet", wallet_id)
    if wallet is None:
        raise not_found()
    return show_transaction(top_up(call.store, wallet, currency_id, amount), currency)


@ROUTES.add("POST", "/apix/v1/wallets/topup-revoke")
def revoke_top_ups(call: Call) -> Any:
    """Take top-ups back; if one of them cannot be, none."""
    body = call.body()
    nanoids = body.texts("nanoids")
    if not nanoids:
        raise body.wrong("nanoids", "must not be empty")
    revoke_all(call.store, nanoids)
    return {"success": True}
