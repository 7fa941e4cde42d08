"""Commands that look and change nothing, and import, which changes state alone."""

from xml.etree import ElementTree

import pytest

from reconciler.errors import Forbidden, Unreachable
from reconciler.provider.objects import Account
from reconciler.testing import MemoryService
from tests.command_line import CommandLine

STACK = """stack: lab
resources:
  memory_thing:
    a: {name: a, text: first}
  memory_part:
    lid: {thing: "${memory_thing.a.name}", name: lid}
"""


@pytest.fixture
def lab(command: CommandLine, service: MemoryService) -> CommandLine:
    command.write(STACK)
    return command


@pytest.fixture
def applied(lab: CommandLine) -> CommandLine:
    assert lab("apply", "--auto-approve").code == 0
    return lab


def test_drift_is_2_and_names_what_changed_and_what_is_missing(
    applied: CommandLine, service: MemoryService
) -> None:
    assert applied("drift").code == 0
    thing, part = service.objects("memory_thing")[0], service.objects("memory_part")[0]
    service.change("memory_thing", thing.id, text="somebody else's")
    service.remove("memory_part", part.id)
    result = applied("drift")
    assert result.code == 2
    assert "memory_part.lid is missing" in result.out
    assert '"first" → "somebody else\'s"' in result.out
    assert applied("drift", "--json").document["drift"] is True


def test_drift_is_an_unhealthy_service_too(applied: CommandLine, service: MemoryService) -> None:
    service.missing_scopes = ("write",)
    result = applied("drift")
    assert result.code == 2
    assert "write" in result.out


def test_what_cannot_be_read_is_in_the_report_and_never_missing(
    applied: CommandLine, service: MemoryService
) -> None:
    service.fail("read", Unreachable, times=None)
    service.fail("health", Unreachable, times=None)
    document = applied("drift", "--json").document
    assert {found["address"] for found in document["unread"]} == {"memory_thing.a", "memory_part.lid"}
    assert document["changed"] == []


def test_unmanaged_objects_are_drift_only_when_asked_for(
    applied: CommandLine, service: MemoryService
) -> None:
    service.put("memory_thing", name="stray")
    assert applied("drift").code == 0
    result = applied("drift", "--unmanaged")
    assert result.code == 2
    assert "reconciler import memory_thing.NAME stray" in result.out


def test_health_is_1_when_a_service_is_not_ready(lab: CommandLine, service: MemoryService) -> None:
    assert lab("health").code == 0
    service.fail("health", Unreachable, times=None)
    result = lab("health", "--json", "--fresh")
    assert result.code == 1
    assert result.document["ready"] is False
    assert result.document["providers"][0]["state"] == "down"


def test_a_good_answer_is_not_asked_for_again_at_once_and_a_bad_one_is(
    applied: CommandLine, service: MemoryService
) -> None:
    applied("health")
    asked = service.count("health")
    assert applied("health").code == 0
    assert service.count("health") == asked
    service.fail("health", Unreachable, times=1)
    assert applied("health", "--fresh").code == 1
    assert applied("health").code == 0


def test_an_interval_that_is_none_and_one_without_a_watch_are_refused(lab: CommandLine) -> None:
    assert lab("health", "--interval", "5").code == 64
    lab.environ["INTEGRATION_HEALTH_CHECK_INTERVAL"] = "soon"
    result = lab("health", "--watch")
    assert result.code == 1
    assert "INTEGRATION_HEALTH_CHECK_INTERVAL='soon' is no length of time" in result.err


def test_a_health_check_url_that_is_none_is_refused(lab: CommandLine) -> None:
    lab.environ["MEMORY_HEALTH_CHECK_URL"] = "file:///etc/passwd"
    result = lab("health")
    assert result.code == 1
    assert "MEMORY_HEALTH_CHECK_URL is no address on the web" in result.err


def test_another_account_is_refused_and_both_are_named(applied: CommandLine, service: MemoryService) -> None:
    service.account = Account("memory-2", "Elsewhere")
    for name in ("plan", "drift"):
        result = applied(name)
        assert result.code == 1
        assert "Memory Lane" in result.err
        assert "Elsewhere" in result.err
    result = applied("apply", "--auto-approve")
    assert result.code == 1
    assert service.count("update") == 0


def test_state_is_listed_and_shown(applied: CommandLine) -> None:
    assert applied("state", "list").out == "memory_part.lid\nmemory_thing.a\n"
    assert len(applied("state", "list", "--json").document["resources"]) == 2
    assert '"first"' in applied("state", "show", "memory_thing.a").out
    assert applied("state", "show", "memory_thing.a", "--json").document["attributes"]["text"] == "first"
    missing = applied("state", "show", "memory_thing.b")
    assert missing.code == 1
    assert "did you mean 'memory_thing.a'?" in missing.err


def test_looking_at_state_needs_no_secret(lab: CommandLine) -> None:
    lab.write(STACK + "providers:\n  memory: {token: '${secret.NOT_SET}'}\n")
    assert lab("plan").code == 1
    for arguments in (["state", "list"], ["snapshot", "list"], ["output"], ["graph"]):
        assert lab(*arguments).code == 0


def test_import_takes_an_existing_object_and_shows_what_a_plan_would_change(
    lab: CommandLine, service: MemoryService
) -> None:
    found = service.put("memory_thing", name="a", text="as it was")
    assert lab("plan").code == 1
    result = lab("import", "memory_thing.a", "a")
    assert result.code == 0
    assert '"as it was" → "first"' in result.out
    assert service.count("update") == 0
    assert lab("state", "show", "memory_thing.a", "--json").document["id"] == found.id
    assert lab("drift").code == 0
    assert lab("apply", "--auto-approve").code == 0
    assert service.objects("memory_thing")[0].attributes["text"] == "first"


def test_an_import_can_be_gone_back_to(lab: CommandLine, service: MemoryService) -> None:
    service.put("memory_thing", name="a", text="as it was")
    lab("import", "memory_thing.a", "a")
    lab("apply", "--auto-approve")
    assert lab("rollback", "--auto-approve").code == 0
    assert service.objects("memory_thing")[0].attributes["text"] == "as it was"
    assert service.objects("memory_part") == []


def test_a_child_is_imported_by_its_whole_natural_key(lab: CommandLine, service: MemoryService) -> None:
    service.put("memory_thing", name="a", text="first")
    service.put("memory_part", thing="a", name="lid")
    assert lab("import", "memory_part.lid", "a:lid").code == 0
    wrong = lab("import", "memory_part.lid", "lid")
    assert wrong.code == 1


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("memory_thing.b", "a"), "did you mean 'memory_thing.a'?"),
        (("memory_thing.a", "nothing"), "the service has no memory_thing 'nothing'"),
        (("memory_part.lid", "lid"), "it looks like THING:NAME"),
    ],
)
def test_an_import_that_cannot_be_says_why_and_records_nothing(
    lab: CommandLine, service: MemoryService, arguments: tuple[str, str], why: str
) -> None:
    result = lab("import", *arguments)
    assert result.code == 1
    assert why in result.err
    assert lab("state", "list").out == ""


def test_what_cannot_be_read_is_not_imported(lab: CommandLine, service: MemoryService) -> None:
    service.put("memory_thing", name="a")
    service.fail("find", Forbidden)
    assert lab("import", "memory_thing.a", "a").code == 1
    assert lab("state", "list").out == ""


def test_validate_calls_no_service(lab: CommandLine, service: MemoryService) -> None:
    assert "is valid: 2 resources" in lab("validate").out
    assert lab("validate", "--json").document["valid"] is True
    assert service.calls == []


def test_the_graph_is_drawn_for_graphviz_and_mermaid(lab: CommandLine) -> None:
    assert '"memory_part.lid" -> "memory_thing.a";' in lab("graph").out
    mermaid = lab("graph", "--format", "mermaid").out
    assert mermaid.startswith("flowchart RL\n")
    assert "n0 --> n1" in mermaid
    assert lab("graph", "--json").document["memory_part.lid"] == ["memory_thing.a"]


def test_the_graph_is_a_picture_of_its_own(lab: CommandLine) -> None:
    root = ElementTree.fromstring(lab("graph", "--format", "svg").out.encode())
    titles = {title.text for title in root.iter("{http://www.w3.org/2000/svg}title")}
    assert titles >= {"memory_thing.a", "memory_part.lid", "memory_part.lid → memory_thing.a"}
    assert any(str(title).startswith("What waits for what in ") for title in titles)


def test_the_graph_of_a_target_holds_it_and_what_it_needs(lab: CommandLine) -> None:
    assert lab("graph", "--target", "memory_thing.a", "--json").document == {"memory_thing.a": []}
    assert set(lab("graph", "--target", "memory_part.lid", "--json").document) == {
        "memory_part.lid",
        "memory_thing.a",
    }
    assert "did you mean 'memory_thing.a'?" in lab("graph", "--target", "memory_thing.aa").err


def test_whoever_draws_more_than_mermaid_shows_is_told_what_to_do(
    command: CommandLine, service: MemoryService
) -> None:
    many = "".join(f"    v{number}: {{input: '${{reconciler_value.all.input}}'}}\n" for number in range(501))
    command.write("stack: many\nresources:\n  reconciler_value:\n    all: {input: x}\n" + many)
    result = command("graph", "--format", "mermaid")
    assert result.code == 0
    assert "--target ADDR" in result.err
    assert command("graph", "--format", "svg").err == ""


def test_schemas_are_listed_and_shown_one_by_one(lab: CommandLine) -> None:
    listed = lab("schema").out
    assert "memory_thing" in listed
    assert "data.memory_thing" in listed
    assert "name" in lab("schema", "memory_thing").document["properties"]
    assert lab("schema", "data.memory_thing").document["x-data"] is True
    assert set(lab("schema", "--json").document) >= {"memory_thing", "reconciler_value", "data.memory_thing"}
    assert "did you mean 'memory_thing'?" in lab("schema", "memory_thnig").err
