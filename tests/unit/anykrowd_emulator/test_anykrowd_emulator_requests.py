"""What holds for every request to the emulated tenant."""

from typing import Any

import pytest

from reconciler_anykrowd.sandbox.first_world import API_KEY, READ_ONLY_KEY


def refusal(answer: Any) -> tuple[int, str]:
    """Status and text of a refusal, whose body must repeat the status."""
    body = answer.json()
    assert body == {
        "status": "error",
        "error": {"code": answer.status_code, "error": body["error"]["error"]},
    }
    return answer.status_code, body["error"]["error"]


def test_a_key_opens_the_tenant(tenant: Any) -> None:
    answer = tenant("GET", "/ping")
    assert (answer.status_code, answer.json()) == (200, {"message": "pong"})


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer wrong", f"Basic {API_KEY}", API_KEY])
def test_any_other_authorization_is_refused(tenant: Any, header: str) -> None:
    answer = tenant("GET", "/ping", headers={"Authorization": header})
    assert refusal(answer) == (401, "Unauthenticated")
    assert "X-RateLimit-Limit" not in answer.headers


def test_the_public_health_check_needs_no_key_and_is_not_counted(tenant: Any) -> None:
    answer = tenant.client.get("/anykrowd/api/health")
    assert answer.status_code == 200
    assert "X-RateLimit-Limit" not in answer.headers
    assert tenant("GET", "/ping").headers["X-RateLimit-Remaining"] == "999"


def test_a_read_only_key_reads_but_is_denied_every_write(tenant: Any) -> None:
    tenant.key = READ_ONLY_KEY
    assert tenant("GET", "/roles/list").status_code == 200
    for path in ("/users/sync", "/users/topup", "/wallets/topup", "/wallets/topup-revoke"):
        assert refusal(tenant("POST", path, {})) == (403, "Access Denied")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nowhere"),
        ("DELETE", "/ping"),
        ("GET", "/ping/"),
        ("GET", "/roles/show/999"),
        ("GET", "/roles/show/Admin"),
        ("GET", "/events/show/-1"),
        ("GET", "/currencies/show/" + "9" * 5000),
        ("GET", "/wallets/show/999"),
        ("GET", "/wallets/transactions/999"),
        ("GET", "/users/wallets?external_id=nobody"),
    ],
)
def test_what_is_not_there_is_not_found(tenant: Any, method: str, path: str) -> None:
    assert refusal(tenant(method, path)) == (404, "Not Found")


def test_an_id_names_an_object_of_its_kind_only(tenant: Any) -> None:
    role = tenant.ids("roles")["Admin"]
    assert tenant("GET", f"/roles/show/{role}").json()["name"] == "Admin"
    assert tenant("GET", f"/events/show/{role}").status_code == 404


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"[" * 50_000, b'{"a": NaN}', b'{"a": 1e9999999999999999999}']
)
def test_a_body_that_is_no_json_object_is_refused(tenant: Any, content: bytes) -> None:
    assert refusal(tenant("POST", "/users/sync", content=content))[0] == 400


def test_a_client_that_takes_no_json_is_refused(tenant: Any) -> None:
    assert refusal(tenant("GET", "/ping", headers={"Accept": "text/html"}))[0] == 400
    assert tenant("GET", "/ping", headers={"Accept": "*/*"}).status_code == 200


def test_each_call_counts_against_the_hour_until_it_is_over(tenant: Any, clock: Any) -> None:
    first, second = tenant("GET", "/ping"), tenant("GET", "/nowhere")
    assert first.headers["X-RateLimit-Limit"] == "1000"
    assert first.headers["X-RateLimit-Remaining"] == "999"
    assert second.headers["X-RateLimit-Remaining"] == "998"
    assert int(second.headers["X-RateLimit-Reset"]) == int(clock().timestamp()) + 3600
    clock.forward(3600)
    assert tenant("GET", "/ping").headers["X-RateLimit-Remaining"] == "999"


def test_who_has_used_up_the_hour_is_refused_and_nothing_is_done(tenant: Any, host: Any, clock: Any) -> None:
    reset = int(clock().timestamp()) + 60
    host.emulators["anykrowd"].store.put("usage", tenant.key, {"used": 999, "reset": reset})
    assert tenant("GET", "/ping").headers["X-RateLimit-Remaining"] == "0"
    refused = tenant.write_staff({"external_id": "late"})
    assert refusal(refused) == (429, "Too Many Requests")
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert refused.headers["X-RateLimit-Reset"] == str(reset)
    clock.forward(60)
    assert tenant("GET", "/users/wallets?external_id=late").status_code == 404


def test_each_key_has_an_hour_of_its_own(tenant: Any) -> None:
    tenant("GET", "/ping")
    tenant.key = READ_ONLY_KEY
    assert tenant("GET", "/ping").headers["X-RateLimit-Remaining"] == "999"


def test_calls_are_counted_by_their_documented_template(tenant: Any, host: Any) -> None:
    tenant("GET", f"/roles/show/{tenant.ids('roles')['Admin']}")
    tenant.client.get("/anykrowd/api/health")
    tenant("PUT", "/ping")
    assert host.requests()["anykrowd"] == {
        "GET /api/health": 1,
        "GET /apix/v1/roles/list": 1,
        "GET /apix/v1/roles/show/{id}": 1,
        "PUT (unknown path)": 1,
    }
