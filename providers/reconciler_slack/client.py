"""Calls to Slack's Web API, over the SDK's connection.

Source: docs.slack.dev/apis/web-api. Every answer is HTTP 200 with ``ok``; methods that only read take their
arguments in the address, and those that write take JSON; lists come in pages with a cursor.
"""

import threading
from collections.abc import Iterator, Mapping
from typing import Any

from reconciler.errors import Call, Garbled, OutcomeUnknown
from reconciler.provider.answers import Answer
from reconciler.provider.http import Connection
from reconciler.provider.limits import RateLimit
from reconciler.provider.protocol import ProviderContext
from reconciler.provider.retry import Retry
from reconciler.provider.timeouts import Timeouts
from reconciler_slack.errors import UNDERSTANDING, classifier, scopes
from reconciler_slack.identities import Identities, Workspace
from reconciler_slack.limits import LIMITS, RETRIES, takes

DEFAULT_BASE_URL = "https://slack.com/api"
PAGE = 999
"""Objects of a page: "an integer under 1000" (docs.slack.dev/apis/web-api/pagination)."""

_HELP = UNDERSTANDING.remedy
_MOST_PAGES = 1000
_JSON = {"Content-Type": "application/json; charset=utf-8"}
"""Slack warns of JSON that does not name its character set."""


class Client:
    """Slack, with one bot token and perhaps a person's. Several threads may use it."""

    def __init__(self, settings: Mapping[str, Any], context: ProviderContext) -> None:
        self.clock = context.clock
        self.identities = Identities(context.clock)
        self.granted_scopes: frozenset[str] | None = None
        """The bot token's scopes, once an answer told them."""
        self._asking = threading.Lock()
        base_url = str(settings.get("base_url") or DEFAULT_BASE_URL).rstrip("/")
        self.limiter = RateLimit.from_settings(settings.get("rate_limit")).limiter(
            LIMITS, context.clock, service="slack", is_its_own=base_url == DEFAULT_BASE_URL
        )

        def connect(token: str) -> Connection:
            return Connection(
                base_url,
                service="slack",
                service_origins=(DEFAULT_BASE_URL,),
                context=context,
                authorization={"Authorization": f"Bearer {token}"},
                secrets=(token,),
                retry=Retry.from_settings(settings.get("retry"), RETRIES),
                timeouts=Timeouts.from_settings(settings.get("timeout")),
                classify=classifier(context.clock),
                limiter=self.limiter,
                takes=takes,
            )

        self._bot = connect(settings["token"])
        user_token = settings.get("user_token")
        self._person = connect(user_token) if user_token else None

    @property
    def has_user_token(self) -> bool:
        """Whether there is a person's token, for what bots cannot do."""
        return self._person is not None

    def close(self) -> None:
        """Let go of connections."""
        self._bot.close()
        if self._person is not None:
            self._person.close()

    def workspace(self) -> Workspace:
        """The token's workspace; one call the first time. Raises ProviderError."""
        with self._asking:
            if self.identities.workspace is None:
                self.identities.workspace = self.test()
            return self.identities.workspace

    def test(self, *, as_person: bool = False) -> Workspace:
        """Whose the token is, asked anew; the answer tells the token's scopes too. Raises ProviderError."""
        answer = self._call("auth.test", "POST", json={}, is_question=True, as_person=as_person)
        if not as_person:
            self.granted_scopes = scopes(answer.headers)
        body = answer.body
        return Workspace(body["team_id"], body["team"], body["url"], body["user_id"])

    def ask(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Call a method that Slack documents as GET: it reads. Raises ProviderError."""
        body: Mapping[str, Any] = self._call(method, "GET", params=arguments, is_question=True).body
        return body

    def ask_by_post(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Call a method that Slack documents as POST although it only reads. Raises ProviderError."""
        body: Mapping[str, Any] = self._call(method, "POST", json=arguments, is_question=True).body
        return body

    def do(self, method: str, *, as_person: bool = False, **arguments: Any) -> Mapping[str, Any]:
        """Call a method that changes something, once. Raises ProviderError."""
        body: Mapping[str, Any] = self._call(method, "POST", json=arguments, as_person=as_person).body
        return body

    def items(self, method: str, member: str, **arguments: Any) -> Iterator[Any]:
        """Each item of a list in pages, ``member`` of the answers. Pages may be short, or empty.

        Raises Garbled for a list that does not end: half a list is never taken for the whole.
        """
        seen: set[str] = set()
        cursor = ""
        while True:
            asked = {**arguments, "limit": PAGE, **({"cursor": cursor} if cursor else {})}
            body = self.ask(method, **asked)
            page = body.get(member)
            if not isinstance(page, list):
                raise Garbled(f"the answer holds no list {member}", call=Call("slack", method), remedy=_HELP)
            yield from page
            cursor = (body.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return
            if cursor in seen or len(seen) >= _MOST_PAGES:
                raise Garbled("the list does not end", call=Call("slack", method), remedy=_HELP)
            seen.add(cursor)

    def _call(
        self,
        method: str,
        verb: str,
        *,
        json: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        is_question: bool = False,
        as_person: bool = False,
    ) -> Answer:
        connection = self._person if as_person else self._bot
        if connection is None:
            raise ValueError("there is no user token")
        answer = connection.call(
            verb,
            f"/{method}",
            json=json,
            params=params,
            headers=_JSON if json is not None else None,
            operation=method,
            may_repeat=is_question,
        )
        if not isinstance(answer.body, dict) or answer.body.get("ok") is not True:
            kind = Garbled if is_question else OutcomeUnknown
            raise kind("the answer is none of Slack's", call=Call("slack", method), remedy=_HELP)
        return answer
