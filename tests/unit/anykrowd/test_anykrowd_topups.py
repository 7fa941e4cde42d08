"""Top-ups: paid once, whatever becomes of an answer."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from reconciler.errors import NotFound, OutcomeUnknown, ProviderError, Rejected, ServiceFailed, Unreachable
from reconciler.provider import Absent, Lookup, Object, Unreadable, Wanted
from reconciler.testing import FakeClock
from reconciler_anykrowd import AnykrowdProvider
from tests.unit.anykrowd.fake_tenant import FakeTenant

TOPUP = "anykrowd_wallet_topup"
WALLETS = "GET /users/wallets?external_id=ada"
LEDGER = "GET /wallets/transactions/15"
PAY = "POST /users/topup"
REVOKE = "POST /wallets/topup-revoke"
WANTED = {"external_id": "ada", "currency_id": 1, "amount": 12.5}

Make = Callable[..., Any]
LOST: tuple[Any, ...] = (httpx.ReadError("reset"), httpx.ReadTimeout("slow"), httpx.Response(502), "<html>")


@pytest.fixture
def rich(tenant: FakeTenant, wallet: Make, page: Make, entry: Make) -> FakeTenant:
    """A tenant in which Ada has a wallet, and an old top-up of the same amount in it."""
    return tenant.on(WALLETS, [wallet()]).on(LEDGER, page([entry("old")]))


def test_a_topup_is_paid_with_one_call_after_a_look(
    provider: AnykrowdProvider, rich: FakeTenant, entry: Make
) -> None:
    rich.on(PAY, entry("new"))
    made = provider.create(TOPUP, {**WANTED, "allow_replace": True})
    assert rich.calls == [WALLETS, LEDGER, PAY]
    assert rich.body(PAY) == WANTED
    assert made.id == made.attributes["nanoid"] == "new"
    assert made.attributes["amount"] == 12.5
    assert made.attributes["credited_wallet_id"] == 15
    assert "wallet_id" not in made.attributes
    assert "allow_replace" not in made.attributes


def test_a_topup_by_wallet_names_the_wallet(
    provider: AnykrowdProvider, rich: FakeTenant, entry: Make
) -> None:
    rich.on("POST /wallets/topup", entry("new"))
    made = provider.create(TOPUP, {"wallet_id": 15, "currency_id": 1, "amount": 12.5})
    assert rich.body("POST /wallets/topup") == {"wallet_id": 15, "currency_id": 1, "amount": 12.5}
    assert made.attributes["wallet_id"] == 15
    assert "external_id" not in made.attributes


@pytest.mark.parametrize("lost", LOST)
def test_a_lost_answer_is_found_in_the_ledger_and_not_paid_again(
    provider: AnykrowdProvider, rich: FakeTenant, page: Make, entry: Make, lost: Any
) -> None:
    rich.on(PAY, lost).on(LEDGER, page([entry("old")]), page([entry("old"), entry("new")]))
    assert provider.create(TOPUP, WANTED).id == "new"
    assert rich.calls.count(PAY) == 1


def test_an_entry_that_comes_late_is_waited_for(
    provider: AnykrowdProvider, rich: FakeTenant, page: Make, entry: Make, clock: FakeClock
) -> None:
    before = page([entry("old")])
    rich.on(PAY, httpx.ReadTimeout("slow"))
    rich.on(LEDGER, before, before, before, page([entry("old"), entry("new")]))
    assert provider.create(TOPUP, WANTED).id == "new"
    assert clock.slept == [1.0, 2.0]


def test_a_lost_call_without_an_entry_may_still_be_under_way(
    provider: AnykrowdProvider, rich: FakeTenant
) -> None:
    rich.on(PAY, httpx.ReadTimeout("slow"))
    with pytest.raises(OutcomeUnknown, match="no such top-up so far") as caught:
        provider.create(TOPUP, WANTED)
    assert "apply again" in caught.value.remedy
    assert rich.calls.count(PAY) == 1


def test_a_failure_that_left_no_entry_never_happened(
    provider: AnykrowdProvider, rich: FakeTenant, fail: Make
) -> None:
    rich.on(PAY, fail(500, "Server Error"))
    with pytest.raises(ServiceFailed, match="Server Error"):
        provider.create(TOPUP, WANTED)
    assert rich.calls == [WALLETS, LEDGER, PAY, WALLETS, LEDGER]


def test_a_failure_that_left_an_entry_did_happen(
    provider: AnykrowdProvider, rich: FakeTenant, page: Make, entry: Make, fail: Make
) -> None:
    rich.on(PAY, fail(500, "Server Error"))
    rich.on(LEDGER, page([entry("old")]), page([entry("new"), entry("old")]))
    assert provider.create(TOPUP, WANTED).id == "new"


def test_several_new_entries_are_named_and_none_is_taken(
    provider: AnykrowdProvider, rich: FakeTenant, page: Make, entry: Make
) -> None:
    rich.on(PAY, httpx.ReadError("reset"))
    rich.on(LEDGER, page([entry("old")]), page([entry("new1"), entry("new2")]))
    with pytest.raises(OutcomeUnknown, match="new1, new2"):
        provider.create(TOPUP, WANTED)


def test_new_entries_of_another_kind_are_not_ours(
    provider: AnykrowdProvider, rich: FakeTenant, page: Make, entry: Make, currencies: Any
) -> None:
    others = [
        entry("more", "12.51"),
        entry("other", currency=currencies[1]),
        entry("spent", direction="DEBIT"),
        entry("undone"),
        entry("undoing", direction="DEBIT", reference="undone"),
    ]
    rich.on(PAY, httpx.ReadError("reset")).on(LEDGER, page([entry("old")]), page([entry("old"), *others]))
    with pytest.raises(OutcomeUnknown):
        provider.create(TOPUP, WANTED)


def test_a_wallet_that_cannot_be_read_afterwards_leaves_the_outcome_open(
    provider: AnykrowdProvider, rich: FakeTenant, page: Make, entry: Make, fail: Make
) -> None:
    rich.on(PAY, fail(500, "Server Error")).on(LEDGER, page([entry("old")]), fail(500, "Still down"))
    with pytest.raises(OutcomeUnknown, match="Still down"):
        provider.create(TOPUP, WANTED)


@pytest.mark.parametrize(
    ("body", "why"), [({"id": 1}, "amount"), ({}, "amount"), ([], "TypeError"), ({"success": True}, "amount")]
)
def test_an_answer_that_is_no_topup_is_looked_up_too(
    provider: AnykrowdProvider, rich: FakeTenant, page: Make, entry: Make, body: Any, why: str
) -> None:
    rich.on(PAY, body).on(LEDGER, page([entry("old")]), page([entry("old"), entry("new")]))
    assert provider.create(TOPUP, WANTED).id == "new"
    rich.on(LEDGER, page([entry("old")]))
    with pytest.raises(OutcomeUnknown, match=why):
        provider.create(TOPUP, WANTED)


def test_what_never_reached_the_service_is_tried_again_and_was_never_paid(
    provider: AnykrowdProvider, rich: FakeTenant, entry: Make
) -> None:
    rich.on(PAY, httpx.ConnectError("refused"), entry("new"))
    assert provider.create(TOPUP, WANTED).id == "new"
    rich.on(PAY, httpx.ConnectError("refused"))
    with pytest.raises(Unreachable):
        provider.create(TOPUP, WANTED)


@pytest.mark.parametrize(("status", "kind"), [(400, Rejected), (404, NotFound)])
def test_a_refusal_is_a_refusal(
    provider: AnykrowdProvider, rich: FakeTenant, fail: Make, status: int, kind: type[ProviderError]
) -> None:
    rich.on(PAY, fail(status, "amount: must be more than 0"))
    with pytest.raises(kind, match="amount: must be more than 0"):
        provider.create(TOPUP, WANTED)


def test_nothing_is_paid_to_nobody(provider: AnykrowdProvider, tenant: FakeTenant) -> None:
    with pytest.raises(NotFound, match="nobody with the external id ada"):
        provider.create(TOPUP, WANTED)
    with pytest.raises(NotFound, match="no wallet 15"):
        provider.create(TOPUP, {"wallet_id": 15, "currency_id": 1, "amount": 1})
    assert PAY not in tenant.calls


def test_nothing_is_paid_into_a_wallet_that_cannot_be_read_first(
    provider: AnykrowdProvider, rich: FakeTenant, fail: Make
) -> None:
    rich.on(LEDGER, fail(500, "Server Error"))
    with pytest.raises(ServiceFailed):
        provider.create(TOPUP, WANTED)
    assert PAY not in rich.calls


def test_a_first_topup_in_a_currency_needs_no_wallet_yet(
    provider: AnykrowdProvider, tenant: FakeTenant, wallet: Make, page: Make, entry: Make
) -> None:
    tenant.on(WALLETS, [], [wallet()]).on(PAY, httpx.ReadError("reset")).on(LEDGER, page([entry("new")]))
    assert provider.create(TOPUP, WANTED).id == "new"


def known(nanoid: str = "old", **others: Any) -> Mapping[str, Any]:
    return {**WANTED, "id": nanoid, "nanoid": nanoid, "credited_wallet_id": 15, **others}


def test_topups_of_one_wallet_are_read_with_one_list(
    provider: AnykrowdProvider, rich: FakeTenant, page: Make, entry: Make
) -> None:
    rich.on(LEDGER, page([entry("a"), entry("b"), entry("back", direction="DEBIT", reference="b")]))
    answers = provider.read({name: Lookup(TOPUP, name, known(name)) for name in "abc"})
    assert isinstance(answers["a"], Object)
    assert answers["a"].attributes["external_id"] == "ada"
    assert answers["b"] == answers["c"] == Absent()
    assert rich.calls == [LEDGER]


def test_a_long_ledger_is_read_to_its_end(
    provider: AnykrowdProvider, tenant: FakeTenant, page: Make, entry: Make
) -> None:
    tenant.on(LEDGER, page([entry("a")], 1, 3, 3))
    tenant.on(f"{LEDGER}?limit=100&page=2", page([entry("a"), entry("b")], 2, 3, 3))
    tenant.on(f"{LEDGER}?limit=100&page=3", page([entry("c")], 3, 3, 3))
    answers = provider.read({name: Lookup(TOPUP, name, known(name)) for name in "abc"})
    assert all(isinstance(answer, Object) for answer in answers.values())


def test_half_a_ledger_is_never_taken_for_the_whole(
    provider: AnykrowdProvider, tenant: FakeTenant, page: Make, entry: Make
) -> None:
    tenant.on(LEDGER, page([entry("a")], 1, 1, 2))
    answer = provider.read({"": Lookup(TOPUP, "b", known("b"))})[""]
    assert isinstance(answer, Unreadable)
    assert "1 of 2" in answer.error.cause


def test_a_wallet_that_is_gone_took_its_topups_along(provider: AnykrowdProvider, tenant: FakeTenant) -> None:
    assert provider.read({"": Lookup(TOPUP, "old", known())}) == {"": Absent()}


def test_all_that_stand_under_a_key_are_found(
    provider: AnykrowdProvider, rich: FakeTenant, page: Make, entry: Make
) -> None:
    told = [entry("a"), entry("b", 12.5), entry("c"), entry("d", "13.00")]
    rich.on(LEDGER, page([*told, entry("back", direction="DEBIT", reference="c")]))
    found = provider.find({"": Wanted(TOPUP, {**WANTED, "wallet_id": None})})[""]
    assert isinstance(found, tuple)
    assert [one.id for one in found] == ["a", "b"]
    assert found[0].attributes["external_id"] == "ada"


def test_nobody_has_no_topups(provider: AnykrowdProvider, tenant: FakeTenant) -> None:
    by_wallet = {"wallet_id": 15, "currency_id": 1, "amount": 1}
    asked = {"a": Wanted(TOPUP, WANTED), "b": Wanted(TOPUP, by_wallet)}
    assert provider.find(asked) == {"a": (), "b": ()}


def test_one_is_found_by_its_nanoid_and_where_it_is(
    provider: AnykrowdProvider, rich: FakeTenant, page: Make, entry: Make
) -> None:
    rich.on(LEDGER, page([entry("a"), entry("b")]))
    for text in ("wallet:15:b", "person:ada:b"):
        found = provider.find({"": Wanted(TOPUP, provider.import_key(TOPUP, text))})[""]
        assert isinstance(found, tuple)
        assert [one.id for one in found] == ["b"]


def test_a_nanoid_alone_does_not_say_where_to_look(provider: AnykrowdProvider, tenant: FakeTenant) -> None:
    answer = provider.find({"": Wanted(TOPUP, provider.import_key(TOPUP, "b"))})[""]
    assert isinstance(answer, Unreadable)
    assert "wallet:WALLET_ID:NANOID" in answer.error.remedy
    assert tenant.calls == []


@pytest.mark.parametrize("text", ["", "wallet:x:b", "wallet:15:", "15:b", "person::b"])
def test_an_import_id_of_another_form_is_refused_with_the_right_one(
    provider: AnykrowdProvider, text: str
) -> None:
    with pytest.raises(Rejected) as caught:
        provider.import_key(TOPUP, text)
    assert "person:EXTERNAL_ID:NANOID" in caught.value.remedy


def test_an_external_id_may_hold_colons(provider: AnykrowdProvider) -> None:
    assert provider.import_key(TOPUP, "person:a:b:c") == {"external_id": "a:b", "id": "c"}
    assert provider.import_key("anykrowd_staff_member", "a:b") == {"external_id": "a:b"}


def test_whether_a_replacement_is_allowed_changes_without_a_call(
    provider: AnykrowdProvider, tenant: FakeTenant
) -> None:
    prior = Object(TOPUP, "old", known())
    assert provider.update(prior, {**WANTED, "allow_replace": True}, frozenset({"allow_replace"})) == prior
    with pytest.raises(Rejected, match="amount"):
        provider.update(prior, {**WANTED, "amount": 1}, frozenset({"amount"}))
    assert tenant.calls == []


def test_a_topup_is_revoked_once(
    provider: AnykrowdProvider, rich: FakeTenant, page: Make, entry: Make
) -> None:
    rich.on(REVOKE, {"success": True})
    provider.delete(Object(TOPUP, "old", known()), "delete")
    assert rich.body(REVOKE) == {"nanoids": ["old"]}
    rich.on(LEDGER, page([entry("old"), entry("back", direction="DEBIT", reference="old")]))
    provider.delete(Object(TOPUP, "old", known()), "delete")
    assert rich.calls.count(REVOKE) == 1


def test_a_lost_revocation_is_looked_up(
    provider: AnykrowdProvider, rich: FakeTenant, page: Make, entry: Make
) -> None:
    stands = page([entry("old")])
    gone = page([entry("old"), entry("back", direction="DEBIT", reference="old")])
    rich.on(REVOKE, httpx.ReadError("reset")).on(LEDGER, stands, stands, gone)
    provider.delete(Object(TOPUP, "old", known()), "delete")
    rich.on(LEDGER, stands)
    with pytest.raises(OutcomeUnknown):
        provider.delete(Object(TOPUP, "old", known()), "delete")
    assert rich.calls.count(REVOKE) == 2


@pytest.mark.parametrize("told", ["10.01", "10.00", 10.01])
def test_an_amount_that_the_service_rounded_is_still_the_same(
    provider: AnykrowdProvider, rich: FakeTenant, page: Make, entry: Make, told: Any
) -> None:
    rich.on(PAY, httpx.ReadError("reset")).on(LEDGER, page([]), page([entry("new", told)]))
    assert provider.create(TOPUP, {**WANTED, "amount": 10.005}).id == "new"


@pytest.mark.parametrize("told", ["a lot", None, True, "NaN"])
def test_an_amount_that_is_none_is_not_understood(
    provider: AnykrowdProvider, rich: FakeTenant, page: Make, entry: Make, told: Any
) -> None:
    rich.on(LEDGER, page([entry("old", told)]))
    assert isinstance(provider.find({"": Wanted(TOPUP, WANTED)})[""], Unreadable)
    assert isinstance(provider.read({"": Lookup(TOPUP, "old", known())})[""], Unreadable)
