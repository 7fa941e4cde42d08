"""How each code of a service happens to somebody who calls reconciler: what is declared, and what goes wrong.

Where the service of the sandbox does it by itself, or in an outage, nothing else is needed. The rest it is
made to answer in the words of the real one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from reconciler.sandbox.outages import Mode, outage
from tests.command_line import Result
from tests.unit.codes.bench import Bench, Sandbox, Scenario

PLAN, APPLY = ("plan",), ("apply", "--auto-approve")
ROOT = "7995d621-7352-56d2-a5f3-e3b6236aaf06"
"""The page of the sandbox that is shared with the integration."""
PROVIDERS = {
    "slack": "slack: {token: t}",
    "notion": "notion: {token: t}",
    "github": "github: {owner: acme, token: t}",
    "anykrowd": "anykrowd: {tenant_url: 'https://krowd.anykrowd.dev', api_key: t}",
}
PERSON = "external_qr_code: Q, first_name: A, last_name: B"
SIMPLE = {
    "slack": "slack_channel: {a: {name: results}}",
    "notion": f"notion_page: {{a: {{parent: {ROOT}, title: TestX}}}}",
    "github": "github_repository: {a: {name: testx}}",
    "anykrowd": f"anykrowd_staff_member: {{a: {{external_id: p1, {PERSON}}}}}",
}
WRITE = {
    "slack": r"^POST \S*/conversations\.create",
    "notion": r"^POST \S*/v1/pages ",
    "github": r"^POST \S*/orgs/acme/repos ",
    "anykrowd": r"^POST \S*/users/sync",
}


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a service, what is declared (something simple if nothing is said), and the call."""

    service: str
    prepare: Callable[[Sandbox], None]
    command: tuple[str, ...] = APPLY
    resources: str = ""

    def __call__(self, bench: Bench) -> Result:
        self.prepare(bench.sandbox(self.service))
        providers, resources = PROVIDERS[self.service], self.resources or SIMPLE[self.service]
        bench.write(f"stack: lab\nproviders:\n  {providers}\nresources:\n  {resources}\n")
        return bench.json("--sandbox", *self.command)


def well(_: Sandbox) -> None:
    """The service is as always."""


def ails(service: str, mode: Mode) -> Trouble:
    """An outage that strikes every call of a plan."""

    def prepare(sandbox: Sandbox) -> None:
        outages = sandbox.host.outages
        outages.set([outage(service, mode, begins=outages.now(), rate=1.0)])

    return Trouble(service, prepare, PLAN)


def answered(service: str, status: int, body: Any, headers: dict[str, str] | None = None) -> Trouble:
    """The first change gets this answer, and is not carried out."""

    def prepare(sandbox: Sandbox) -> None:
        sandbox.answers(WRITE[service], lambda _: httpx.Response(status, json=body, headers=headers))

    return Trouble(service, prepare)


def cut_off(service: str) -> Trouble:
    """The first change gets no answer, and from then on nobody answers."""

    def prepare(sandbox: Sandbox) -> None:
        def gone(_: httpx.Request) -> httpx.Response:
            sandbox.answers("", refuse)
            raise httpx.ReadError("[Errno 104] Connection reset by peer")

        sandbox.answers(WRITE[service], gone)

    return Trouble(service, prepare)


def refuse(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("[Errno 111] Connection refused")


def general(service: str, prefix: str) -> dict[str, Scenario]:
    """What happens to every service."""
    return {
        f"{prefix}-AUTH-001": ails(service, "unauthorized"),
        f"{prefix}-NET-001": ails(service, "down"),
        f"{prefix}-ANSWER-001": ails(service, "garbled"),
        f"{prefix}-LIMIT-001": ails(service, "rate-limited"),
        f"{prefix}-SERVER-001": answered(service, 503, None),
        f"{prefix}-OUTCOME-001": cut_off(service),
    }


def slack(error: str) -> Trouble:
    return answered("slack", 200, {"ok": False, "error": error})


def notion(status: int, code: str, message: str) -> Trouble:
    body = {"object": "error", "status": status, "code": code, "message": message}
    return answered("notion", status, body)


def github(status: int, message: str, **headers: str) -> Trouble:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return answered("github", status, {"message": message}, named)


def anykrowd(status: int) -> Trouble:
    return answered("anykrowd", status, {"status": "error", "error": {"code": status, "error": "no"}})


def _seeded(document: dict[str, Any]) -> Callable[[Sandbox], None]:
    return lambda sandbox: sandbox.host.seed(document)


LATER = "reconciler_value: {name: {input: NAME}}\n  "
"""A name that is known only when it is applied: no plan can look whether it is taken."""
TAKEN = "${reconciler_value.name.output}"

SLACK: dict[str, Scenario] = general("slack", "SL") | {
    "SL-PERM-001": slack("restricted_action"),
    "SL-PERM-002": slack("missing_scope"),
    "SL-PERM-003": slack("not_allowed_token_type"),
    "SL-PERM-004": slack("not_in_channel"),
    "SL-PERM-005": slack("paid_teams_only"),
    "SL-FIND-001": Trouble(
        "slack",
        well,
        resources="slack_bookmark: {a: {channel: C000000001, title: T, link: 'https://x.example'}}",
    ),
    "SL-EXIST-001": slack("name_taken"),
    "SL-INPUT-001": slack("a_word_of_tomorrow"),
}
NOTION: dict[str, Scenario] = general("notion", "NO") | {
    "NO-PERM-001": ails("notion", "forbidden"),
    "NO-LIMIT-002": notion(529, "service_overload", "Notion is overloaded."),
    "NO-FIND-001": Trouble(
        "notion", well, resources="notion_page: {a: {parent: 11111111-2222-4333-8444-555555555555, title: T}}"
    ),
    "NO-EXIST-001": Trouble(
        "notion",
        well,
        resources=(
            f"notion_database: {{a: {{parent: {ROOT}, title: T, "
            "properties: {Name: title, Cases: number}}}\n"
            "  notion_relation: {a: {database: '${notion_database.a.id}', name: Cases, "
            "target: '${notion_database.a.id}'}}"
        ),
    ),
    "NO-INPUT-001": notion(400, "validation_error", "body failed validation"),
    "NO-INPUT-002": notion(400, "validation_error", "Can't edit block that is archived."),
    "NO-INPUT-003": notion(409, "conflict_error", "Conflict occurred while saving."),
}
GITHUB: dict[str, Scenario] = general("github", "GH") | {
    "GH-PERM-001": github(403, "Must have admin rights to Repository."),
    "GH-PERM-002": github(403, "no", x_github_sso="required; url=https://github.com/orgs/acme/sso"),
    "GH-PERM-003": github(403, "no", x_accepted_github_permissions="administration=write"),
    "GH-PERM-004": github(403, "Repository was archived so is read-only."),
    "GH-LIMIT-002": ails("github", "secondary-limit"),
    "GH-FIND-001": Trouble(
        "github", well, resources="github_issue_label: {a: {repository: none, name: bug, color: d73a4a}}"
    ),
    "GH-EXIST-001": github(422, "name already exists on this account"),
    "GH-INPUT-001": github(422, "Validation Failed"),
    "GH-INPUT-002": Trouble(
        "github",
        well,
        resources=(
            "github_repository: {a: {name: empty}}\n"
            "  github_branch: {a: {repository: '${github_repository.a.name}', branch: next}}"
        ),
    ),
}
ANYKROWD: dict[str, Scenario] = general("anykrowd", "AK") | {
    "AK-PERM-001": ails("anykrowd", "forbidden"),
    "AK-FIND-001": anykrowd(404),
    "AK-EXIST-001": Trouble(
        "anykrowd",
        _seeded({"anykrowd": {"users": [{"external_id": "p1", "first_name": "A", "last_name": "B"}]}}),
        resources=LATER.replace("NAME", "p1")
        + "anykrowd_staff_member: "
        + f"{{a: {{external_id: '{TAKEN}', {PERSON}}}}}",
    ),
    "AK-INPUT-001": anykrowd(400),
}
SCENARIOS: dict[str, Scenario] = SLACK | NOTION | GITHUB | ANYKROWD
