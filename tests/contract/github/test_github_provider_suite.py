"""GitHub's provider passes the suite that all providers pass, over the emulated GitHub."""

from collections.abc import Mapping
from typing import Any, Protocol

import pytest

from reconciler.provider import Object, Provider, Wanted
from reconciler.testing.contract import ProviderContract, Sample, Subject
from reconciler_github.provider import GitHubProvider

BAD_TOKEN = "ghp_wrongWRONGwrong0123456789"
VALUE = "hush-hush-5d41"


class AnyLab(Protocol):
    provider: GitHubProvider
    settings: dict[str, Any]
    recorder: Any

    def connect(self, **settings: Any) -> GitHubProvider: ...
    def behind(self, method: str, path: str, json: Any = None) -> Any: ...


def home(provider: Provider) -> str:
    wanted = Wanted("github_repository", {"name": "home"})
    if provider.find({"": wanted})[""] == ():
        provider.create("github_repository", {"name": "home", "visibility": "private", "auto_init": True})
    return "home"


def crew(provider: Provider) -> str:
    if provider.find({"": Wanted("github_team", {"name": "crew"})})[""] == ():
        provider.create("github_team", {"name": "crew", "privacy": "closed"})
    return "crew"


def repository(provider: Provider, n: int) -> Mapping[str, Any]:
    return {
        "name": f"repo-{n}",
        "description": " What it is for ",
        "homepage": "https://example.com",
        "visibility": "private",
        "auto_init": True,
        "topics": ["B", "a"],
        "allow_merge_commit": False,
        "allow_update_branch": True,
        "has_discussions": True,
        "squash_merge_commit_title": "PR_TITLE",
        "squash_merge_commit_message": "PR_BODY",
    }


def branch(provider: Provider, n: int) -> Mapping[str, Any]:
    return {"repository": home(provider), "branch": f"feature/{n}", "source_branch": "main"}


def label(provider: Provider, n: int) -> Mapping[str, Any]:
    return {"repository": home(provider), "name": f"kind/{n}", "color": "#FBCA04", "description": "A kind"}


def team(provider: Provider, n: int) -> Mapping[str, Any]:
    return {"name": f"Team {n}", "description": "Some people", "privacy": "closed"}


def grant(provider: Provider, n: int) -> Mapping[str, Any]:
    if provider.find({"": Wanted("github_repository", {"name": f"granted-{n}"})})[""] == ():
        provider.create("github_repository", {"name": f"granted-{n}", "visibility": "private"})
    return {"team": crew(provider), "repository": f"granted-{n}", "permission": "push"}


def protection(provider: Provider, n: int) -> Mapping[str, Any]:
    return {
        "repository": home(provider),
        "pattern": f"release/{n}/*",
        "enforce_admins": True,
        "required_pull_request_reviews": {
            "required_approving_review_count": 2,
            "dismiss_stale_reviews": True,
            "require_code_owner_reviews": False,
            "require_last_push_approval": False,
            "dismissal_restrictions": {"users": [], "teams": [crew(provider)], "apps": []},
            "bypass_pull_request_allowances": {"users": [], "teams": [], "apps": []},
        },
        "required_status_checks": {"strict": True, "checks": [{"context": "ci", "from_app": "any"}]},
        "restrictions": {"users": [], "teams": [crew(provider)], "apps": []},
    }


def secret(provider: Provider, n: int) -> Mapping[str, Any]:
    return {"repository": home(provider), "secret_name": f"token_{n}", "plaintext_value": VALUE}


@pytest.fixture
def samples(lab: AnyLab) -> dict[str, Sample]:
    owner = lab.settings["owner"]

    def change_repository(found: Object) -> None:
        lab.behind("PATCH", f"/repos/{owner}/{found.attributes['name']}", {"description": "changed"})

    def change_label(found: Object) -> None:
        path = f"/repos/{owner}/home/labels/{found.attributes['name']}"
        lab.behind("PATCH", path, {"new_name": "renamed", "color": "000000"})

    def remove_branch(found: Object) -> None:
        lab.behind("DELETE", f"/repos/{owner}/home/git/refs/heads/{found.attributes['branch']}")

    def change_team(found: Object) -> None:
        lab.behind("PATCH", f"/orgs/{owner}/teams/{found.attributes['slug']}", {"name": "Renamed"})

    def change_grant(found: Object) -> None:
        path = f"/orgs/{owner}/teams/crew/repos/{owner}/{found.attributes['repository']}"
        lab.behind("PUT", path, {"permission": "admin"})

    def remove_secret(found: Object) -> None:
        lab.behind("DELETE", f"/repos/{owner}/home/actions/secrets/{found.attributes['secret_name']}")

    return {
        "github_repository": Sample(
            repository,
            {"name": "renamed", "topics": ["c"], "description": "", "archived": True},
            change_repository,
        ),
        "github_branch": Sample(branch, {}, remove_branch),
        "github_issue_label": Sample(label, {"name": "other", "color": "d73a4a"}, change_label),
        "github_team": Sample(team, {"name": "Other Team", "description": "others"}, change_team),
        "github_team_repository": Sample(grant, {"permission": "maintain"}, change_grant),
        "github_branch_protection": Sample(
            protection, {"pattern": "other/*", "required_status_checks": None, "enforce_admins": False}
        ),
        "github_actions_secret": Sample(secret, {"plaintext_value": "another value"}, remove_secret),
    }


class TestGitHubProvider(ProviderContract):
    @pytest.fixture
    def subject(self, lab: AnyLab, samples: dict[str, Sample]) -> Subject:
        def failing() -> Provider:
            lab.recorder.status = 500
            return lab.connect()

        return Subject(
            factory=GitHubProvider,
            provider=lab.provider,
            samples=samples,
            with_bad_credentials=lambda: lab.connect(token=BAD_TOKEN),
            when_failing=failing,
            secrets=(BAD_TOKEN, VALUE, lab.settings["token"]),
        )
