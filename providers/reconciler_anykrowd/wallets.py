"""Wallets and their transactions.

Source: anyKrowd's APIX notes, v1: ``users/wallets``, ``wallets/show/{id}``, ``wallets/transactions/{id}``.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from reconciler.errors import Garbled, NotFound
from reconciler_anykrowd.client import Client

OF_PERSON = "/users/wallets"
ONE = "/wallets/show/{id}"
TRANSACTIONS = "/wallets/transactions/{id}"

Wallet = Mapping[str, Any]
Transaction = Mapping[str, Any]


def of_person(client: Client, external_id: str) -> list[Wallet] | None:
    """A person's wallets; None when the tenant knows no such person (404). Raises ProviderError."""
    try:
        body = client.get(OF_PERSON, params={"external_id": external_id}).body
    except NotFound:
        return None
    if not isinstance(body, list):
        raise Garbled("the answer is no list of wallets", call=client.call_of("GET", OF_PERSON))
    return body


def by_id(client: Client, wallet_id: int) -> Wallet | None:
    """One wallet; None when there is none. Raises ProviderError."""
    try:
        return dict(client.get(ONE, {"id": wallet_id}).body)
    except NotFound:
        return None


def transactions(client: Client, wallet_id: int) -> dict[str, Transaction] | None:
    """A wallet's transactions by nanoid, in the order told; None when there is no such wallet.

    Raises ProviderError.
    """
    try:
        return {found["nanoid"]: found for found in client.items(TRANSACTIONS, {"id": wallet_id})}
    except NotFound:
        return None


def standing(found: Iterable[Transaction]) -> dict[str, Transaction]:
    """The credits among a wallet's transactions that were not revoked, by nanoid.

    A revocation is a debit whose ``reference`` is the nanoid of what it revokes. The notes do not say so; a
    service that takes the credit itself out of the list is understood as well.
    """
    listed = list(found)
    revoked = {entry.get("reference") for entry in listed if entry["direction"] == "DEBIT"}
    return {
        entry["nanoid"]: entry
        for entry in listed
        if entry["direction"] == "CREDIT" and entry["nanoid"] not in revoked
    }
