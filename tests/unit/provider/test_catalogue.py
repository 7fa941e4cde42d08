"""Resource types are read from the files of a package."""

import json
import sys
from pathlib import Path

import pytest

from reconciler.provider.catalogue import resource_types_in


@pytest.fixture
def schemas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The schemas of a package that can be imported, ``board_for_a_test``."""
    folder = tmp_path / "board_for_a_test" / "schemas"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "board_for_a_test", raising=False)  # that of another test
    resource_types_in.cache_clear()
    return folder


def test_a_file_is_named_after_its_type_without_the_prefix(schemas: Path) -> None:
    (schemas / "note.schema.json").write_text(json.dumps({"x-version": 2}))
    types = resource_types_in("board_for_a_test", "board_")
    assert list(types) == ["board_note"]
    assert (types["board_note"].name, types["board_note"].version) == ("board_note", 2)


def test_what_is_looked_up_has_data_before_its_key_and_not_in_its_name(schemas: Path) -> None:
    (schemas / "data.note.schema.json").write_text(json.dumps({"x-data": True}))
    types = resource_types_in("board_for_a_test", "board_")
    assert types["data.board_note"].name == "board_note"
    assert types["data.board_note"].is_data


def test_files_that_are_no_schemas_are_passed_over(schemas: Path) -> None:
    (schemas / "README.md").write_text("Our schemas")
    (schemas / "board_note.schema.json").write_text("{}")
    assert list(resource_types_in("board_for_a_test")) == ["board_note"]
