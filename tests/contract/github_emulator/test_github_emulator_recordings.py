"""The emulator's answers have the keys that GitHub's recorded ones have."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

OLDEST = "2022"
"""Answers recorded before this year lack what GitHub has added and have what it has dropped since."""

ABSENT_HERE = frozenset({"parent", "source"})
"""Keys that only forks have, and nothing is forked here."""


class Exchange(Protocol):
    method: str
    path: str
    status: int
    response: Any


class Description(Protocol):
    def find(self, exchange: Exchange) -> tuple[str, Any] | None: ...


@pytest.fixture(scope="session")
def recorded(contract_data: Path) -> dict[tuple[str, int], Any]:
    """The newest recorded answer of each operation and status."""
    found: dict[tuple[str, int], tuple[str, Any]] = {}
    for name in ("hub4j.jsonl", "octokit.rb.jsonl"):
        for line in (contract_data / name).read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            key, date = (row["operation"], row["status"]), row["date"] or ""
            if date >= OLDEST and date >= found.get(key, ("",))[0] and row["response"] not in ("", [], None):
                found[key] = (date, row["response"])
    return {key: answer for key, (_, answer) in found.items()}


def missing(recorded: Any, emulated: Any, where: str = "") -> Iterator[str]:
    """Keys of the recorded answer that the emulated one lacks, as far as both have something there."""
    if isinstance(recorded, list) and isinstance(emulated, list):
        if recorded and emulated:
            yield from missing(recorded[0], emulated[0], f"{where}[]")
    elif isinstance(recorded, dict) and isinstance(emulated, dict):
        for key, value in recorded.items():
            if key not in emulated:
                yield f"{where}.{key}"
            else:
                yield from missing(value, emulated[key], f"{where}.{key}")


def test_no_key_of_a_recorded_answer_is_missing(
    exchanges: list[Exchange], description: Description, recorded: dict[tuple[str, int], Any]
) -> None:
    problems: dict[tuple[str, int], set[str]] = {}
    for exchange in exchanges:
        found = description.find(exchange)
        key = (found[0] if found else "", exchange.status)
        if key in recorded and isinstance(recorded[key], (dict, list)):
            lacking = {
                each for each in missing(recorded[key], exchange.response) if _last(each) not in ABSENT_HERE
            }
            # What any of the tour's answers has is not missing: some keys come only with some settings.
            problems[key] = lacking & problems.get(key, lacking)
    assert len(problems) >= 20
    told = "\n".join(f"{key}: {sorted(lacking)}" for key, lacking in problems.items() if lacking)
    assert not told, told


def _last(path: str) -> str:
    return path.rpartition(".")[2]
