"""Every request that the provider makes is one that anyKrowd describes, and every answer is understood."""

import json
import re
from typing import Any, Protocol

import httpx
import jsonschema_rs
import pytest

from reconciler.provider import Lookup, Wanted, Write
from reconciler_anykrowd import AnykrowdProvider

EURO = 1
ADA = {
    "external_id": "ada",
    "external_qr_code": "q",
    "external_qr_codes": ["r"],
    "first_name": "Ada",
    "last_name": "L",
    "create_user_account": True,
}


class AnyLab(Protocol):
    provider: AnykrowdProvider
    wire: Any

    def role(self, name: str = "Checkin") -> int: ...
    def wallet(self, external_id: str) -> Any: ...


def take_tour(lab: AnyLab) -> None:
    """Make every kind of call that the provider can make."""
    provider = lab.provider
    provider.health()
    times = {"valid_from": "2026-01-01 00:00:00", "valid_until": "2027-01-01 00:00:00"}
    roles = [{"role_id": lab.role(), **times}]
    bob = {name: value for name, value in ADA.items() if name != "external_qr_codes"}
    ada, _ = provider.write_many(
        [
            Write("create", "anykrowd_staff_member", {**ADA, "roles": roles}),
            Write("create", "anykrowd_staff_member", {**bob, "external_id": "bob b"}),
        ]
    )
    assert not isinstance(ada, Exception | None)
    provider.update(ada, {**ADA, "roles": []}, frozenset({"roles"}))
    by_person = {"external_id": "ada", "currency_id": EURO, "amount": 12.5}
    paid = provider.create("anykrowd_wallet_topup", by_person)
    by_wallet = {"wallet_id": lab.wallet("ada")["id"], "currency_id": EURO, "amount": 3}
    provider.create("anykrowd_wallet_topup", by_wallet)
    made = {one.id: Lookup(one.type, one.id, one.attributes) for one in (ada, paid)}
    provider.read({**made, "gone": Lookup("anykrowd_staff_member", "gone", {})})
    wanted = {
        "staff": Wanted("anykrowd_staff_member", {"external_id": "ada"}),
        "topup": Wanted("anykrowd_wallet_topup", by_person),
        "role": Wanted("data.anykrowd_role", {"name": "Checkin"}),
        "event": Wanted("data.anykrowd_event", {"id": 1}),
        "events": Wanted("data.anykrowd_events", {}),
        "currency": Wanted("data.anykrowd_currency", {"default": True}),
        "wallet": Wanted("data.anykrowd_wallet", {"external_id": "ada", "currency_id": EURO}),
        "by_id": Wanted("data.anykrowd_wallet", {"id": by_wallet["wallet_id"]}),
    }
    for key, found in provider.find(wanted).items():
        assert isinstance(found, tuple), found
        assert len(found) == (0 if key == "event" else 1), key
    provider.delete(paid, "delete")
    provider.delete(ada, "revoke_roles")


@pytest.fixture
def exchanges(lab: AnyLab) -> list[tuple[httpx.Request, httpx.Response]]:
    take_tour(lab)
    return list(lab.wire.exchanges)


def operation(openapi: dict[str, Any], request: httpx.Request) -> dict[str, Any]:
    path = request.url.path.removeprefix("/anykrowd")
    for template, item in openapi["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path) and request.method.lower() in item:
            found: dict[str, Any] = item[request.method.lower()]
            return found
    raise AssertionError(f"{request.method} {path} is described nowhere")


def problems(openapi: dict[str, Any], schema: dict[str, Any], value: Any) -> list[str]:
    """What is wrong with a value, keys that the description does not name among it."""
    whole = {**closed(schema), "components": closed(openapi["components"])}
    return [problem.message for problem in jsonschema_rs.validator_for(whole).iter_errors(value)]


def closed(node: Any) -> Any:
    """OpenAPI 3.0's ``nullable`` in JSON Schema's words, and no keys but those described."""
    if isinstance(node, list):
        return [closed(part) for part in node]
    if not isinstance(node, dict):
        return node
    found = {key: closed(part) for key, part in node.items() if key != "nullable"}
    if isinstance(found.get("properties"), dict) and "type" in found:
        found.setdefault("additionalProperties", False)
    if node.get("nullable") and isinstance(found.get("type"), str):
        found["type"] = [found["type"], "null"]
    if node.get("nullable") and "anyOf" in found:
        found["anyOf"] = [*found["anyOf"], {"type": "null"}]
    return found


def test_every_request_is_described_with_all_keys_of_its_body(
    exchanges: list[tuple[httpx.Request, httpx.Response]], openapi: dict[str, Any]
) -> None:
    seen = set()
    for request, _ in exchanges:
        described = operation(openapi, request)
        seen.add(described["operationId"])
        content = described.get("requestBody", {}).get("content", {})
        assert bool(request.content) is bool(content), described["operationId"]
        if content:
            schema = content["application/json"]["schema"]
            assert problems(openapi, schema, json.loads(request.content)) == [], described["operationId"]
            assert request.headers["content-type"] == "application/json"
    assert seen == {
        *("ping", "listCurrency", "listEvent", "listRole", "userWallets", "showWallet"),
        *("walletTransactions", "syncUsers", "topUpUser", "topUpWallet", "revokeTopUp"),
    }


def test_every_parameter_is_described(
    exchanges: list[tuple[httpx.Request, httpx.Response]], openapi: dict[str, Any]
) -> None:
    for request, _ in exchanges:
        parameters = operation(openapi, request).get("parameters", [])
        in_query = {one["name"]: one for one in parameters if one["in"] == "query"}
        assert set(request.url.params) <= set(in_query), request.url
        needed = {name for name, one in in_query.items() if one["required"]}
        assert needed <= set(request.url.params), request.url
        for name, text in request.url.params.items():
            if in_query[name]["schema"]["type"] == "integer":
                assert int(text) >= in_query[name]["schema"]["minimum"]


def test_every_answer_that_was_understood_is_as_described(
    exchanges: list[tuple[httpx.Request, httpx.Response]], openapi: dict[str, Any]
) -> None:
    for request, answer in exchanges:
        described = operation(openapi, request)["responses"][str(answer.status_code)]
        if "$ref" in described:
            described = openapi["components"]["responses"][described["$ref"].rpartition("/")[2]]
        schema = described["content"]["application/json"]["schema"]
        assert problems(openapi, schema, answer.json()) == [], request.url


def test_every_request_carries_what_anykrowd_wants_in_its_headers(
    exchanges: list[tuple[httpx.Request, httpx.Response]],
) -> None:
    for request, _ in exchanges:
        assert request.headers["accept"] == "application/json"
        assert request.headers["authorization"].startswith("Bearer ")
        assert request.headers["user-agent"].startswith("reconciler/")


def test_every_error_that_is_described_is_told_with_a_remedy(lab: AnyLab, openapi: dict[str, Any]) -> None:
    answers = [one["responses"] for item in openapi["paths"].values() for one in item.values()]
    statuses = {int(status) for answer in answers for status in answer} - {200}
    assert len(statuses) == 6
    for status in statuses:
        lab.wire.status = status
        error = lab.provider.health().error
        assert error is not None
        assert f"HTTP {status}" in error.cause
        assert error.remedy
