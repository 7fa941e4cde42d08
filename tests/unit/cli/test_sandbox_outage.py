"""``sandbox outage``: set by hand or by a script, listed and ended."""

import pytest
from jsonschema import Draft202012Validator

from reconciler.config.schemas import schema
from reconciler.sandbox.outages import MODES
from tests.command_line import CommandLine


def test_an_outage_hits_the_services_of_the_stack_until_it_is_ended(command: CommandLine) -> None:
    command("init", "--template", "testx")
    assert "down" in command("sandbox", "outage", "github", "--mode", "down").out
    hit = command.sandbox("plan", "--json")
    assert hit.code == 1
    assert "Connection refused" in hit.out
    assert command("sandbox", "outage", "github", "--end").code == 0
    assert command.sandbox("plan").code == 0


def test_what_is_set_is_listed_as_its_schema_says(command: CommandLine) -> None:
    told = command("sandbox", "outage", "slack", "--mode", "flaky", "--for", "2m", "--at", "90s", "--json")
    listed = command("sandbox", "outage", "--list", "--json").document
    Draft202012Validator(schema("outages.schema.json")).validate(listed)
    for document in (told.document, listed):
        (shown,) = document["outages"]
        assert (shown["service"], shown["mode"], shown["rate"], shown["is"]) == (
            "slack", "flaky", 0.2, "to come",
        )  # fmt: skip
        assert 80 < shown["begins_in"] <= 90
    command("sandbox", "outage", "github", "--mode", "slow", "--rate", "0.5", "--seed", "4")
    text = command("sandbox", "outage", "--list").out
    assert "flaky" in text
    assert "50% of calls" in text
    command("sandbox", "outage", "--end")
    assert command("sandbox", "outage", "--list").out == "All services are well.\n"


def test_a_script_sets_several(command: CommandLine) -> None:
    command.write(
        "seed: 5\n"
        "outages:\n"
        "  - {at: 3s, github: down, for: 10s}\n"
        "  - {slack: rate-limited, notion: slow, for: 500ms, rate: 0.5, seed: 6}\n",
        "script.yaml",
    )
    file = str(command.directory / "script.yaml")
    shown = command("sandbox", "outage", "--script", file, "--json").document["outages"]
    assert [(each["service"], each["mode"], each["rate"], each["seed"]) for each in shown] == [
        ("slack", "rate-limited", 0.5, 6),
        ("notion", "slow", 0.5, 6),
        ("github", "down", 1.0, 5),
    ]
    github = shown[-1]
    assert github["ends_in"] - github["begins_in"] == pytest.approx(10, abs=0.01)


def test_all_that_is_wrong_with_a_script_is_told_with_its_place(command: CommandLine) -> None:
    command.write(
        "outages:\n"
        "  - {github: tired}\n"
        "  - {gitbub: down}\n"
        "  - {slack: down, at: soon}\n"
        "  - {slack: down, rate: 2}\n"
        "  - {slack: down, seed: x}\n"
        "  - {at: 3s}\n",
        "script.yaml",
    )
    result = command("sandbox", "outage", "--script", str(command.directory / "script.yaml"))
    assert result.code == 1
    for line in range(2, 8):
        assert f"script.yaml:{line}:" in result.err
    assert "did you mean 'github'?" in result.err
    assert command("sandbox", "outage", "--list", "--json").document == {"outages": []}


@pytest.mark.parametrize("text", ["", "[]\n", "outages: []\n", "outages: 3\n", "others: []\n"])
def test_a_script_without_outages_is_an_error(command: CommandLine, text: str) -> None:
    command.write(text, "script.yaml")
    result = command("sandbox", "outage", "--script", str(command.directory / "script.yaml"))
    assert result.code == 1
    assert "script.yaml" in result.err


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("github",),
        ("--mode", "down"),
        ("github", "--mode", "down", "--end"),
        ("github", "--list"),
        ("github", "--mode", "tired"),
        ("github", "--mode", "down", "--for", "soon"),
        ("github", "--mode", "down", "--rate", "2"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(command: CommandLine, arguments: tuple[str, ...]) -> None:
    assert command("sandbox", "outage", *arguments).code == 64


@pytest.mark.parametrize("arguments", [("gitbub", "--mode", "down"), ("gitbub", "--end")])
def test_a_service_that_is_not_there_is_named_with_the_nearest(
    command: CommandLine, arguments: tuple[str, ...]
) -> None:
    result = command("sandbox", "outage", *arguments)
    assert result.code == 1
    assert "did you mean 'github'?" in result.err


def test_schemas_know_every_mode() -> None:
    script, listed = schema("outage-script.schema.json"), schema("outages.schema.json")
    entry = script["properties"]["outages"]["items"]
    shown = listed["properties"]["outages"]["items"]["properties"]
    assert tuple(entry["additionalProperties"]["enum"]) == tuple(shown["mode"]["enum"]) == MODES
