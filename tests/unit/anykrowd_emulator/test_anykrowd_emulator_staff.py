"""Staff members of the emulated tenant: written many at once, seen through their wallets."""

import json
from typing import Any

import pytest

MEMBER = {"external_id": "s1", "external_qr_code": "QR1", "first_name": "Ada", "last_name": "Byron"}


def staff(host: Any) -> dict[str, dict[str, Any]]:
    return {each["external_id"]: each for each in host.show()["anykrowd"]["staff_members"]}


def test_who_is_new_gets_a_wallet_in_the_default_currency(tenant: Any, host: Any) -> None:
    answer = tenant.write_staff({"external_id": "s1"}, {"external_id": 7})
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    for external_id in ("s1", "7"):
        (wallet,) = tenant.wallets(external_id)
        assert (wallet["currency"]["name"], wallet["current_balance"]) == ("Euro", "0.00")
        assert wallet["is_guest_wallet"] == 0
    assert list(staff(host)) == ["s1", "7"]


def test_writing_somebody_again_changes_him_and_makes_nobody_new(tenant: Any, host: Any) -> None:
    tenant.write_staff({"external_id": "7", "first_name": "Ada"})
    before = tenant.wallets("7")
    tenant.write_staff({"external_id": 7, "first_name": "Augusta", "external_qr_codes": ["A", "B"]})
    assert staff(host)["7"]["first_name"] == "Augusta"
    assert staff(host)["7"]["external_qr_codes"] == ["A", "B"]
    assert (len(staff(host)), tenant.wallets("7")) == (1, before)


def test_roles_are_replaced_if_given_and_kept_if_not(tenant: Any, host: Any) -> None:
    roles = tenant.ids("roles")
    validity = {"valid_from": "2026-01-01 00:00:00", "valid_until": "2026-02-01 00:00:00"}
    tenant.write_staff(
        {
            "external_id": "s1",
            "roles": [{"role_id": roles["Checkin"], **validity}, {"role_id": roles["Admin"]}],
        }
    )
    tenant.write_staff({"external_id": "s1", "last_name": "Byron"})
    assert staff(host)["s1"]["roles"] == [
        {"role": "Checkin", "role_id": roles["Checkin"], **validity},
        {"role": "Admin", "role_id": roles["Admin"], "valid_from": None, "valid_until": None},
    ]
    tenant.write_staff({"external_id": "s1", "roles": [{"role_id": roles["Admin"]}]})
    assert [role["role"] for role in staff(host)["s1"]["roles"]] == ["Admin"]
    tenant.write_staff({"external_id": "s1", "roles": []})
    assert staff(host)["s1"]["roles"] == []


def test_an_account_is_made_if_it_is_asked_for_and_stays(tenant: Any, host: Any) -> None:
    tenant.write_staff({"external_id": "s1", "create_user_account": True}, {"external_id": "s2"})
    tenant.write_staff({"external_id": "s1", "create_user_account": False})
    assert {name: each["has_user_account"] for name, each in staff(host).items()} == {"s1": True, "s2": False}
    assert tenant.top_up("s1", 1)["user_id"] is not None
    assert tenant.top_up("s2", 1)["user_id"] is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"external_id": ""}, "external_id: must not be empty"),
        ({"external_id": True}, "external_id: must be an integer"),
        ({"external_id": 1.5}, "external_id: must be text"),
        ({"external_qr_code": " "}, "external_qr_code: must not be empty"),
        ({"external_qr_code": 5}, "external_qr_code: must be text"),
        ({"external_qr_codes": "A"}, "external_qr_codes: must be a list"),
        ({"external_qr_codes": [1]}, "external_qr_codes.0: must be text"),
        ({"first_name": None}, "first_name: must be text"),
        ({"create_user_account": 1}, "create_user_account: must be true or false"),
        ({"roles": {}}, "roles: must be a list"),
        ({"roles": [3]}, "roles.0: must be an object"),
        ({"roles": [{}]}, "roles.0.role_id: is required"),
        ({"roles": [{"role_id": "3"}]}, "roles.0.role_id: must be an integer"),
        ({"roles": [{"role_id": 999}]}, "roles.0.role_id: there is no role 999"),
        ({"roles": [{"role_id": 2**70}]}, "roles.0.role_id: must be an integer"),
        ({"roles": [{"role_id": 3, "valid_from": "2026-01-01"}]}, "roles.0.valid_from: must be a time"),
        ({"roles": [{"role_id": 3, "valid_from": "2026-13-01 00:00:00"}]}, "roles.0.valid_from: is no time"),
        (
            {
                "roles": [
                    {"role_id": 3, "valid_from": "2026-01-02 00:00:00", "valid_until": "2026-01-01 00:00:00"}
                ]
            },
            "roles.0.valid_until: must not be before",
        ),
    ],
)
def test_one_who_does_not_fit_is_refused_by_place_and_nobody_is_written(
    tenant: Any, host: Any, change: dict[str, Any], said: str
) -> None:
    answer = tenant.write_staff({"external_id": "before"}, {**MEMBER, **change})
    assert answer.status_code == 400
    assert answer.json()["error"]["error"].startswith(f"staff_members.1.{said}")
    assert staff(host) == {}


def test_half_a_surrogate_pair_is_refused(tenant: Any) -> None:
    content = json.dumps({"staff_members": [{**MEMBER, "external_id": "\ud800"}]})
    answer = tenant("POST", "/users/sync", content=content)
    assert answer.json()["error"]["error"] == "staff_members.0.external_id: is not Unicode"


@pytest.mark.parametrize("missing", sorted(MEMBER))
def test_what_is_required_must_be_there(tenant: Any, missing: str) -> None:
    member = {name: value for name, value in MEMBER.items() if name != missing}
    answer = tenant("POST", "/users/sync", {"staff_members": [member]})
    assert answer.json()["error"] == {"code": 400, "error": f"staff_members.0.{missing}: is required"}


def test_without_a_list_of_people_there_is_nothing_to_write(tenant: Any) -> None:
    assert tenant("POST", "/users/sync", {}).status_code == 400
    assert tenant("POST", "/users/sync", {"staff_members": {}}).status_code == 400
    assert tenant("POST", "/users/sync", {"staff_members": []}).json() == {"success": True}


def test_wallets_are_asked_for_by_external_id(tenant: Any) -> None:
    assert tenant("GET", "/users/wallets").status_code == 400
