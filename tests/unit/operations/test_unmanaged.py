"""What lives in a service and in no state, and what cannot be looked for."""

from pathlib import Path

import pytest

from reconciler.operations.drift import find_drift
from reconciler.provider.facts import ResourceType
from reconciler.registry import Registry
from tests.unit.operations.desk import Desk

STACK = """
resources:
  memory_thing:
    a: {name: a}
  memory_note:
    n: {title: n}
"""


def test_what_nobody_declared_is_found(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.apply(STACK)
    desk.service.put("memory_thing", name="theirs")
    with desk.open() as workspace:
        report = find_drift(workspace, with_unmanaged=True)
    assert [found.import_id for found in report.unmanaged] == ["theirs"]
    assert report.unlisted == ()


def test_a_type_that_cannot_be_listed_is_named_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    desk.apply(STACK)
    known = Registry.type

    def secretive(registry: Registry, name: str) -> ResourceType | None:
        found = known(registry, name)
        if name != "memory_note" or found is None:
            return found
        return ResourceType.from_schema(name, {**found.schema, "x-unlisted": "nobody lists notes"})

    monkeypatch.setattr(Registry, "type", secretive)
    with desk.open() as workspace:
        report = find_drift(workspace, with_unmanaged=True)
    assert report.unlisted == (("memory_note", "nobody lists notes"),)
    assert desk.service.count("list", "memory_note") == 0


def test_an_object_that_is_imported_by_its_id_is_shown_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(tmp_path)
    desk.apply(STACK)
    theirs = desk.service.put("memory_thing", name="theirs")
    known = Registry.type

    def by_id(registry: Registry, name: str) -> ResourceType | None:
        found = known(registry, name)
        if name != "memory_thing" or found is None:
            return found
        return ResourceType.from_schema(name, {**found.schema, "x-import-id": "{id}"})

    monkeypatch.setattr(Registry, "type", by_id)
    with desk.open() as workspace:
        (found,) = find_drift(workspace, with_unmanaged=True).unmanaged
    assert (found.import_id, found.name) == (theirs.id, "theirs")
