"""Money is moved once, over a network that loses answers: exact balances, whatever is lost."""

import random
from decimal import Decimal
from typing import Any, Protocol

import httpx
import pytest

from reconciler.errors import OutcomeUnknown, ProviderError
from reconciler.provider import Object, Wanted
from reconciler_anykrowd import AnykrowdProvider

TOPUP = "anykrowd_wallet_topup"
EURO = 1
TRIES = 50


class AnyLab(Protocol):
    provider: AnykrowdProvider
    wire: Any

    def hire(self, external_id: str) -> None: ...
    def wallet(self, external_id: str) -> Any: ...


class Loss:
    """Loses requests and answers at random, more of those that pay."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.is_on = True

    def __call__(self, request: httpx.Request) -> str:
        if not self.is_on:
            return "kept"
        weights = (2, 3, 5) if request.method == "POST" else (8, 1, 1)
        return self._random.choices(("kept", "before", "after"), weights)[0]


def pay_for_certain(lab: AnyLab, wanted: dict[str, Any], loss: Loss) -> Object:
    """Pay as the engine does: the ids from before a call whose outcome stayed open decide what it did."""
    provider = lab.provider
    while True:
        before = ids(provider, wanted)
        if before is None:
            continue
        try:
            return provider.create(TOPUP, wanted)
        except OutcomeUnknown:
            loss.is_on = False
            found = provider.find({"": Wanted(TOPUP, wanted)})[""]
            loss.is_on = True
            assert isinstance(found, tuple)
            new = [one for one in found if one.id not in before]
            if len(new) == 1:
                return new[0]
            assert new == []
        except ProviderError:
            continue


def ids(provider: AnykrowdProvider, wanted: dict[str, Any]) -> set[str] | None:
    found = provider.find({"": Wanted(TOPUP, wanted)})[""]
    return {one.id for one in found} if isinstance(found, tuple) else None


@pytest.mark.parametrize("seed", range(TRIES))
def test_a_topup_is_paid_exactly_once_whatever_is_lost(lab: AnyLab, seed: int) -> None:
    lab.hire("ada")
    loss = Loss(seed)
    lab.wire.lose = loss
    amounts = [12.5, 12.5, 0.1, 7, 12.5]
    paid = []
    for amount in amounts:
        loss.is_on = True
        paid.append(pay_for_certain(lab, {"external_id": "ada", "currency_id": EURO, "amount": amount}, loss))
    loss.is_on = False
    assert len({one.id for one in paid}) == len(amounts)
    assert [one.attributes["amount"] for one in paid] == amounts
    assert Decimal(lab.wallet("ada")["current_balance"]) == sum(Decimal(str(amount)) for amount in amounts)


@pytest.mark.parametrize("seed", range(TRIES))
def test_an_answer_lost_after_the_service_acted_is_settled_by_the_provider_alone(
    lab: AnyLab, seed: int
) -> None:
    lab.hire("ada")
    draw = random.Random(seed)
    lab.wire.lose = lambda request: "after" if request.url.path.endswith("topup") else "kept"
    wanted = {"external_id": "ada", "currency_id": EURO, "amount": round(draw.uniform(0.01, 500), 2)}
    count = draw.randint(1, 4)
    paid = [lab.provider.create(TOPUP, wanted) for _ in range(count)]
    assert len({one.id for one in paid}) == count
    assert lab.wire.calls("POST", "/users/topup") == count
    assert Decimal(lab.wallet("ada")["current_balance"]) == count * Decimal(str(wanted["amount"]))


@pytest.mark.parametrize("seed", range(TRIES))
def test_a_topup_is_revoked_exactly_once_whatever_is_lost(lab: AnyLab, seed: int) -> None:
    lab.hire("ada")
    wanted = {"external_id": "ada", "currency_id": EURO, "amount": 12.5}
    kept, undone = (lab.provider.create(TOPUP, wanted) for _ in range(2))
    lab.wire.lose = Loss(seed)
    while True:
        try:
            lab.provider.delete(undone, "delete")
            break
        except ProviderError:
            continue
    lab.wire.lose = lambda request: "kept"
    assert Decimal(lab.wallet("ada")["current_balance"]) == Decimal("12.5")
    assert ids(lab.provider, wanted) == {kept.id}
