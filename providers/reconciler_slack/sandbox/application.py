"""The emulated Slack as a WSGI application: what holds for every call.

A call is authenticated and counted in one transaction and carried out in another, so that one which is
refused leaves nothing behind but its place in the rate limit.

Sources: docs.slack.dev/apis/web-api (envelope, errors, warnings) and /rate-limits; recorded headers.
"""

import json
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, request

from reconciler_slack.sandbox.arguments import Arguments, arguments_of, charset_warning, token_of
from reconciler_slack.sandbox.errors import RateLimited, Refusal
from reconciler_slack.sandbox.limits import spend
from reconciler_slack.sandbox.methods.registry import Answer, Call, Method, Viewer
from reconciler_slack.sandbox.store import Store


class Application:
    """Flask, with one rule: ``/api/<method>``."""

    def __init__(self, store: Store, methods: Mapping[str, Method]) -> None:
        self._store = store
        self._methods = methods
        self.flask = Flask("reconciler_slack.sandbox", static_folder=None)
        self.flask.add_url_rule("/api/<name>", view_func=self._call, methods=["GET", "POST"])

    def _call(self, name: str) -> Response:
        method = self._methods.get(name)
        if method is None:
            return _respond({"ok": False, "error": "unknown_method", "req_method": name})
        viewer: Viewer | None = None
        try:
            viewer = self._authenticate(method)
            arguments = arguments_of(request, method.takes_json)
            if viewer is not None:
                with self._store.world.transaction():
                    spend(self._store, name, method.tier, _bucket(name, viewer, arguments))
            call = Call(method, self._store, arguments, viewer)
            call.require()
            with self._store.world.transaction():
                answer = {"ok": True, **method.operation(call)}
        except RateLimited as limited:
            return _respond(limited.body(), 429, {"Retry-After": str(limited.retry_after)})
        except Refusal as refusal:
            answer = refusal.body()
        return _respond(_warned(answer), 200, _scope_headers(method, viewer))

    def _authenticate(self, method: Method) -> Viewer | None:
        text = token_of(request)
        token = self._store.get("token", text)
        if token is None:
            if method.open_to_all:
                return None
            raise Refusal("invalid_auth" if text else "not_authed")
        user = self._store.require("user", token["user_id"])
        if user["deleted"]:
            raise Refusal("account_inactive")
        return Viewer(token, user)


def _bucket(name: str, viewer: Viewer, arguments: Arguments) -> str:
    """What is counted together: a method's calls by one app; of posting, those to one channel."""
    bucket = f"{viewer.token['app_id']}:{name}"
    return f"{bucket}:{arguments.text('channel')}" if name == "chat.postMessage" else bucket


def _warned(answer: Answer) -> Answer:
    """The answer with a warning about the Content-Type, if there is one, beside the method's own."""
    warning = charset_warning(request)
    if warning is None:
        return answer
    metadata = answer.get("response_metadata", {})
    warnings = [*metadata.get("warnings", []), warning]
    return {
        **answer,
        "warning": ",".join(warnings),
        "response_metadata": {**metadata, "warnings": warnings},
    }


def _scope_headers(method: Method, viewer: Viewer | None) -> dict[str, str]:
    if viewer is None:
        return {}
    headers = {"X-OAuth-Scopes": ",".join(viewer.token["scopes"])}
    accepted = method.scopes.of(viewer.token["type"])
    return {**headers, "X-Accepted-OAuth-Scopes": ",".join(accepted)} if accepted else headers


def _respond(
    body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    content = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    response = Response(content, status, content_type="application/json; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache, no-store, must-revalidate"
    response.headers.update(headers or {})
    return response
