"""The example and a small stack, each in a directory of its own."""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from reconciler.operations.embedded import EmbeddedServices
from reconciler.sandbox.host import Host
from reconciler.sandbox.world import World
from tests.command_line import CommandLine
from tests.functional.canaries import Canaries, Watched
from tests.functional.canary_stack import STACK, give_secrets
from tests.functional.documented import edit, succeeds
from tests.functional.processes import served
from tests.functional.small import Small, stack_on

EXAMPLE = Path(__file__).parents[2] / "examples" / "testx"


@pytest.fixture
def testx(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    directory = tmp_path / "testx"
    shutil.copytree(EXAMPLE, directory, ignore=shutil.ignore_patterns(".reconciler", ".env"))
    return CommandLine(directory, capsys)


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """The command line on an empty directory."""
    return CommandLine(tmp_path, capsys)


@pytest.fixture(scope="session")
def shared_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    world = World(tmp_path_factory.mktemp("shared") / "world.db")
    yield Host(world)
    world.close()


@pytest.fixture
def open_world(shared_host: Host, monkeypatch: pytest.MonkeyPatch) -> Host:
    """One set of embedded services for all commands, emptied: making them takes longer than a command."""
    shared_host.reset()
    monkeypatch.setattr(EmbeddedServices, "_host", shared_host)
    return shared_host


@pytest.fixture
def watched(command: CommandLine, open_world: Host) -> Watched:
    """The stack with a canary in every place, and a command line that looks for them."""
    watched = Watched(command, Canaries())
    watched.write(STACK)
    give_secrets(watched)
    return watched


@pytest.fixture(scope="module")
def slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """A server for all tests of a file: where Slack is on it, and its token."""
    with served(tmp_path_factory.mktemp("served")) as ready:
        yield ready["slack"]


@pytest.fixture
def small(tmp_path: Path, capsys: pytest.CaptureFixture[str], slack: Mapping[str, str]) -> Small:
    """Three channels and a value, in an empty world. A test must leave no call under way."""
    small = stack_on(slack, CommandLine(tmp_path, capsys))
    small.reset()
    return small


@pytest.fixture
def small_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Small]:
    """The same, on a server of its own: calls may go on when the test has ended."""
    with served(tmp_path) as ready:
        yield stack_on(ready["slack"], CommandLine(tmp_path, capsys))


@pytest.fixture(scope="session")
def point(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the example after two runs is kept, once somebody has made it."""
    return tmp_path_factory.mktemp("documented") / "point"


@pytest.fixture
def calm(testx: CommandLine, point: Path) -> CommandLine:
    """The example after two runs, the second of which made a topic another; it is made once."""
    if not point.exists():
        succeeds(testx.sandbox("apply", "--auto-approve"))
        edit(testx, "Results of the end-to-end tests", "Results")
        succeeds(testx.sandbox("apply", "--auto-approve"))
        shutil.copytree(testx.directory, point)
    shutil.rmtree(testx.directory)
    shutil.copytree(point, testx.directory)
    return testx


@pytest.fixture
def named(calm: CommandLine) -> CommandLine:
    """The same, where the snapshot before the last run has the name of the pages."""
    succeeds(calm.sandbox("snapshot", "name", "before-the-move", "28"))
    return calm
