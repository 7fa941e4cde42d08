"""Calls to Notion's API, over the SDK's connection."""

from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.errors import Call, Garbled
from reconciler.provider.http import Connection
from reconciler.provider.limits import RateLimit
from reconciler.provider.objects import Account
from reconciler.provider.protocol import ProviderContext
from reconciler.provider.retry import Retry
from reconciler.provider.timeouts import Timeouts
from reconciler_notion.errors import classifier
from reconciler_notion.limits import LIMITS, RETRIES, takes

API_VERSION = "2025-09-03"
DEFAULT_BASE_URL = "https://api.notion.com"
PAGE_SIZE = 100
MOST_PAGES = 1000


class Client:
    """Notion, with one integration's token. Several threads may use it."""

    def __init__(self, settings: Mapping[str, Any], context: ProviderContext) -> None:
        base_url = str(settings.get("base_url") or DEFAULT_BASE_URL).rstrip("/")
        token = settings["token"]
        self.clock = context.clock
        self.data_sources: dict[str, str] = {}
        """The first data source of each database that was met: neither id ever changes."""
        self.limiter = RateLimit.from_settings(settings.get("rate_limit")).limiter(
            LIMITS, context.clock, service="notion", is_its_own=base_url == DEFAULT_BASE_URL
        )
        self._connection = Connection(
            base_url,
            service="notion",
            service_origins=(DEFAULT_BASE_URL,),
            context=context,
            authorization={"Authorization": f"Bearer {token}"},
            headers={"Notion-Version": API_VERSION},
            secrets=(token,),
            retry=Retry.from_settings(settings.get("retry"), RETRIES),
            timeouts=Timeouts.from_settings(settings.get("timeout")),
            classify=classifier(context.clock),
            limiter=self.limiter,
            takes=takes,
        )

    def close(self) -> None:
        """Let go of connections."""
        self._connection.close()

    def account(self) -> Account:
        """The workspace that the integration belongs to; raises ProviderError."""
        return workspace_of(self.get("/v1/users/me"))

    def get(
        self, path: str, parts: Mapping[str, Any] | None = None, params: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        """One object. Raises ProviderError."""
        return self._object("GET", path, parts=parts, params=params)

    def send(
        self, method: str, path: str, parts: Mapping[str, Any] | None = None, *, json: Any
    ) -> Mapping[str, Any]:
        """One change; the answer is the object after it. Raises ProviderError."""
        return self._object(method, path, parts=parts, json=json)

    def items(
        self,
        path: str,
        parts: Mapping[str, Any] | None = None,
        *,
        question: Mapping[str, Any] | None = None,
    ) -> Iterator[Mapping[str, Any]]:
        """Each item of a list, all pages of it; asked with POST where there is a ``question``.

        Raises ProviderError; Garbled for a list that leads back to a page it had: half a list is never taken
        for the whole.
        """
        cursor: str | None = None
        seen: set[str] = set()
        while True:
            asked = {"page_size": PAGE_SIZE, **({"start_cursor": cursor} if cursor else {})}
            if question is None:
                body = self._object("GET", path, parts=parts, params=asked)
            else:
                body = self._object("POST", path, parts=parts, json={**question, **asked}, may_repeat=True)
            yield from body["results"]
            if not body["has_more"]:
                return
            cursor = body["next_cursor"]
            if not cursor or cursor in seen or len(seen) >= MOST_PAGES:
                raise Garbled("the list leads in a circle", call=Call("notion", path))
            seen.add(cursor)

    def _object(
        self,
        method: str,
        path: str,
        *,
        parts: Mapping[str, Any] | None,
        json: Any = None,
        params: Mapping[str, Any] | None = None,
        may_repeat: bool | None = None,
    ) -> Mapping[str, Any]:
        answer = self._connection.call(
            method, path, parts=parts or {}, json=json, params=params, may_repeat=may_repeat
        )
        if not isinstance(answer.body, dict):
            raise TypeError("the answer holds no object")
        return answer.body


def workspace_of(me: Mapping[str, Any]) -> Account:
    """The workspace of a bot; the bot itself where Notion does not tell it (``bot`` may be empty)."""
    bot = me.get("bot") or {}
    identifier = bot.get("workspace_id") or me["id"]
    return Account(identifier, bot.get("workspace_name") or me.get("name") or identifier)
