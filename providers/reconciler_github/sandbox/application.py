"""The emulated GitHub as a WSGI application: what holds for every request.

Each request is authenticated and counted in one transaction and carried out in another, so that one which is
refused leaves nothing behind but its place in the rate limit.

Sources: docs.github.com/en/rest/using-the-rest-api: "Getting started" (User-Agent, versions, media types),
"Best practices" (conditional requests: a 304 is not counted), "Rate limits"; recorded headers.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response, request

from reconciler.sandbox.paths import rule_text
from reconciler.sandbox.world import Document
from reconciler_github.sandbox.errors import (
    Refusal,
    bad_credentials,
    forbidden,
    not_found,
    requires_authentication,
)
from reconciler_github.sandbox.limits import Usage, spend
from reconciler_github.sandbox.paths import WITH_SLASHES, by_name, without_prefix
from reconciler_github.sandbox.rest.routes import Answer, Call, Moved, Operation
from reconciler_github.sandbox.store import Store
from reconciler_github.sandbox.viewer import Viewer

Respond = Callable[[Viewer, Mapping[str, Any]], tuple[int, dict[str, Any], Mapping[str, str]]]
"""GraphQL's half: from the viewer and the request's document to status, body and headers."""

_VERSION = "2022-11-28"
_REDIRECTS = "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects"
_FREE = frozenset({"/rate_limit"})
"""What asking costs nothing."""


class Application:
    """Flask below, and what GitHub does before routing: prefixes and addresses by id."""

    def __init__(
        self, store: Store, operations: Iterable[tuple[str, str, Operation]], respond: Respond
    ) -> None:
        self._store = store
        self._respond = respond
        self.flask = Flask("reconciler_github.sandbox", static_folder=None)
        self.flask.url_map.merge_slashes = False
        for method, template, operation in operations:
            self.flask.add_url_rule(
                rule_text(template, WITH_SLASHES),
                endpoint=f"{method} {template}",
                view_func=partial(self._carry_out, operation),
                methods=[method],
            )
        self.flask.add_url_rule("/graphql", endpoint="graphql", view_func=self._graphql, methods=["POST"])
        for status in (404, 405):
            self.flask.register_error_handler(status, self._unknown_path)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        prefix, path = without_prefix(environ.get("PATH_INFO", "/"))
        environ = {
            **environ,
            "SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + prefix,
            "PATH_INFO": by_name(self._store, path),
        }
        return self.flask(environ, start_response)

    def _carry_out(self, operation: Operation, **parameters: str) -> Response:
        spent: Usage | None = None
        viewer: Viewer | None = None
        try:
            cost = 0 if request.path in _FREE else 1
            viewer, spent = self._admit("core", cost)
            if cost and spent.used > spent.limit:
                raise forbidden(_exceeded(viewer.user))
            with self._store.world.transaction():
                answer = operation(self._call(viewer), **parameters)
        except Refusal as refusal:
            answer = Answer(refusal.status, refusal.body())
        except Moved as moved:
            answer = _redirect(moved)
        return self._finish(answer, viewer, spent)

    def _graphql(self) -> Response:
        viewer: Viewer | None = None
        try:
            viewer, _ = self._admit("graphql", 0)
            with self._store.world.transaction():
                answer = Answer(*self._respond(viewer, self._call(viewer).body()))
        except Refusal as refusal:
            answer = Answer(refusal.status, refusal.body())
        return self._finish(answer, viewer, None)

    def _admit(self, resource: str, points: int) -> tuple[Viewer, Usage]:
        """Who asks, and the call counted; raises ``Refusal`` if it may not be made at all."""
        if not request.headers.get("User-Agent"):
            raise forbidden(
                "Request forbidden by administrative rules. "
                "Please make sure your request has a User-Agent header."
            )
        version = request.headers.get("X-GitHub-Api-Version", _VERSION)
        if version != _VERSION:
            raise Refusal(
                400, f"API version {version} is not supported. The supported version is {_VERSION}."
            )
        with self._store.world.transaction():
            viewer = self._authenticate()
            return viewer, spend(self._store, viewer.token, resource, points)

    def _authenticate(self) -> Viewer:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            raise requires_authentication()
        if scheme.lower() == "basic" and request.authorization is not None:
            token = request.authorization.password or ""
        elif scheme.lower() not in ("bearer", "token"):
            raise bad_credentials()
        found = self._store.get("token", token.strip())
        if found is None:
            raise bad_credentials()
        user = self._store.require("account", found["user_id"])
        return Viewer(self._store, found["token"], user, tuple(found["scopes"]))

    def _call(self, viewer: Viewer) -> Call:
        return Call(
            store=self._store,
            viewer=viewer,
            api=request.url_root.rstrip("/"),
            path=request.path,
            query=request.args.to_dict(),
            raw_body=request.get_data(),
            accept=request.headers.get("Accept", ""),
        )

    def _finish(self, answer: Answer, viewer: Viewer | None, spent: Usage | None) -> Response:
        response = Response(status=answer.status, headers=dict(answer.headers))
        if answer.status != 204:
            response.set_data(json.dumps(answer.body, separators=(",", ":"), ensure_ascii=False))
            response.content_type = "application/json; charset=utf-8"
        if request.method == "GET" and answer.status == 200:
            etag = f'W/"{hashlib.sha256(response.get_data()).hexdigest()}"'
            response.headers["ETag"] = etag
            if _names(request.headers.get("If-None-Match", ""), etag):
                response = Response(status=304, headers={"ETag": etag})
                if viewer is not None and spent is not None:
                    spent = spend(self._store, viewer.token, spent.resource, -1)
        response.headers["Cache-Control"] = "private, max-age=60, s-maxage=60"
        response.headers["Vary"] = "Accept, Authorization, Cookie, X-GitHub-OTP"
        response.headers["X-GitHub-Media-Type"] = "github.v3; format=json"
        response.headers["X-GitHub-Api-Version-Selected"] = _VERSION
        if viewer is not None:
            response.headers["X-OAuth-Scopes"] = ", ".join(viewer.scopes)
            response.headers["X-Accepted-OAuth-Scopes"] = "repo"
        if spent is not None:
            response.headers.update(spent.headers())
        return response

    def _unknown_path(self, _: Exception) -> Response:
        viewer, spent = None, None
        try:
            viewer, spent = self._admit("core", 1)
            refusal = not_found()
        except Refusal as refused:
            refusal = refused
        return self._finish(Answer(refusal.status, refusal.body()), viewer, spent)


def _exceeded(user: Document) -> str:
    return f"API rate limit exceeded for user ID {user['id']}."


def _redirect(moved: Moved) -> Answer:
    """301 to read, 307 to write: the same request, at the repository's address by id."""
    status = 301 if request.method in ("GET", "HEAD") else 307
    rest = request.path[len(moved.old_path) :]
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    url = f"{request.url_root.rstrip('/')}/repositories/{moved.repository['id']}{quote(rest)}{query}"
    body = {"message": "Moved Permanently", "url": url, "documentation_url": _REDIRECTS}
    return Answer(status, body, {"Location": url})


def _names(condition: str, etag: str) -> bool:
    """Whether ``If-None-Match`` names this entity, weakly compared."""
    named = {part.strip().removeprefix("W/") for part in condition.split(",")}
    return etag.removeprefix("W/") in named or "*" in named
