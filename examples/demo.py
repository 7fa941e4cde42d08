"""The example, from nothing to a destroyed stack, in the sandbox: no account, no network but loopback.

It works on a copy of ``testx`` (beside this file) in a fresh directory, and calls the installed command
``reconciler``, found on PATH. Every step is explained in a line, and its exit code is checked: the demo ends
with 1, and says why, if one is not what the step says. It needs nothing but Python and reconciler.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

EXAMPLE = Path(__file__).resolve().parent / "testx"
FILE = Path("resources", "repository.yaml")
OLD = "End-to-end tests of the ticket shop"
NEW = "End-to-end tests of the ticket shop and its checkout"
PATIENCE = 60.0
"""Seconds that one command may take."""


Services = dict[str, dict[str, str]]
"""How to reach each service, by its name: ``base_url``, ``token`` and what else its client needs."""
ATTRIBUTES = r"^      [ +}]|^$"
PLAN = r"^ |^$|^Reconciler will|^Outputs|…$"
REMOVED = r"^      [-+] |…$| after [0-9.]+ s$"
"""Lines of long outputs that the demo leaves out: what a plan says below each address, a plan that was shown
already, and what is to be removed and how long it took."""


class DemoError(Exception):
    """Something did not go as the demo says."""


class Stage:
    """Where the demo plays: a directory with the example in it, and the command that works on it."""

    def __init__(self, directory: Path, command: str) -> None:
        self.directory = directory
        self._command = command
        # What the reader has set for a stack of their own must not change what is shown here.
        self._environ = {name: text for name, text in os.environ.items() if not name.startswith("RECONCILER")}
        self._steps = 0

    def explain(self, text: str) -> None:
        """Say what comes now."""
        self._steps += 1
        say(f"\n== {self._steps}. {text}")

    def run(self, arguments: str, *, expect: int, without: str | None = None) -> None:
        """Run one command as a reader would type it; raises DemoError unless its exit code is ``expect``.

        Lines that match ``without`` are left out, and counted.
        """
        say(f"\n$ reconciler {arguments}")
        process = self.start(arguments, None if without is None else subprocess.PIPE)
        try:
            said, _ = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired as late:
            process.kill()
            late_command = f"`reconciler {arguments}`"
            raise DemoError(f"{late_command} was still running after {PATIENCE:g} s") from late
        if without is not None:
            say_without(without, said)
        check(f"`reconciler {arguments}`", process.returncode, expect)

    def ask(self, arguments: str) -> Any:
        """Run one command that prints a JSON document, and return it instead of showing it."""
        say(f"\n$ reconciler {arguments}")
        process = self.start(arguments, subprocess.PIPE)
        text, _ = process.communicate(timeout=PATIENCE)
        check(f"`reconciler {arguments}`", process.returncode, 0)
        return json.loads(text)

    def start(self, arguments: str, output: int | None = None) -> "subprocess.Popen[str]":
        """Start one command and let it run."""
        return subprocess.Popen(  # noqa: S603 (the arguments are written in this file)
            [self._command, *shlex.split(arguments)],
            cwd=self.directory,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            text=True,
        )


def main() -> int:
    """Play the demo; returns the exit code of the process."""
    command = shutil.which("reconciler")
    if command is None:
        return stop("the command `reconciler` is not on PATH: install it, or run `make demo`")
    if not EXAMPLE.is_dir():
        return stop(f"the example is not beside this file: {EXAMPLE}")
    try:
        with tempfile.TemporaryDirectory(prefix="reconciler-demo-") as folder:
            directory = Path(folder) / "testx"
            shutil.copytree(EXAMPLE, directory, ignore=shutil.ignore_patterns(".reconciler", ".env"))
            play(Stage(directory, command))
    except DemoError as error:
        return stop(str(error))
    except KeyboardInterrupt:
        say("\nInterrupted.")
        return 130
    say("\nAll of it went as it should. To go on: `reconciler init --template testx` writes the same stack.")
    return 0


def play(stage: Stage) -> None:
    """Every step, in order."""
    stage.explain("What would be made? A plan only looks; 2 as its exit code means that there are changes.")
    stage.run("--sandbox plan --detailed-exitcode", expect=2, without=ATTRIBUTES)
    stage.explain("Make it. Each step is written to a journal before its call, and to the state after it.")
    stage.run("--sandbox apply --auto-approve", expect=0, without=PLAN)
    stage.explain("The services are as declared now, so a second plan is empty: exit code 0.")
    stage.run("--sandbox plan --detailed-exitcode", expect=0)
    stage.explain("Somebody else meddles in Slack, Notion and GitHub: served, any HTTP client can do it.")
    with served(stage) as services:
        meddle(services)
    stage.explain("Drift names all three, and what to do: exit code 2. It changes nothing.")
    stage.run("--sandbox drift", expect=2)
    stage.explain("An apply repairs it. Channel and label are renamed back: they are still the same ones.")
    stage.run("--sandbox apply --auto-approve", expect=0)
    stage.run("--sandbox drift", expect=0)
    stage.explain("Now a wish of our own: another description, in the YAML, and one apply.")
    edit(stage.directory / FILE)
    stage.run("--sandbox apply --auto-approve", expect=0)
    stage.explain("There is a snapshot before every step. What has the last run changed?")
    stage.run("--sandbox snapshot diff", expect=0)
    stage.explain("Go back: exactly that one step is undone, by the same planner and the same executor.")
    stage.run("--sandbox rollback --auto-approve --why 'the checkout has moved'", expect=0)
    stage.explain("The YAML still has the new description. Applying it again unnoticed is refused: code 1.")
    stage.run("--sandbox apply --auto-approve", expect=1)
    stage.explain("Take everything away. What cannot be brought back as it was is marked.")
    stage.run("--sandbox destroy --auto-approve", expect=0, without=REMOVED)
    stage.explain("Nothing is recorded any more. What is left in the services is what the plan said.")
    stage.run("--sandbox state list", expect=0)
    show_what_is_left(stage)


def meddle(services: Services) -> None:
    """Rename Slack's channel, drop a property of a Notion database, rename a label of GitHub's."""
    slack, notion, github = (services[name] for name in ("slack", "notion", "github"))
    channels = call(slack, "GET", "/conversations.list")["channels"]
    (channel,) = [found["id"] for found in channels if found["name"] == "testx"]
    call(slack, "POST", "/conversations.rename", {"channel": channel, "name": "testx-old"})
    wanted = {"query": "Test Cases", "filter": {"property": "object", "value": "data_source"}}
    (cases,) = [found["id"] for found in call(notion, "POST", "/v1/search", wanted)["results"]]
    call(notion, "PATCH", f"/v1/data_sources/{cases}", {"properties": {"Priority": None}})
    call(github, "PATCH", f"/repos/{github['owner']}/testx/labels/bug", {"new_name": "defect"})


def show_what_is_left(stage: Stage) -> None:
    """Say what became of the stack's objects; raises DemoError if it is not what the plan has said."""
    world = stage.ask("--sandbox sandbox show --json")
    channels = {found["name"]: found for found in world["slack"]["channels"]}
    pages = {found["title"]: found for found in world["notion"]["pages"]}
    staff = world["anykrowd"]["staff_members"]
    left = [len(world["github"].get(kind, [])) for kind in ("repositories", "labels", "teams")]
    for is_so, said in (
        (channels["testx"]["is_archived"], "Slack: the channel testx is archived; its name stays taken"),
        (pages["TestX"]["in_trash"], "Notion: the page TestX is in the trash, with its databases"),
        (left == [0, 0, 0], "GitHub: the organisation has no repository, label or team"),
        (not any(found["roles"] for found in staff), "anyKrowd: two people stay, without any role"),
    ):
        if not is_so:
            raise DemoError(f"this is not so: {said}")
        say(said)


@contextmanager
def served(stage: Stage) -> Iterator[Services]:
    """Serve the sandbox on loopback for as long as the block lasts; gives how to reach each service."""
    arguments = "--sandbox sandbox serve --ready-file ready.json"
    say(f"\n$ reconciler {arguments} &")
    server = stage.start(arguments, subprocess.PIPE)
    watchdog = threading.Timer(PATIENCE, server.kill)
    watchdog.start()
    try:
        if server.stdout is None or not show_document(server.stdout):
            raise DemoError(f"`reconciler {arguments}` ended, or said nothing, before it was ready")
        ready: Services = json.loads((stage.directory / "ready.json").read_text("utf-8"))
        yield ready
        say("$ kill %1")
    finally:
        server.terminate()
        server.communicate()
        watchdog.cancel()
    check(f"`reconciler {arguments}`", server.returncode, 0)


def show_document(lines: IO[str]) -> bool:
    """Show what a server prints up to the end of its first JSON document; says whether there was one."""
    for line in lines:
        say(line.rstrip("\n"))
        if line.startswith("}"):
            return True
    return False


def call(service: dict[str, str], method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    """Call a service as any client of its API would, say so, and return the answer."""
    request = urllib.request.Request(  # noqa: S310 (the address is that of our own server on loopback)
        service["base_url"] + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {service['token']}",
            "Content-Type": "application/json",
            "Notion-Version": "2025-09-03",
        },
    )
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy stands before loopback
    called = " ".join((method, path, *([] if body is None else [json.dumps(body)])))
    try:
        with direct.open(request, timeout=PATIENCE) as answer:
            say(f"{called} → {answer.status}")
            return json.load(answer)
    except urllib.error.URLError as error:
        raise DemoError(f"{called}: {error}") from error


def edit(file: Path) -> None:
    """Write another description into the stack's file, and show the difference."""
    text = file.read_text(encoding="utf-8")
    before, after = f"description: {OLD}\n", f"description: {NEW}\n"
    if before not in text:
        raise DemoError(f"{FILE} does not hold {before!r} any more")
    file.write_text(text.replace(before, after), encoding="utf-8")
    say(f"\n{FILE}\n- {before}+ {after}".rstrip("\n"))


def check(what: str, code: int, expected: int) -> None:
    """Raise DemoError for another exit code than the expected one."""
    if code != expected:
        raise DemoError(f"{what} ended with {code}, and {expected} was expected")


def say_without(pattern: str, text: str) -> None:
    """Print an output without the lines that match, and say how many these are."""
    lines = text.splitlines()
    kept = [line for line in lines if not re.search(pattern, line)]
    say("\n".join(kept))
    say(f"[{len(lines) - len(kept)} lines are left out here]")


def say(text: str) -> None:
    """Print a line at once, so that it stands before what the next command prints."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def stop(why: str) -> int:
    """Say what went wrong; returns the exit code for it."""
    sys.stderr.write(f"\nThe demo stopped: {why}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
