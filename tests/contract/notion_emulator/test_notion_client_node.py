"""@notionhq/client, as npm has it, works against the emulator behind a socket."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from reconciler.sandbox.host import Host
from reconciler.sandbox.serving import running
from reconciler.sandbox.world import World
from reconciler_notion.sandbox import NotionEmulator

NODE_TESTS = Path(__file__).parents[1] / "node"
METHODS = {
    "blocks.children.append",
    "blocks.children.list",
    "blocks.delete",
    "blocks.update",
    "comments.create",
    "comments.list",
    "dataSources.listTemplates",
    "dataSources.query",
    "dataSources.retrieve",
    "dataSources.update",
    "databases.create",
    "databases.retrieve",
    "databases.update",
    "pages.create",
    "pages.properties.retrieve",
    "pages.retrieve",
    "pages.update",
    "search",
    "users.list",
    "users.me",
    "users.retrieve",
    "views.create",
    "views.delete",
    "views.list",
}
"""The client's methods that ordinary work calls; each is a call of its own to the API."""


def test_notionhq_client_does_ordinary_work() -> None:
    node = shutil.which("node")
    if node is None or not (NODE_TESTS / "node_modules" / "@notionhq" / "client").is_dir():
        missing = f"node and the packages of {NODE_TESTS.name}/package.json are needed: npm ci --prefix it"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    host = Host(World(), {"notion": NotionEmulator})
    with running(host) as origin:
        notion = host.connections(origin)["notion"]
        ran = subprocess.run(
            [node, "notion.mjs", notion["base_url"], notion["token"], notion["root_page"]],
            cwd=NODE_TESTS,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert ran.returncode == 0, ran.stderr
    assert set(json.loads(ran.stdout.splitlines()[-1])["called"]) == METHODS
    answered = host.requests()["notion"]
    assert len(answered) == len(METHODS)
    assert not [call for call in answered if "unknown" in call]
