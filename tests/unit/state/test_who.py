import getpass
import os
import socket
import subprocess
from pathlib import Path

import pytest

from reconciler.state import who
from reconciler.state.who import commit, pull_request, who_runs


def git(directory: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"]
    return subprocess.run(
        ["git", "-C", str(directory), *identity, *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    stack = tmp_path / "stacks" / "testx"
    stack.mkdir(parents=True)
    git(tmp_path, "init", "--quiet")
    (stack / "reconciler.yaml").write_text("stack: testx\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "Begin")
    return stack


def test_a_person_is_named_by_user_and_host() -> None:
    assert who_runs({}) == f"{getpass.getuser()}@{socket.gethostname()}"


def test_a_user_without_a_name_is_named_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(getpass, "getuser", nameless)
    assert who_runs({}) == f"uid {os.getuid()}@{socket.gethostname()}"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"GITHUB_ACTOR": "octocat", "CI": "true"}, "octocat (GitHub Actions)"),
        ({"GITLAB_USER_LOGIN": "ada"}, "ada (GitLab CI)"),
        ({"BUILD_REQUESTEDFOR": "Ada L"}, "Ada L (Azure Pipelines)"),
        ({"CIRCLE_USERNAME": "ada"}, "ada (CircleCI)"),
        ({"BUILDKITE_BUILD_CREATOR": "Ada"}, "Ada (Buildkite)"),
        ({"GITLAB_USER_LOGIN": "a\nb\x1b[2J" + "c" * 999}, "a b [2J" + "c" * 193),
    ],
)
def test_in_continuous_integration_who_started_the_job_is_named(
    environment: dict[str, str], expected: str
) -> None:
    assert who_runs(environment) == expected


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, ""),
        ({"GITHUB_REF": "refs/heads/main"}, ""),
        ({"GITHUB_REF": "refs/pull/17/merge"}, "#17"),
        (
            {
                "GITHUB_REF": "refs/pull/17/merge",
                "GITHUB_SERVER_URL": "https://github.com",
                "GITHUB_REPOSITORY": "acme/stacks",
            },
            "https://github.com/acme/stacks/pull/17",
        ),
        ({"CI_MERGE_REQUEST_IID": "4"}, "!4"),
        (
            {
                "CI_MERGE_REQUEST_IID": "4",
                "CI_MERGE_REQUEST_PROJECT_URL": "https://bot:hunter2@gitlab.example.com/acme/stacks",
            },
            "https://gitlab.example.com/acme/stacks/-/merge_requests/4",
        ),
        ({"SYSTEM_PULLREQUEST_PULLREQUESTID": "8", "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER": "5"}, "#5"),
        (
            {"CIRCLE_PULL_REQUEST": "https://github.com/acme/stacks/pull/6"},
            "https://github.com/acme/stacks/pull/6",
        ),
        ({"BUILDKITE_PULL_REQUEST": "false"}, ""),
        ({"BUILDKITE_PULL_REQUEST": "9"}, "#9"),
        ({"BITBUCKET_PR_ID": "3"}, "#3"),
    ],
)
def test_the_pull_request_is_what_the_job_says(environment: dict[str, str], expected: str) -> None:
    assert pull_request(environment) == expected


def test_a_clean_checkout_is_named_by_its_commit(checkout: Path) -> None:
    assert commit(checkout) == git(checkout, "rev-parse", "HEAD")


@pytest.mark.parametrize("name", ["reconciler.yaml", "resources.yaml"])
def test_changed_and_new_files_in_the_stack_are_told(checkout: Path, name: str) -> None:
    (checkout / name).write_text("stack: other\n")
    assert commit(checkout) == git(checkout, "rev-parse", "HEAD") + "+changes"


def test_changes_outside_the_stack_and_ignored_files_do_not_count(checkout: Path) -> None:
    (checkout.parent / "elsewhere.txt").write_text("new")
    (checkout / ".reconciler").mkdir()
    (checkout / ".reconciler" / ".gitignore").write_text("*\n")
    (checkout / ".reconciler" / "state.db").write_text("")
    assert commit(checkout) == git(checkout, "rev-parse", "HEAD")


def test_where_there_is_no_commit_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert commit(tmp_path) == ""
    git(tmp_path, "init", "--quiet")
    assert commit(tmp_path) == ""
    assert commit(tmp_path / "missing") == ""


def test_without_git_nothing_is_said(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit(checkout) == ""


def test_a_git_that_does_not_answer_is_not_waited_for(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(who, "GIT_TIMEOUT", 0.05)
    assert commit(checkout) == ""
