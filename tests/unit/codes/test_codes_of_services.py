"""What a service answers, or does not, has the code that its troubleshooting page explains."""

from typing import Any

import httpx
import pytest

import reconciler_anykrowd.errors
import reconciler_github.errors
import reconciler_notion.errors
import reconciler_slack.errors
from reconciler.errors import ProviderError
from reconciler.provider.answers import Classify
from reconciler.provider.context import Context
from reconciler.provider.http import Connection
from reconciler.provider.retry import Retry
from reconciler.testing import FakeClock


def classify(service: str, clock: FakeClock) -> Classify:
    if service == "notion":
        return reconciler_notion.errors.classifier(clock)
    if service == "slack":
        return reconciler_slack.errors.classifier(clock)
    if service == "github":
        return reconciler_github.errors.classifier(clock)
    return reconciler_anykrowd.errors.classifier(clock)


def code_of(service: str, answer: httpx.Response | Exception, method: str = "GET") -> str:
    def transport(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    clock = FakeClock()
    connection = Connection(
        "http://127.0.0.1:1",
        service=service,
        service_origins=(),
        context=Context(clock=clock, transport=httpx.MockTransport(transport)),
        retry=Retry(attempts=1),
        classify=classify(service, clock),
    )
    with pytest.raises(ProviderError) as caught:
        connection.call(method, "/asked")
    connection.close()
    return caught.value.code


@pytest.mark.parametrize(
    ("service", "prefix"), [("slack", "SL"), ("notion", "NO"), ("github", "GH"), ("anykrowd", "AK")]
)
@pytest.mark.parametrize(
    ("area", "method", "answer"),
    [
        ("NET", "GET", httpx.ConnectError("refused")),
        ("ANSWER", "GET", httpx.Response(200, text="<html>")),
        ("SERVER", "GET", httpx.Response(503)),
        ("OUTCOME", "POST", httpx.ReadError("reset")),
        ("OUTCOME", "POST", httpx.Response(503)),
        ("LIMIT", "GET", httpx.Response(429, headers={"retry-after": "7"}, json={})),
    ],
)
def test_what_happens_to_every_service_has_its_general_code(
    service: str, prefix: str, area: str, method: str, answer: httpx.Response | Exception
) -> None:
    assert code_of(service, answer, method) == f"{prefix}-{area}-001"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("invalid_auth", "SL-AUTH-001"),
        ("restricted_action", "SL-PERM-001"),
        ("missing_scope", "SL-PERM-002"),
        ("not_allowed_token_type", "SL-PERM-003"),
        ("not_in_channel", "SL-PERM-004"),
        ("paid_teams_only", "SL-PERM-005"),
        ("channel_not_found", "SL-FIND-001"),
        ("name_taken", "SL-EXIST-001"),
        ("a_word_of_tomorrow", "SL-INPUT-001"),
    ],
)
def test_each_word_of_slack_has_a_code(error: str, code: str) -> None:
    assert code_of("slack", httpx.Response(200, json={"ok": False, "error": error})) == code


@pytest.mark.parametrize(
    ("status", "word", "message", "code"),
    [
        (401, "unauthorized", "API token is invalid.", "NO-AUTH-001"),
        (403, "restricted_resource", "no", "NO-PERM-001"),
        (404, "object_not_found", "no", "NO-FIND-001"),
        (400, "validation_error", "no", "NO-INPUT-001"),
        (400, "validation_error", "Can't edit block that is archived.", "NO-INPUT-002"),
        (409, "conflict_error", "no", "NO-INPUT-003"),
        (529, "service_overload", "no", "NO-LIMIT-002"),
    ],
)
def test_each_word_of_notion_has_a_code(status: int, word: str, message: str, code: str) -> None:
    body = {"object": "error", "status": status, "code": word, "message": message}
    assert code_of("notion", httpx.Response(status, json=body)) == code


@pytest.mark.parametrize(
    ("status", "message", "headers", "code"),
    [
        (401, "Bad credentials", {}, "GH-AUTH-001"),
        (403, "Must have admin rights", {}, "GH-PERM-001"),
        (403, "no", {"x-github-sso": "required; url=https://github.com/orgs/acme/sso"}, "GH-PERM-002"),
        (403, "no", {"x-accepted-github-permissions": "administration=write"}, "GH-PERM-003"),
        (403, "Repository was archived so is read-only.", {}, "GH-PERM-004"),
        (404, "Not Found", {}, "GH-FIND-001"),
        (422, "name already exists on this account", {}, "GH-EXIST-001"),
        (422, "Validation Failed", {}, "GH-INPUT-001"),
        (409, "Git Repository is empty.", {}, "GH-INPUT-002"),
        (403, "You have exceeded a secondary rate limit.", {}, "GH-LIMIT-002"),
    ],
)
def test_each_refusal_of_github_has_a_code(
    status: int, message: str, headers: dict[str, str], code: str
) -> None:
    assert code_of("github", httpx.Response(status, json={"message": message}, headers=headers)) == code


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "AK-INPUT-001"), (401, "AK-AUTH-001"), (403, "AK-PERM-001"), (404, "AK-FIND-001")],
)
def test_each_status_of_anykrowd_has_a_code(status: int, code: str) -> None:
    body: Any = {"status": "error", "error": {"code": status, "error": "no"}}
    assert code_of("anykrowd", httpx.Response(status, json=body)) == code
