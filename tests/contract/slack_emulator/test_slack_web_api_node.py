"""@slack/web-api, as npm has it, works against the emulator behind a socket."""

from reconciler.sandbox.host import Host
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World
from reconciler_slack.sandbox import SlackEmulator
from tests.contract.node_clients import methods_called_by

LEAST_METHODS = 20


def test_slack_web_api_does_ordinary_work() -> None:
    host = Host(World(), {"slack": SlackEmulator})
    with running(host) as origin:
        slack = host.connections(origin)["slack"]
        called = methods_called_by(
            "slack.mjs", "@slack/web-api", slack["base_url"], slack["token"], slack["user_token"]
        )
    answered = {call.rpartition("/")[2] for call in host.requests()["slack"]}
    assert set(called) == answered
    assert len(answered) >= LEAST_METHODS
