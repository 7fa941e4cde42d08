"""Secrets: sealed boxes that only the scope's private key opens.

Each scope (a repository, an organisation) has a key pair of libsodium's kind. It is derived from the scope's
name, so that it lasts with the world and is the same in each run; a sandbox guards nothing.
Source: docs.github.com/en/rest/guides/encrypting-secrets-for-the-rest-api.
"""

import base64
import binascii
import hashlib
import re

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from reconciler.sandbox.world import Document
from reconciler_github.sandbox.errors import Refusal
from reconciler_github.sandbox.store import Store

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def public_key(scope: str) -> tuple[str, str]:
    """The id of a scope's key (decimal text, as GitHub's are) and the public key in base64."""
    key = _private_key(scope).public_key
    number = int.from_bytes(hashlib.sha256(bytes(key)).digest()[:7], "big")
    return str(number), base64.b64encode(bytes(key)).decode()


def open_sealed(scope: str, encrypted_value: str) -> bytes:
    """What a sealed value hides; raises ``Refusal`` 422 if it was not sealed with this scope's key."""
    try:
        return SealedBox(_private_key(scope)).decrypt(base64.b64decode(encrypted_value, validate=True))
    except (binascii.Error, CryptoError, ValueError, TypeError) as problem:
        raise Refusal(422, "Bad request - encrypted_value is not a sealed box for this key") from problem


def put_secret(
    store: Store, scope: str, name: str, encrypted_value: str, key_id: str, access: Document | None = None
) -> bool:
    """Store a secret after opening it once; says if it is new. ``access``: visibility and repositories."""
    check_name(name, "Secret")
    if key_id != public_key(scope)[0]:
        raise Refusal(422, "Bad request - key_id does not belong to this public key")
    open_sealed(scope, encrypted_value)
    earlier = store.get("secret", f"{scope}:{name.upper()}")
    now = store.now()
    secret = {
        "scope": scope,
        "name": name.upper(),
        "encrypted_value": encrypted_value,
        "key_id": key_id,
        **(access or {"visibility": None, "selected_repository_ids": []}),
        "created_at": earlier["created_at"] if earlier else now,
        "updated_at": now,
    }
    store.put("secret", f"{scope}:{name.upper()}", secret)
    return earlier is None


def check_name(name: str, what: str) -> None:
    """Names are letters, digits and underscores, start with no digit, and never with ``GITHUB_``."""
    if _NAME.fullmatch(name) is None:
        raise Refusal(
            422,
            f"{what} names can only contain alphanumeric characters ([a-z], [A-Z], [0-9]) "
            "or underscores (_). Spaces are not allowed. "
            "Must start with a letter ([a-z], [A-Z]) or underscores (_).",
        )
    if name.upper().startswith("GITHUB_"):
        raise Refusal(422, f"{what} names must not start with GITHUB_.")


def _private_key(scope: str) -> PrivateKey:
    return PrivateKey(hashlib.sha256(f"github sandbox {scope}".encode()).digest())
