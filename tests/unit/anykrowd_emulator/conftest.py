"""An emulated anyKrowd tenant whose clock stands still until a test moves it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler_anykrowd.sandbox import AnykrowdEmulator
from reconciler_anykrowd.sandbox.first_world import API_KEY
from tests.still_clock import Clock


class Tenant:
    """Calls the emulator with a key; paths are below ``/apix/v1``."""

    def __init__(self, client: httpx.Client, key: str = API_KEY) -> None:
        self.client = client
        self.key = key

    def __call__(self, method: str, path: str, body: Any = None, **options: Any) -> httpx.Response:
        if body is not None:
            options["json"] = body
        headers = {"Authorization": f"Bearer {self.key}", "Accept": "application/json"}
        headers |= options.pop("headers", {})
        return self.client.request(method, f"/anykrowd/apix/v1{path}", headers=headers, **options)

    def ids(self, kind: str) -> dict[str, int]:
        """The ids of all currencies, roles or events by name."""
        listed = self("GET", f"/{kind}/list?limit=100").json()["data"]
        return {each["name"]: each["id"] for each in listed}

    def write_staff(self, *members: dict[str, Any]) -> httpx.Response:
        """One call of ``users/sync``; names and codes are filled in where they are left out."""
        filled = [{"external_qr_code": "QR", "first_name": "A", "last_name": "B", **each} for each in members]
        return self("POST", "/users/sync", {"staff_members": filled})

    def wallets(self, external_id: str) -> list[dict[str, Any]]:
        """Somebody's wallets."""
        answer = self("GET", "/users/wallets", params={"external_id": external_id})
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()
        return found

    def ledger(self, wallet_id: int) -> list[dict[str, Any]]:
        """All of a wallet's transactions."""
        answer = self("GET", f"/wallets/transactions/{wallet_id}?limit=1000")
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    def top_up(self, external_id: str, amount: Any, currency: str = "Euro") -> dict[str, Any]:
        """A transaction of ``users/topup``."""
        body = {"external_id": external_id, "currency_id": self.ids("currencies")[currency], "amount": amount}
        answer = self("POST", "/users/topup", body)
        assert answer.status_code == 200, answer.text
        transaction: dict[str, Any] = answer.json()
        return transaction

    def revoke(self, *nanoids: str) -> httpx.Response:
        """One call of ``wallets/topup-revoke``."""
        return self("POST", "/wallets/topup-revoke", {"nanoids": nanoids})


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def host(clock: Clock) -> Host:
    return Host(World(clock=clock), {"anykrowd": AnykrowdEmulator})


@pytest.fixture
def tenant(host: Host) -> Iterator[Tenant]:
    with httpx.Client(transport=host.transport(), base_url="http://127.0.0.1") as client:
        yield Tenant(client)
