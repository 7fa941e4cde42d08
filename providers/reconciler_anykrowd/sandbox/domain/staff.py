"""Staff members and user accounts.

Source: APIX notes, ``POST users/sync``: an upsert by ``external_id``; schema ``StaffMember``. That fields
which are left out stay as they were is this emulator's reading: the notes do not say.
"""

from typing import Any

from reconciler.sandbox.world import Document
from reconciler_anykrowd.sandbox.domain.ledger import open_wallet
from reconciler_anykrowd.sandbox.fields import Fields
from reconciler_anykrowd.sandbox.store import Store
from reconciler_anykrowd.sandbox.times import moment_of


def write_staff_member(store: Store, given: Fields) -> Document:
    """Make a staff member, or give an earlier one what is given; raises ``Refusal`` for what does not fit.

    Who is new gets a wallet in the default currency, and with ``create_user_account`` an account too.
    """
    external_id = given.identifier("external_id")
    earlier = store.get("staff_member", external_id) or {"external_qr_codes": [], "roles": []}
    member = {
        "external_id": external_id,
        "external_qr_code": given.text("external_qr_code", filled=True),
        "external_qr_codes": earlier["external_qr_codes"],
        "first_name": given.text("first_name"),
        "last_name": given.text("last_name"),
        "roles": earlier["roles"],
    }
    if "external_qr_codes" in given:
        member["external_qr_codes"] = given.texts("external_qr_codes")
    if "roles" in given:
        member["roles"] = [_role(store, role) for role in given.objects("roles")]
    wants_account = "create_user_account" in given and given.flag("create_user_account")
    store.put("staff_member", external_id, member)
    if wants_account:
        ensure_user(store, external_id, member["first_name"], member["last_name"])
    open_wallet(store, external_id, store.default_currency()["id"])
    return member


def ensure_user(store: Store, external_id: str, first_name: str, last_name: str) -> Document:
    """The account of this external id, made if there is none; with a wallet in the default currency."""
    user = store.get("user", external_id)
    if user is None:
        user = {
            "id": store.shelf.next_id(),
            "external_id": external_id,
            "first_name": first_name,
            "last_name": last_name,
        }
        store.put("user", external_id, user)
    open_wallet(store, external_id, store.default_currency()["id"])
    return user


def _role(store: Store, given: Fields) -> dict[str, Any]:
    """A role of a staff member; ``valid_from`` and ``valid_until`` are null where they are left out."""
    role_id = given.integer("role_id")
    if store.get("role", role_id) is None:
        raise given.wrong("role_id", f"there is no role {role_id}")
    validity = {name: given.moment(name) if name in given else None for name in ("valid_from", "valid_until")}
    start, end = validity["valid_from"], validity["valid_until"]
    if start is not None and end is not None and moment_of(end) < moment_of(start):
        raise given.wrong("valid_until", "must not be before valid_from")
    return {"role_id": role_id, **validity}
