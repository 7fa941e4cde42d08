"""Relations and rollups between data sources."""

from typing import Any

from tests.unit.notion_emulator.conftest import Notion


def relation(source: str, **dual: Any) -> dict[str, Any]:
    return {"relation": {"data_source_id": source, **(dual or {"single_property": {}})}}


def test_a_single_relation_is_seen_from_one_side(notion: Notion) -> None:
    runs = notion.source()
    database, cases = notion.database(Runs=relation(runs))
    shown = notion.properties(cases)["Runs"]["relation"]
    assert shown["type"] == "single_property"
    assert shown["data_source_id"] == runs
    assert (
        shown["database_id"] == notion.ok("GET", f"/data_sources/{runs}")["parent"]["database_id"] != database
    )
    assert list(notion.properties(runs)) == ["Name"]


def test_a_dual_relation_makes_a_property_in_the_other_data_source(notion: Notion) -> None:
    runs = notion.source()
    cases = notion.source(Runs=relation(runs, dual_property={"synced_property_name": "Cases"}))
    here, there = notion.properties(cases)["Runs"], notion.properties(runs)["Cases"]
    assert here["relation"]["dual_property"] == {
        "synced_property_id": there["id"],
        "synced_property_name": "Cases",
    }
    assert there["relation"]["data_source_id"] == cases
    assert there["relation"]["dual_property"]["synced_property_id"] == here["id"]


def test_without_a_name_the_other_side_is_named_after_this_one(notion: Notion) -> None:
    runs = notion.source()
    notion.source(Link=relation(runs, dual_property={}))
    notion.source(Link=relation(runs, dual_property={}))
    assert list(notion.properties(runs)) == ["Name", "Related to Runs (Link)", "Related to Runs (Link) 1"]


def test_a_data_source_may_be_related_to_itself(notion: Notion) -> None:
    source = notion.source()
    dual = relation(source, dual_property={"synced_property_name": "Parent"})
    notion.ok("PATCH", f"/data_sources/{source}", {"properties": {"Parts": dual}})
    found = notion.properties(source)
    assert found["Parts"]["relation"]["dual_property"]["synced_property_id"] == found["Parent"]["id"]
    assert found["Parent"]["relation"]["dual_property"]["synced_property_id"] == found["Parts"]["id"]
    notion.ok("PATCH", f"/data_sources/{source}", {"properties": {"Parts": None}})
    assert list(notion.properties(source)) == ["Name"]


def test_the_other_side_goes_when_one_side_is_removed_or_made_single(notion: Notion) -> None:
    for change in (None, "single"):
        runs = notion.source()
        cases = notion.source(Runs=relation(runs, dual_property={}))
        after = relation(runs) if change else None
        notion.ok("PATCH", f"/data_sources/{cases}", {"properties": {"Runs": after}})
        assert list(notion.properties(runs)) == ["Name"]


def test_the_other_side_stays_when_the_same_is_said_again_and_can_be_renamed(notion: Notion) -> None:
    runs = notion.source()
    cases = notion.source(Runs=relation(runs, dual_property={"synced_property_name": "Cases"}))
    before = notion.properties(runs)["Cases"]["id"]
    again = relation(runs, dual_property={"synced_property_name": "All cases"})
    notion.ok("PATCH", f"/data_sources/{cases}", {"properties": {"Runs": again}})
    assert notion.properties(runs)["All cases"]["id"] == before
    change = {"properties": {"All cases": {"name": "Cases"}}}
    notion.ok("PATCH", f"/data_sources/{runs}", change)
    shown = notion.properties(cases)["Runs"]["relation"]["dual_property"]
    assert shown["synced_property_name"] == "Cases"


def test_a_dual_relation_shows_its_values_on_both_sides(notion: Notion) -> None:
    runs = notion.source()
    cases = notion.source(Runs=relation(runs, dual_property={"synced_property_name": "Cases"}))
    run = notion.row(runs)["id"]
    case = notion.row(cases, Runs={"relation": [{"id": run}]})["id"]
    assert notion.ok("GET", f"/pages/{run}")["properties"]["Cases"]["relation"] == [{"id": case}]
    notion.ok("PATCH", f"/pages/{case}", {"properties": {"Runs": {"relation": []}}})
    assert notion.ok("GET", f"/pages/{run}")["properties"]["Cases"]["relation"] == []


def test_a_relation_leads_to_rows_of_its_data_source(notion: Notion) -> None:
    runs = notion.source()
    cases = notion.source(Runs=relation(runs))
    other = notion.row(cases)["id"]
    wrong = {"properties": {"Runs": {"relation": [{"id": other}]}}}
    assert "is not in the data source" in notion.refused("PATCH", f"/pages/{other}", wrong)


def test_a_relation_to_what_is_not_shared_is_refused(notion: Notion) -> None:
    nobody = "00000000-0000-0000-0000-000000000000"
    source = notion.source()
    change = {"properties": {"Link": relation(nobody)}}
    refusal = notion.refused("PATCH", f"/data_sources/{source}", change)
    assert refusal.startswith(f"404 object_not_found: Could not find data_source with ID: {nobody}")


def test_a_rollup_may_go_along_a_relation_that_the_same_request_makes(notion: Notion) -> None:
    source = notion.source()
    rolled = {"function": "count", "relation_property_name": "Parts", "rollup_property_name": "Count"}
    changes = {"Count": {"number": {}}, "Parts": relation(source), "Sum": {"rollup": rolled}}
    notion.ok("PATCH", f"/data_sources/{source}", {"properties": changes})
    found = notion.properties(source)
    assert found["Sum"]["rollup"]["rollup_property_id"] == found["Count"]["id"]


def test_a_rollup_goes_along_a_relation_and_shows_names_as_they_are_now(notion: Notion) -> None:
    runs = notion.source(Seconds={"number": {}})
    rolled = {
        "function": "sum",
        "relation_property_name": "Runs",
        "rollup_property_name": "Seconds",
    }
    cases = notion.source(Total={"rollup": rolled}, Runs=relation(runs))
    assert list(notion.properties(cases)) == ["Name", "Total", "Runs"]
    notion.ok("PATCH", f"/data_sources/{runs}", {"properties": {"Seconds": {"name": "Duration"}}})
    shown = notion.properties(cases)["Total"]["rollup"]
    assert (shown["relation_property_name"], shown["rollup_property_name"]) == ("Runs", "Duration")
    wrong = {"Other": {"rollup": {**rolled, "relation_property_name": "Name"}}}
    refusal = notion.refused("PATCH", f"/data_sources/{cases}", {"properties": wrong})
    assert "Could not find relation property with name or id: Name" in refusal
