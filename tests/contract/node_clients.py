"""Clients for Node, which have to work with the emulators unchanged."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

NODE_TESTS = Path(__file__).parent / "node"


def node_with(package: str) -> str:
    """The program that runs a package's scripts.

    Without Node or the package the test is skipped and says so; in CI it fails.
    """
    node = shutil.which("node")
    if node is None or not (NODE_TESTS / "node_modules" / package).is_dir():
        missing = f"node 20 and {package} are needed: run `npm ci` in tests/contract/node"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return node


def methods_called_by(script: str, package: str, *arguments: str) -> list[str]:
    """The client's methods that a script of ``node/`` called, once it has done its work."""
    ran = subprocess.run(
        [node_with(package), script, *arguments], cwd=NODE_TESTS, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    called: list[str] = json.loads(ran.stdout.splitlines()[-1])["called"]
    return called
