"""In an outage each service speaks as it does itself: its statuses, its codes, its headers."""

from collections.abc import Iterator

import httpx
import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.outages import Mode, outage
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World
from tests.still_clock import Clock

ASKED = {
    "slack": ("POST", "/slack/api/conversations.list"),
    "notion": ("GET", "/notion/v1/users/me"),
    "github": ("GET", "/github/user"),
    "graphql": ("POST", "/github/graphql"),
    "anykrowd": ("GET", "/anykrowd/apix/v1/currencies/list"),
}
WORDS: list[tuple[str, Mode, int, str]] = [
    ("slack", "rate-limited", 429, '"error":"ratelimited"'),
    ("slack", "secondary-limit", 200, '"error":"ratelimited"'),
    ("slack", "unauthorized", 200, '"error":"invalid_auth"'),
    ("slack", "forbidden", 200, '"error":"missing_scope","needed":"channels:read'),
    ("slack", "clock-skew", 200, '"error":"token_expired"'),
    ("notion", "rate-limited", 429, '"code":"rate_limited"'),
    ("notion", "secondary-limit", 529, '"code":"service_overload"'),
    ("notion", "unauthorized", 401, '"code":"unauthorized"'),
    ("notion", "forbidden", 403, '"code":"restricted_resource"'),
    ("notion", "clock-skew", 401, '"code":"unauthorized"'),
    ("github", "rate-limited", 403, "API rate limit exceeded for user ID"),
    ("github", "secondary-limit", 403, "You have exceeded a secondary rate limit"),
    ("github", "unauthorized", 401, "Bad credentials"),
    ("github", "forbidden", 403, "Resource not accessible by personal access token"),
    ("github", "clock-skew", 401, "Bad credentials"),
    ("graphql", "rate-limited", 200, '{"errors":[{"type":"RATE_LIMITED"'),
    ("graphql", "secondary-limit", 403, "You have exceeded a secondary rate limit"),
    ("graphql", "unauthorized", 401, "Bad credentials"),
    ("graphql", "forbidden", 200, '{"data":null,"errors":[{"type":"FORBIDDEN"'),
    ("graphql", "clock-skew", 401, "Bad credentials"),
    ("anykrowd", "rate-limited", 429, '"error":"Too Many Requests"'),
    ("anykrowd", "secondary-limit", 429, '"error":"Too Many Requests"'),
    ("anykrowd", "unauthorized", 401, '"error":"Unauthenticated"'),
    ("anykrowd", "forbidden", 403, '"error":"Access Denied"'),
    ("anykrowd", "clock-skew", 401, '"error":"Unauthenticated"'),
]


@pytest.fixture(scope="module")
def host() -> Host:
    return Host(World(clock=Clock()))


@pytest.fixture(scope="module", params=["in the process", "over a socket"])
def client(request: pytest.FixtureRequest, host: Host) -> Iterator[httpx.Client]:
    if request.param == "in the process":
        with httpx.Client(transport=host.transport(), base_url="http://127.0.0.1") as client:
            yield client
    else:
        with running(host) as origin, httpx.Client(base_url=origin, timeout=0.3) as client:
            yield client


def ask(host: Host, client: httpx.Client, which: str, mode: Mode) -> httpx.Response:
    service = which.replace("graphql", "github")
    host.outages.end()
    host.outages.set([outage(service, mode, begins=host.outages.now(), lasts=40, rate=1)])
    method, path = ASKED[which]
    token = host.connections()[service]["token"]
    headers = {"Authorization": f"Bearer {token}", "Notion-Version": "2022-06-28"}
    return client.request(method, path, headers=headers)


@pytest.mark.parametrize(("which", "mode", "status", "words"), WORDS)
def test_each_service_turns_calls_away_in_its_own_words(
    host: Host, client: httpx.Client, which: str, mode: Mode, status: int, words: str
) -> None:
    answer = ask(host, client, which, mode)
    assert answer.status_code == status
    assert words in answer.text
    if mode in ("rate-limited", "secondary-limit"):
        reset = str(int(host.outages.now()) + 40)
        told = {name: answer.headers.get(name) for name in ("retry-after", "x-ratelimit-reset")}
        assert told == {
            "retry-after": "40" if "x-ratelimit-reset" not in answer.headers else None,
            "x-ratelimit-reset": reset if "retry-after" not in answer.headers else None,
        }


@pytest.mark.parametrize("which", ASKED)
@pytest.mark.parametrize(
    ("mode", "errors"),
    [
        ("down", (httpx.ConnectError, httpx.RemoteProtocolError)),
        ("half-answers", httpx.RemoteProtocolError),
    ],
)
def test_a_connection_breaks_before_the_answer_or_in_it(
    host: Host, client: httpx.Client, which: str, mode: Mode, errors: type[Exception]
) -> None:
    with pytest.raises(errors):
        ask(host, client, which, mode)


def test_a_caller_who_does_not_wait_is_let_go(host: Host) -> None:
    with running(host) as origin, httpx.Client(base_url=origin, timeout=0.05) as client:
        with pytest.raises(httpx.ReadTimeout):
            ask(host, client, "github", "slow")
        assert client.get("/_sandbox/outages", timeout=5).json()[0]["hit"] == 1


@pytest.mark.parametrize(
    ("service", "method", "path", "body", "is_change"),
    [
        ("github", "POST", "/graphql", b'{"query": "mutation M { x }"}', True),
        ("github", "POST", "/graphql", b'{"query": "query Q { x }"}', False),
        ("github", "POST", "/api/graphql", b'{"query": "{ x }"}', False),
        ("github", "POST", "/graphql", b"[", False),
        ("github", "PUT", "/repos/a/b/topics", b"{}", True),
        ("github", "GET", "/user", b"", False),
        ("slack", "POST", "/api/conversations.create", b"", True),
        ("slack", "POST", "/api/conversations.list", b"", False),
        ("slack", "GET", "/api/users.lookupByEmail", b"", False),
        ("notion", "POST", "/v1/search", b"{}", False),
        ("notion", "POST", "/v1/data_sources/1/query", b"{}", False),
        ("notion", "POST", "/v1/pages", b"{}", True),
        ("notion", "GET", "/v1/pages/1", b"", False),
        ("anykrowd", "POST", "/apix/v1/users/sync", b"{}", True),
        ("anykrowd", "GET", "/apix/v1/role", b"", False),
    ],
)
def test_a_service_tells_changes_from_questions(
    host: Host, service: str, method: str, path: str, body: bytes, is_change: bool
) -> None:
    assert host.emulators[service].changes(method, path, body) is is_change


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("which", ASKED)
def test_a_clock_that_was_off_leaves_no_limit_behind(which: str, seed: int) -> None:
    host = Host(World(clock=Clock()))
    service = which.replace("graphql", "github")
    host.outages.set([outage(service, "clock-skew", begins=host.outages.now(), rate=0, seed=seed)])
    method, path = ASKED[which]
    headers = {
        "Authorization": f"Bearer {host.connections()[service]['token']}",
        "Notion-Version": "2022-06-28",
    }
    with httpx.Client(transport=host.transport(), base_url="http://127.0.0.1", headers=headers) as client:
        told = [client.request(method, path, json={"query": "{viewer{login}}"})]
        host.outages.end()
        told.append(client.request(method, path, json={"query": "{viewer{login}}"}))
    assert [answer.status_code for answer in told] == [200, 200]
    assert "ratelimited" not in told[1].text
