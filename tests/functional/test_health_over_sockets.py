"""Looking at services over sockets and in the sandbox: what is asked, what is told, and as what."""

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from reconciler.sandbox.host import Host
from reconciler.sandbox.outages import outage
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World
from tests.command_line import CommandLine
from tests.functional.processes import Process, read_until, start
from tests.functional.remote import SECRETS, redirect
from tests.web_page import served

SCHEMAS = Path(__file__).parents[2] / "schemas"


@pytest.fixture
def host() -> Host:
    return Host(World())


@pytest.fixture
def remote(testx: CommandLine, host: Host) -> Iterator[CommandLine]:
    with running(host) as origin:
        testx.environ = redirect(testx.directory, host.connections(origin))
        yield testx


def let_down(host: Host, service: str) -> None:
    host.outages.set([outage(service, "down", begins=host.outages.now(), lasts=None, rate=1.0, seed=1)])


def interrupted(process: Process) -> int:
    process.send_signal(signal.SIGINT)
    process.communicate()
    return process.returncode


def test_doctor_finds_a_stack_ready_and_names_what_is_down_with_code_and_remedy(
    remote: CommandLine, host: Host
) -> None:
    well = remote("doctor")
    assert well.code == 0, well.out
    assert not any(remote.environ[secret] in well.out for secret in SECRETS.values())
    let_down(host, "notion")
    remote.environ["SLACK_BOT_TOKEN"] = "wrong"
    ill = remote("doctor", "--json")
    assert ill.code == 1
    schema = json.loads((SCHEMAS / "doctor.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(ill.document)
    wrong = [one for one in ill.document["prerequisites"] if one["verdict"] == "wrong"]
    assert [(one["subject"], one["check"], one["code"]) for one in wrong] == [
        ("slack", "authenticated", "SL-AUTH-001"),
        ("notion", "reachable", "NO-NET-001"),
    ]
    assert all(one["remedy"] for one in wrong)


def test_a_service_that_goes_down_is_told_while_it_is_watched_and_so_is_its_circuit(
    remote: CommandLine, host: Host
) -> None:
    schema = json.loads((SCHEMAS / "health-event.schema.json").read_text(encoding="utf-8"))
    process = start(
        remote.directory, "health", "--watch", "--interval", "0.02", "--json", environ=remote.environ
    )
    assert process.stdout is not None
    events = (json.loads(line) for line in process.stdout)
    try:
        first = [next(events) for _ in SECRETS]
        assert {(event["provider"], event["from"], event["state"]) for event in first} == {
            (service, None, "ready") for service in SECRETS
        }
        let_down(host, "github")
        down, cut_off = next(events), next(events)
        for event in (*first, down, cut_off):
            Draft202012Validator(schema).validate(event)
        assert (down["provider"], down["from"], down["state"]) == ("github", "ready", "down")
        assert (down["circuit"]["state"], down["error"]["code"]) == ("closed", "GH-NET-001")
        assert (cut_off["state"], cut_off["circuit"]["state"]) == ("down", "open")
    finally:
        code = interrupted(process)
    assert code == 130


def test_the_sandbox_is_watched_too(testx: CommandLine) -> None:
    process = start(testx.directory, "--sandbox", "health", "--watch", "--interval", "0.02")
    try:
        read_until(process.stdout, "github  ready")
        assert testx("sandbox", "outage", "github", "--mode", "unauthorized").code == 0
        read_until(process.stdout, "github  ready → unauthorized")
    finally:
        code = interrupted(process)
    assert code == 130


def test_a_health_check_url_elsewhere_gets_no_credential_and_decides_as_well(remote: CommandLine) -> None:
    with served() as page:
        remote.environ["GITHUB_HEALTH_CHECK_URL"] = page.url
        assert remote("health", "--fresh").code == 0
        assert page.headers
        page.status = 503
        result = remote("health", "--fresh", "--json")
        assert result.code == 1
        (sick,) = [one for one in result.document["providers"] if one["state"] != "ready"]
        assert (sick["provider"], sick["state"], sick["error"]["code"]) == ("github", "down", "GH-SERVER-001")
        asked, token = len(page.headers), remote.environ["GITHUB_TOKEN"]
        assert not any(token in str(headers) for headers in page.headers)
        assert not any("authorization" in map(str.lower, headers) for headers in page.headers)
        assert remote.sandbox("health").code == 0
        assert len(page.headers) == asked


def test_each_service_has_a_health_check_url_of_its_own_in_the_environment(remote: CommandLine) -> None:
    with served() as page:
        page.status = 503
        for service in SECRETS:
            name = f"{service.upper()}_HEALTH_CHECK_URL"
            remote.environ[name] = page.url
            found = remote("health", "--fresh", "--json").document["providers"]
            assert [one["provider"] for one in found if one["state"] != "ready"] == [service]
            del remote.environ[name]
