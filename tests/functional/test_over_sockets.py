"""The same over HTTP, as with the real service: the provider is told another base URL, and nothing else."""

from collections.abc import Iterator

import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World
from tests.command_line import CommandLine
from tests.functional.remote import SECRETS, redirect

WRONG = "not-the-right-one"
CODES = {"slack": "SL-AUTH-001", "notion": "NO-AUTH-001", "github": "GH-AUTH-001", "anykrowd": "AK-AUTH-001"}
AT_MOST = {"slack": 7, "notion": 10, "github": 4, "anykrowd": 6}
"""The calls of each service that a plan of the example may make."""


def calls(host: Host) -> dict[str, int]:
    return {service: sum(counts.values()) for service, counts in host.requests().items()}


@pytest.fixture
def host() -> Host:
    return Host(World())


@pytest.fixture
def remote(testx: CommandLine, host: Host) -> Iterator[CommandLine]:
    with running(host) as origin:
        testx.environ = redirect(testx.directory, host.connections(origin))
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


@pytest.mark.parametrize(
    ("service", "reason"),
    [
        ("slack", "invalid_auth"),
        ("notion", "unauthorized: API token is invalid"),
        ("github", "Bad credentials"),
        ("anykrowd", "Unauthenticated"),
    ],
)
def test_a_wrong_token_names_service_reason_and_remedy_and_loses_nothing(
    remote: CommandLine, host: Host, service: str, reason: str
) -> None:
    assert remote("apply", "--auto-approve").code == 0
    addresses = [one["address"] for one in remote("state", "list", "--json").document["resources"]]
    before = host.show()
    right = remote.environ[SECRETS[service]]
    remote.environ[SECRETS[service]] = WRONG
    for arguments in (("plan",), ("plan", "--detailed-exitcode"), ("apply", "--auto-approve")):
        result = remote(*arguments)
        # The key of anyKrowd is a secret in GitHub too, which does not wait for anyKrowd: that is done.
        assert result.code == (3 if (service, arguments[0]) == ("anykrowd", "apply") else 1)
        told = " ".join(result.out.split())
        assert f"{service} is not ready: {service}: {reason}" in told
        assert f"[{CODES[service]}]" in told
        assert "→ " in told
        assert WRONG not in result.out + result.err
    drift = remote("drift")
    assert drift.code == 2
    assert reason in drift.out
    assert "is missing" not in drift.out
    after = host.show()
    assert {name: after[name] for name in after if name != "github"} == {
        name: before[name] for name in before if name != "github"
    }
    remote.environ[SECRETS[service]] = right
    assert remote("apply", "--auto-approve").code == 0
    assert [one["address"] for one in remote("state", "list", "--json").document["resources"]] == addresses
    assert remote("plan", "--detailed-exitcode").code == 0


def test_of_several_services_that_are_not_ready_each_is_named(remote: CommandLine) -> None:
    assert remote("apply", "--auto-approve").code == 0
    remote.environ |= {SECRETS["slack"]: WRONG, SECRETS["anykrowd"]: WRONG}
    part = remote("plan")
    assert part.code == 1
    assert {code for code in CODES.values() if f"[{code}]" in part.out} == {"SL-AUTH-001", "AK-AUTH-001"}
    remote.environ |= dict.fromkeys(SECRETS.values(), WRONG)
    none = remote("plan")
    assert none.code == 1
    assert all(f"error[{code}]: {service} is not ready" in none.err for service, code in CODES.items())
    assert all(f"[{code}]" in remote("rollback", "--auto-approve").err for code in CODES.values())


@pytest.mark.parametrize("service", SECRETS)
def test_a_wrong_token_saves_its_objects_from_a_destroy_and_all_that_they_rest_on(
    remote: CommandLine, host: Host, service: str
) -> None:
    assert remote("apply", "--auto-approve").code == 0
    before = host.show()
    right = remote.environ[SECRETS[service]]
    remote.environ[SECRETS[service]] = WRONG
    result = remote("destroy", "--auto-approve")
    assert f"{service} is not ready" in " ".join(result.out.split())
    left = {one["type"].partition("_")[0] for one in remote("state", "list", "--json").document["resources"]}
    assert service in left
    assert host.show()[service] == before[service]
    remote.environ[SECRETS[service]] = right
    assert remote("destroy", "--auto-approve").code == 0
    assert remote("state", "list").out == ""


def test_a_plan_that_changes_nothing_takes_few_calls_of_each_service(remote: CommandLine, host: Host) -> None:
    remote("apply", "--auto-approve")
    before = calls(host)
    assert remote("plan", "--detailed-exitcode").code == 0
    took = {service: number - before[service] for service, number in calls(host).items()}
    for service, number in AT_MOST.items():
        assert took[service] <= number, took


@pytest.mark.parametrize("service", SECRETS)
def test_a_token_goes_to_no_host_that_is_not_allowed(remote: CommandLine, host: Host, service: str) -> None:
    remote.environ[f"RECONCILER_VAR_{service}_url"] = f"https://evil.example/{service}"
    result = remote("plan")
    assert result.code == 1
    assert "RECONCILER_ALLOWED_HOSTS" in result.out + result.err
    assert host.requests() == {}


def test_a_host_that_is_allowed_is_asked(remote: CommandLine) -> None:
    remote.environ["RECONCILER_VAR_github_url"] = "https://github.invalid/api/v3"
    for arguments in (("--allow-host", "github.invalid", "plan"), ("plan",)):
        result = remote(*arguments)
        assert result.code == 1
        assert ("no connection to" in result.out) is (arguments != ("plan",))
    remote.environ["RECONCILER_ALLOWED_HOSTS"] = "github.invalid"
    assert "no connection to" in remote("plan").out
