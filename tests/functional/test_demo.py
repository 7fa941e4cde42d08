"""The demo runs as it says, from where a wheel puts it, and stops when something is not as it says."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"
BIN = Path(sys.executable).parent
SYSTEM_PATH = "/usr/bin:/bin"


def demo(examples: Path, folder: Path, path: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Run the demo in a process of its own, in another directory than its own."""
    return subprocess.run(
        [sys.executable, str(examples / "demo.py")],
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), "TMPDIR": str(folder), "PYTHONUTF8": "1", **environ},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_demo_runs_from_an_installed_wheels_place_and_leaves_nothing_behind(tmp_path: Path) -> None:
    installed = tmp_path / "site-packages" / "reconciler" / "examples"
    shutil.copytree(EXAMPLES, installed, ignore=shutil.ignore_patterns(".reconciler", "__pycache__"))
    before = sorted(installed.rglob("*"))
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    done = demo(installed, folder, f"{BIN}{os.pathsep}{SYSTEM_PATH}", RECONCILER_VAR_owner="not-the-readers")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    commands = [line for line in done.stdout.splitlines() if line.startswith("$ reconciler ")]
    assert [command.split()[3] for command in commands] == [
        "plan", "apply", "plan", "sandbox", "drift", "apply", "drift",
        "apply", "snapshot", "rollback", "apply", "destroy", "state", "sandbox",
    ]  # fmt: skip
    assert 'name = "testx" → "testx-old"' in done.stdout
    assert "- Priority = {" in done.stdout
    assert 'name = "bug" → "defect"' in done.stdout
    assert "the channel testx is archived; its name stays taken" in done.stdout
    assert "the page TestX is in the trash" in done.stdout
    assert "the organisation has no repository, label or team" in done.stdout
    assert "--again" in done.stderr
    assert sorted(installed.rglob("*")) == before
    assert list(folder.iterdir()) == []


def test_the_demo_stops_at_an_exit_code_that_it_did_not_announce(tmp_path: Path) -> None:
    other = tmp_path / "reconciler"
    other.write_text("#!/bin/sh\nexit 7\n")
    other.chmod(0o755)
    done = demo(EXAMPLES, tmp_path, f"{tmp_path}{os.pathsep}{SYSTEM_PATH}")
    assert done.returncode == 1
    assert "`reconciler --sandbox plan --detailed-exitcode` ended with 7, and 2 was expected" in done.stderr


def test_the_demo_says_when_the_command_is_not_installed(tmp_path: Path) -> None:
    done = demo(EXAMPLES, tmp_path, str(tmp_path))
    assert done.returncode == 1
    assert "`reconciler` is not on PATH" in done.stderr
