"""@slack/web-api, as npm has it, works against the emulator behind a socket."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World
from reconciler_slack.sandbox import SlackEmulator

NODE_TESTS = Path(__file__).parents[1] / "node"
LEAST_METHODS = 20


def test_slack_web_api_does_ordinary_work() -> None:
    node = shutil.which("node")
    if node is None or not (NODE_TESTS / "node_modules" / "@slack" / "web-api").is_dir():
        missing = "node 20 and its packages are needed: run `npm ci` in tests/contract/node"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    host = Host(World(), {"slack": SlackEmulator})
    with running(host) as origin:
        slack = host.connections(origin)["slack"]
        ran = subprocess.run(
            [node, "slack.mjs", slack["base_url"], slack["token"], slack["user_token"]],
            cwd=NODE_TESTS,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert ran.returncode == 0, ran.stderr
    called = json.loads(ran.stdout.splitlines()[-1])["called"]
    answered = {call.rpartition("/")[2] for call in host.requests()["slack"]}
    assert set(called) == answered
    assert len(answered) >= LEAST_METHODS
