import stat
from pathlib import Path

import pytest

from reconciler.state.location import Realm, make_directory, state_path


@pytest.mark.parametrize(
    ("realm", "expected"),
    [("real", ".reconciler/state/testx.prod.db"), ("sandbox", ".reconciler/sandbox/state/testx.prod.db")],
)
def test_each_stack_environment_and_realm_has_a_file_of_its_own(
    tmp_path: Path, realm: Realm, expected: str
) -> None:
    assert state_path(tmp_path, "testx", "prod", realm) == tmp_path / expected
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "..", "é ü"])
def test_no_name_leads_out_of_the_directory(tmp_path: Path, name: str) -> None:
    path = state_path(tmp_path, name, name, "real")
    assert path.resolve().parent == (tmp_path / ".reconciler" / "state").resolve()


def test_the_directories_are_private_and_stay_out_of_the_repository(tmp_path: Path) -> None:
    state = tmp_path / ".reconciler" / "sandbox" / "state"
    make_directory(state)
    for made in (state, state.parent, state.parent.parent):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert (tmp_path / ".reconciler" / ".gitignore").read_text() == "*\n"
    assert not (tmp_path / ".gitignore").exists()


def test_a_gitignore_that_is_there_is_left_as_it_is(tmp_path: Path) -> None:
    room = tmp_path / ".reconciler"
    room.mkdir()
    (room / ".gitignore").write_text("*.db\n")
    make_directory(room / "state")
    make_directory(room / "state")
    assert (room / ".gitignore").read_text() == "*.db\n"
