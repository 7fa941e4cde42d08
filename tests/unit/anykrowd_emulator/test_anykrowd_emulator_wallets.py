"""Money in the emulated tenant: every balance is the sum of a ledger that only grows."""

import random
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest


def test_a_top_up_is_a_transaction_of_the_wallet(tenant: Any) -> None:
    tenant.write_staff({"external_id": "s1"})
    made = tenant.top_up("s1", 12.5)
    (wallet,) = tenant.wallets("s1")
    assert tenant.ledger(wallet["id"]) == [made]
    assert (made["amount"], made["balance_before"], made["balance_after"]) == ("12.50", "0.00", "12.50")
    assert (made["direction"], made["wallet_id"], made["currency"]) == (
        "CREDIT",
        wallet["id"],
        wallet["currency"],
    )
    assert made["created_at"] == "2026-01-02T03:04:05.000000Z"
    assert len(made["nanoid"]) == 21
    assert wallet["current_balance"] == "12.50"


def test_cents_add_up_exactly(tenant: Any) -> None:
    tenant.write_staff({"external_id": "s1"})
    for amount in (0.1, 0.2, 0.7, 99999999.99):
        tenant.top_up("s1", amount)
    assert tenant.wallets("s1")[0]["current_balance"] == "100000000.99"


def test_the_same_call_again_charges_again(tenant: Any) -> None:
    tenant.write_staff({"external_id": "s1"})
    first, second = tenant.top_up("s1", 10), tenant.top_up("s1", 10)
    assert first["nanoid"] != second["nanoid"]
    assert tenant.wallets("s1")[0]["current_balance"] == "20.00"


def test_each_currency_has_a_wallet_which_its_first_top_up_opens(tenant: Any) -> None:
    tenant.write_staff({"external_id": "s1"})
    tenant.top_up("s1", 10, "Token")
    tenant.top_up("s1", 5, "Token")
    wallets = {each["currency"]["name"]: each["current_balance"] for each in tenant.wallets("s1")}
    assert wallets == {"Euro": "0.00", "Token": "15.00"}


def test_a_wallet_is_topped_up_by_its_id_in_its_own_currency(tenant: Any) -> None:
    tenant.write_staff({"external_id": "s1"})
    (wallet,) = tenant.wallets("s1")
    body = {"wallet_id": wallet["id"], "currency_id": wallet["currency"]["id"], "amount": 3}
    made = tenant("POST", "/wallets/topup", body).json()
    assert tenant.ledger(wallet["id"]) == [made]
    refused = tenant("POST", "/wallets/topup", {**body, "currency_id": tenant.ids("currencies")["Token"]})
    assert refused.status_code == 400
    assert "another currency" in refused.json()["error"]["error"]
    assert tenant("GET", f"/wallets/show/{wallet['id']}").json()["current_balance"] == "3.00"


@pytest.mark.parametrize("amount", [0, -1, 0.001, 1.005, 1e9, 1e300, "10", True, None, [1]])
def test_an_amount_that_is_no_money_is_refused(tenant: Any, amount: Any) -> None:
    tenant.write_staff({"external_id": "s1"})
    (wallet,) = tenant.wallets("s1")
    currency = wallet["currency"]["id"]
    for path, of in (
        ("/users/topup", {"external_id": "s1"}),
        ("/wallets/topup", {"wallet_id": wallet["id"]}),
    ):
        answer = tenant("POST", path, {**of, "currency_id": currency, "amount": amount})
        assert answer.status_code == 400
        assert answer.json()["error"]["error"].startswith("amount: ")
    assert tenant.ledger(wallet["id"]) == []


def test_a_top_up_of_nobody_or_nothing_is_refused(tenant: Any) -> None:
    euro = tenant.ids("currencies")["Euro"]
    amount = {"amount": 1, "currency_id": euro}
    assert tenant("POST", "/users/topup", {"external_id": "nobody", **amount}).status_code == 404
    assert tenant("POST", "/wallets/topup", {"wallet_id": 999, **amount}).status_code == 404
    assert tenant("POST", "/users/topup", {"external_id": 7, **amount}).status_code == 400
    for path, of in (("/users/topup", {"external_id": "visitor-1"}), ("/wallets/topup", {"wallet_id": 1})):
        refused = tenant("POST", path, {**of, "amount": 1, "currency_id": 999})
        assert refused.json()["error"] == {"code": 400, "error": "currency_id: there is no currency 999"}
        assert tenant("POST", path, {**of, "amount": 1}).status_code == 400


def test_a_revoked_top_up_stays_and_an_entry_takes_it_back(tenant: Any) -> None:
    tenant.write_staff({"external_id": "s1"})
    kept, mistaken = tenant.top_up("s1", 10), tenant.top_up("s1", 5)
    assert tenant.revoke(mistaken["nanoid"]).json() == {"success": True}
    ledger = tenant.ledger(kept["wallet_id"])
    assert ledger[:2] == [kept, mistaken]
    (reversal,) = ledger[2:]
    assert (reversal["direction"], reversal["amount"]) == ("DEBIT", "5.00")
    assert (reversal["reference"], reversal["balance_after"]) == (mistaken["nanoid"], "10.00")
    assert tenant.wallets("s1")[0]["current_balance"] == "10.00"


def test_what_is_revoked_cannot_be_revoked_again(tenant: Any) -> None:
    tenant.write_staff({"external_id": "s1"})
    tenant.top_up("s1", 10)
    nanoid = tenant.top_up("s1", 5)["nanoid"]
    assert tenant.revoke(nanoid).status_code == 200
    refused = tenant.revoke(nanoid)
    assert refused.json()["error"] == {"code": 400, "error": f"nanoids: {nanoid} is revoked already"}
    assert tenant.wallets("s1")[0]["current_balance"] == "10.00"


def test_several_are_revoked_together_or_none(tenant: Any) -> None:
    tenant.write_staff({"external_id": "s1"})
    nanoids = [tenant.top_up("s1", 5)["nanoid"] for _ in range(3)]
    assert tenant.revoke(nanoids[0], "unknown").status_code == 404
    assert tenant.revoke(nanoids[0], nanoids[0]).status_code == 400
    assert tenant.revoke().status_code == 400
    assert tenant.wallets("s1")[0]["current_balance"] == "15.00"
    assert tenant.revoke(*nanoids[:2]).status_code == 200
    assert tenant.wallets("s1")[0]["current_balance"] == "5.00"


def test_money_that_is_spent_and_what_is_no_top_up_cannot_be_revoked(tenant: Any) -> None:
    (wallet,) = tenant.wallets("visitor-1")
    first, payment, _, reversal = tenant.ledger(wallet["id"])
    assert [first["type"], payment["type"], reversal["type"]] == ["TOPUP", "ORDER", "TOPUP_REVOKE"]
    assert "too low" in tenant.revoke(first["nanoid"]).json()["error"]["error"]
    for other in (payment, reversal):
        assert tenant.revoke(other["nanoid"]).json()["error"]["error"].endswith("is no top-up")
    assert tenant.wallets("visitor-1") == [wallet]


def test_balances_are_the_sum_of_the_ledger_whatever_happens(tenant: Any) -> None:
    chance = random.Random(3)
    tenant.write_staff({"external_id": "s1"})
    expected = Decimal(0)
    open_: list[tuple[str, Decimal]] = []
    for _ in range(60):
        if open_ and chance.random() < 0.4:
            nanoid, amount = open_.pop(chance.randrange(len(open_)))
            assert tenant.revoke(nanoid).status_code == 200
            expected -= amount
        else:
            amount = Decimal(chance.randrange(1, 10_000)) / 100
            open_.append((tenant.top_up("s1", float(amount))["nanoid"], amount))
            expected += amount
    (wallet,) = tenant.wallets("s1")
    ledger = tenant.ledger(wallet["id"])
    assert Decimal(wallet["current_balance"]) == expected
    assert ledger[-1]["balance_after"] == wallet["current_balance"]
    assert len({entry["nanoid"] for entry in ledger}) == len(ledger) == 60
    assert all(b["balance_before"] == a["balance_after"] for a, b in pairwise(ledger))


def test_the_ledger_comes_in_pages_oldest_first_with_running_balances(tenant: Any) -> None:
    tenant.write_staff({"external_id": "s1"})
    made = [tenant.top_up("s1", number) for number in range(1, 13)]
    path = f"/wallets/transactions/{made[0]['wallet_id']}"
    first, second = tenant("GET", path).json(), tenant("GET", f"{path}?page=2").json()
    assert (first["data"], second["data"]) == (made[:10], made[10:])
    assert (second["meta"]["total"], second["links"]["next"]) == (12, None)


def test_a_guest_has_a_wallet_that_belongs_to_nobody(tenant: Any, host: Any) -> None:
    guests = [each for each in host.show()["anykrowd"]["wallets"] if each["is_guest_wallet"]]
    assert [each["external_id"] for each in guests] == [None]
    euro = tenant.ids("currencies")["Euro"]
    body = {"wallet_id": guests[0]["id"], "currency_id": euro, "amount": 2}
    made = tenant("POST", "/wallets/topup", body).json()
    assert (made["user_id"], made["balance_after"]) == (None, "2.00")
