"""Secrets: sealed, overwritten by nobody unnoticed."""

import base64
from typing import Any

import httpx
import pytest
from nacl.public import PrivateKey, SealedBox

from reconciler.errors import AlreadyExists, OutcomeUnknown
from reconciler.provider import Lookup, Object
from reconciler_github.provider import GitHubProvider

TYPE = "github_actions_secret"
SECRETS = "/repos/acme/docs/actions/secrets"
KEY = PrivateKey(bytes(range(32)))
PUBLIC = {"key_id": "k1", "key": base64.b64encode(bytes(KEY.public_key)).decode()}
DESIRED = {"repository": "docs", "secret_name": "token", "plaintext_value": "hush-hush-5d41"}


def told(updated: str = "2026-01-01T00:00:05Z") -> httpx.Response:
    body = {"name": "TOKEN", "created_at": "2026-01-01T00:00:00Z", "updated_at": updated}
    return httpx.Response(200, json=body)


@pytest.fixture
def ready(github: Any, answer_fields: Any) -> Any:
    repository = {"id": "R_1", "databaseId": 1, "name": "docs", "nameWithOwner": "acme/docs"}
    github.on_query(answer_fields({"item0": repository}))
    github.on(f"GET {SECRETS}/public-key", httpx.Response(200, json=PUBLIC))
    github.on(f"GET {SECRETS}/TOKEN", httpx.Response(404, json={"message": "Not Found"}), told())
    github.on(f"PUT {SECRETS}/TOKEN", httpx.Response(201))
    return github


def test_the_value_travels_sealed_and_only_github_can_open_it(ready: Any, provider: GitHubProvider) -> None:
    made = provider.create(TYPE, DESIRED)
    body = ready.body(f"PUT {SECRETS}/TOKEN")
    assert body["key_id"] == "k1"
    assert SealedBox(KEY).decrypt(base64.b64decode(body["encrypted_value"])) == b"hush-hush-5d41"
    assert "hush-hush-5d41" not in str(ready.asked)
    assert "plaintext_value" not in made.attributes
    assert made.id == "R_1/TOKEN"
    assert made.attributes["updated_at"] == "2026-01-01T00:00:05Z"


def test_the_key_of_a_repository_is_asked_for_once(ready: Any, provider: GitHubProvider) -> None:
    made = provider.create(TYPE, DESIRED)
    provider.update(made, {**DESIRED, "plaintext_value": "another"}, frozenset({"plaintext_value"}))
    assert ready.calls.count(f"GET {SECRETS}/public-key") == 1
    assert ready.calls[-2:] == [f"PUT {SECRETS}/TOKEN", f"GET {SECRETS}/TOKEN"]


def test_a_secret_that_is_there_is_not_overwritten_by_a_create(ready: Any, provider: GitHubProvider) -> None:
    ready.on(f"GET {SECRETS}/TOKEN", told())
    with pytest.raises(AlreadyExists):
        provider.create(TYPE, DESIRED)
    assert not any(call.startswith("PUT") for call in ready.calls)


def test_somebody_quicker_than_our_own_look_is_not_taken_for_us(ready: Any, provider: GitHubProvider) -> None:
    missing = httpx.Response(404, json={"message": "Not Found"})
    ready.on(f"GET {SECRETS}/TOKEN", missing, told("2026-01-01T00:00:09Z"))
    ready.on(f"PUT {SECRETS}/TOKEN", httpx.Response(201, headers={"Date": "Thu, 01 Jan 2026 00:00:05 GMT"}))
    made = provider.create(TYPE, DESIRED)
    assert made.attributes["updated_at"] == "2026-01-01T00:00:05Z"


def test_a_secret_whose_time_could_not_be_read_is_in_doubt(ready: Any, provider: GitHubProvider) -> None:
    missing = httpx.Response(404, json={"message": "Not Found"})
    ready.on(f"GET {SECRETS}/TOKEN", missing, httpx.Response(401, json={"message": "Bad credentials"}))
    with pytest.raises(OutcomeUnknown):
        provider.create(TYPE, DESIRED)


@pytest.mark.parametrize(
    ("recorded", "is_overwritten"),
    [("2026-01-01T00:00:05Z", False), ("2026-01-01T00:00:04Z", True)],
)
def test_a_later_time_than_recorded_means_that_somebody_has_overwritten_it(
    ready: Any, provider: GitHubProvider, recorded: str, is_overwritten: bool
) -> None:
    ready.on(f"GET {SECRETS}", httpx.Response(200, json={"total_count": 1, "secrets": [told().json()]}))
    known = {"repository": "docs", "secret_name": "TOKEN", "updated_at": recorded}
    answer = provider.read({"s": Lookup(TYPE, "R_1/TOKEN", known)})["s"]
    assert isinstance(answer, Object)
    assert ("plaintext_value" in answer.attributes) is is_overwritten
    assert answer.attributes.get("plaintext_value") is None


def test_the_secrets_of_a_repository_cost_one_list(ready: Any, provider: GitHubProvider) -> None:
    ready.on(f"GET {SECRETS}", httpx.Response(200, json={"total_count": 1, "secrets": [told().json()]}))
    known = {"repository": "docs", "updated_at": "2026-01-01T00:00:05Z"}
    lookups = {
        name: Lookup(TYPE, f"R_1/{name}", {**known, "secret_name": name}) for name in ("TOKEN", "OTHER")
    }
    provider.read(lookups)
    assert ready.calls == ["POST /graphql", f"GET {SECRETS}"]
