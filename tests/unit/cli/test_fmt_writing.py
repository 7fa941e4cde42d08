"""How ``fmt`` writes: the old file or the new one is there, whole, and nothing else is touched."""

import os
from pathlib import Path

import pytest

from tests.command_line import CommandLine

ROUGH = "stack:   shop\n"
FINE = "stack: shop\n"


@pytest.fixture
def main(command: CommandLine) -> Path:
    command.write(ROUGH)
    return command.directory / "reconciler.yaml"


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o755])
def test_permissions_stay(command: CommandLine, main: Path, mode: int) -> None:
    main.chmod(mode)
    assert command("fmt").code == 0
    assert main.read_text(encoding="utf-8") == FINE
    assert main.stat().st_mode & 0o777 == mode
    assert [file.name for file in command.directory.iterdir()] == ["reconciler.yaml"]


def test_what_is_in_canonical_layout_is_not_touched(command: CommandLine, main: Path) -> None:
    main.write_text(FINE, encoding="utf-8")
    before = main.stat()
    assert command("fmt").code == 0
    assert (main.stat().st_ino, main.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_file_that_is_read_only_is_told_of_and_stays(command: CommandLine, main: Path) -> None:
    main.chmod(0o444)
    result = command("fmt")
    assert result.code == 1
    assert "error[RC-SYSTEM-001]: reconciler.yaml cannot be written: it is read-only" in result.err
    assert "help: make that possible" in result.err
    assert result.out == ""
    assert main.read_text(encoding="utf-8") == ROUGH
    assert command("fmt", "--check").code == 2


def test_a_file_in_use_by_a_failing_disk_stays_whole(
    command: CommandLine, main: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fsync", fails)
    result = command("fmt")
    assert result.code == 1
    assert f"reconciler.yaml cannot be written: {os.strerror(28)}" in result.err
    assert main.read_text(encoding="utf-8") == ROUGH
    assert list(command.directory.iterdir()) == [main]


def test_an_interruption_leaves_the_file_whole_and_nothing_beside_it(
    command: CommandLine, main: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(file: Path, target: Path) -> None:
        assert file.read_text(encoding="utf-8") == FINE  # all of it, before it takes the place of the other
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    result = command("fmt")
    assert result.code == 130
    assert "Each file is as it was, or formatted whole." in result.err
    assert main.read_text(encoding="utf-8") == ROUGH
    assert list(command.directory.iterdir()) == [main]


def test_behind_a_link_it_is_the_file_that_is_written(command: CommandLine, main: Path) -> None:
    (command.directory / "parts").mkdir()
    file = command.directory / "parts" / "a.txt"
    file.write_text("{ }\n", encoding="utf-8")
    link = command.directory / "linked.yaml"
    link.symlink_to("parts/a.txt")
    command.write("stack: shop\ninclude: [linked.yaml]\n")
    result = command("fmt")
    assert (result.code, result.out) == (0, "linked.yaml\n")
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == "{}\n"


def test_a_link_that_leads_out_of_the_directory_is_refused(
    command: CommandLine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "reconciler.yaml"
    outside.write_text(ROUGH, encoding="utf-8")
    link = command.directory / "reconciler.yaml"
    link.symlink_to(outside)
    for arguments in (("fmt",), ("fmt", "--check"), ("fmt", str(link))):
        result = command(*arguments)
        assert (result.code, result.out) == (1, "")
        assert "error[RC-CONF-003]" in result.err
        assert "is a link that leaves the stack's directory" in result.err
    assert outside.read_text(encoding="utf-8") == ROUGH


def test_a_file_elsewhere_is_written_where_it_is_named(
    command: CommandLine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("elsewhere") / "a.yaml"
    file.write_text("{ }\n", encoding="utf-8")
    assert command("fmt", str(file)).code == 0
    assert file.read_text(encoding="utf-8") == "{}\n"
