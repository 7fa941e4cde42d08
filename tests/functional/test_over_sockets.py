"""The same over HTTP, as with the real service: the provider is told another base URL, and nothing else."""

from collections.abc import Iterator

import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World
from tests.command_line import CommandLine


@pytest.fixture
def host() -> Host:
    return Host(World())


@pytest.fixture
def remote(testx: CommandLine, host: Host) -> Iterator[CommandLine]:
    file = testx.directory / "reconciler.yaml"
    text = file.read_text(encoding="utf-8")
    owner = "    owner: ${var.owner}\n"
    assert owner in text
    text = text.replace(owner, owner + "    base_url: ${var.base_url}\n    retry: {attempts: 1}\n")
    text = text.replace("variables:\n", "variables:\n  base_url: {type: string}\n")
    file.write_text(text, encoding="utf-8")
    with running(host) as origin:
        connection = host.connections(origin)["github"]
        testx.environ = {
            "RECONCILER_VAR_base_url": connection["base_url"],
            "RECONCILER_VAR_owner": connection["owner"],
            "GITHUB_TOKEN": connection["token"],
            "SHOP_API_KEY": "one",
            "SHOP_PASSWORD": "two",
        }
        yield testx


def test_the_whole_way_works_over_sockets(remote: CommandLine) -> None:
    assert remote("plan", "--detailed-exitcode").code == 2
    applied = remote("apply", "--auto-approve")
    assert applied.code == 0, applied.out + applied.err
    assert remote("plan", "--detailed-exitcode").code == 0
    assert remote("drift").code == 0
    assert remote("health").code == 0
    assert remote("destroy", "--auto-approve").code == 0
    assert remote("state", "list").out == ""


def test_a_wrong_token_names_service_reason_and_remedy_and_loses_nothing(
    remote: CommandLine, host: Host
) -> None:
    remote("apply", "--auto-approve")
    state = remote("state", "list", "--json").document
    before = host.show()
    right = remote.environ["GITHUB_TOKEN"]
    remote.environ["GITHUB_TOKEN"] = "ghp_not-the-right-one"
    for arguments in (("plan",), ("apply", "--auto-approve"), ("destroy", "--auto-approve")):
        result = remote(*arguments)
        assert result.code == 1
        assert "github: " in result.err
        assert "Bad credentials" in result.err
        assert "help: " in result.err
        assert "ghp_not-the-right-one" not in result.out + result.err
    drift = remote("drift")
    assert drift.code == 2
    assert "Bad credentials" in drift.out
    assert "is missing" not in drift.out
    assert host.show() == before
    remote.environ["GITHUB_TOKEN"] = right
    assert remote("state", "list", "--json").document == state
    assert remote("plan", "--detailed-exitcode").code == 0


def test_a_plan_that_changes_nothing_takes_few_calls(remote: CommandLine, host: Host) -> None:
    remote("apply", "--auto-approve")
    before = sum(host.requests()["github"].values())
    assert remote("plan", "--detailed-exitcode").code == 0
    assert sum(host.requests()["github"].values()) - before <= 4


def test_a_token_goes_to_no_host_that_is_not_allowed(remote: CommandLine, host: Host) -> None:
    remote.environ["RECONCILER_VAR_base_url"] = "https://evil.example/github"
    result = remote("plan")
    assert result.code == 1
    assert "RECONCILER_ALLOWED_HOSTS" in result.out + result.err
    assert host.requests() == {}


def test_a_host_that_is_allowed_is_asked(remote: CommandLine) -> None:
    remote.environ["RECONCILER_VAR_base_url"] = "https://github.invalid/api/v3"
    for arguments in (("--allow-host", "github.invalid", "plan"), ("plan",)):
        result = remote(*arguments)
        assert result.code == 1
        assert ("no connection to" in result.err) is (arguments != ("plan",))
    remote.environ["RECONCILER_ALLOWED_HOSTS"] = "github.invalid"
    assert "no connection to" in remote("plan").err
