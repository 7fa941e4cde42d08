"""The address of an object that another one has taken the place of, while it is still there.

With ``create_before_destroy`` the new object gets the address as soon as it exists. Until the old one is
removed, state knows it by an address that nobody can declare: whatever happens in between, it is neither lost
nor taken for what is declared, and the next plan removes it.
"""

import hashlib
import re
from dataclasses import replace

from reconciler.address import Address
from reconciler.state.model import StateObject

ACTION = "depose"
"""What the history says of it."""

_KEY = re.compile(r"(?:(?P<key>.*) )?\(deposed [0-9a-f]{8}\)", re.DOTALL)


def deposed(address: Address, identity: str) -> Address:
    """The address of the object with this id, once another one has its own."""
    digest = hashlib.sha256(identity.encode("utf-8", errors="surrogatepass")).hexdigest()[:8]
    mark = f"(deposed {digest})"
    return replace(address, key=mark if address.key is None else f"{address.key} {mark}")


def origin(address: Address) -> Address | None:
    """The address that an object had before another one got it; None for an address like any other."""
    found = _KEY.fullmatch(address.key) if address.key is not None else None
    return replace(address, key=found["key"]) if found else None


def as_deposed(recorded: StateObject) -> StateObject:
    """An object that is to go, for another one has its address."""
    return replace(recorded, address=deposed(recorded.address, recorded.id), prevent_destroy=False)
