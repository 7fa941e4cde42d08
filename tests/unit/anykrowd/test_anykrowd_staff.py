"""Staff: written many at once, remembered rather than read."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.errors import AlreadyExists, NotFound, OutcomeUnknown, Rejected, ServiceFailed
from reconciler.provider import Absent, Lookup, Object, Unreadable, Wanted, Write
from reconciler.testing import FakeClock
from reconciler_anykrowd import AnykrowdProvider
from tests.unit.anykrowd.fake_tenant import FakeTenant

STAFF = "anykrowd_staff_member"
SYNC = "POST /users/sync"
ADA = {"external_id": "ada", "external_qr_code": "q1", "first_name": "Ada", "last_name": "L"}


def looked(external_id: str) -> str:
    return f"GET /users/wallets?external_id={external_id}"


def member(external_id: str = "ada", **others: Any) -> Object:
    return Object(STAFF, external_id, {**ADA, "external_id": external_id, "id": external_id, **others})


def test_one_call_writes_a_whole_group(provider: AnykrowdProvider, tenant: FakeTenant) -> None:
    people = [{**ADA, "external_id": f"p{n}"} for n in range(100)]
    provider.find({one["external_id"]: Wanted(STAFF, one) for one in people})
    tenant.on(SYNC, {"success": True})
    made = provider.write_many([Write("create", STAFF, one) for one in people])
    assert tenant.calls.count(SYNC) == 1
    assert tenant.body(SYNC) == {"staff_members": people}
    assert [one.id for one in made if isinstance(one, Object)] == [one["external_id"] for one in people]


def test_what_was_just_seen_absent_is_not_looked_for_again(
    provider: AnykrowdProvider, tenant: FakeTenant, clock: FakeClock
) -> None:
    tenant.on(SYNC, {"success": True})
    provider.find({"": Wanted(STAFF, {"external_id": "ada"})})
    provider.create(STAFF, ADA)
    assert tenant.calls == [looked("ada"), SYNC]


def test_a_look_of_more_than_a_minute_ago_counts_no_more(
    provider: AnykrowdProvider, tenant: FakeTenant, clock: FakeClock, wallet: Callable[..., Any]
) -> None:
    provider.find({"": Wanted(STAFF, {"external_id": "ada"})})
    clock.advance(61)
    tenant.on(looked("ada"), [wallet()])
    with pytest.raises(AlreadyExists, match="ada"):
        provider.create(STAFF, ADA)
    assert SYNC not in tenant.calls


def test_somebody_who_exists_does_not_keep_the_others_from_being_created(
    provider: AnykrowdProvider, tenant: FakeTenant, wallet: Callable[..., Any]
) -> None:
    tenant.on(looked("ada"), [wallet()]).on(SYNC, {"success": True})
    first, second = provider.write_many(
        [Write("create", STAFF, ADA), Write("create", STAFF, {**ADA, "external_id": "bob"})]
    )
    assert isinstance(first, AlreadyExists)
    assert isinstance(second, Object)
    assert [one["external_id"] for one in tenant.body(SYNC)["staff_members"]] == ["bob"]


def test_who_cannot_be_looked_for_is_not_written(
    provider: AnykrowdProvider, tenant: FakeTenant, fail: Callable[..., httpx.Response]
) -> None:
    tenant.on(looked("ada"), fail(500, "Server Error"))
    with pytest.raises(ServiceFailed):
        provider.create(STAFF, ADA)
    assert SYNC not in tenant.calls


def test_an_update_sends_what_anykrowd_needs_beside_what_changes(
    provider: AnykrowdProvider, tenant: FakeTenant
) -> None:
    tenant.on(SYNC, {"success": True})
    prior = member(roles=[{"role_id": 3}], external_qr_codes=["b"])
    after = provider.update(prior, {"external_id": "ada", "first_name": "Eve"}, frozenset({"first_name"}))
    assert tenant.body(SYNC)["staff_members"] == [{**ADA, "first_name": "Eve"}]
    assert after.attributes["first_name"] == "Eve"
    assert after.attributes["roles"] == [{"role_id": 3}]


def test_who_takes_the_place_of_another_person_is_written_as_somebody_new(
    provider: AnykrowdProvider, tenant: FakeTenant
) -> None:
    successor = {**ADA, "external_id": "eve", "first_name": "Eve"}
    provider.find({"": Wanted(STAFF, successor)})
    tenant.on(SYNC, {"success": True})
    prior = member(roles=[{"role_id": 3}])
    (after,) = provider.write_many([Write("create", STAFF, successor, prior)])
    assert tenant.body(SYNC)["staff_members"] == [successor]
    assert isinstance(after, Object)
    assert after.id == "eve"
    assert "roles" not in after.attributes


def test_whether_to_make_an_account_is_sent_and_not_remembered(
    provider: AnykrowdProvider, tenant: FakeTenant
) -> None:
    tenant.on(SYNC, {"success": True})
    made = provider.create(STAFF, {**ADA, "create_user_account": True})
    assert tenant.body(SYNC)["staff_members"][0]["create_user_account"] is True
    assert "create_user_account" not in made.attributes


def test_removing_a_person_takes_the_roles_away(provider: AnykrowdProvider, tenant: FakeTenant) -> None:
    tenant.on(SYNC, {"success": True})
    provider.delete(member(roles=[{"role_id": 3}]), "revoke_roles")
    assert tenant.body(SYNC)["staff_members"] == [{**ADA, "roles": []}]


def test_a_person_whose_names_nobody_knows_is_not_overwritten(
    provider: AnykrowdProvider, tenant: FakeTenant
) -> None:
    imported = Object(STAFF, "ada", {"external_id": "ada", "id": "ada"})
    with pytest.raises(Rejected, match="first_name") as caught:
        provider.delete(imported, "revoke_roles")
    assert "forget" in caught.value.remedy
    assert tenant.calls == []


def test_the_one_that_is_refused_is_told_from_the_others(
    provider: AnykrowdProvider, tenant: FakeTenant, fail: Callable[..., httpx.Response]
) -> None:
    people = [member(f"p{n}") for n in range(4)]
    writes = [Write("update", STAFF, one.attributes, one) for one in people]
    refused, fine = fail(400, "there is no role 77"), httpx.Response(200, json={"success": True})
    tenant.on(SYNC, refused, fine, refused, refused, fine)
    results = provider.write_many(writes)
    assert [isinstance(one, Rejected) for one in results] == [False, False, True, False]
    assert "there is no role 77" in str(results[2])
    assert len(tenant.calls) == 5


@pytest.mark.parametrize(
    "answer", [httpx.ReadError("reset"), {"success": False}, [], httpx.Response(200, content=b"<html>")]
)
def test_an_answer_that_does_not_say_it_worked_leaves_the_outcome_open(
    provider: AnykrowdProvider, tenant: FakeTenant, answer: Any
) -> None:
    tenant.on(SYNC, answer)
    (result,) = provider.write_many([Write("update", STAFF, ADA, member())])
    assert isinstance(result, OutcomeUnknown)
    assert len(tenant.calls) == 1


def test_what_was_last_written_is_carried_and_only_being_there_is_asked(
    provider: AnykrowdProvider, tenant: FakeTenant, wallet: Callable[..., Any]
) -> None:
    tenant.on(looked("ada"), [wallet()])
    known = member(roles=[{"role_id": 3}])
    answer = provider.read({"it": Lookup(STAFF, "ada", known.attributes)})["it"]
    assert answer == known


def test_only_a_404_says_that_somebody_is_gone(
    provider: AnykrowdProvider, tenant: FakeTenant, fail: Callable[..., httpx.Response]
) -> None:
    tenant.on(looked("bob"), []).on(looked("eve"), fail(403, "Access Denied"))
    lookups = {name: Lookup(STAFF, name, {**ADA, "external_id": name}) for name in ("ada", "bob", "eve")}
    answers = provider.read(lookups)
    assert answers["ada"] == Absent()
    assert isinstance(answers["bob"], Object)
    assert isinstance(answers["eve"], Unreadable)


def test_nobody_is_taken_over_who_has_no_wallet(
    provider: AnykrowdProvider, tenant: FakeTenant, wallet: Callable[..., Any]
) -> None:
    tenant.on(looked("bob"), []).on(looked("eve"), [wallet()])
    answers = provider.find({name: Wanted(STAFF, {"external_id": name}) for name in ("ada", "bob", "eve")})
    assert answers["ada"] == answers["bob"] == ()
    assert answers["eve"] == (Object(STAFF, "eve", {"external_id": "eve", "id": "eve"}),)


def test_somebody_asked_for_twice_costs_one_call(provider: AnykrowdProvider, tenant: FakeTenant) -> None:
    provider.read({str(n): Lookup(STAFF, "ada", ADA) for n in range(3)})
    assert tenant.calls == [looked("ada")]


def test_an_external_id_is_encoded(provider: AnykrowdProvider, tenant: FakeTenant) -> None:
    provider.find({"": Wanted(STAFF, {"external_id": "a&b=c d"})})
    assert tenant.requests[0].url.params["external_id"] == "a&b=c d"


def test_a_list_that_is_none_is_unreadable(provider: AnykrowdProvider, tenant: FakeTenant) -> None:
    tenant.on(looked("ada"), {"data": []})
    assert isinstance(provider.read({"": Lookup(STAFF, "ada", ADA)})[""], Unreadable)


def test_a_refusal_of_one_alone_is_not_repeated(provider: AnykrowdProvider, tenant: FakeTenant) -> None:
    with pytest.raises(NotFound):
        provider.update(member(), ADA, frozenset({"first_name"}))
    assert tenant.calls == [SYNC]
