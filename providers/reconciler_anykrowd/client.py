"""Calls to the API of one tenant, over the SDK's connection."""

import threading
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from reconciler.errors import Call, Garbled, OutcomeUnknown
from reconciler.provider.answers import Answer
from reconciler.provider.http import Connection
from reconciler.provider.limits import RateLimit
from reconciler.provider.protocol import ProviderContext
from reconciler.provider.retry import Retry
from reconciler.provider.timeouts import Timeouts
from reconciler_anykrowd import tenants
from reconciler_anykrowd.absences import Absences
from reconciler_anykrowd.errors import classifier
from reconciler_anykrowd.limits import LIMITS, RETRIES, takes

API = "/apix/v1"
"""Where version 1 of the API is below a tenant's address."""

PAGE_SIZE = 100
"""Items asked for in one page; the API says no maximum, and tells how many pages that makes."""

_MOST_PAGES = 1000


class Client:
    """One tenant, with one key. Several threads may use it."""

    def __init__(self, settings: Mapping[str, Any], context: ProviderContext) -> None:
        self.clock = context.clock
        self.settings = settings
        self.absences = Absences(context.clock)
        self.paying = threading.Lock()
        """Held from the look at a wallet until its top-up is certain: one payment at a time."""
        self.limiter = RateLimit.from_settings(settings.get("rate_limit")).limiter(
            LIMITS, context.clock, service="anykrowd", is_its_own=tenants.is_its_own(settings)
        )
        key = settings["api_key"]
        self._connection = Connection(
            tenants.base_url(settings),
            service="anykrowd",
            service_origins=tenants.own_origins(settings),
            context=context,
            authorization={"Authorization": f"Bearer {key}"},
            headers={"Accept": "application/json"},
            secrets=(key,),
            retry=Retry.from_settings(settings.get("retry"), RETRIES),
            timeouts=Timeouts.from_settings(settings.get("timeout")),
            classify=classifier(context.clock),
            limiter=self.limiter,
            takes=takes,
        )

    def close(self) -> None:
        """Let go of connections."""
        self._connection.close()

    def get(
        self, path: str, parts: Mapping[str, Any] | None = None, params: Mapping[str, Any] | None = None
    ) -> Answer:
        """Ask one question; ``path`` is a template below ``/apix/v1``. Raises ProviderError."""
        return self._connection.call("GET", API + path, parts=parts or {}, params=params)

    def post(self, path: str, body: Mapping[str, Any], accept: Collection[int] = ()) -> Answer:
        """Make one change, and never twice. Raises ProviderError; OutcomeUnknown when it may have been made.

        ``accept`` are error statuses that are returned as answers.
        """
        return self._connection.call("POST", API + path, json=body, accept=accept)

    def succeed(self, path: str, body: Mapping[str, Any]) -> None:
        """Make a change that is answered with ``{"success": true}`` and nothing else.

        Raises ProviderError; OutcomeUnknown for any other answer.
        """
        answer = self.post(path, body)
        if not isinstance(answer.body, dict) or answer.body.get("success") is not True:
            raise OutcomeUnknown(
                "anyKrowd did not say that it worked",
                call=self.call_of("POST", path),
                remedy="look at AdminX before doing it again",
            )

    def items(self, path: str, parts: Mapping[str, Any] | None = None) -> Iterator[Mapping[str, Any]]:
        """Each item of a list, all pages, none twice.

        Raises Garbled for a list that is shorter than it says: half a list is never taken for the whole.
        """
        call, page, seen = self.call_of("GET", path), 0, set()
        while True:
            page += 1
            body = self.get(path, parts, {"limit": PAGE_SIZE, "page": page}).body
            for item in body["data"]:
                if item["id"] not in seen:  # the list may have grown at its head between two pages
                    seen.add(item["id"])
                    yield item
            if page >= body["meta"]["last_page"]:
                break
            if page >= _MOST_PAGES:
                raise Garbled(f"the list has more than {_MOST_PAGES} pages", call=call)
        if len(seen) < body["meta"]["total"]:
            raise Garbled(f"the list holds {len(seen)} of {body['meta']['total']} items", call=call)

    def call_of(self, method: str, path: str) -> Call:
        """How errors name a call."""
        return Call("anykrowd", f"{method} {API}{path}")
