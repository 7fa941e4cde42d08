"""GitHub's own description of its REST API, and a tour of the emulator to hold against it."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import httpx
import jsonschema_rs
import pytest
from nacl.public import PublicKey, SealedBox

from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler_github.sandbox import GitHubEmulator
from tests.contract_data import contract_folder

ANNOTATIONS = frozenset(
    {"example", "examples", "externalDocs", "deprecated", "readOnly", "writeOnly", "description", "title"}
)
ERROR_KEYS = {"message", "documentation_url", "errors", "status", "url"}
EMPTY_IN_PROFILES = ("company", "email", "location")
"""Texts of an organisation's profile that are null in recorded answers, against the description."""
RECORDED_ONLY = frozenset({"secret_scanning_validity_checks", "secret_scanning_validity_checks_enabled"})
"""Keys of recorded answers that the description does not know."""


@pytest.fixture(scope="session")
def contract_data() -> Path:
    return contract_folder("github")


@dataclass(frozen=True)
class Exchange:
    """One request and its answer."""

    method: str
    path: str
    status: int
    request: Any
    response: Any


def strict(node: Any) -> Any:
    """An OpenAPI 3.0 schema as JSON Schema 2020-12."""
    if isinstance(node, list):
        return [strict(each) for each in node]
    if not isinstance(node, dict):
        return node
    out: dict[str, Any] = {}
    for key, value in node.items():
        if key == "properties":
            out[key] = {name: strict(schema) for name, schema in value.items()}
        elif key == "enum":
            out[key] = value
        elif key not in ANNOTATIONS | {"default", "discriminator"} and not key.startswith("x-"):
            out[key] = strict(value)
    if out.pop("nullable", False):
        out = {"anyOf": [out, {"type": "null"}]}
    return out


class Description:
    """GitHub's description: which operation a request is, and what is wrong with it or its answer."""

    def __init__(self, folder: Path) -> None:
        self.document = json.loads((folder / "github.openapi.json").read_text(encoding="utf-8"))
        errata = json.loads((folder / "spec-errata.json").read_text(encoding="utf-8"))
        self.errata = {(each["operation"], each["status"], each["problem"]) for each in errata}
        schemas = self.document["components"]["schemas"]
        self.store = {"components": {"schemas": {name: strict(schema) for name, schema in schemas.items()}}}
        self.operations = [
            (method.upper(), path, self.pattern(path, item, method), item[method])
            for path, item in self.document["paths"].items()
            for method in ("get", "put", "post", "patch", "delete")
            if method in item
        ]
        self.operations.sort(key=lambda each: (each[1].count("{"), -len(each[1])))

    def pattern(self, path: str, item: Mapping[str, Any], method: str) -> re.Pattern[str]:
        parameters = [
            self.resolve(each) for each in [*item.get("parameters", []), *item[method].get("parameters", [])]
        ]
        many = {each["name"] for each in parameters if each.get("x-multi-segment")}

        def part(match: re.Match[str]) -> str:
            return "(.+)" if match[1] in many else "([^/]+)"

        return re.compile(re.sub(r"\\\{([^}]+)\\\}", part, re.escape(path)))

    def resolve(self, node: Any) -> Any:
        while isinstance(node, dict) and "$ref" in node:
            found: Any = self.document
            for part in node["$ref"][2:].split("/"):
                found = found[part]
            node = found
        return node

    def find(self, exchange: Exchange) -> tuple[str, Mapping[str, Any]] | None:
        for method, path, pattern, operation in self.operations:
            if method == exchange.method and pattern.fullmatch(exchange.path):
                return f"{method} {path}", operation
        return None

    def problems(self, exchange: Exchange) -> list[str]:
        found = self.find(exchange)
        if found is None:
            return [f"{exchange.method} {exchange.path}: not in the description"]
        name, operation = found
        said = [*self.of_request(operation, exchange), *self.of_response(operation, exchange)]
        return [
            f"{name} {exchange.status} {each}"
            for each in said
            if (name, exchange.status, re.sub(r"\d+", "N", each)) not in self.errata
        ]

    def of_request(self, operation: Mapping[str, Any], exchange: Exchange) -> Iterator[str]:
        content = self.resolve(operation.get("requestBody", {})).get("content", {})
        schema = next((each["schema"] for kind, each in content.items() if "json" in kind), None)
        if schema is None or exchange.status >= 400:
            return
        if exchange.request is not None:
            yield from (f"request {each}" for each in self.validate(schema, exchange.request))
            yield from (f"request {each}" for each in self.undocumented(schema, exchange.request, ""))

    def of_response(self, operation: Mapping[str, Any], exchange: Exchange) -> Iterator[str]:
        documented = operation["responses"].get(str(exchange.status))
        content = self.resolve(documented or {}).get("content", {})
        schema = next((each["schema"] for kind, each in content.items() if "json" in kind), None)
        if schema is None and exchange.status >= 400:
            # GitHub documents few of its refusals; their shape is the same everywhere.
            if not {"message", "documentation_url"} <= set(exchange.response) <= ERROR_KEYS:
                yield f"refused with {sorted(exchange.response)}"
        elif documented is None:
            yield "undocumented status"
        elif schema is None:
            if exchange.response is not None:
                yield "has a body, but none is documented"
        else:
            yield from self.validate(schema, exchange.response)
            if exchange.status < 400:
                yield from self.undocumented(schema, exchange.response, "")

    def validate(self, schema: Any, value: Any) -> Iterator[str]:
        validator = jsonschema_rs.Draft202012Validator({**strict(schema), **self.store})
        for error in validator.iter_errors(value):
            if (
                error.message == 'null is not of type "string"'
                and error.instance_path[-1] in EMPTY_IN_PROFILES
            ):
                continue
            yield f"{list(error.instance_path)}: {error.message[:160]}"

    def undocumented(self, schema: Any, value: Any, where: str) -> Iterator[str]:
        """Keys that no variant of the schema knows; GitHub's schemas are open, so validation lets them be."""
        variants = list(self.variants(schema))
        if isinstance(value, list):
            items = {"anyOf": [each["items"] for each in variants if "items" in each]}
            for each in value:
                yield from self.undocumented(items, each, f"{where}[]")
        if not isinstance(value, dict) or any("additionalProperties" in each for each in variants):
            return
        known: dict[str, list[Any]] = {}
        for variant in variants:
            for key, sub in variant.get("properties", {}).items():
                known.setdefault(key, []).append(sub)
        if not known:
            return
        for key, each in value.items():
            if key in RECORDED_ONLY:
                continue
            if key not in known:
                yield f"undocumented key {where}.{key}"
            else:
                yield from self.undocumented({"anyOf": known[key]}, each, f"{where}.{key}")

    def variants(self, schema: Any) -> Iterator[Mapping[str, Any]]:
        schema = self.resolve(schema)
        yield schema
        for way in ("allOf", "anyOf", "oneOf"):
            for each in schema.get(way, []):
                yield from self.variants(each)


@pytest.fixture(scope="session")
def description(contract_data: Path) -> Description:
    return Description(contract_data)


@dataclass
class Visitor:
    """Calls the emulator and keeps what was said."""

    client: httpx.Client
    exchanges: list[Exchange]

    def __call__(
        self, method: str, path: str, body: Any = None, status: int | None = None, **options: Any
    ) -> Any:
        arguments: dict[str, Any] = options if body is None else {"json": body, **options}
        answer = self.client.request(method, f"/github{path}", **arguments)
        said = answer.json() if answer.content else None
        self.exchanges.append(Exchange(method, path.partition("?")[0], answer.status_code, body, said))
        assert status in (None, answer.status_code), (
            f"{method} {path}: {answer.status_code} {answer.text[:300]}"
        )
        return said


@pytest.fixture(scope="session")
def exchanges() -> list[Exchange]:
    """What the emulator answers on a tour through all its operations."""
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    host = Host(World(clock=lambda: moment), {"github": GitHubEmulator})
    token = host.connections()["github"]["token"]
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(transport=host.transport(), base_url="http://127.0.0.1", headers=headers) as client:
        visit = Visitor(client, [])
        for part in (
            accounts,
            repositories,
            branches,
            labels_and_topics,
            milestones,
            teams,
            collaborators,
            secrets,
            endings,
        ):
            part(visit)
        return visit.exchanges


def accounts(visit: Visitor) -> None:
    for path in ("/meta", "/rate_limit", "/user", "/users/octo-alice", "/orgs/acme", "/orgs/acme/members"):
        visit("GET", path, status=200)
    visit("PATCH", "/orgs/acme", {"description": "Anvils", "members_can_create_repositories": True}, 200)
    visit("GET", "/orgs/acme/members/octo-alice", status=204)
    visit("GET", "/orgs/acme/members/octo-carol", status=404)
    visit("GET", "/orgs/acme/memberships/octo-alice", status=200)
    visit("PUT", "/orgs/acme/memberships/octo-bob", {"role": "admin"}, 200)
    visit("GET", "/users/nobody", status=404)


def repositories(visit: Visitor) -> None:
    settings = {"name": "testx", "private": True, "auto_init": True, "license_template": "mit"}
    visit("POST", "/orgs/acme/repos", settings, 201)
    visit("POST", "/orgs/acme/repos", {"name": "TestX"}, 422)
    visit("POST", "/orgs/acme/repos", {"name": "public", "auto_init": True, "is_template": True}, 201)
    visit("POST", "/user/repos", {"name": "mine"}, 201)
    security = {"secret_scanning": {"status": "enabled"}}
    visit("PATCH", "/repos/acme/testx", {"description": "QA", "security_and_analysis": security}, 200)
    visit("PATCH", "/repos/acme/testx", {"default_branch": "nowhere"}, 422)
    for path in ("/repos/acme/testx", "/orgs/acme/repos", "/user/repos"):
        visit("GET", path, status=200)
    visit("GET", "/repos/acme/nothing", status=404)
    visit("GET", "/repos/acme/testx/vulnerability-alerts", status=404)
    visit("GET", "/repos/acme/testx/automated-security-fixes", status=404)
    for path in ("vulnerability-alerts", "automated-security-fixes"):
        visit("PUT", f"/repos/acme/testx/{path}", status=204)
    visit("GET", "/repos/acme/testx/vulnerability-alerts", status=204)
    visit("GET", "/repos/acme/testx/automated-security-fixes", status=200)
    for path in ("automated-security-fixes", "vulnerability-alerts"):
        visit("DELETE", f"/repos/acme/testx/{path}", status=204)


def branches(visit: Visitor) -> None:
    main = visit("GET", "/repos/acme/testx/branches/main", status=200)
    sha = main["commit"]["sha"]
    visit("POST", "/repos/acme/testx/git/refs", {"ref": "refs/heads/dev", "sha": sha}, 201)
    visit("POST", "/repos/acme/testx/git/refs", {"ref": "refs/heads/dev", "sha": sha}, 422)
    visit("GET", "/repos/acme/testx/git/ref/heads/dev", status=200)
    visit("GET", "/repos/acme/testx/git/matching-refs/heads/", status=200)
    visit("PATCH", "/repos/acme/testx/git/refs/heads/dev", {"sha": sha}, 200)
    visit("GET", "/repos/acme/testx/branches", status=200)
    visit("GET", "/repos/acme/testx/commits/main", status=200)
    content = base64.b64encode(b"hello\n").decode()
    file = {"message": "Say hello", "content": content, "branch": "dev"}
    made = visit("PUT", "/repos/acme/testx/contents/docs/hello.md", file, 201)
    visit("GET", "/repos/acme/testx/contents/docs/hello.md?ref=dev", status=200)
    visit("GET", "/repos/acme/testx/contents/docs?ref=dev", status=200)
    again = {**file, "sha": made["content"]["sha"]}
    visit("PUT", "/repos/acme/testx/contents/docs/hello.md", again, 200)
    gone = {"message": "Say nothing", "sha": made["content"]["sha"], "branch": "dev"}
    visit("DELETE", "/repos/acme/testx/contents/docs/hello.md", gone, 200)
    protect(visit)
    visit("POST", "/repos/acme/testx/branches/dev/rename", {"new_name": "develop"}, 201)
    visit("DELETE", "/repos/acme/testx/git/refs/heads/main", status=422)
    visit("DELETE", "/repos/acme/testx/git/refs/heads/develop", status=204)


def protect(visit: Visitor) -> None:
    path = "/repos/acme/testx/branches/main/protection"
    visit("GET", path, status=404)
    visit("POST", "/orgs/acme/teams", {"name": "Releases", "privacy": "closed"}, 201)
    people = {"users": ["octo-alice"], "teams": ["releases"]}
    reviews = {
        "required_approving_review_count": 2,
        "dismissal_restrictions": people,
        "bypass_pull_request_allowances": people,
    }
    everything = {
        "required_status_checks": {"strict": True, "contexts": ["build"]},
        "enforce_admins": True,
        "required_pull_request_reviews": reviews,
        "restrictions": {**people, "apps": []},
        "required_linear_history": True,
        "required_conversation_resolution": True,
    }
    visit("PUT", path, everything, 200)
    visit("GET", path, status=200)
    for method, status in (("GET", 200), ("POST", 200), ("DELETE", 204)):
        visit(method, f"{path}/required_signatures", status=status)
    visit("GET", "/repos/acme/testx/branches/main", status=200)
    nothing = dict.fromkeys(
        ("required_status_checks", "enforce_admins", "required_pull_request_reviews", "restrictions")
    )
    visit("PUT", path, nothing, 200)
    visit("DELETE", path, status=204)


def labels_and_topics(visit: Visitor) -> None:
    path = "/repos/acme/testx/labels"
    visit("GET", path, status=200)
    visit("POST", path, {"name": "epic", "color": "3e4b9e", "description": "Large"}, 201)
    visit("POST", path, {"name": "EPIC", "color": "3e4b9e"}, 422)
    visit("GET", f"{path}/epic", status=200)
    visit("PATCH", f"{path}/epic", {"new_name": "saga"}, 200)
    visit("DELETE", f"{path}/saga", status=204)
    visit("GET", f"{path}/saga", status=404)
    visit("GET", f"{path}/{quote('good first issue')}", status=200)
    visit("PUT", "/repos/acme/testx/topics", {"names": ["qa", "e2e"]}, 200)
    visit("PUT", "/repos/acme/testx/topics", {"names": ["no spaces"]}, 422)
    visit("GET", "/repos/acme/testx/topics", status=200)


def milestones(visit: Visitor) -> None:
    path = "/repos/acme/testx/milestones"
    visit("POST", path, {"title": "1.0", "due_on": "2026-06-30T00:00:00Z"}, 201)
    visit("POST", path, {"title": "1.0"}, 422)
    visit("PATCH", f"{path}/1", {"state": "closed"}, 200)
    visit("GET", f"{path}/1", status=200)
    visit("GET", f"{path}?state=all", status=200)
    visit("DELETE", f"{path}/1", status=204)
    visit("DELETE", f"{path}/1", status=404)


def teams(visit: Visitor) -> None:
    parent = visit("POST", "/orgs/acme/teams", {"name": "QA", "privacy": "closed"}, 201)
    visit("POST", "/orgs/acme/teams", {"name": "Leads", "parent_team_id": parent["id"]}, 201)
    visit("POST", "/orgs/acme/teams", {"name": "qa"}, 422)
    team = "/orgs/acme/teams/qa"
    for path in ("/orgs/acme/teams", team, f"{team}/teams", f"{team}/members"):
        visit("GET", path, status=200)
    visit("PATCH", team, {"name": "QA", "description": "Quality"}, 200)
    visit("PUT", f"{team}/memberships/octo-alice", {"role": "member"}, 200)
    visit("GET", f"{team}/memberships/octo-alice", status=200)
    visit("DELETE", f"{team}/memberships/octo-alice", status=204)
    visit("PUT", f"{team}/repos/acme/testx", {"permission": "push"}, 204)
    visit("GET", f"{team}/repos", status=200)
    visit("GET", f"{team}/repos/acme/testx", status=204)
    as_repository = {"Accept": "application/vnd.github.v3.repository+json"}
    visit("GET", f"{team}/repos/acme/testx", status=200, headers=as_repository)
    visit("GET", f"{team}/repos/acme/public", status=404)
    visit("GET", "/repos/acme/testx/teams", status=200)
    visit("DELETE", f"{team}/repos/acme/testx", status=204)
    visit("DELETE", team, status=204)


def collaborators(visit: Visitor) -> None:
    path = "/repos/acme/testx/collaborators"
    visit("PUT", f"{path}/octo-alice", {"permission": "triage"}, 204)
    invitation = visit("PUT", f"{path}/octo-carol", {"permission": "push"}, 201)
    visit("GET", path, status=200)
    visit("GET", f"{path}/octo-alice", status=204)
    visit("GET", f"{path}/octo-alice/permission", status=200)
    visit("GET", f"{path}/octo-carol", status=404)
    visit("GET", "/repos/acme/testx/invitations", status=200)
    address = f"/repos/acme/testx/invitations/{invitation['id']}"
    visit("PATCH", address, {"permissions": "admin"}, 200)
    visit("DELETE", address, status=204)
    visit("DELETE", f"{path}/octo-alice", status=204)


def secrets(visit: Visitor) -> None:
    for scope, access in (("/repos/acme/testx", {}), ("/orgs/acme", {"visibility": "all"})):
        path = f"{scope}/actions/secrets"
        key = visit("GET", f"{path}/public-key", status=200)
        box = SealedBox(PublicKey(base64.b64decode(key["key"])))
        sealed = base64.b64encode(box.encrypt(b"s3cret")).decode()
        body = {"encrypted_value": sealed, "key_id": key["key_id"], **access}
        visit("PUT", f"{path}/TOKEN", body, 201)
        visit("PUT", f"{path}/TOKEN", body, 204)
        visit("GET", path, status=200)
        visit("GET", f"{path}/TOKEN", status=200)
        visit("DELETE", f"{path}/TOKEN", status=204)
        variables = f"{scope}/actions/variables"
        visit("POST", variables, {"name": "REGION", "value": "eu", **access}, 201)
        visit("GET", variables, status=200)
        visit("PATCH", f"{variables}/REGION", {"value": "us"}, 204)
        visit("GET", f"{variables}/REGION", status=200)
        visit("DELETE", f"{variables}/REGION", status=204)


def endings(visit: Visitor) -> None:
    visit("PATCH", "/repos/acme/testx", {"name": "renamed"}, 200)
    moved = visit("GET", "/repos/acme/testx", status=301)
    assert cast(str, moved["url"]).startswith("http://127.0.0.1/github/repositories/")
    visit("PATCH", "/repos/acme/testx", {"description": "?"}, 307)
    visit("PATCH", "/repos/acme/renamed", {"archived": True}, 200)
    visit("POST", "/repos/acme/renamed/labels", {"name": "late", "color": "ffffff"}, 403)
    visit("DELETE", "/repos/acme/renamed", status=204)
    visit("DELETE", "/orgs/acme/members/octo-bob", status=204)
    visit("DELETE", "/orgs/acme/memberships/octo-alice", status=204)
    visit("GET", "/user", status=401, headers={"Authorization": "Bearer wrong"})
