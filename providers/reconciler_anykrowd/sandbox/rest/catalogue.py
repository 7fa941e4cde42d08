"""What the API only reads: ping, currencies, events and roles."""

from typing import Any

from reconciler_anykrowd.sandbox.errors import invalid
from reconciler_anykrowd.sandbox.paging import page_of
from reconciler_anykrowd.sandbox.representations import is_running, show_currency, show_event, show_role
from reconciler_anykrowd.sandbox.routes import Call, Routes

ROUTES = Routes()


@ROUTES.add("GET", "/apix/v1/ping")
def ping(_: Call) -> Any:
    """The authenticated health check."""
    return {"message": "pong"}


@ROUTES.add("GET", "/apix/v1/currencies/list")
def list_currencies(call: Call) -> Any:
    """A page of the currencies."""
    return page_of(call, call.store.find("currency"), show_currency)


@ROUTES.add("GET", "/apix/v1/currencies/show/{id}")
def show_one_currency(call: Call, id: str) -> Any:
    """One currency."""
    return show_currency(call.find("currency", id))


@ROUTES.add("GET", "/apix/v1/events/list")
def list_events(call: Call) -> Any:
    """A page of the events; with ``active=true``, of those that are running.

    What counts as active is not documented. Of an event's fields only ``is_running`` can tell.
    """
    active = call.query.get("active", "false")
    if active not in ("true", "false"):
        raise invalid("active", "must be true or false")
    now = call.store.now()
    events = [event for event in call.store.find("event") if active == "false" or is_running(event, now)]
    return page_of(call, events, lambda event: show_event(event, now))


@ROUTES.add("GET", "/apix/v1/events/show/{id}")
def show_one_event(call: Call, id: str) -> Any:
    """One event."""
    return show_event(call.find("event", id), call.store.now())


@ROUTES.add("GET", "/apix/v1/roles/list")
def list_roles(call: Call) -> Any:
    """A page of the roles."""
    return page_of(call, call.store.find("role"), show_role)


@ROUTES.add("GET", "/apix/v1/roles/show/{id}")
def show_one_role(call: Call, id: str) -> Any:
    """One role."""
    return show_role(call.find("role", id))
