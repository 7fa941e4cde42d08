"""Credentials stay where they belong."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from reconciler.errors import Refused
from reconciler.provider.context import Context, hosts_allowed
from reconciler.provider.http import Connection
from reconciler.provider.origins import check_base_url
from reconciler.testing import FakeClock

OWN = ("https://api.example.com",)


def check(base_url: str, *allowed: str) -> httpx.URL:
    return check_base_url(base_url, service="example", service_origins=OWN, allowed_hosts=allowed)


@pytest.mark.parametrize(
    "base_url",
    [
        "https://api.example.com",
        "https://API.example.com:443/v3/",
        "http://localhost:8080/x",
        "http://127.0.0.1:1",
        "https://127.1.2.3",
        "http://[::1]:8080",
    ],
)
def test_the_service_itself_and_loopback_are_allowed(base_url: str) -> None:
    assert check(base_url) == httpx.URL(base_url)


@pytest.mark.parametrize(
    "base_url",
    [
        "https://evil.example",
        "https://api.example.com.evil.example",
        "https://evil.example/api.example.com",
        "https://api.example.com:8443",
        "https://localhost.evil.example",
        "https://127.0.0.1.evil.example",
        "https://169.254.169.254",
        "https://0.0.0.0",
    ],
)
def test_any_other_address_is_refused_with_what_to_do(base_url: str) -> None:
    with pytest.raises(Refused, match="must not go") as caught:
        check(base_url)
    assert "RECONCILER_ALLOWED_HOSTS=" in caught.value.diagnostics[0].advice


@pytest.mark.parametrize("allowed", ["ghe.example", "GHE.example", "ghe.example:8443"])
def test_a_host_can_be_allowed(allowed: str) -> None:
    assert check("https://ghe.example:8443/api/v3", allowed).host == "ghe.example"


def test_a_port_that_is_not_the_allowed_one_is_refused() -> None:
    with pytest.raises(Refused):
        check("https://ghe.example:9000", "ghe.example:8443")


@pytest.mark.parametrize("base_url", ["http://api.example.com", "http://ghe.example"])
def test_credentials_never_travel_unencrypted(base_url: str) -> None:
    with pytest.raises(Refused, match="unencrypted"):
        check(base_url, "ghe.example")


@pytest.mark.parametrize("base_url", ["", "api.example.com", "ftp://api.example.com", "https://"])
def test_what_is_no_address_is_refused(base_url: str) -> None:
    with pytest.raises(Refused, match="not a usable address"):
        check(base_url)


@pytest.mark.parametrize(
    "base_url",
    ["https://me:pw@api.example.com", "https://api.example.com?x=1", "https://api.example.com#x"],
)
def test_an_address_holds_nothing_but_an_address(base_url: str) -> None:
    with pytest.raises(Refused, match="must hold no"):
        check(base_url)


def test_a_connection_to_elsewhere_is_never_made() -> None:
    with pytest.raises(Refused):
        Connection("https://evil.example", service="example", service_origins=OWN, context=Context())


def test_allowed_hosts_come_from_flags_and_the_environment() -> None:
    environ = {"RECONCILER_ALLOWED_HOSTS": "ghe.example, Other.example:8443,,"}
    assert hosts_allowed(["a.example,b.example"], environ) == {
        "ghe.example",
        "other.example:8443",
        "a.example",
        "b.example",
    }
    assert hosts_allowed((), {}) == frozenset()


def proxies_for(base_url: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    make: Callable[..., httpx.Client] = httpx.Client

    def spy(**options: Any) -> httpx.Client:
        kept.update(options)
        return make(**options)

    monkeypatch.setattr(httpx, "Client", spy)
    Connection(base_url, service="example", service_origins=OWN, context=Context(clock=FakeClock())).close()
    return kept


def test_the_proxy_of_the_environment_is_used_for_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxies_for("https://api.example.com", monkeypatch)["trust_env"] is True


def test_no_proxy_stands_before_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxies_for("http://127.0.0.1:9", monkeypatch)["trust_env"] is False
