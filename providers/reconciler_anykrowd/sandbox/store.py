"""The emulated tenant's world: which documents it keeps, and how to find them.

All documents are JSON objects; ids are numbers of one sequence. Amounts are text with two decimals, times of
events and roles text as anyKrowd writes them. Each kind below is followed by its key and its fields; those
marked * are indexed.

- ``key`` (key: the API key): key, may_write
- ``usage`` (key: the API key): rate limit: used, reset (epoch seconds)
- ``currency`` (key: id): id, name*, default* (true for exactly one), prefix, suffix, exchange_rate (text)
- ``role`` (key: id): id, name*, full_rights, rights (right -> true or false)
- ``event`` (key: id): id, name*, summary, description, main_image, start_sales_timestamp,
  end_sales_timestamp, start_datetime, end_datetime; whether it runs is for the clock to say
- ``user`` (key: external id): an account: id, external_id, first_name, last_name
- ``staff_member`` (key: external id): external_id, external_qr_code, external_qr_codes, first_name,
  last_name, roles (list of role_id, valid_from, valid_until)
- ``wallet`` (key: id): id, external_id* (its holder: staff member, user or both; null for a guest's),
  currency_id*, metadata. There is no balance in it
- ``transaction`` (key: id): an entry of a wallet's ledger, which is only ever added to: id, wallet_id*,
  nanoid*, amount (more than nothing), direction (CREDIT, DEBIT), type, reference* (for a reversal, the nanoid
  of what it reverses), user_id, order_id, event_id, created_at
"""

from datetime import datetime

from reconciler.sandbox.world import Document, World

SERVICE = "anykrowd"
INDEXES: dict[str, tuple[str, ...]] = {
    "key": (),
    "usage": (),
    "currency": ("name", "default"),
    "role": ("name",),
    "event": ("name",),
    "user": (),
    "staff_member": (),
    "wallet": ("external_id", "currency_id"),
    "transaction": ("wallet_id", "nanoid", "reference"),
}


class Store:
    """The documents above, on the shelf ``anykrowd`` of a world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.shelf = world.shelf(SERVICE, INDEXES)
        self.put, self.get, self.find = self.shelf.put, self.shelf.get, self.shelf.find
        self.count = self.shelf.count

    def now(self) -> datetime:
        """The world's time."""
        return self.world.now()

    def free_id(self, kind: str) -> int:
        """The next number that no document of the kind has; seeds may have chosen some themselves."""
        while True:
            number = self.shelf.next_id()
            if self.get(kind, number) is None:
                return number

    def require(self, kind: str, key: str | int) -> Document:
        """A document that another one points to; its absence would be a defect of the emulator."""
        document = self.get(kind, key)
        if document is None:
            raise LookupError(f"the world has no {kind} {key}")
        return document

    def knows(self, external_id: str) -> bool:
        """Whether somebody has this external id, as a user or a staff member."""
        return any(self.get(kind, external_id) for kind in ("user", "staff_member"))

    def default_currency(self) -> Document:
        """The currency of a wallet for which nobody has named one."""
        return self.find("currency", default=True)[0]
