"""Paying once, and taking it back once, over a network that loses answers.

Source: anyKrowd's APIX notes, v1: ``users/topup``, ``wallets/topup`` and ``wallets/topup-revoke``. None takes
a key that would make it safe to call again, so nothing here is ever called twice: the wallet's transactions
from before the call, held against those after it, tell what the call did.
"""

from collections.abc import Iterable, Iterator, Mapping

from reconciler.errors import Call, NotFound, OutcomeUnknown, ProviderError, ServiceFailed
from reconciler.provider.objects import Attributes
from reconciler_anykrowd import amounts, wallets
from reconciler_anykrowd.client import Client
from reconciler_anykrowd.errors import FAILED, UNDERSTANDING, cause_of

BY_PERSON = "/users/topup"
BY_WALLET = "/wallets/topup"
REVOKE = "/wallets/topup-revoke"

_PAUSES = (0.0, 1.0, 2.0, 4.0)
"""Seconds before each look for what a lost call may still be doing."""

_Ledger = Mapping[str, wallets.Transaction]


def pay(client: Client, desired: Attributes) -> wallets.Transaction:
    """Put money into a wallet, and give the entry that it made there.

    A lost answer is looked up. Raises ServiceFailed when anyKrowd says that it failed and the wallet says so
    too: that call never happened. Raises OutcomeUnknown when an answer was lost and no entry has come (the
    call may still be under way), or several have; other ProviderErrors mean that nothing was paid.
    """
    with client.paying:
        with UNDERSTANDING.reading("look at the wallet"):
            before = _entries(client, desired)
        path, body = _request(desired)
        try:
            answer = client.post(path, body, accept=(FAILED,))
            if answer.status == FAILED:
                failed = ServiceFailed(
                    f"{cause_of(answer)}, and the wallet has no such top-up",
                    call=client.call_of("POST", path),
                    remedy="apply again",
                )
                return _settled(client, desired, before, failed)
            with UNDERSTANDING.changing(f"POST {path}"):
                return _checked(answer.body)
        except OutcomeUnknown as lost:
            return _settled(client, desired, before, lost)


def revoke(client: Client, nanoid: str, wallet_id: int) -> None:
    """Take a top-up back, unless it is revoked already. Raises ProviderError."""
    if not _stands(client, nanoid, wallet_id):
        return
    try:
        client.succeed(REVOKE, {"nanoids": [nanoid]})
    except OutcomeUnknown:
        for _ in _looks(client):
            if not _stands(client, nanoid, wallet_id):
                return
        raise


def of_currency(owned: Iterable[wallets.Wallet], currency_id: int | None) -> Iterator[wallets.Wallet]:
    """The wallets that hold a currency; all of them when none is named."""
    return (one for one in owned if currency_id is None or one["currency"]["id"] == currency_id)


def is_like(entry: wallets.Transaction, wanted: Attributes) -> bool:
    """Whether an entry is of the currency and the amount that are wanted."""
    same_currency = entry["currency"]["id"] == wanted["currency_id"]
    return same_currency and amounts.is_same(wanted["amount"], entry["amount"])


def _request(desired: Attributes) -> tuple[str, dict[str, object]]:
    money = {"currency_id": desired["currency_id"], "amount": desired["amount"]}
    if desired.get("wallet_id") is not None:
        return BY_WALLET, {"wallet_id": desired["wallet_id"], **money}
    return BY_PERSON, {"external_id": str(desired["external_id"]), **money}


def _checked(entry: wallets.Transaction) -> wallets.Transaction:
    """An entry that holds what is needed of it; what Python raises for one that does not tells why."""
    amounts.number(entry["amount"])
    for part in (entry["id"], entry["wallet_id"], entry["created_at"], entry["currency"]["id"]):
        if part is None:
            raise ValueError("a part of the top-up is null")
    if not isinstance(entry["nanoid"], str) or not entry["nanoid"]:
        raise ValueError("the top-up has no nanoid")
    return entry


def _settled(
    client: Client, desired: Attributes, before: _Ledger, error: ProviderError
) -> wallets.Transaction:
    """What a call did whose answer was lost, or was a failure; raises when that cannot be told.

    ``error`` is raised as it is when it says that the call is over and the wallet agrees.
    """
    for _ in _looks(client):
        try:
            with UNDERSTANDING.reading("look for the top-up"):
                after = wallets.standing(_entries(client, desired).values())
                new = [one for key, one in after.items() if key not in before and is_like(one, desired)]
        except ProviderError as unread:
            trouble: ProviderError | None = unread
            continue
        trouble = None
        if len(new) == 1:
            return _checked(new[0])
        if new:
            names = ", ".join(one["nanoid"] for one in new)
            raise _unknown(f"{error.cause}; these top-ups are new, and one may be ours: {names}", error)
        if not isinstance(error, OutcomeUnknown):
            raise error
    if trouble is not None:
        raise _unknown(f"{error.cause}; and the wallet could not be read: {trouble.cause}", error)
    raise _unknown(f"{error.cause}; the wallet has no such top-up so far", error)


def _unknown(cause: str, error: ProviderError) -> OutcomeUnknown:
    return OutcomeUnknown(
        cause, call=error.call, remedy="apply again: the wallet is looked at before anything is paid"
    )


def _looks(client: Client) -> Iterator[None]:
    for pause in _PAUSES:
        if pause:
            client.clock.sleep(pause)
        yield


def _entries(client: Client, desired: Attributes) -> _Ledger:
    """All that is in the wallets which the money may go to; raises NotFound when nobody owns such a one."""
    if desired.get("wallet_id") is not None:
        places = [int(desired["wallet_id"])]
    else:
        owned = wallets.of_person(client, str(desired["external_id"]))
        if owned is None:
            raise _nowhere(f"there is nobody with the external id {desired['external_id']}")
        places = [one["id"] for one in of_currency(owned, desired["currency_id"])]
    found: dict[str, wallets.Transaction] = {}
    for wallet_id in places:
        entries = wallets.transactions(client, wallet_id)
        if entries is None:
            raise _nowhere(f"there is no wallet {wallet_id}")
        found |= entries
    return found


def _nowhere(cause: str) -> NotFound:
    return NotFound(
        cause,
        call=Call("anykrowd", "look at the wallet"),
        remedy="check it in AdminX; a staff member must be there before the wallet is topped up",
    )


def _stands(client: Client, nanoid: str, wallet_id: int) -> bool:
    with UNDERSTANDING.reading("look for the top-up"):
        entries = wallets.transactions(client, wallet_id)
        return entries is not None and nanoid in wallets.standing(entries.values())
