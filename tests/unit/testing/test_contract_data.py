"""Tests against what the services publish say so when it is not there."""

import json
from pathlib import Path

import pytest

from tests.contract_data import contract_document, contract_file, contract_folder


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECONCILER_CONTRACT_DATA", str(tmp_path))
    monkeypatch.delenv("CI", raising=False)
    return tmp_path


def test_what_is_there_is_found(data: Path) -> None:
    (data / "board").mkdir()
    (data / "board" / "board.openapi.json").write_text(json.dumps({"openapi": "3.1.0"}))
    assert contract_folder("board") == data / "board"
    assert contract_document("board", "board.openapi.json") == {"openapi": "3.1.0"}


def test_what_is_missing_skips_the_test_and_is_named(data: Path) -> None:
    with pytest.raises(pytest.skip.Exception, match=r"board\.openapi\.json"):
        contract_file("board", "board.openapi.json")


def test_what_is_missing_fails_in_ci(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="board"):
        contract_folder("board")
