"""The emulated tenant as a WSGI application: what holds for every request.

Each request is authenticated and counted in one transaction and carried out in another, so that one which is
refused leaves nothing behind but its place in the rate limit.

Source: APIX notes: ``Authorization: Bearer <key>``, ``Accept: application/json`` always.
"""

import json
from collections.abc import Iterable
from functools import partial
from typing import Any

from flask import Flask, Response, request

from reconciler.sandbox.paths import rule_text
from reconciler.sandbox.world import Document
from reconciler_anykrowd.sandbox.errors import INVALID, Refusal, denied, not_found, too_many, unauthenticated
from reconciler_anykrowd.sandbox.limits import Usage, count_call
from reconciler_anykrowd.sandbox.routes import Call, Operation
from reconciler_anykrowd.sandbox.store import Store

HEALTH = "/api/health"
"""The public health check, which needs no key (APIX notes: https://anykrowd.com/api/health)."""


def make_application(store: Store, operations: Iterable[tuple[str, str, Operation]]) -> Flask:
    """All operations, and the public health check."""
    flask = Flask("reconciler_anykrowd.sandbox", static_folder=None)
    flask.url_map.merge_slashes = False
    for method, template, operation in operations:
        flask.add_url_rule(
            rule_text(template),
            endpoint=f"{method} {template}",
            view_func=partial(_answer, store, operation, method != "GET"),
            methods=[method],
            provide_automatic_options=False,
        )
    flask.add_url_rule(HEALTH, endpoint="health", view_func=_health, methods=["GET"])
    for status in (404, 405):
        flask.register_error_handler(status, partial(_unknown_path, store))
    return flask


def _answer(store: Store, operation: Operation, writes: bool, **parameters: str) -> Response:
    usage: Usage | None = None
    try:
        with store.world.transaction():
            key = _authenticate(store)
            usage = count_call(store, key["key"])
        if usage.exceeded:
            raise too_many()
        if writes and not key["may_write"]:
            raise denied()
        if request.accept_mimetypes and not request.accept_mimetypes.accept_json:
            raise Refusal(INVALID, "The answer is JSON, which the Accept header does not allow")
        call = Call(store, request.base_url, request.args.to_dict(), request.get_data())
        with store.world.transaction():
            body = operation(call, **parameters)
    except Refusal as refusal:
        return _respond(refusal.status, refusal.body(), usage)
    return _respond(200, body, usage)


def _unknown_path(store: Store, _: Exception) -> Response:
    def refuse(_: Call) -> Any:
        raise not_found()

    return _answer(store, refuse, writes=False)


def _health() -> Response:
    """Its body is not documented; the status tells."""
    return _respond(200, {"status": "ok"}, None)


def _authenticate(store: Store) -> Document:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    found = store.get("key", key.strip()) if scheme.lower() == "bearer" else None
    if found is None:
        raise unauthenticated()
    return found


def _respond(status: int, body: Any, usage: Usage | None) -> Response:
    content = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    response = Response(content, status=status, content_type="application/json")
    if usage is not None:
        response.headers.update(usage.headers())
    return response
