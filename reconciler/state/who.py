"""Who runs a command, from which commit, for which pull request: what a run's record says.

What continuous integration tells of itself is in its environment. Sources, by service:

- GitHub Actions: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
- GitLab CI: https://docs.gitlab.com/ci/variables/predefined_variables/
- Azure Pipelines: https://learn.microsoft.com/azure/devops/pipelines/build/variables
- CircleCI: https://circleci.com/docs/reference/variables/
- Buildkite: https://buildkite.com/docs/pipelines/configure/environment-variables
- Bitbucket Pipelines: https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
"""

import getpass
import os
import re
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

GIT_TIMEOUT = 10.0
"""Seconds to wait for git; what it has not said by then stays empty."""

_LONGEST = 200
_ACTORS = (
    ("GITHUB_ACTOR", "GitHub Actions"),
    ("GITLAB_USER_LOGIN", "GitLab CI"),
    ("BUILD_REQUESTEDFOR", "Azure Pipelines"),
    ("CIRCLE_USERNAME", "CircleCI"),
    ("BUILDKITE_BUILD_CREATOR", "Buildkite"),
    ("BITBUCKET_STEP_TRIGGERER_UUID", "Bitbucket Pipelines"),
)
_GITHUB_REF = re.compile(r"refs/pull/(\d+)/(?:merge|head)")
_WITHOUT_USER = re.compile(r"(?<=://)[^/@]*@")


def who_runs(environment: Mapping[str, str] = os.environ) -> str:
    """``user@host``; in continuous integration who started the job, ``ada (GitHub Actions)``."""
    for variable, service in _ACTORS:
        if actor := environment.get(variable):
            return _line(f"{actor} ({service})")
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        user = f"uid {os.getuid()}"
    return _line(f"{user}@{socket.gethostname()}")


def pull_request(environment: Mapping[str, str] = os.environ) -> str:
    """The pull request that a job runs for: its address where that is known, or its number; or nothing."""
    if github := _GITHUB_REF.fullmatch(environment.get("GITHUB_REF", "")):
        return _link(environment, "GITHUB_SERVER_URL", "GITHUB_REPOSITORY", f"pull/{github[1]}")
    if merge_request := environment.get("CI_MERGE_REQUEST_IID"):
        project = environment.get("CI_MERGE_REQUEST_PROJECT_URL", "")
        return _line(f"{project}/-/merge_requests/{merge_request}" if project else f"!{merge_request}")
    if address := environment.get("CIRCLE_PULL_REQUEST"):
        return _line(address)
    numbers = (
        environment.get("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER"),
        environment.get("SYSTEM_PULLREQUEST_PULLREQUESTID"),
        environment.get("BUILDKITE_PULL_REQUEST"),  # "false" outside a pull request
        environment.get("BITBUCKET_PR_ID"),
    )
    return next((f"#{number}" for number in numbers if number and number.isdecimal()), "")


def commit(directory: Path) -> str:
    """The commit that a directory's files are from, with ``+changes`` when they differ from it.

    Empty when it is in no checkout, when nothing has been committed there, or when git is not there or
    does not answer. git is asked so that it neither prompts nor writes.
    """
    asked = ("status", "--porcelain=v2", "--branch", "--untracked-files=normal", "--", ".")
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        told = subprocess.run(  # noqa: S603 (the arguments are fixed)
            ["git", "-C", str(directory), "-c", "core.fsmonitor=false", *asked],  # noqa: S607 (git from PATH)
            env={**os.environ, **quiet},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=GIT_TIMEOUT,
            check=True,
        ).stdout.decode(errors="replace")
    except (OSError, subprocess.SubprocessError):
        return ""
    # The header lines begin with "#": https://git-scm.com/docs/git-status#_porcelain_format_version_2
    lines = told.splitlines()
    found = next((line.split()[2] for line in lines if line.startswith("# branch.oid ")), "(initial)")
    if found == "(initial)":
        return ""
    return f"{found}+changes" if any(not line.startswith("#") for line in lines) else found


def _link(environment: Mapping[str, str], server: str, repository: str, path: str) -> str:
    if environment.get(server) and environment.get(repository):
        return _line(f"{environment[server]}/{environment[repository]}/{path}")
    return f"#{path.rpartition('/')[2]}"


def _line(text: str) -> str:
    """Fit to be kept and shown: one line, of bounded length, no credentials in an address."""
    shown = "".join(character if character.isprintable() else " " for character in text)
    return _WITHOUT_USER.sub("", shown)[:_LONGEST]
