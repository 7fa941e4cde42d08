"""What is there before anybody has done anything: keys, currencies, roles, events and two wallets."""

from decimal import Decimal

from reconciler.sandbox.world import Document
from reconciler_anykrowd.sandbox.domain.ledger import open_wallet, pay, revoke, top_up
from reconciler_anykrowd.sandbox.domain.staff import ensure_user
from reconciler_anykrowd.sandbox.store import Store

API_KEY = "anykrowd-sandbox-key"
READ_ONLY_KEY = "anykrowd-sandbox-key-read-only"
VISITOR = "visitor-1"

_EVENT_TEXTS = ("summary", "description", "main_image", "start_sales_timestamp", "end_sales_timestamp")


def begin(store: Store) -> None:
    """Make the first world, unless the store has one already."""
    with store.world.transaction():
        if store.count("currency"):
            return
        for key, may_write in ((API_KEY, True), (READ_ONLY_KEY, False)):
            store.put("key", key, {"key": key, "may_write": may_write})
        euro = _add(
            store, "currency", name="Euro", default=True, prefix="€", suffix="", exchange_rate="1.00000"
        )
        _add(store, "currency", name="Token", default=False, prefix="", suffix="T", exchange_rate="2.50000")
        rights = {"scan_tickets": True, "top_up_wallets": False}
        _add(store, "role", name="Checkin", full_rights=False, rights=rights)
        _add(store, "role", name="Admin", full_rights=True, rights={})
        past = _begin_events(store)
        _begin_wallets(store, euro["id"], past["id"])


def _begin_events(store: Store) -> Document:
    """One long over and one far away, by fixed dates: a world that lasts must not begin to run by itself."""
    past = _add(
        store,
        "event",
        **dict.fromkeys(_EVENT_TEXTS),
        name="Opening Night",
        start_datetime="2024-06-14 18:00:00",
        end_datetime="2024-06-15 02:00:00",
    )
    _add(
        store,
        "event",
        name="Century Festival",
        summary="Three days of music",
        description="The festival for the end of the century.",
        main_image="https://images.example/century.png",
        start_sales_timestamp="2099-01-05 09:00:00",
        end_sales_timestamp="2099-06-11 23:59:59",
        start_datetime="2099-06-12 12:00:00",
        end_datetime="2099-06-14 23:00:00",
    )
    return past


def _begin_wallets(store: Store, currency_id: int, event_id: int) -> None:
    """A visitor who topped up, bought something and had a top-up revoked; and a guest's empty wallet."""
    ensure_user(store, VISITOR, "Vera", "Visitor")
    wallet = open_wallet(store, VISITOR, currency_id)
    top_up(store, wallet, currency_id, Decimal(50))
    pay(store, wallet, Decimal("12.50"), event_id)
    mistaken = top_up(store, wallet, currency_id, Decimal(5))
    revoke(store, mistaken.transaction["nanoid"])
    open_wallet(store, None, currency_id)


def _add(store: Store, kind: str, **fields: object) -> Document:
    document: Document = {"id": store.free_id(kind), **fields}
    store.put(kind, document["id"], document)
    return document
