"""``snapshot name``, and names wherever a serial is taken."""

import pytest

from reconciler.testing import MemoryService
from tests.command_line import CommandLine

STACK = "stack: lab\nresources:\n  memory_thing:\n    a: {name: a, text: %s}\n"


@pytest.fixture
def lab(command: CommandLine, service: MemoryService) -> CommandLine:
    """Two applies: serial 1 says first, serial 2 says second."""
    for text in ("first", "second"):
        command.write(STACK % text)
        assert command("apply", "--auto-approve").code == 0
    return command


def test_the_latest_snapshot_is_named_unless_another_is_said(lab: CommandLine) -> None:
    assert lab("snapshot", "name", "now").out == "Snapshot 2 has the name now.\n"
    document = lab("snapshot", "name", "then", "1", "--json").document
    assert [(given["name"], given["serial"]) for given in document["names"]] == [("then", 1), ("now", 2)]
    listed = lab("snapshot", "list").out
    assert "memory_thing.a  [then]" in listed
    assert "memory_thing.a  [now]" in listed
    assert lab("snapshot", "list", "--json").document["names"] == document["names"]


def test_a_name_leads_back_and_is_shown_and_compared(lab: CommandLine, service: MemoryService) -> None:
    lab("snapshot", "name", "good", "1")
    assert '"first" → "second"' in lab("snapshot", "diff", "good").out
    assert "Serial 1" in lab("snapshot", "show", "good").out
    assert lab("rollback", "--to", "good", "--auto-approve").code == 0
    assert service.objects("memory_thing")[0].attributes["text"] == "first"


def test_a_name_is_taken_away(lab: CommandLine) -> None:
    lab("snapshot", "name", "good", "1")
    assert lab("snapshot", "name", "good", "--remove").out == "No snapshot has the name good any more.\n"
    result = lab("rollback", "--to", "good")
    assert result.code == 1
    assert "neither a serial nor a name nor a run" in result.err


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (("7",), 1, "is a serial"),
        (("a b",), 1, "1 to 100 letters"),
        (("good", "9"), 1, "there is no snapshot 9"),
        (("good", "1", "--remove"), 64, "takes the name alone"),
        (("none", "--remove"), 1, "no snapshot has the name"),
    ],
)
def test_what_cannot_be_named_is_refused_with_the_reason(
    lab: CommandLine, arguments: tuple[str, ...], code: int, why: str
) -> None:
    result = lab("snapshot", "name", *arguments)
    assert result.code == code
    assert why in result.err


def test_naming_needs_no_secret(lab: CommandLine) -> None:
    lab.write(STACK % "second" + "providers:\n  memory: {token: '${secret.NOT_SET}'}\n")
    assert lab("snapshot", "name", "good").code == 0
