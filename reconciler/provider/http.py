"""The HTTP connection that providers speak to their service through.

It bounds every call in time and size, repeats what is safe to repeat, says honestly what became of a call
that changes something, keeps credentials on their origin, and masks them in whatever it says.
"""

import logging
import random as randomness
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

import reconciler
from reconciler.errors import (
    Call,
    Garbled,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    ServiceFailed,
    Unauthorized,
    Unreachable,
)
from reconciler.provider.answers import Answer, Classify, error_of, parse_json
from reconciler.provider.limits import Limiter, Takes
from reconciler.provider.masking import Masker
from reconciler.provider.origins import check_base_url, is_loopback, origin_of, origin_text
from reconciler.provider.protocol import ProviderContext
from reconciler.provider.retried import Kind
from reconciler.provider.retry import Retry, retry_after
from reconciler.provider.timeouts import Timeouts
from reconciler.provider.traffic import Trace, Traffic
from reconciler.provider.urls import HARMLESS, address, fill, redirected

Authorization = Mapping[str, str] | Callable[[], Mapping[str, str]]
"""The headers that hold credentials; a function is asked before each request (for tokens that expire)."""

LARGEST_BODY = 64 * 1024 * 1024
"""Bytes of an answer, decompressed, that are read at most."""

_MOST_REDIRECTS = 5
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.LocalProtocolError,
    httpx.UnsupportedProtocol,
)
_CONNECTION_HELP = "check the network, the proxy (HTTPS_PROXY) and base_url"
_LOOK_FIRST = "look at the service before doing it again: it may have been done"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Question:
    """One call, as it is sent each time."""

    method: str
    url: httpx.URL
    json: Any
    params: Mapping[str, Any] | None
    headers: Mapping[str, str]
    call: Call
    changes_something: bool
    accept: Collection[int]
    expect_json: bool


def _nothing(method: str, operation: str) -> Takes:
    return {}


class Connection:
    """One service, reached with one set of credentials. Several threads may call at once.

    ``service`` is its name in errors. ``service_origins`` are the service's own addresses; ``base_url`` must
    be on one of them, on loopback, or on a host that the context allows, else Refused is raised.
    ``authorization`` are the headers with credentials; ``secrets`` are more texts to mask.
    ``classify`` lets a provider recognise its service's errors; what it returns None for is judged by status.
    ``limiter`` holds the service's limits, and ``takes`` says what a call takes of them, by its method and
    operation. Each call waits for its turn there, and at the context's circuit breaker.
    Proxies are taken from the environment (``HTTPS_PROXY``, ``NO_PROXY``) for all but loopback; ``.netrc`` is
    never read.
    """

    def __init__(
        self,
        base_url: str,
        *,
        service: str,
        service_origins: Collection[str],
        context: ProviderContext,
        authorization: Authorization | None = None,
        headers: Mapping[str, str] | None = None,
        secrets: Iterable[str] = (),
        retry: Retry | None = None,
        timeouts: Timeouts | None = None,
        classify: Classify | None = None,
        limiter: Limiter | None = None,
        takes: Callable[[str, str], Takes] = _nothing,
        largest_body: int = LARGEST_BODY,
        random: randomness.Random | None = None,
    ) -> None:
        self.base_url = check_base_url(
            base_url, service=service, service_origins=service_origins, allowed_hosts=context.allowed_hosts
        )
        self.service = service
        self.retry = retry or Retry()
        self.timeouts = timeouts or Timeouts()
        self.masker = Masker(secrets)
        self._origin = origin_of(self.base_url)
        self._context = context
        self._authorization = authorization or {}
        if isinstance(authorization, Mapping):
            self._learn(authorization)
        self._classify = classify
        self._takes = takes
        self._largest_body = largest_body
        self._traffic = Traffic(
            context,
            retry=self.retry,
            limiter=limiter or Limiter((), context.clock),
            random=random or randomness.Random(),  # noqa: S311 - spreads retries; nothing is secret in it
        )
        self._client = httpx.Client(
            transport=context.transport,
            headers={"User-Agent": f"reconciler/{reconciler.__version__}", **(headers or {})},
            timeout=_of(self.timeouts),
            follow_redirects=False,
            trust_env=not is_loopback(self.base_url.host),
        )
        logging.getLogger("httpx").addFilter(self.masker)

    def __repr__(self) -> str:
        return f"Connection({self.service} at {origin_text(self._origin)})"

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()
        logging.getLogger("httpx").removeFilter(self.masker)

    def call(
        self,
        method: str,
        path: str,
        *,
        parts: Mapping[str, Any] | None = None,
        json: Any = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        operation: str | None = None,
        may_repeat: bool | None = None,
        accept: Collection[int] = (),
        expect_json: bool = True,
    ) -> Answer:
        """Make one call, and repeat it as far as that is safe.

        ``path`` is below ``base_url``; with ``parts`` it is a template: ``{owner}`` in it becomes the
        URL-encoded part of that name (an empty one, ``.`` and ``..`` are Rejected). It may also be an
        absolute address on the same origin, as in a ``Link`` header.
        ``operation`` names the call in errors and counts, and is ``METHOD path-template`` when not given.
        ``may_repeat``: GET, HEAD and OPTIONS may be, others not, unless said here. A POST that may be
        repeated is taken for a question (a GraphQL query); a PUT, PATCH or DELETE for a change that is safe
        to make twice. ``accept`` are error statuses that are returned as answers.

        Raises ProviderError. A call that changes something raises OutcomeUnknown when its answer was lost or
        was a failure of the service; it is not repeated then, unless ``may_repeat``. One that never reached
        the service, or that was turned away by a rate limit, is repeated, and raises Unreachable or
        RateLimited in the end.
        """
        method = method.upper()
        call = Call(self.service, self.masker.mask(operation or f"{method} {path.partition('?')[0]}"))
        repeatable = method in HARMLESS if may_repeat is None else may_repeat
        try:
            question = _Question(
                method=method,
                url=address(self.base_url, path if parts is None else fill(path, parts, call), call),
                json=json,
                params=params or None,
                headers=headers or {},
                call=call,
                changes_something=method not in HARMLESS and not (method == "POST" and repeatable),
                accept=accept,
                expect_json=expect_json,
            )
            return self._traffic.make(
                lambda trace: self._judged(question, self._ask(question, trace), trace),
                call=call,
                takes=self._takes(method, call.operation),
                again=repeatable,
            )
        except ProviderError as error:
            self._mask(error)
            raise

    def _ask(self, question: _Question, trace: Trace) -> Answer:
        url = question.url
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._send(question, url, trace)
            if not 300 <= answer.status < 400 or "location" not in answer.headers:
                return answer
            url = redirected(
                url,
                answer.headers["location"],
                status=answer.status,
                method=question.method,
                call=question.call,
            )
        raise Garbled(f"redirected more than {_MOST_REDIRECTS} times", call=question.call)

    def _judged(self, question: _Question, answer: Answer, trace: Trace) -> Answer:
        trace.wait_named = retry_after(answer.headers, self._context.clock.now())
        if answer.status in question.accept:
            return answer
        error = self._classify(answer, question.call) if self._classify else None
        error = error or error_of(answer, question.call, self._context.clock.now())
        if error is None:
            return answer
        trace.kind = Kind.LIMIT if isinstance(error, RateLimited) else Kind.FAILED
        if isinstance(error, ServiceFailed) and question.changes_something:
            raise OutcomeUnknown(error.cause, call=question.call, remedy=_LOOK_FIRST)
        raise error

    def _send(self, question: _Question, url: httpx.URL, trace: Trace) -> Answer:
        credentials = self._credentials(question.call)
        self._context.on_request(question.call)
        started = self._context.clock.monotonic()
        timeouts = self.timeouts.here()
        error: ProviderError
        try:
            with self._client.stream(
                question.method,
                url,
                json=question.json,
                params=question.params if url == question.url else None,
                headers={**question.headers, **credentials},
                timeout=_of(timeouts),
            ) as response:
                content = self._content(response, started, timeouts.total)
            elapsed = self._context.clock.monotonic() - started
            _log.debug("%s: HTTP %d in %.3f s", question.call.operation, response.status_code, elapsed)
            return self._answer(question, response, content, elapsed)
        except _NOT_SENT as reason:
            trace.kind = Kind.CONNECT
            error = Unreachable(
                f"no connection to {origin_text(self._origin)}: {_text(reason)}",
                call=question.call,
                remedy=_CONNECTION_HELP,
            )
        except httpx.TransportError as reason:
            trace.kind = Kind.TIMEOUT if isinstance(reason, httpx.TimeoutException) else Kind.RESET
            error = self._lost(question, Unreachable, f"no answer: {_text(reason)}")
        except (httpx.DecodingError, httpx.InvalidURL, _Unusable) as reason:
            error = self._lost(question, Garbled, _text(reason))
        # Raised here, not above: the exception behind it holds the request, and that the credentials.
        _log.debug("%s: %s", question.call.operation, self.masker.mask(error.cause))
        raise error

    def _lost(self, question: _Question, kind: type[ProviderError], cause: str) -> ProviderError:
        if question.changes_something:
            return OutcomeUnknown(cause, call=question.call, remedy=_LOOK_FIRST)
        return kind(cause, call=question.call, remedy=_CONNECTION_HELP)

    def _content(self, response: httpx.Response, started: float, total: float) -> bytes:
        content = bytearray()
        for piece in response.iter_bytes():
            content += piece
            if len(content) > self._largest_body:
                raise _Unusable(f"the answer is larger than {self._largest_body} bytes")
            if self._context.clock.monotonic() - started > total:
                raise httpx.ReadTimeout(f"the answer took longer than {total:g} s")
        return bytes(content)

    def _answer(
        self, question: _Question, response: httpx.Response, content: bytes, elapsed: float
    ) -> Answer:
        kind = response.headers.get("content-type", "")
        is_good = response.status_code < 300
        body: Any = None
        if content:
            body = content.decode("utf-8", "replace")
            if question.expect_json or "json" in kind:
                try:
                    body = parse_json(content)
                except (ValueError, RecursionError):
                    if is_good and question.expect_json:
                        raise _Unusable(
                            f"the answer is not JSON (HTTP {response.status_code}, content type "
                            f"{kind or 'not given'})"
                        ) from None
        links = {
            str(relation): str(response.url.join(link["url"]))
            for relation, link in response.links.items()
            if "url" in link
        }
        return Answer(response.status_code, response.headers, body, links, elapsed)

    def _credentials(self, call: Call) -> Mapping[str, str]:
        headers = self._authorization() if callable(self._authorization) else self._authorization
        self._learn(headers)
        for name, value in headers.items():
            if not value.isascii() or not value.isprintable():
                raise Unauthorized(
                    f"the credential for the header {name} holds characters that no header can carry",
                    call=call,
                    remedy="check how it was copied: a line break or a quotation mark may have come along",
                )
        return headers

    def _learn(self, headers: Mapping[str, str]) -> None:
        for value in headers.values():
            self.masker.add(value, *value.split())

    def _mask(self, error: ProviderError) -> None:
        error.cause = self.masker.mask(error.cause)
        error.remedy = self.masker.mask_advice(error.remedy)
        error.call = Call(error.call.service, self.masker.mask(error.call.operation))
        error.args = (error.cause,)


class _Unusable(Exception):
    """An answer came, and cannot be used."""


def _text(error: Exception) -> str:
    return str(error) or type(error).__name__


def _of(timeouts: Timeouts) -> httpx.Timeout:
    return httpx.Timeout(
        connect=timeouts.connect, read=timeouts.read, write=timeouts.write, pool=timeouts.pool
    )
