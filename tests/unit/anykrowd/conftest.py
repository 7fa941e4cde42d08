"""A provider over a tenant that answers as each test says."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
import pytest

from reconciler.provider.context import Context
from reconciler.testing import FakeClock
from reconciler_anykrowd import AnykrowdProvider
from tests.unit.anykrowd.fake_tenant import KEY, TENANT, FakeTenant, failure


@pytest.fixture
def fail() -> Callable[..., httpx.Response]:
    """An error as anyKrowd tells it."""
    return failure


@pytest.fixture
def tenant() -> FakeTenant:
    return FakeTenant()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def connect(tenant: FakeTenant, clock: FakeClock) -> Callable[..., AnykrowdProvider]:
    def make(**settings: Any) -> AnykrowdProvider:
        context = Context(clock=clock, transport=httpx.MockTransport(tenant))
        return AnykrowdProvider({"tenant_url": TENANT, "api_key": KEY, **settings}, context)

    return make


@pytest.fixture
def provider(connect: Callable[..., AnykrowdProvider]) -> AnykrowdProvider:
    return connect()


@pytest.fixture
def page() -> Callable[..., dict[str, Any]]:
    """A list's answer: all of it, or one page of ``last`` with ``total`` items."""

    def make(
        items: Sequence[Any], number: int = 1, last: int = 1, total: int | None = None
    ) -> dict[str, Any]:
        total = len(items) if total is None else total
        meta = {"current_page": number, "last_page": last, "per_page": 100, "total": total, "path": ""}
        return {"data": list(items), "links": dict.fromkeys(("first", "last", "prev", "next")), "meta": meta}

    return make


EURO = {"id": 1, "default": 1, "name": "Euro", "prefix": "€", "suffix": "", "exchange_rate": "1.00000"}
TOKEN = {"id": 2, "default": 0, "name": "Token", "prefix": "", "suffix": "T", "exchange_rate": "2.50000"}


@pytest.fixture
def wallet() -> Callable[..., dict[str, Any]]:
    """A wallet as the API tells it."""

    def make(number: int = 15, currency: Mapping[str, Any] = EURO, balance: str = "0.00") -> dict[str, Any]:
        return {"id": number, "currency": currency, "current_balance": balance, "is_guest_wallet": 0}

    return make


@pytest.fixture
def entry() -> Callable[..., dict[str, Any]]:
    """An entry of a wallet's ledger as the API tells it."""

    def make(nanoid: str, amount: Any = "12.50", number: int = 0, **others: Any) -> dict[str, Any]:
        return {
            "id": number or sum(nanoid.encode()),
            "wallet_id": 15,
            "amount": amount,
            "direction": "CREDIT",
            "nanoid": nanoid,
            "type": "TOPUP",
            "reference": None,
            "created_at": "2026-01-01T00:00:00.000000Z",
            "balance_after": "12.50",
            "currency": EURO,
            **others,
        }

    return make


@pytest.fixture
def currencies() -> tuple[dict[str, Any], dict[str, Any]]:
    """Euro, the default, and Token."""
    return EURO, TOKEN
