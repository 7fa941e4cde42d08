"""Import ids: a person's external id, and a top-up's nanoid with where it is."""

from reconciler.errors import Call, Rejected
from reconciler.provider.objects import Attributes

TOPUP_FORM = "wallet:WALLET_ID:NANOID or person:EXTERNAL_ID:NANOID"


def import_key(type_name: str, text: str) -> Attributes:
    """The attributes to find an object by; raises Rejected with the form that the id should have.

    A nanoid alone is enough only where the declaration says whose wallet it is in.
    """
    text = text.strip()
    if type_name != "anykrowd_wallet_topup":
        if not text:
            raise _wrong(type_name, text, "it is the external_id")
        return {"external_id": text}
    owner, _, nanoid = text.rpartition(":")
    kind, _, name = owner.partition(":")
    if nanoid and not owner:
        return {"id": nanoid}
    if nanoid and kind == "wallet" and name.isascii() and name.isdigit():
        return {"wallet_id": int(name), "id": nanoid}
    if nanoid and kind == "person" and name:
        return {"external_id": name, "id": nanoid}
    raise _wrong(type_name, text, f"it looks like {TOPUP_FORM}")


def _wrong(type_name: str, text: str, advice: str) -> Rejected:
    return Rejected(
        f"{text!r} cannot be imported as a {type_name}", call=Call("anykrowd", "import"), remedy=advice
    )
