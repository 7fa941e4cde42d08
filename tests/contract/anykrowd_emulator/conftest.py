"""The description of anyKrowd's API, and a tour of the emulator to hold against it."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler_anykrowd.sandbox import AnykrowdEmulator
from reconciler_anykrowd.sandbox.first_world import READ_ONLY_KEY
from tests.contract_data import contract_file

VALIDITY = {"valid_from": "2026-01-01 00:00:00", "valid_until": "2026-12-31 23:59:59"}
MEMBER = {"external_id": "s1", "external_qr_code": "QR1", "first_name": "Ada", "last_name": "Byron"}


@dataclass(frozen=True)
class Exchange:
    """One request and its answer; ``path`` without the service's prefix."""

    method: str
    path: str
    query: Mapping[str, str]
    status: int
    request: Any
    response: Any


class Description:
    """Which operation a request is, and what is wrong with it or its answer."""

    def __init__(self, file: Path) -> None:
        self.document = json.loads(file.read_text(encoding="utf-8"))
        self.components = {"components": _as_json_schema(self.document["components"])}
        self.operations: dict[str, Mapping[str, Any]] = {
            f"{method.upper()} {path}": operation
            for path, item in self.document["paths"].items()
            for method, operation in item.items()
        }

    def find(self, exchange: Exchange) -> str | None:
        for name in self.operations:
            method, _, path = name.partition(" ")
            if method == exchange.method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), exchange.path):
                return name
        return None

    def body_schema(self, name: str) -> Any:
        """The schema of an operation's request body, or nothing."""
        body = self.operations[name].get("requestBody")
        return None if body is None else body["content"]["application/json"]["schema"]

    def problems(self, exchange: Exchange) -> list[str]:
        name = self.find(exchange)
        if name is None:
            return [f"{exchange.method} {exchange.path}: not in the description"]
        said = [*self.of_response(name, exchange)]
        if exchange.status == 200:
            said += [*self.of_request(name, exchange)]
        return [f"{name} {exchange.status}: {each}" for each in said]

    def of_request(self, name: str, exchange: Exchange) -> Iterator[str]:
        declared = {each["name"]: each for each in self.operations[name].get("parameters", [])}
        for key, text in exchange.query.items():
            if key not in declared:
                yield f"undocumented parameter {key}"
            else:
                schema = declared[key]["schema"]
                value: Any = int(text) if schema["type"] == "integer" else text
                yield from self.validate(schema, value, f"parameter {key}")
        schema = self.body_schema(name)
        if (schema is None) != (exchange.request is None):
            yield "has a body" if schema is None else "has no body"
        elif schema is not None:
            yield from self.validate(schema, exchange.request, "request")
            yield from self.other_keys(schema, exchange.request, "request")

    def of_response(self, name: str, exchange: Exchange) -> Iterator[str]:
        documented = self.resolve(self.operations[name]["responses"].get(str(exchange.status)))
        if documented is None:
            yield "undocumented status"
            return
        schema = documented["content"]["application/json"]["schema"]
        yield from self.validate(schema, exchange.response, "answer")
        yield from self.other_keys(schema, exchange.response, "answer")
        yield from self.missing_keys(schema, exchange.response, "answer")

    def validate(self, schema: Any, value: Any, where: str) -> Iterator[str]:
        validator = jsonschema_rs.Draft202012Validator({**_as_json_schema(schema), **self.components})
        for error in validator.iter_errors(value):
            yield f"{where} {list(error.instance_path)}: {error.message[:160]}"

    def other_keys(self, schema: Any, value: Any, where: str) -> Iterator[str]:
        """Keys that the description does not know; its schemas are open, so validation lets them be."""
        for each, fields, place in self.objects(schema, value, where):
            yield from (f"undocumented key {place}.{key}" for key in each if key not in fields)

    def missing_keys(self, schema: Any, value: Any, where: str) -> Iterator[str]:
        """Keys that the description knows, whether it requires them or not, and an answer does not have."""
        for each, fields, place in self.objects(schema, value, where):
            yield from (f"missing key {place}.{key}" for key in fields if key not in each)

    def objects(self, schema: Any, value: Any, where: str) -> Iterator[tuple[Any, Any, str]]:
        """All objects within a value that have documented fields, with these."""
        schema = self.resolve(schema)
        if isinstance(value, list):
            for each in value:
                yield from self.objects(schema.get("items", {}), each, f"{where}[]")
        fields = schema.get("properties")
        if isinstance(value, dict) and fields:
            yield value, fields, where
            for key in fields.keys() & value.keys():
                yield from self.objects(fields[key], value[key], f"{where}.{key}")

    def resolve(self, node: Any) -> Any:
        while isinstance(node, dict) and "$ref" in node:
            found: Any = self.document
            for part in node["$ref"][2:].split("/"):
                found = found[part]
            node = found
        return node


def _as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0's ``nullable`` in the words of JSON Schema; there is nothing else to translate."""
    if isinstance(node, list):
        return [_as_json_schema(each) for each in node]
    if not isinstance(node, dict):
        return node
    out = {key: _as_json_schema(value) for key, value in node.items() if key != "nullable"}
    return {"anyOf": [out, {"type": "null"}]} if node.get("nullable") is True else out


@pytest.fixture(scope="session")
def description() -> Description:
    return Description(contract_file("anykrowd", "anykrowd.openapi.json"))


class Visitor:
    """Calls the emulator and keeps what was said."""

    def __init__(self, client: httpx.Client, connection: Mapping[str, str]) -> None:
        self.client = client
        self.origin = connection["base_url"]
        self.key = connection["api_key"]
        self.exchanges: list[Exchange] = []

    def __call__(self, method: str, path: str, status: int, body: Any = None, **query: str) -> Any:
        options: dict[str, Any] = {} if body is None else {"json": body}
        headers = {"Authorization": f"Bearer {self.key}", "Accept": "application/json"}
        path = f"/apix/v1{path}"
        answer = self.client.request(method, f"{self.origin}{path}", params=query, headers=headers, **options)
        said = answer.json()
        self.exchanges.append(Exchange(method, path, query, answer.status_code, body, said))
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        return said


@pytest.fixture
def host() -> Host:
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    return Host(World(clock=lambda: moment), {"anykrowd": AnykrowdEmulator})


@pytest.fixture
def visit(host: Host) -> Iterator[Visitor]:
    with httpx.Client(transport=host.transport()) as client:
        yield Visitor(client, host.connections()["anykrowd"])


@pytest.fixture
def exchanges(host: Host, visit: Visitor) -> list[Exchange]:
    """What the emulator answers on a tour through all its operations."""
    times = {"start_datetime": "2026-01-01 00:00:00", "end_datetime": "2026-01-03 00:00:00"}
    host.seed({"anykrowd": {"events": [{"name": "Running", **times}]}})
    visit("GET", "/ping", 200)
    catalogue(visit)
    staff(visit)
    money(visit)
    refused(host, visit)
    return visit.exchanges


def catalogue(visit: Visitor) -> None:
    for kind in ("currencies", "events", "roles"):
        for each in visit("GET", f"/{kind}/list", 200)["data"]:
            visit("GET", f"/{kind}/show/{each['id']}", 200)
        visit("GET", f"/{kind}/list", 200, limit="1", page="2")
        visit("GET", f"/{kind}/list", 200, page="9")
        visit("GET", f"/{kind}/list", 400, limit="0")
        visit("GET", f"/{kind}/show/999", 404)
    visit("GET", "/events/list", 200, active="true")
    visit("GET", "/events/list", 400, active="maybe")


def staff(visit: Visitor) -> None:
    role = visit("GET", "/roles/list", 200)["data"][0]["id"]
    whole = {
        **MEMBER,
        "external_qr_codes": ["QR2", "QR3"],
        "roles": [{"role_id": role, **VALIDITY}, {"role_id": role}],
        "create_user_account": True,
    }
    visit("POST", "/users/sync", 200, {"staff_members": [whole, {**MEMBER, "external_id": 7}]})
    visit("POST", "/users/sync", 200, {"staff_members": [{**MEMBER, "roles": []}]})
    visit("POST", "/users/sync", 400, {"staff_members": [{**MEMBER, "roles": [{"role_id": 999}]}]})
    visit("GET", "/users/wallets", 200, external_id="7")
    visit("GET", "/users/wallets", 404, external_id="nobody")
    visit("GET", "/users/wallets", 400)


def money(visit: Visitor) -> None:
    euro, token = (each["id"] for each in visit("GET", "/currencies/list", 200)["data"])
    made = [
        visit("POST", "/users/topup", 200, {"external_id": "s1", "currency_id": currency, "amount": 12.5})
        for currency in (euro, token)
    ]
    wallet = made[0]["wallet_id"]
    body = {"wallet_id": wallet, "currency_id": euro, "amount": 3}
    made.append(visit("POST", "/wallets/topup", 200, body))
    visit("POST", "/wallets/topup", 400, {**body, "currency_id": token})
    visit("POST", "/wallets/topup", 404, {**body, "wallet_id": 999})
    visit("POST", "/users/topup", 404, {"external_id": "nobody", "currency_id": euro, "amount": 1})
    nanoids = {"nanoids": [each["nanoid"] for each in made]}
    visit("POST", "/wallets/topup-revoke", 200, nanoids)
    visit("POST", "/wallets/topup-revoke", 400, nanoids)
    visit("POST", "/wallets/topup-revoke", 404, {"nanoids": ["unknown"]})
    visit("GET", f"/wallets/show/{wallet}", 200)
    visit("GET", f"/wallets/transactions/{wallet}", 200)
    for each in visit("GET", "/users/wallets", 200, external_id="visitor-1"):
        visit("GET", f"/wallets/transactions/{each['id']}", 200, limit="2", page="2")
    visit("GET", "/wallets/show/999", 404)
    visit("GET", "/wallets/transactions/999", 404)


def refused(host: Host, visit: Visitor) -> None:
    key, visit.key = visit.key, "wrong"
    visit("GET", "/ping", 401)
    visit.key = READ_ONLY_KEY
    visit("POST", "/users/sync", 403, {"staff_members": []})
    emulator: Any = host.emulators["anykrowd"]
    emulator.store.put("usage", key, {"used": 1000, "reset": 2_000_000_000})
    visit.key = key
    visit("GET", "/ping", 429)
