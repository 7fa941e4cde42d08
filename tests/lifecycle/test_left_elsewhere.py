"""What would be left in part when its parent goes is removed by a call of its own, before that."""

from dataclasses import replace

import pytest

from reconciler.testing import MemoryFactory
from tests.lifecycle.lab import Lab

FAMILY = """
resources:
  memory_thing:
    a: {name: a, kind: plain}
  memory_part:
    p: {thing: "${memory_thing.a.name}", name: p}
"""


@pytest.fixture(autouse=True)
def _parts_do_not_go_along(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    types = dict(MemoryFactory.resource_types())
    part = types["memory_part"]
    types["memory_part"] = replace(
        part, parents=tuple(replace(one, goes_along=False) for one in part.parents)
    )
    monkeypatch.setattr(MemoryFactory, "resource_types", staticmethod(lambda: types))


@pytest.mark.parametrize("after", ["resources: {}", FAMILY.replace("plain", "fancy")])
def test_it_is_removed_before_its_parent_is_deleted_or_replaced(lab: Lab, after: str) -> None:
    lab.apply(FAMILY)
    plan = lab.plan(after)
    assert [str(change.goes_with) for change in plan if change.is_step] == ["None", "None"]
    before = len(lab.service.calls)
    assert lab.execute(plan).is_complete
    removed = [call.type for call in lab.service.calls[before:] if call.operation == "delete"]
    assert removed == ["memory_part", "memory_thing"]
    assert not lab.plan().has_changes
