"""People: staff members are written, wallets are found and topped up by external id."""

from typing import Any

from reconciler_anykrowd.sandbox.domain.ledger import open_wallet, top_up
from reconciler_anykrowd.sandbox.domain.staff import write_staff_member
from reconciler_anykrowd.sandbox.errors import invalid, not_found
from reconciler_anykrowd.sandbox.representations import show_transaction, show_wallet
from reconciler_anykrowd.sandbox.routes import Call, Routes

ROUTES = Routes()


@ROUTES.add("GET", "/apix/v1/users/wallets")
def list_wallets(call: Call) -> Any:
    """All wallets of somebody, in no pages; 404 for who is not known."""
    external_id = call.query.get("external_id")
    if not external_id:
        raise invalid("external_id", "is required")
    if not call.store.knows(external_id):
        raise not_found()
    return [show_wallet(call.store, wallet) for wallet in call.store.find("wallet", external_id=external_id)]


@ROUTES.add("POST", "/apix/v1/users/sync")
def write_staff(call: Call) -> Any:
    """Make or change many staff members; if one of them does not fit, none."""
    for member in call.body().objects("staff_members"):
        write_staff_member(call.store, member)
    return {"success": True}


@ROUTES.add("POST", "/apix/v1/users/topup")
def top_up_user(call: Call) -> Any:
    """Top up somebody's wallet in a currency, which is opened if need be."""
    body = call.body()
    external_id = body.text("external_id", filled=True)
    currency_id, amount = body.integer("currency_id"), body.amount("amount")
    currency = call.store.get("currency", currency_id)
    if currency is None:
        raise body.wrong("currency_id", f"there is no currency {currency_id}")
    if not call.store.knows(external_id):
        raise not_found()
    wallet = open_wallet(call.store, external_id, currency_id)
    return show_transaction(top_up(call.store, wallet, currency_id, amount), currency)
