"""Calls to GitHub's REST and GraphQL APIs, over the SDK's connection."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from reconciler.errors import Call, Garbled, NotFound, OutcomeUnknown, ProviderError, ServiceFailed
from reconciler.provider.answers import Answer
from reconciler.provider.http import Connection
from reconciler.provider.limits import RateLimit
from reconciler.provider.objects import Account
from reconciler.provider.paging import items
from reconciler.provider.protocol import ProviderContext
from reconciler.provider.retry import Retry
from reconciler.provider.timeouts import Timeouts
from reconciler_github.errors import classifier, query_error, scopes
from reconciler_github.identities import Identities, Owner
from reconciler_github.limits import LIMITS, RETRIES, takes

API_VERSION = "2022-11-28"
DEFAULT_BASE_URL = "https://api.github.com"
TIMED_OUT = (502, 504)
"""How GitHub answers a query that takes more than ten seconds."""

_NEW_OBJECT_PAUSES = (1.0, 2.0, 4.0)
_OWNER = "query Account($login: String!) { owner: repositoryOwner(login: $login) { __typename id login } }"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One error of a GraphQL answer, and the path of what it made unusable: empty for everything."""

    path: tuple[str | int, ...]
    error: ProviderError


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """What a query brought, and what of it went wrong. ``timed_out``: ask for less."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()
    timed_out: bool = False


class Client:
    """GitHub, with one token, for one owner. Several threads may use it."""

    def __init__(self, settings: Mapping[str, Any], context: ProviderContext) -> None:
        self.owner: str = settings["owner"]
        self.clock = context.clock
        self.identities = Identities(context.clock)
        base_url = str(settings.get("base_url") or DEFAULT_BASE_URL).rstrip("/")
        token = settings["token"]
        self.base_url = base_url
        self.granted_scopes: frozenset[str] | None = None
        """The token's scopes, once an answer told them; None for tokens that have none."""
        self._graphql_url = graphql_url(base_url)
        self.limiter = RateLimit.from_settings(settings.get("rate_limit")).limiter(
            LIMITS, context.clock, service="github", is_its_own=base_url == DEFAULT_BASE_URL
        )
        self._connection = Connection(
            base_url,
            service="github",
            service_origins=(DEFAULT_BASE_URL,),
            context=context,
            authorization={"Authorization": f"Bearer {token}"},
            headers={"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": API_VERSION},
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

    def keep_secret(self, text: str) -> None:
        """Mask a text in whatever is said from now on."""
        self._connection.masker.add(text)

    def owner_account(self) -> Account:
        """The owner; raises NotFound when there is none, and ProviderError."""
        return self._owner().account

    def is_organization(self) -> bool:
        """Whether the owner is an organisation, not a person."""
        return self._owner().is_organization

    def _owner(self) -> Owner:
        if (known := self.identities.owner) is not None:
            return known
        answer = self.query(_OWNER, {"login": self.owner}, "account")
        for trouble in answer.troubles:
            raise trouble.error
        found = answer.fields.get("owner")
        if found is None:
            raise NotFound(
                f"there is no account {self.owner}",
                call=Call("github", "GraphQL query: account"),
                remedy="check the provider's `owner`, and that the token may see it",
            )
        owner = Owner(Account(found["id"], found["login"]), found["__typename"] == "Organization")
        self.identities.owner = owner
        return owner

    def rest(
        self,
        method: str,
        path: str,
        parts: Mapping[str, Any] | None = None,
        *,
        json: Any = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        accept: Collection[int] = (),
    ) -> Answer:
        """One REST call; ``path`` is a template as GitHub documents it, ``{owner}`` is known.

        GitHub may not know an object yet that it made a moment ago, so a 404 below one that this run
        created is asked again a few times. Raises ProviderError.
        """
        filled = {"owner": self.owner, "org": self.owner, **(parts or {})}
        pauses = iter(_NEW_OBJECT_PAUSES if self.identities.is_new(filled.values()) else ())
        while True:
            try:
                return self._connection.call(
                    method, path, parts=filled, json=json, params=params, headers=headers, accept=accept
                )
            except NotFound:
                pause = next(pauses, None)
                if pause is None or method == "DELETE":
                    raise
                self.clock.sleep(pause)

    def items(
        self,
        path: str,
        parts: Mapping[str, Any] | None = None,
        *,
        params: Mapping[str, Any] | None = None,
        member: str | None = None,
    ) -> Iterator[Any]:
        """Each item of a REST list, all pages."""
        filled = {"owner": self.owner, "org": self.owner, **(parts or {})}
        asked = {"per_page": 100, **(params or {})}
        return items(self._connection, path, parts=filled, params=asked, member=member)

    def query(
        self, document: str, variables: Mapping[str, Any], operation: str, *, may_ask_less: bool = False
    ) -> QueryAnswer:
        """One GraphQL query. Raises ProviderError when nothing came back.

        With ``may_ask_less`` a timeout is told in the answer rather than repeated and raised.
        """
        answer = self._connection.call(
            "POST",
            self._graphql_url,
            json={"query": document, "variables": dict(variables)},
            operation=f"GraphQL query: {operation}",
            may_repeat=True,
            accept=TIMED_OUT if may_ask_less else (),
        )
        if answer.status in TIMED_OUT:
            return QueryAnswer(timed_out=True)
        return self._query_answer(answer, Call("github", f"GraphQL query: {operation}"))

    def mutate(self, document: str, variables: Mapping[str, Any], operation: str) -> Mapping[str, Any]:
        """One GraphQL mutation: the payload of its one field. Raises ProviderError."""
        call = Call("github", f"GraphQL mutation: {operation}")
        answer = self._query_answer(
            self._connection.call(
                "POST",
                self._graphql_url,
                json={"query": document, "variables": dict(variables)},
                operation=call.operation,
            ),
            call,
        )
        for trouble in answer.troubles:
            if isinstance(trouble.error, ServiceFailed):
                raise OutcomeUnknown(
                    trouble.error.cause, call=call, remedy="look at GitHub before doing it again"
                )
            raise trouble.error
        payload = next(iter(answer.fields.values()), None)
        if not isinstance(payload, dict):
            raise OutcomeUnknown("the answer holds nothing", call=call)
        return payload

    def _query_answer(self, answer: Answer, call: Call) -> QueryAnswer:
        body = answer.body
        if not isinstance(body, dict) or not ("data" in body or body.get("errors")):
            raise Garbled("the answer is no GraphQL answer", call=call)
        self.granted_scopes = scopes(answer.headers)
        errors = body.get("errors") or ()
        troubles = tuple(
            Trouble(tuple(error.get("path") or ()), query_error(error, call, answer.headers))
            for error in errors
        )
        return QueryAnswer(body.get("data") or {}, troubles)


def graphql_url(base_url: str) -> str:
    """Where GraphQL is for a REST base URL: beside ``/api/v3`` on GitHub Enterprise Server, else below it."""
    path = urlsplit(base_url).path.rstrip("/")
    if path.endswith("/api/v3"):
        return base_url.removesuffix("/v3") + "/graphql"
    return base_url + "/graphql"
