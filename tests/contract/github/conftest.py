"""The provider over the emulated GitHub in this process, and GitHub's own descriptions."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from reconciler.errors import Rejected
from reconciler.provider import Lookup, Wanted
from reconciler.provider.context import Context
from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from reconciler.testing import FakeClock
from reconciler_github.provider import GitHubProvider
from tests.contract.recorder import Recorder
from tests.contract_data import contract_document, contract_folder


def failure(status: int) -> dict[str, Any]:
    """GitHub's answer when it fails."""
    return {"message": "Server Error"}


@dataclass
class Lab:
    """An emulated GitHub, and a provider that talks to it."""

    host: Host
    clock: FakeClock
    recorder: Recorder
    settings: dict[str, Any]
    provider: GitHubProvider

    def connect(self, **settings: Any) -> GitHubProvider:
        """Another provider for the same GitHub."""
        context = Context(clock=self.clock, transport=self.recorder)
        return GitHubProvider({**self.settings, **settings}, context)

    def calls(self) -> int:
        """Calls so far, as GitHub's side counts them."""
        return sum(self.host.requests()["github"].values()) if self.host.requests() else 0

    def behind(self, method: str, path: str, json: Any = None) -> httpx.Response:
        """A call that somebody else makes."""
        headers = {"Authorization": f"Bearer {self.settings['token']}"}
        with httpx.Client(transport=self.host.transport(), headers=headers) as client:
            answer = client.request(method, f"{self.settings['base_url']}{path}", json=json)
        answer.raise_for_status()
        return answer


@pytest.fixture
def lab() -> Iterator[Lab]:
    clock = FakeClock()
    host = Host(World(clock=clock.now))
    recorder = Recorder(host.transport(), failure)
    settings = dict(host.connections()["github"])
    provider = GitHubProvider(settings, Context(clock=clock, transport=recorder))
    yield Lab(host, clock, recorder, settings, provider)
    provider.close()


@pytest.fixture(scope="session")
def github_data() -> Path:
    return contract_folder("github")


@pytest.fixture(scope="session")
def openapi() -> dict[str, Any]:
    return contract_document("github", "github.openapi.json")


REVIEWS = {
    "required_approving_review_count": 1,
    "dismiss_stale_reviews": True,
    "require_code_owner_reviews": True,
    "require_last_push_approval": True,
    "dismissal_restrictions": {"teams": ["crew"]},
    "bypass_pull_request_allowances": {"teams": ["crew"]},
}


def take_tour(provider: GitHubProvider) -> None:
    """Make every kind of call that the provider can make."""
    create, update = provider.create, provider.update
    provider.health()
    create(
        "github_repository",
        {
            "name": "tour",
            "description": "All settings",
            "homepage": "https://example.com",
            "visibility": "public",
            "has_issues": True,
            "has_projects": False,
            "has_wiki": False,
            "has_downloads": True,
            "has_discussions": True,
            "is_template": True,
            "auto_init": True,
            "gitignore_template": "Python",
            "license_template": "mit",
            "allow_merge_commit": False,
            "allow_squash_merge": True,
            "allow_rebase_merge": True,
            "allow_auto_merge": True,
            "allow_update_branch": True,
            "allow_forking": True,
            "merge_commit_title": "PR_TITLE",
            "merge_commit_message": "PR_BODY",
            "squash_merge_commit_title": "PR_TITLE",
            "squash_merge_commit_message": "BLANK",
            "delete_branch_on_merge": True,
            "web_commit_signoff_required": True,
            "default_branch": "trunk",
            "topics": ["one", "two"],
            "security_and_analysis": {"secret_scanning": {"status": "enabled"}},
            "vulnerability_alerts": True,
            "automated_security_fixes": True,
        },
    )
    found = provider.find({"": Wanted("github_repository", {"name": "tour"})})[""]
    assert isinstance(found, tuple)
    (tour,) = found
    switches = {"vulnerability_alerts": False, "automated_security_fixes": False, "archived": True}
    tour = update(tour, {"name": "tour2", **switches}, frozenset({"name", *switches}))
    tour = update(tour, {"archived": False, "merge_commit_title": "MERGE_MESSAGE"}, frozenset({"archived"}))
    crew = create(
        "github_team", {"name": "Crew", "privacy": "closed", "notification_setting": "notifications_disabled"}
    )
    child = create(
        "github_team", {"name": "Child", "description": "x", "privacy": "closed", "parent_team": "crew"}
    )
    child = update(child, {"name": "Kid", "parent_team": None}, frozenset({"name", "parent_team"}))
    made = [
        tour,
        crew,
        create("github_team_repository", {"team": "crew", "repository": "tour2", "permission": "pull"}),
        create("github_branch", {"repository": "tour2", "branch": "feature/x"}),
        create("github_issue_label", {"repository": "tour2", "name": "a/b c", "color": "ff0000"}),
        create("github_actions_secret", {"repository": "tour2", "secret_name": "A", "plaintext_value": "v"}),
        create(
            "github_branch_protection",
            {
                "repository": "tour2",
                "pattern": "trunk",
                "enforce_admins": True,
                "force_push_allowances": {"teams": ["crew"]},
                "required_pull_request_reviews": REVIEWS,
                "required_status_checks": {"strict": True, "checks": [{"context": "a", "from_app": "any"}]},
                "required_deployments": None,
                "restrictions": {"teams": ["crew"]},
            },
        ),
    ]
    _, _, grant, branch, label, secret, rule = made
    update(grant, {"permission": "admin"}, frozenset({"permission"}))
    branch = update(branch, {"branch": "feature/y"}, frozenset({"branch"}))
    label = update(label, {"name": "c", "color": "00ff00", "description": "d"}, frozenset({"name", "color"}))
    update(secret, {"plaintext_value": "w"}, frozenset({"plaintext_value"}))
    update(rule, {"pattern": "t*", "restrictions": None}, frozenset({"pattern", "restrictions"}))
    extras = {"security_and_analysis": {}, "automated_security_fixes": True, "permission": "custom"}
    lookups = {one.id: Lookup(one.type, one.id, {**one.attributes, **extras}) for one in made}
    provider.read({**lookups, "gone": Lookup("github_issue_label", label.id, {"repository": "x"})})
    provider.find({one.id: Wanted(one.type, one.attributes) for one in made})
    provider.find({"r": Wanted("data.github_repository", {"full_name": "acme/tour2"})})
    provider.find({"u": Wanted("data.github_user", {"username": "somebody"})})
    clone = {"name": "clone", "visibility": "private", "description": "x"}
    with contextlib.suppress(Rejected):  # the emulated GitHub may lack it; the request is what counts here
        create("github_repository", {**clone, "template": {"repository": "tour2"}})
    for one in (rule, secret, label, branch, grant, child, crew):
        provider.delete(one, "delete")
    for type_name in (
        "github_issue_label",
        "github_branch",
        "github_branch_protection",
        "github_team_repository",
    ):
        list(provider.list(type_name))
    provider.delete(tour, "archive")
    provider.delete(tour, "delete")


@pytest.fixture(scope="session")
def toured() -> list[httpx.Request]:
    """The requests of a tour through all that the provider can do."""
    clock = FakeClock()
    host = Host(World(clock=clock.now))
    recorder = Recorder(host.transport(), failure)
    provider = GitHubProvider(dict(host.connections()["github"]), Context(clock=clock, transport=recorder))
    take_tour(provider)
    provider.close()
    return recorder.requests
