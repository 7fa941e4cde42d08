"""Properties of data sources: made, renamed, configured, removed; options matched by name."""

from typing import Any

import pytest

from tests.unit.notion_emulator.conftest import Notion, said


def test_properties_are_keyed_by_name_and_have_short_ids(notion: Notion) -> None:
    source = notion.source(Count={"number": {}}, Done={"checkbox": {}})
    found = notion.properties(source)
    assert list(found) == ["Name", "Count", "Done"]
    assert found["Name"] == {"id": "title", "name": "Name", "description": None, "type": "title", "title": {}}
    ids = [each["id"] for each in found.values()]
    assert len(set(ids)) == 3
    assert all(4 <= len(id_) <= 12 and "/" not in id_ for id_ in ids[1:])


def test_a_rename_keeps_the_id_and_the_values(notion: Notion) -> None:
    source = notion.source(Count={"number": {}})
    row = notion.row(source, Count={"number": 3})
    before = notion.properties(source)["Count"]["id"]
    for key, name in (("Count", "Total"), (before, "Sum")):
        notion.ok("PATCH", f"/data_sources/{source}", {"properties": {key: {"name": name}}})
    assert notion.properties(source)["Sum"]["id"] == before
    assert notion.ok("GET", f"/pages/{row['id']}")["properties"]["Sum"]["number"] == 3


def test_the_title_may_be_renamed(notion: Notion) -> None:
    source = notion.source()
    notion.ok("PATCH", f"/data_sources/{source}", {"properties": {"title": {"name": "Run ID"}}})
    assert notion.properties(source)["Run ID"]["id"] == "title"


def test_null_removes_a_property_and_its_values(notion: Notion) -> None:
    source = notion.source(Count={"number": {}})
    row = notion.row(source, Count={"number": 3})
    before = notion.properties(source)["Count"]["id"]
    notion.ok("PATCH", f"/data_sources/{source}", {"properties": {"Count": None}})
    assert list(notion.properties(source)) == ["Name"]
    notion.ok("PATCH", f"/data_sources/{source}", {"properties": {"Count": {"number": {}}}})
    assert notion.properties(source)["Count"]["id"] != before
    assert notion.ok("GET", f"/pages/{row['id']}")["properties"]["Count"]["number"] is None


def test_the_type_of_a_property_may_change_and_its_id_stays(notion: Notion) -> None:
    source = notion.source(Count={"number": {}})
    row = notion.row(source, Count={"number": 3})
    before = notion.properties(source)["Count"]["id"]
    notion.ok("PATCH", f"/data_sources/{source}", {"properties": {"Count": {"rich_text": {}}}})
    after = notion.properties(source)["Count"]
    assert (after["type"], after["id"]) == ("rich_text", before)
    assert notion.ok("GET", f"/pages/{row['id']}")["properties"]["Count"]["rich_text"] == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"Name": None}, "Cannot delete title property"),
        ({"Name": {"number": {}}}, "Cannot change the type of the title property"),
        ({"Other": {"title": {}}}, "Cannot create new title property"),
        ({"Other": {"name": "New"}}, "Other is not a property that exists."),
        ({"Other": None}, "Other is not a property that exists."),
        ({"Count": {"name": "Name"}}, "Cannot have two properties with the same name: Name"),
        ({"Count": {"name": ""}}, "Property name must not be empty."),
        ({"Count": {"number": {"format": "furlongs"}}}, "body.properties.Count.number.format should be"),
        ({"Count": {"numbre": {}}}, "body.properties.Count.numbre should be not present"),
    ],
)
def test_impossible_changes_are_refused_and_change_nothing(
    notion: Notion, change: dict[str, Any], problem: str
) -> None:
    source = notion.source(Count={"number": {}})
    before = notion.properties(source)
    assert problem in notion.refused("PATCH", f"/data_sources/{source}", {"properties": change})
    assert notion.properties(source) == before


def test_of_several_changes_none_is_made_if_one_is_refused(notion: Notion) -> None:
    source = notion.source(Count={"number": {}})
    change = {"Count": None, "Other": None}
    notion.refused("PATCH", f"/data_sources/{source}", {"properties": change})
    assert list(notion.properties(source)) == ["Name", "Count"]


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        ({"Count": {"number": {}}}, "Title is not provided"),
        ({"A": {"title": {}}, "B": {"title": {}}}, "more than one title property"),
    ],
)
def test_a_data_source_has_exactly_one_title(
    notion: Notion, properties: dict[str, Any], problem: str
) -> None:
    parent = {"type": "page_id", "page_id": notion.root}
    body = {"parent": parent, "initial_data_source": {"properties": properties}}
    assert problem in notion.refused("POST", "/databases", body)
    assert notion.host.show()["notion"]["databases"] == []


def names(notion: Notion, source: str, key: str = "Kind") -> list[str]:
    found = notion.properties(source)[key]
    return [each["name"] for each in found[found["type"]]["options"]]


@pytest.mark.parametrize("kind", ["select", "multi_select", "status"])
def test_options_keep_their_ids_and_colours_when_they_are_given_again(notion: Notion, kind: str) -> None:
    source = notion.source(Kind={kind: {"options": [{"name": "A", "color": "red"}, {"name": "B"}]}})
    before = notion.properties(source)["Kind"][kind]["options"]
    assert (before[0]["color"], before[0]["description"]) == ("red", None)
    assert before[1]["color"] != "red"
    change = {kind: {"options": [{"name": "A"}, {"name": "B"}, {"name": "C"}]}}
    notion.ok("PATCH", f"/data_sources/{source}", {"properties": {"Kind": change}})
    after = notion.properties(source)["Kind"][kind]["options"]
    assert after[:2] == before
    assert names(notion, source) == ["A", "B", "C"]


@pytest.mark.parametrize("kind", ["select", "multi_select", "status"])
def test_an_option_that_is_left_out_is_removed(notion: Notion, kind: str) -> None:
    source = notion.source(Kind={kind: {"options": [{"name": "A"}, {"name": "B"}]}})
    value = [{"name": "A"}] if kind == "multi_select" else {"name": "A"}
    row = notion.row(source, Kind={kind: value})
    notion.ok(
        "PATCH", f"/data_sources/{source}", {"properties": {"Kind": {kind: {"options": [{"name": "B"}]}}}}
    )
    assert names(notion, source) == ["B"]
    shown = notion.ok("GET", f"/pages/{row['id']}")["properties"]["Kind"][kind]
    assert shown in (None, [])


@pytest.mark.parametrize("kind", ["select", "status"])
def test_the_colour_of_an_option_cannot_be_changed(notion: Notion, kind: str) -> None:
    source = notion.source(Kind={kind: {"options": [{"name": "A", "color": "red"}]}})
    change = {"Kind": {kind: {"options": [{"name": "A", "color": "blue"}]}}}
    refusal = notion.refused("PATCH", f"/data_sources/{source}", {"properties": change})
    assert "Cannot update color of select with name: A" in refusal


def test_an_option_has_no_comma_and_a_name_of_its_own(notion: Notion) -> None:
    source = notion.source(Kind={"select": {}})
    for options, problem in (
        ([{"name": "a,b"}], "Invalid select option, commas not allowed: a,b"),
        ([{"name": "a"}, {"name": "a"}], "must be unique"),
        ([{"name": str(number)} for number in range(101)], "should be ≤ `100`, instead was `101`"),
    ):
        change = {"Kind": {"select": {"options": options}}}
        assert problem in notion.refused("PATCH", f"/data_sources/{source}", {"properties": change})


def test_a_configuration_without_options_leaves_them(notion: Notion) -> None:
    source = notion.source(Kind={"select": {"options": [{"name": "A"}]}})
    notion.ok("PATCH", f"/data_sources/{source}", {"properties": {"Kind": {"select": {}, "name": "Sort"}}})
    assert names(notion, source, "Sort") == ["A"]


def test_a_status_has_three_groups_and_new_options_go_to_the_first(notion: Notion) -> None:
    source = notion.source(State={"status": {}}, Own={"status": {"options": [{"name": "Open"}]}})
    state = notion.properties(source)["State"]["status"]
    assert [each["name"] for each in state["options"]] == ["Not started", "In progress", "Done"]
    assert [(each["name"], len(each["option_ids"])) for each in state["groups"]] == [
        ("To-do", 1),
        ("In progress", 1),
        ("Complete", 1),
    ]
    options = [{"name": "Not started"}, {"name": "Done"}, {"name": "Shut"}]
    change = {"properties": {"State": {"status": {"options": options}}}}
    notion.ok("PATCH", f"/data_sources/{source}", change)
    after = notion.properties(source)["State"]["status"]
    assert [len(each["option_ids"]) for each in after["groups"]] == [2, 0, 1]
    own = notion.properties(source)["Own"]["status"]
    assert [len(each["option_ids"]) for each in own["groups"]] == [1, 0, 0]


def test_a_value_makes_a_new_option_of_a_select_but_not_of_a_status(notion: Notion) -> None:
    source = notion.source(Kind={"select": {}}, Tags={"multi_select": {}}, State={"status": {}})
    row = notion.row(
        source, Kind={"select": {"name": "X"}}, Tags={"multi_select": [{"name": "p"}, {"name": "q"}]}
    )
    assert row["properties"]["Kind"]["select"]["name"] == "X"
    assert names(notion, source) == ["X"]
    assert names(notion, source, "Tags") == ["p", "q"]
    change = {"properties": {"State": {"status": {"name": "Lost"}}}}
    refusal = notion.refused("PATCH", f"/pages/{row['id']}", change)
    assert 'Status option "Lost" does not exist' in refusal


def test_a_value_of_another_type_is_refused_in_the_services_words(notion: Notion) -> None:
    source = notion.source(Count={"number": {}})
    row = notion.row(source)
    wrong = {"properties": {"Count": {"checkbox": True}}}
    assert "Count is expected to be number." in notion.refused("PATCH", f"/pages/{row['id']}", wrong)
    unknown = {"properties": {"A": {"number": 1}, "B": {"number": 1}}}
    refusal = notion.refused("PATCH", f"/pages/{row['id']}", unknown)
    assert "A is not a property that exists. B is not a property that exists." in refusal


def test_values_may_be_given_by_id_and_empty_ones_are_shown(notion: Notion) -> None:
    source = notion.source(Count={"number": {}}, When={"date": {}}, Files={"files": {}}, Who={"people": {}})
    id_ = notion.properties(source)["Count"]["id"]
    body = {"parent": {"data_source_id": source}, "properties": {id_: {"number": 2.5}}}
    row = notion.ok("POST", "/pages", body)["properties"]
    assert row["Count"] == {"id": id_, "type": "number", "number": 2.5}
    assert [row[key][row[key]["type"]] for key in ("Name", "When", "Files", "Who")] == [[], None, [], []]


def test_one_property_is_read_by_its_id_encoded_or_not(notion: Notion) -> None:
    sources = notion.source(**{f"P{number}": {"number": {}} for number in range(30)})
    row = notion.row(sources)
    encoded = [each["id"] for each in row["properties"].values() if "%" in each["id"]]
    assert encoded
    for id_ in encoded:
        for path in (id_, id_.replace("%", "%25")):
            assert notion.ok("GET", f"/pages/{row['id']}/properties/{path}")["id"] == id_


def test_rows_are_numbered_and_dates_normalised(notion: Notion) -> None:
    source = notion.source(Number={"unique_id": {"prefix": "RUN"}}, When={"date": {}})
    notion.row(source)
    row = notion.row(source, When={"date": {"start": "2026-01-02T03:04:05Z"}})["properties"]
    assert row["Number"]["unique_id"] == {"prefix": "RUN", "number": 2}
    assert row["When"]["date"]["start"] == "2026-01-02T03:04:05.000+00:00"


def test_rich_text_is_shown_in_full_and_empty_texts_vanish(notion: Notion) -> None:
    source = notion.source(Note={"rich_text": {}})
    link = {
        "text": {"content": "here", "link": {"url": "https://example.com"}},
        "annotations": {"bold": True},
    }
    row = notion.row(source, Note={"rich_text": [link, *said("")]})
    (shown,) = row["properties"]["Note"]["rich_text"]
    assert (shown["type"], shown["plain_text"], shown["href"]) == ("text", "here", "https://example.com")
    assert shown["annotations"]["bold"]
    assert not shown["annotations"]["italic"]
    assert shown["annotations"]["color"] == "default"


def test_types_that_answers_do_not_document_are_made_and_shown_empty(notion: Notion) -> None:
    # The description has no such answers; exchanges in the newest version are not held against it.
    notion.version = "2026-03-11"
    kinds = ("button", "location", "verification", "last_visited_time", "place")
    source = notion.source(**{kind: {kind: {}} for kind in kinds})
    assert {each["type"] for each in notion.properties(source).values()} == {"title", *kinds}
    place = {"lat": 51.5, "lon": 7.4, "name": "Dortmund"}
    row = notion.row(source, place={"place": place})["properties"]
    assert row["place"]["place"] == place
    assert (row["button"]["button"], row["verification"]["verification"]) == ({}, None)
