"""What is listed for adoption, and what becomes of a service that does not tell."""

from pathlib import Path

import pytest

from reconciler.errors import Refused, ServiceFailed, WrongAccount
from reconciler.operations.adopting_all import survey, write_file
from reconciler.provider.objects import Account
from tests.unit.operations.desk import Desk

STACK = """
providers:
  memory: {}
resources:
  memory_thing:
    a: {name: a}
"""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.apply(STACK)
    return desk


def test_all_that_is_in_no_state_is_generated(desk: Desk) -> None:
    desk.service.put("memory_thing", name="theirs", text="x")
    desk.service.put("memory_part", thing="a", name="p")
    with desk.open(command="import") as workspace:
        found = survey(workspace, "memory")
    assert [str(one.to) for one in found.generated.imports] == ["memory_part.a_p", "memory_thing.theirs"]
    assert "thing: ${memory_thing.a.name}" in found.generated.text
    assert found.found == 3
    assert desk.service.count("list") == 4


def test_a_type_that_is_not_listed_is_told_with_its_error_and_the_rest_is_generated(desk: Desk) -> None:
    desk.service.put("memory_thing", name="theirs")
    desk.service.fail("list", ServiceFailed, type="memory_note", times=None)
    with desk.open(command="import") as workspace:
        found = survey(workspace, "memory")
    assert isinstance(found.failed["memory_note"], ServiceFailed)
    assert [str(one.to) for one in found.generated.imports] == ["memory_thing.theirs"]


def test_an_account_that_the_state_does_not_belong_to_is_refused(desk: Desk) -> None:
    desk.service.account = Account("other", "other")
    with desk.open(command="import") as workspace, pytest.raises(WrongAccount):
        survey(workspace, "memory")


def test_a_provider_that_is_not_configured_and_an_unknown_type_are_refused(desk: Desk) -> None:
    with desk.open(command="import") as workspace:
        with pytest.raises(Refused) as refused:
            survey(workspace, "memry")
        assert "did you mean 'memory'" in refused.value.diagnostics[0].advice
        with pytest.raises(Refused) as refused:
            survey(workspace, "memory", ["memory_thin"])
        assert "did you mean 'memory_thing'" in refused.value.diagnostics[0].advice


def test_a_file_of_the_stack_is_never_written(desk: Desk, tmp_path: Path) -> None:
    with desk.open(command="import") as workspace, pytest.raises(Refused):
        write_file(tmp_path / "reconciler.yaml", "x", workspace, may_replace=True)
    with desk.open(command="import") as workspace:
        write_file(tmp_path / "deeper" / "new.yaml", "x: 1\n", workspace)
    assert (tmp_path / "deeper" / "new.yaml").read_text() == "x: 1\n"
