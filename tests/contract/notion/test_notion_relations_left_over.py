"""A relation whose database is in the trash: what is left of it on the other side is known, and goes."""

from typing import Any

import pytest

from reconciler.errors import AlreadyExists
from reconciler.provider import Absent, Lookup, Object
from tests.contract.notion.conftest import Lab


def made(lab: Lab, title: str) -> Object:
    return lab.provider.create("notion_database", {"parent": lab.root, "title": title})


def related(lab: Lab, database: Object, target: Object, **more: Any) -> Object:
    ends = {"database": database.id, "target": target.id, "name": "Case"}
    return lab.provider.create("notion_relation", {**ends, "synced_property": "Runs", **more})


def read(lab: Lab, relation: Object) -> object:
    lookup = Lookup("notion_relation", relation.id, relation.attributes)
    return lab.connect().read({"it": lookup})["it"]


def trash(lab: Lab, database: Object, *, is_back: bool = False) -> None:
    lab.behind("PATCH", f"/databases/{database.id}", {"in_trash": not is_back})


def names(lab: Lab, database: Object) -> list[str]:
    return list(lab.behind("GET", f"/data_sources/{database.attributes['data_source_id']}")["properties"])


def test_what_is_left_on_the_other_side_is_the_relation_in_no_database(lab: Lab) -> None:
    runs, cases = made(lab, "Runs"), made(lab, "Cases")
    relation = related(lab, runs, cases)
    trash(lab, runs)
    found = read(lab, relation)
    assert isinstance(found, Object)
    assert found.attributes == {**relation.attributes, "database": None}
    trash(lab, runs, is_back=True)
    assert read(lab, relation) == relation


def test_removing_it_frees_the_name_on_the_other_side(lab: Lab) -> None:
    runs, cases = made(lab, "Runs"), made(lab, "Cases")
    relation = related(lab, runs, cases)
    trash(lab, runs)
    lab.connect().delete(relation, "delete")
    assert names(lab, cases) == ["Name"]
    assert read(lab, relation) == Absent()
    again = related(lab, made(lab, "Runs"), cases)
    assert again.attributes["synced_property"] == "Runs"
    assert names(lab, cases) == ["Name", "Runs"]


def test_nothing_is_left_where_it_was_seen_from_one_side_or_both_sides_are_in_the_trash(lab: Lab) -> None:
    runs, cases = made(lab, "Runs"), made(lab, "Cases")
    single = related(lab, runs, cases, synced_property=None)
    dual = related(lab, runs, cases, name="Other")
    trash(lab, runs)
    assert read(lab, single) == Absent()
    trash(lab, cases)
    assert read(lab, dual) == Absent()


def test_a_name_that_is_taken_in_the_target_is_refused_before_anything_is_made(lab: Lab) -> None:
    runs, cases = made(lab, "Runs"), made(lab, "Cases")
    related(lab, runs, cases)
    with pytest.raises(AlreadyExists, match="the target has a property 'Runs' already") as refused:
        related(lab, runs, cases, name="Other")
    assert "import it" in refused.value.remedy
    assert names(lab, runs) == ["Name", "Case"]
    trash(lab, runs)
    with pytest.raises(AlreadyExists) as refused:
        related(lab, made(lab, "Runs"), cases)
    assert "it leads to a database in the trash" in refused.value.remedy
