"""Drift, health, state, snapshots and outputs, as text and as JSON."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reconciler.address import Address
from reconciler.health.report import DriftReport, ProviderHealth
from reconciler.health.states import Standing, State
from reconciler.plan.world import Types
from reconciler.provider.objects import Health
from reconciler.state.history import SnapshotDifference
from reconciler.state.model import Hold, Run, Snapshot, SnapshotName, StateObject
from reconciler.values import Digest, Sensitive
from reconciler.views.drift_json import drift_document
from reconciler.views.drift_text import report_lines, verdict
from reconciler.views.escape import json_text
from reconciler.views.health_json import health_document
from reconciler.views.health_text import health_lines
from reconciler.views.line import plain
from reconciler.views.outputs_text import output_text, outputs_document, outputs_lines
from reconciler.views.state_json import (
    names_document,
    object_document,
    snapshot_difference_document,
    snapshots_document,
    state_document,
)
from reconciler.views.state_text import (
    run_lines,
    snapshot_difference_lines,
    snapshot_list_lines,
    snapshot_show_lines,
    state_list_lines,
    state_show_lines,
)

Golden = Callable[[str, str], None]
Objects = Mapping[Address, StateObject]
SCHEMAS = Path(__file__).parents[4] / "schemas"
OUTPUTS = {"url": "https://a.example", "token": Digest("ab"), "names": ["a", "b"], "at": {"x": 1}}


def valid(document: Any, name: str) -> Any:
    """The document, once it has been held against its schema."""
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
    Draft202012Validator(schema).validate(document)
    return document


@pytest.mark.parametrize("width", [80, 120])
def test_a_drift_report_names_everything_and_what_to_do(
    report: DriftReport, types: Types, golden: Golden, width: int
) -> None:
    golden(f"views/drift_{width}.txt", plain(report_lines(report, types, width=width)))


def test_a_drift_report_is_valid_json(
    report: DriftReport, types: Types, now: datetime, golden: Golden
) -> None:
    document = valid(drift_document(report, types, moment=now), "drift")
    golden("views/drift.json", json_text(document) + "\n")


def test_no_drift_is_one_line(types: Types, now: datetime) -> None:
    quiet = DriftReport(checked=1)
    assert plain(report_lines(quiet, types)).count("\n") == 1
    assert verdict(quiet) == "No drift. Everything is as the last run left it · 1 object looked at"
    assert valid(drift_document(quiet, types, moment=now), "drift")["drift"] is False


def test_health_shows_a_line_for_each_service_and_how_to_mend_it(
    health: tuple[ProviderHealth, ...], golden: Golden
) -> None:
    golden("views/health_100.txt", plain(health_lines(health)))


def test_health_is_valid_json(health: tuple[ProviderHealth, ...], now: datetime, golden: Golden) -> None:
    document = valid(health_document(health, moment=now), "health")
    golden("views/health.json", json_text(document) + "\n")


def test_good_health_says_so(now: datetime) -> None:
    well = (ProviderHealth("github", Health(True, True), Standing(State.READY, now), now),)
    assert plain(health_lines(well)).endswith("All services are ready.\n")
    assert health_document(well, moment=now)["ready"] is True
    assert "No provider" in plain(health_lines(()))


def test_the_list_of_objects_is_addresses_and_nothing_else(objects: Objects) -> None:
    assert plain(state_list_lines(objects)) == (
        'github_actions_secret.notion\ngithub_issue_label.triage["bug"]\ngithub_repository.docs\n'
    )


def test_an_object_is_shown_with_all_that_is_known_and_nothing_secret(
    objects: Objects, types: Types, golden: Golden
) -> None:
    texts = (plain(state_show_lines(found, types, width=80)) for found in objects.values())
    golden("views/state_show.txt", "\n".join(texts))


def test_the_state_is_valid_json_without_digests(objects: Objects, types: Types, golden: Golden) -> None:
    document = valid(state_document(objects, OUTPUTS, types, serial=4, lineage="0b5c"), "state")
    text = json_text(document)
    assert "ab12" not in text
    golden("views/state.json", text + "\n")
    for found in objects.values():
        assert object_document(found, types) in document["resources"]


def test_snapshots_stand_under_their_runs_with_their_names(
    snapshots: list[Snapshot], runs: list[Run], now: datetime, golden: Golden
) -> None:
    given = (("start", 0), ("fine", 3), ("v1", 3))
    names = [SnapshotName(name, serial, now, "ada") for name, serial in given]
    golden("views/snapshots.txt", plain(snapshot_list_lines(snapshots, runs, names)))
    valid(snapshots_document(snapshots, runs, names), "snapshots")
    valid(names_document(names), "snapshot-names")
    assert plain(snapshot_list_lines([], runs)) == "No snapshots: nothing has been changed yet.\n"
    assert plain(snapshot_list_lines(snapshots[:1], [])).startswith("run r1\n")


def test_a_snapshot_shows_its_objects_and_outputs(objects: Objects, golden: Golden) -> None:
    golden("views/snapshot_show.txt", plain(snapshot_show_lines(4, objects, OUTPUTS, width=80)))


def test_the_difference_of_two_snapshots_reads_like_a_plan(
    difference: SnapshotDifference, types: Types, golden: Golden
) -> None:
    golden("views/snapshot_diff.txt", plain(snapshot_difference_lines(difference, types, width=80)))
    document = valid(snapshot_difference_document(difference, types), "snapshot-diff")
    golden("views/snapshot_diff.json", json_text(document) + "\n")


def test_two_equal_snapshots_do_not_differ(types: Types) -> None:
    assert "nothing differs" in plain(snapshot_difference_lines(SnapshotDifference(3, 3), types))


def test_runs_say_who_did_what_and_which_configuration_is_held(
    runs: list[Run], now: datetime, golden: Golden
) -> None:
    golden("views/runs.txt", plain(run_lines(runs, [Hold("digest", "r3", now, "ada")])))


def test_outputs_are_sorted_and_sensitive_ones_are_not_shown() -> None:
    assert plain(outputs_lines(OUTPUTS)) == (
        'at    = {x: 1}\nnames = ["a", "b"]\ntoken = (sensitive)\nurl   = "https://a.example"\n'
    )
    assert valid(outputs_document(OUTPUTS), "outputs")["token"] == {"sensitive": True, "value": "(sensitive)"}
    assert plain(outputs_lines({})) == "No outputs.\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("two\nlines\x1b[2J", "two\nlines\\x1b[2J"),
        (["a", 1, None], '["a", 1, null]'),
        (True, "true"),
        (Sensitive("x"), "(sensitive)"),
    ],
)
def test_one_output_is_what_a_script_can_take(value: Any, text: str) -> None:
    assert output_text(value) == text
