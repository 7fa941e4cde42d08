"""PyGithub, as it is, works against the emulator behind a socket."""

from collections.abc import Iterator

import pytest
from github import Auth, BadCredentialsException, Github, GithubException, UnknownObjectException
from github.Organization import Organization
from github.Repository import Repository

from reconciler.sandbox.host import Host
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World
from reconciler_github.sandbox import GitHubEmulator


@pytest.fixture(params=["/github", "/github/api/v3", "/api/v3"])
def github(request: pytest.FixtureRequest) -> Iterator[Github]:
    host = Host(World(), {"github": GitHubEmulator})
    with running(host) as origin:
        token = host.connections(origin)["github"]["token"]
        # PyGithub waits between calls to spare GitHub; the emulator needs no sparing.
        client = Github(
            base_url=origin + request.param,
            auth=Auth.Token(token),
            retry=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
        )
        with client:
            yield client


@pytest.fixture
def organisation(github: Github) -> Organization:
    return github.get_organization("acme")


@pytest.fixture
def repository(organisation: Organization) -> Repository:
    return organisation.create_repo("testx", private=True, auto_init=True)


def test_it_creates_edits_lists_and_deletes_repositories(
    github: Github, organisation: Organization, repository: Repository
) -> None:
    assert repository.private
    repository.edit(description="Test results", has_wiki=False, allow_merge_commit=False)
    repository.replace_topics(["qa", "e2e"])
    found = github.get_repo("acme/testx")
    assert (found.description, found.has_wiki, found.allow_merge_commit) == ("Test results", False, False)
    assert found.get_topics() == ["qa", "e2e"]
    assert [each.name for each in organisation.get_repos()] == ["testx"]
    repository.edit(name="renamed")
    assert github.get_repo("acme/testx").full_name == "acme/renamed"
    repository.delete()
    assert list(organisation.get_repos()) == []


def test_it_pages_through_many_repositories(github: Github, organisation: Organization) -> None:
    github.per_page = 2
    for number in range(5):
        organisation.create_repo(f"r{number}")
    names = [each.name for each in organisation.get_repos(sort="full_name", direction="asc")]
    assert names == ["r0", "r1", "r2", "r3", "r4"]


def test_it_creates_edits_lists_and_deletes_labels(repository: Repository) -> None:
    label = repository.create_label("epic", "3e4b9e", "Large")
    label.edit("saga", "ffffff", "Larger")
    assert repository.get_label("saga").description == "Larger"
    assert repository.get_labels().totalCount == 10
    label.delete()
    with pytest.raises(UnknownObjectException):
        repository.get_label("saga")
    with pytest.raises(GithubException, match="already_exists"):
        repository.create_label("BUG", "ffffff")


def test_it_creates_edits_lists_and_deletes_teams(
    github: Github, organisation: Organization, repository: Repository
) -> None:
    team = organisation.create_team("QA", privacy="closed")
    team.edit("Quality", description="Looks closely")
    team.add_membership(github.get_user("octo-alice"), "member")
    team.update_team_repository(repository, "push")
    assert [each.login for each in team.get_members()] == ["octo-admin", "octo-alice"]
    assert [each.slug for each in organisation.get_teams()] == ["quality"]
    assert [(each.slug, each.permission) for each in repository.get_teams()] == [("quality", "push")]
    permissions = team.get_repo_permission(repository)
    assert permissions is not None
    assert (permissions.push, permissions.admin) == (True, False)
    team.remove_from_repos(repository)
    assert list(team.get_repos()) == []
    team.delete()
    assert list(organisation.get_teams()) == []


def test_it_creates_protects_renames_lists_and_deletes_branches(repository: Repository) -> None:
    sha = repository.get_branch("main").commit.sha
    ref = repository.create_git_ref("refs/heads/dev", sha)
    repository.create_file("hello.md", "Say hello", "hello", branch="dev")
    assert [each.name for each in repository.get_branches()] == ["dev", "main"]
    assert repository.get_contents("hello.md", ref="dev").decoded_content == b"hello"  # type: ignore[union-attr]  # one file
    main = repository.get_branch("main")
    main.edit_protection(
        strict=True, contexts=["build"], enforce_admins=True, required_approving_review_count=2
    )
    protection = main.get_protection()
    assert protection.required_status_checks.contexts == ["build"]
    assert protection.required_pull_request_reviews.required_approving_review_count == 2
    assert protection.enforce_admins
    assert repository.get_branch("main").protected
    main.remove_protection()
    assert not repository.get_branch("main").protected
    repository.rename_branch("main", "trunk")
    assert repository.get_branch("trunk").commit.sha == sha
    ref.delete()
    assert [each.name for each in repository.get_branches()] == ["trunk"]


def test_it_creates_lists_and_deletes_secrets(repository: Repository) -> None:
    secret = repository.create_secret("TOKEN", "s3cret")
    repository.create_secret("TOKEN", "another")
    assert [each.name for each in repository.get_secrets()] == ["TOKEN"]
    secret.delete()
    assert list(repository.get_secrets()) == []


def test_it_is_told_about_a_wrong_token(github: Github) -> None:
    with (
        Github(base_url=github.requester.base_url, auth=Auth.Token("wrong"), retry=None) as stranger,
        pytest.raises(BadCredentialsException),
    ):
        _ = stranger.get_user().login
