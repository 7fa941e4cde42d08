"""anyKrowd's provider passes the suite that all providers pass, over the emulated tenant."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import pytest

from reconciler.errors import Rejected
from reconciler.provider import Object, Provider, Wanted
from reconciler.testing.contract import ProviderContract, Sample, Subject
from reconciler_anykrowd import AnykrowdProvider

BAD_KEY = "wrong-key-5d41402abc"
EURO = 1


class AnyLab(Protocol):
    provider: AnykrowdProvider
    settings: dict[str, Any]
    wire: Any

    def connect(self, **settings: Any) -> AnykrowdProvider: ...
    def behind(self, method: str, path: str, json: Any = None) -> Any: ...
    def role(self, name: str = "Checkin") -> int: ...


def person(role_id: int) -> Callable[[Provider, int], Mapping[str, Any]]:
    def make(provider: Provider, n: int) -> Mapping[str, Any]:
        return {
            "external_id": f"staff-{n}",
            "external_qr_code": f"qr-{n}",
            "external_qr_codes": [f"z-{n}", f"a-{n}"],
            "first_name": "Ada",
            "last_name": f"The {n}th",
            "roles": [{"role_id": role_id, "valid_from": "2026-01-01 00:00:00"}],
            "create_user_account": True,
        }

    return make


def topup(provider: Provider, n: int) -> Mapping[str, Any]:
    owner = {"external_id": "rich", "external_qr_code": "r", "first_name": "R", "last_name": "Ich"}
    if provider.find({"": Wanted("anykrowd_staff_member", {"external_id": "rich"})})[""] == ():
        provider.create("anykrowd_staff_member", owner)
    return {"external_id": "rich", "currency_id": EURO, "amount": n + 1.25, "allow_replace": False}


@pytest.fixture
def samples(lab: AnyLab) -> dict[str, Sample]:
    def revoke(found: Object) -> None:
        lab.behind("POST", "/wallets/topup-revoke", {"nanoids": [found.id]})

    return {
        "anykrowd_staff_member": Sample(person(lab.role()), {"first_name": "Eve", "roles": []}),
        "anykrowd_wallet_topup": Sample(topup, {}, revoke),
    }


class TestAnykrowdProvider(ProviderContract):
    @pytest.fixture
    def subject(self, lab: AnyLab, samples: dict[str, Sample]) -> Subject:
        def failing() -> Provider:
            lab.wire.status = 500
            return lab.connect()

        return Subject(
            factory=AnykrowdProvider,
            provider=lab.provider,
            samples=samples,
            with_bad_credentials=lambda: lab.connect(api_key=BAD_KEY),
            when_failing=failing,
            secrets=(BAD_KEY, lab.settings["api_key"]),
        )

    def test_the_list_of_a_type_holds_what_was_created(self, subject: Subject) -> None:
        """anyKrowd lists neither people nor wallets, and that is said rather than an empty list given."""
        for facts, _ in subject.types():
            with pytest.raises(Rejected) as caught:
                list(subject.provider.list(facts.name))
            assert "AdminX" in caught.value.remedy
