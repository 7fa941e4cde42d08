"""Addresses that a service gives are followed only if they are addresses, and its own."""

import httpx
import pytest

from reconciler.errors import Call, Garbled
from reconciler.provider.urls import address, redirected

CALL = Call("example", "GET /x")
BASE = httpx.URL("https://api.example.com/v3/")


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("", "https://api.example.com/v3/"),
        ("x", "https://api.example.com/v3/x"),
        ("/x?y=1", "https://api.example.com/v3/x?y=1"),
        ("//evil.example/x", "https://api.example.com/v3/evil.example/x"),
        ("@evil.example", "https://api.example.com/v3/@evil.example"),
        ("https://api.example.com:443/other", "https://api.example.com/other"),
    ],
)
def test_a_path_stays_below_the_base_url(path: str, found: str) -> None:
    assert str(address(BASE, path, CALL)) == found


@pytest.mark.parametrize("path", ["https://api.example.com:port/", "https://me:pw@api.example.com/x"])
def test_an_address_that_cannot_be_used_is_garbled(path: str) -> None:
    with pytest.raises(Garbled):
        address(BASE, path, CALL)


@pytest.mark.parametrize("location", ["ftp://api.example.com/", "https://api.example.com:port/"])
def test_a_redirect_to_what_is_no_web_address_is_garbled(location: str) -> None:
    with pytest.raises(Garbled, match="no address"):
        redirected(BASE, location, status=307, method="GET", call=CALL)
