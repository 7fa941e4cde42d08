"""The emulated Notion as a WSGI application: what holds for every request.

Each request is authenticated and counted in one transaction and carried out in another, so that one which
is refused leaves nothing behind but its place in the rate limit.

Sources: developers.notion.com/reference: "Authentication", "Versioning", "Request limits", "Status
codes"; recorded answers (a path that leads nowhere is told before the token is looked at, the token
before the version).
"""

import itertools
import json
from collections.abc import Iterable
from functools import partial
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response, request

from reconciler.sandbox.paths import rule_text
from reconciler.sandbox.world import Document
from reconciler_notion.sandbox.errors import (
    Refusal,
    invalid,
    invalid_json,
    invalid_url,
    rate_limited,
    restricted,
    unauthorized,
)
from reconciler_notion.sandbox.fields import shown
from reconciler_notion.sandbox.ids import new_id
from reconciler_notion.sandbox.limits import spend
from reconciler_notion.sandbox.rest.routes import Answer, Call, Operation, Upload
from reconciler_notion.sandbox.store import Store
from reconciler_notion.sandbox.versions import NEWEST, VERSIONS, as_of

LARGEST_BODY = 500_000
"""Bytes of a JSON body. Source: developers.notion.com/reference/request-limits."""
WITH_SLASHES = frozenset({"property_id"})
"""The parameters of paths that may hold anything, even a slash."""


class Application:
    """Flask below; the path and the token of every request above."""

    def __init__(self, store: Store, operations: Iterable[tuple[str, str, str | None, Operation]]) -> None:
        self._store = store
        self._numbers = itertools.count(1)
        self.flask = Flask("reconciler_notion.sandbox", static_folder=None)
        self.flask.url_map.merge_slashes = False
        for method, template, capability, operation in operations:
            self.flask.add_url_rule(
                rule_text(template, WITH_SLASHES),
                endpoint=f"{method} {template}",
                view_func=partial(self._carry_out, operation, capability),
                methods=[method],
                provide_automatic_options=False,
            )
        for status in (404, 405):
            self.flask.register_error_handler(status, self._unknown_path)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        return self.flask(environ, start_response)

    def _carry_out(self, operation: Operation, capability: str | None, **parameters: str) -> Response:
        version = NEWEST
        try:
            with self._store.world.transaction():
                token, wait_s = self._admit()
            if wait_s:
                refused = Answer(rate_limited().body(), 429, headers={"Retry-After": str(wait_s)})
                return self._finish(refused, version)
            version = _version()
            if capability is not None and capability not in token["capabilities"]:
                raise restricted()
            with self._store.world.transaction():
                answer = operation(self._call(token, version), **parameters)
        except Refusal as refusal:
            answer = Answer(refusal.body(), refusal.status)
        return self._finish(answer, version)

    def _admit(self) -> tuple[Document, int]:
        """Whose request it is, and how many seconds it must wait; raises ``Refusal`` for a wrong token."""
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        token = self._store.get("token", secret.strip()) if scheme.lower() == "bearer" else None
        if token is None:
            raise unauthorized()
        return token, spend(self._store, token["token"], self._store.workspace())

    def _call(self, token: Document, version: str) -> Call:
        return Call(
            store=self._store,
            bot=self._store.require("user", token["bot_id"]),
            version=version,
            api=request.url_root.rstrip("/"),
            query=request.args.to_dict(),
            filter_properties=[
                *request.args.getlist("filter_properties"),
                *request.args.getlist("filter_properties[]"),
            ],
            body=_body(),
            upload=_upload(),
        )

    def _finish(self, answer: Answer, version: str) -> Response:
        request_id = new_id(f"request {next(self._numbers)}")
        body = as_of(version, answer.body)
        if answer.has_request_id:
            body = {**body, "request_id": request_id}
        response = Response(
            json.dumps(body, separators=(",", ":"), ensure_ascii=False),
            status=answer.status,
            headers=dict(answer.headers),
            content_type="application/json; charset=utf-8",
        )
        response.headers["x-notion-request-id"] = request_id
        return response

    def _unknown_path(self, _: Exception) -> Response:
        refusal = invalid_url()
        return self._finish(Answer(refusal.body(), refusal.status), NEWEST)


def _version() -> str:
    version = request.headers.get("Notion-Version")
    if version in VERSIONS:
        return str(version)
    if version is None:
        raise Refusal(
            400,
            "missing_version",
            "Notion-Version header failed validation: "
            "Notion-Version header should be defined, instead was `undefined`.",
        )
    known = ", ".join(shown(each) for each in VERSIONS[:-1])
    raise invalid(
        f"Notion-Version header failed validation: Notion-Version header should be {known}, "
        f"or {shown(VERSIONS[-1])}, instead was {shown(version)}."
    )


def _body() -> Any:
    if request.mimetype == "multipart/form-data":
        return {}
    raw = request.get_data()
    if len(raw) > LARGEST_BODY:
        raise invalid(f"Request body size should be ≤ `{LARGEST_BODY}` bytes, instead was `{len(raw)}`.")
    if not raw:
        return {}
    try:
        return json.loads(raw)
    except ValueError as problem:
        raise invalid_json() from problem


def _upload() -> Upload | None:
    if request.mimetype != "multipart/form-data" or "file" not in request.files:
        return None
    given = request.files["file"]
    return Upload(
        filename=given.filename or "",
        content_type=given.mimetype,
        size=len(given.stream.read()),
        part_number=request.form.get("part_number"),
    )
