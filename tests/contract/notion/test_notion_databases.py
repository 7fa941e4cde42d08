"""What becomes of a database's properties, over the emulated Notion."""

from collections.abc import Mapping
from typing import Any, Protocol

import pytest

from reconciler.errors import Rejected
from reconciler.provider import Absent, Lookup, Object, Wanted
from reconciler_notion.provider import NotionProvider


class AnyLab(Protocol):
    provider: NotionProvider
    root: str

    def calls(self) -> int: ...
    def behind(self, method: str, path: str, json: Any = None) -> Any: ...


PROPERTIES = {"Run": "title", "Duration": "number", "Status": {"type": "select", "options": ["Pass", "Fail"]}}


def made(lab: AnyLab, **others: Any) -> Object:
    desired = {"parent": lab.root, "title": "Runs", "properties": PROPERTIES, **others}
    return lab.provider.create("notion_database", desired)


def read(lab: AnyLab, found: Object) -> Object:
    (answer,) = lab.provider.read({"": Lookup(found.type, found.id, found.attributes)}).values()
    assert isinstance(answer, Object)
    return answer


def declare(lab: AnyLab, prior: Object, properties: Mapping[str, Any], **others: Any) -> Object:
    """The database after a change of its properties; what a plan would read first is read."""
    prior = read(lab, prior)
    desired = {**prior.attributes, "properties": properties, **others}
    after = lab.provider.update(prior, desired, frozenset({"properties", *others}))
    assert after.attributes == read(lab, after).attributes
    return after


def live(lab: AnyLab, found: Object) -> dict[str, Any]:
    """The properties as Notion tells them."""
    answer = lab.behind("GET", f"/data_sources/{found.attributes['data_source_id']}")
    properties: dict[str, Any] = answer["properties"]
    return properties


def rewrite(lab: AnyLab, found: Object, properties: Mapping[str, Any]) -> None:
    path = f"/data_sources/{found.attributes['data_source_id']}"
    lab.behind("PATCH", path, {"properties": properties})


def test_a_property_that_is_declared_under_another_name_keeps_its_id(lab: AnyLab) -> None:
    database = made(lab)
    before = live(lab, database)
    others = {"Run": "title", "Status": PROPERTIES["Status"]}
    after = declare(lab, database, {**others, "Length": "number"})
    assert live(lab, database)["Length"]["id"] == before["Duration"]["id"]
    assert "Duration" not in live(lab, database)
    assert after.attributes["property_ids"]["Length"] == before["Duration"]["id"]


def test_the_title_property_is_renamed_whatever_it_is_called(lab: AnyLab) -> None:
    database = made(lab, properties={"Name": "title"})
    declare(lab, database, {"Run ID": "title"})
    assert live(lab, database)["Run ID"]["id"] == "title"


def test_a_property_renamed_by_hand_gets_its_name_back(lab: AnyLab) -> None:
    database = made(lab)
    before = live(lab, database)
    rewrite(lab, database, {"Duration": {"name": "Length"}})
    assert "Duration" not in read(lab, database).attributes["properties"]
    declare(lab, database, PROPERTIES)
    assert live(lab, database)["Duration"]["id"] == before["Duration"]["id"]


def test_renames_that_cannot_be_told_apart_are_refused_until_they_are_said(lab: AnyLab) -> None:
    database = made(lab, properties={"Run": "title", "A": "number", "B": "number"})
    before = live(lab, database)
    properties = {"Run": "title", "C": "number"}
    calls = lab.calls()
    with pytest.raises(Rejected, match="'A', 'B'") as caught:
        declare(lab, database, properties)
    assert "renamed_properties: {A: C}" in caught.value.remedy
    assert lab.calls() - calls == 3  # questions alone
    declare(lab, database, properties, renamed_properties={"B": "C"})
    assert live(lab, database)["C"]["id"] == before["B"]["id"]
    assert live(lab, database)["A"]["id"] == before["A"]["id"]


def test_what_is_said_to_be_no_rename_is_none(lab: AnyLab) -> None:
    database = made(lab)
    others = {"Run": "title", "Status": PROPERTIES["Status"]}
    declare(lab, database, {**others, "Length": "number"}, renamed_properties={})
    assert {"Duration", "Length"} <= set(live(lab, database))


def test_an_undeclared_property_is_never_taken_for_a_declared_one(lab: AnyLab) -> None:
    database = made(lab)
    rewrite(lab, database, {"Notes": {"rich_text": {}}})
    after = declare(lab, database, {**PROPERTIES, "Comment": "rich_text"})
    assert {"Notes", "Comment"} <= set(live(lab, database))
    assert "Notes" not in after.attributes["property_ids"]


def test_a_database_that_becomes_ours_keeps_its_properties(lab: AnyLab) -> None:
    database = made(lab)
    key = {"parent": lab.root, "title": "Runs"}
    (found,) = lab.provider.find({"": Wanted("notion_database", key)})[""]  # type: ignore[misc]  # a tuple
    desired = {**key, "properties": {"Run": "title", "Length": "number"}}
    lab.provider.update(found, lab.provider.normalise(found.type, desired), frozenset({"properties"}))
    assert set(live(lab, database)) == {"Run", "Duration", "Status", "Length"}


def test_additive_properties_and_options_leave_others_alone(lab: AnyLab) -> None:
    database = made(lab)
    rewrite(lab, database, {"Notes": {"rich_text": {}}})
    status = {"type": "select", "options": ["Flaky"]}
    declare(lab, database, {"Run": "title", "Status": status}, properties_mode="additive")
    assert set(live(lab, database)) == {"Run", "Duration", "Status", "Notes"}
    names = [option["name"] for option in live(lab, database)["Status"]["select"]["options"]]
    assert names == ["Pass", "Fail", "Flaky"]


def test_exclusive_properties_and_options_remove_others_but_no_relation(lab: AnyLab) -> None:
    database = made(lab)
    rewrite(lab, database, {"Notes": {"rich_text": {}}})
    ends = {"database": database.id, "target": database.id}
    lab.provider.create("notion_relation", {**ends, "name": "Before"})
    before = live(lab, database)
    status = {"type": "select", "options": ["Fail", "Flaky"]}
    after = declare(lab, database, {"Run": "title", "Status": status}, properties_mode="exclusive")
    assert set(live(lab, database)) == {"Run", "Status", "Before"}
    assert set(after.attributes["properties"]) == {"Run", "Status"}
    options = live(lab, database)["Status"]["select"]["options"]
    assert [option["name"] for option in options] == ["Fail", "Flaky"]
    assert options[0] == before["Status"]["select"]["options"][1]


def test_another_type_converts_a_property_in_place(lab: AnyLab) -> None:
    database = made(lab)
    before = live(lab, database)
    declare(lab, database, {**PROPERTIES, "Duration": "rich_text"})
    after = live(lab, database)["Duration"]
    assert (after["type"], after["id"]) == ("rich_text", before["Duration"]["id"])


def test_a_property_that_was_dropped_by_hand_is_missing_and_comes_back(lab: AnyLab) -> None:
    database = made(lab)
    rewrite(lab, database, {"Duration": None})
    assert "Duration" not in read(lab, database).attributes["properties"]
    declare(lab, database, PROPERTIES)
    assert live(lab, database)["Duration"]["type"] == "number"


def test_an_option_keeps_its_color_and_cannot_get_another(lab: AnyLab) -> None:
    database = made(
        lab, properties={"Run": "title", "S": {"type": "select", "options": {"A": {"color": "red"}}}}
    )
    with pytest.raises(Rejected) as caught:
        declare(lab, database, {"Run": "title", "S": {"type": "select", "options": {"A": {"color": "blue"}}}})
    assert "change it there" in caught.value.remedy


def test_a_database_without_a_title_property_is_refused_before_any_change(lab: AnyLab) -> None:
    with pytest.raises(Rejected, match="exactly one title"):
        made(lab, properties={"Duration": "number"})
    with pytest.raises(Rejected, match="exactly one title"):
        made(lab, properties={"A": "title", "B": "title"})
    assert lab.provider.find({"": Wanted("notion_database", {"parent": lab.root, "title": "Runs"})})[""] == ()


def test_nothing_to_change_in_the_properties_takes_one_look(lab: AnyLab) -> None:
    database = read(lab, made(lab))
    before = lab.calls()
    lab.provider.update(database, database.attributes, frozenset({"properties"}))
    assert lab.calls() - before == 1


def test_a_rename_of_the_database_takes_its_data_source_along(lab: AnyLab) -> None:
    database = made(lab)
    lab.provider.update(database, {**database.attributes, "title": "All runs"}, frozenset({"title"}))
    source = lab.behind("GET", f"/data_sources/{database.attributes['data_source_id']}")
    assert source["title"][0]["plain_text"] == "All runs"


@pytest.mark.parametrize("renamed", ["database", "data source"])
@pytest.mark.parametrize("title", ["Runs", "All runs", "Each run"])
def test_a_rename_that_was_cut_off_is_noticed_and_ends_with_one_name(
    lab: AnyLab, renamed: str, title: str
) -> None:
    database = read(lab, made(lab))
    name = {"title": [{"type": "text", "text": {"content": "All runs"}}]}
    paths = {
        "database": f"/databases/{database.id}",
        "data source": f"/data_sources/{database.attributes['data_source_id']}",
    }
    lab.behind("PATCH", paths[renamed], name)
    found = read(lab, database)
    told = {"database": ("All runs", "Runs"), "data source": ("Runs", "All runs")}[renamed]
    assert found.attributes["title"] == "{} (its data source: {})".format(*told)
    after = lab.provider.update(found, {**found.attributes, "title": title}, frozenset({"title"}))
    assert after.attributes == read(lab, after).attributes
    for path in paths.values():
        assert lab.behind("GET", path)["title"][0]["plain_text"] == title


def test_a_data_source_with_a_name_of_its_own_keeps_it_beside_others(lab: AnyLab) -> None:
    database = read(lab, made(lab))
    parent = {"type": "database_id", "database_id": database.id}
    lab.behind("POST", "/data_sources", {"parent": parent, "properties": {"Name": {"title": {}}}})
    source = f"/data_sources/{database.attributes['data_source_id']}"
    lab.behind("PATCH", source, {"title": [{"type": "text", "text": {"content": "Nightly"}}]})
    found = read(lab, database)
    assert found.attributes["title"] == "Runs"
    lab.provider.update(found, {**found.attributes, "title": "All runs"}, frozenset({"title"}))
    assert lab.behind("GET", source)["title"][0]["plain_text"] == "Nightly"


def test_a_relation_that_the_database_declares_is_told_and_a_rollup_may_follow_it(lab: AnyLab) -> None:
    cases = lab.provider.create("notion_database", {"parent": lab.root, "title": "Cases"})
    source = cases.attributes["data_source_id"]
    properties = {
        "Run": "title",
        "Case": {"type": "relation", "data_source": source, "synced_property": "Runs"},
        "Cases": {"type": "rollup", "relation": "Case", "property": "Name", "function": "count"},
    }
    database = made(lab, properties=properties)
    told = read(lab, database).attributes["properties"]
    assert told["Case"]["synced_property"] == "Runs"
    assert told["Cases"]["function"] == "count"
    assert "Runs" not in read(lab, cases).attributes["properties"]


def test_a_button_is_made_with_a_database_and_refused_for_one_that_exists(lab: AnyLab) -> None:
    database = made(lab, properties={**PROPERTIES, "Go": "button"})
    assert live(lab, database)["Go"]["type"] == "button"
    with pytest.raises(Rejected, match="'Stop'"):
        declare(lab, database, {**PROPERTIES, "Go": "button", "Stop": "button"})


def test_a_database_in_a_page_in_the_trash_is_absent(lab: AnyLab) -> None:
    page = lab.provider.create("notion_page", {"parent": lab.root, "title": "Home"})
    database = made(lab, parent=page.id)
    lab.provider.delete(page, "delete")
    lookup = Lookup(database.type, database.id, database.attributes)
    assert lab.provider.read({"": lookup}) == {"": Absent()}
    lab.provider.delete(database, "delete")


def test_a_formula_is_as_declared_though_notion_may_write_it_in_another_way(lab: AnyLab) -> None:
    formula = {"type": "formula", "expression": "1+1"}
    database = made(lab, properties={"Run": "title", "Two": formula})
    (identifier,) = database.attributes["stored_formulas"]
    declared = {"Run": {"type": "title"}, "Two": {"type": "formula", "expression": "1 + 1"}}
    known = {**database.attributes, "properties": declared, "stored_formulas": {identifier: "1+1"}}
    before = Object(database.type, database.id, known)
    assert read(lab, before).attributes["properties"]["Two"]["expression"] == "1 + 1"
    rewrite(lab, database, {"Two": {"formula": {"expression": "3"}}})
    assert read(lab, before).attributes["properties"]["Two"]["expression"] == "3"
