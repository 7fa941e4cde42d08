"""The procedures of docs/rollback.md, performed word for word out of the page."""

from typing import Any

from tests.command_line import CommandLine, Result
from tests.functional.documented import edit, procedure, succeeds

BEFORE, AFTER = "Results of the end-to-end tests", "Results"
"""The topic of the channel before and after the run that is to be taken back."""

STORY = """    story:
      repository: ${github_repository.testx.name}
      name: story
      color: 0e8a16
      description: Something that a user will be able to do
"""
BROKEN = """resources:
  github_branch:
    broken:
      repository: testx
      branch: broken
      source_branch: nowhere
      depends_on: [slack_channel.testx]
"""
"""A branch that cannot be made, for it begins nowhere."""


def perform(line: CommandLine, heading: str) -> list[Result]:
    """Run what stands below a heading, with yes to what is asked."""
    results = []
    for command in procedure("rollback.md", heading):
        assert command[0] == "reconciler"
        asks = command[1] in ("apply", "rollback")
        results.append(line.sandbox(*command[1:], *(["--auto-approve"] if asks else [])))
    return results


def world(line: CommandLine, service: str, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = line.sandbox("sandbox", "show", service, "--json").document[service][kind]
    return found


def topic(line: CommandLine) -> str:
    told = next(one for one in world(line, "slack", "channels") if one["name"] == "testx")["topic"]
    return str(told["value"] if isinstance(told, dict) else told)


def test_a_restored_snapshot_is_what_the_services_have_again(named: CommandLine) -> None:
    assert topic(named) == AFTER
    listed, rolled_back, drift = perform(
        named, "### A run went through, and what it did is wrong: restore a snapshot"
    )
    assert (listed.code, rolled_back.code, drift.code) == (0, 0, 0), rolled_back.err
    assert topic(named) == BEFORE
    assert "nothing differs" in named.sandbox("snapshot", "diff", "before-the-move").out
    held = named.sandbox("apply", "--auto-approve")
    assert held.code == 1
    assert "too early" in held.err


def test_a_restored_part_leaves_the_rest_as_it_is(named: CommandLine) -> None:
    edit(named, "description: ", "description: Changed. ", "repository")
    succeeds(named.sandbox("apply", "--auto-approve"))
    (rolled_back,) = perform(named, "### Only one thing of it is wrong: restore a part")
    assert rolled_back.code == 0, rolled_back.err
    assert topic(named) == BEFORE
    (repository,) = world(named, "github", "repositories")
    assert repository["description"].startswith("Changed. ")


def test_a_run_that_fails_half_way_is_undone_and_ends_with_4(calm: CommandLine) -> None:
    edit(calm, f"topic: {AFTER}", "topic: Half of a change")
    calm.write(BROKEN, "resources/broken.yaml")
    (failed,) = perform(calm, "### A run may fail half-way, and half of it must not stay: undo the run")
    assert failed.code == 4, failed.out + failed.err
    assert topic(calm) == AFTER
    (calm.directory / "resources" / "broken.yaml").unlink()
    edit(calm, "topic: Half of a change", f"topic: {AFTER}")
    assert calm.sandbox("plan", "--detailed-exitcode").code == 0


def test_what_is_forgotten_stays_in_its_service_and_is_ours_no_more(calm: CommandLine) -> None:
    (forgotten,) = perform(calm, "### What was made shall stay, and be ours no more: forget it")
    assert forgotten.code == 0, forgotten.err
    assert "github_issue_label.story" not in calm.sandbox("state", "list").out
    assert "story" in [label["name"] for label in world(calm, "github", "labels")]
    assert "1 to take over" in calm.sandbox("plan").out
    edit(calm, STORY, "", "labels")
    assert calm.sandbox("plan", "--detailed-exitcode").code == 0


def test_what_was_said_to_be_left_behind_stays_when_it_leaves_the_yaml(calm: CommandLine) -> None:
    heading = "### What leaves the YAML shall stay in its service: say so beforehand"
    setting = "      lifecycle: {on_destroy: forget}\n"
    before, after = procedure("rollback.md", heading)
    edit(calm, STORY, STORY + setting, "labels")
    succeeds(calm.sandbox(*before[1:], "--auto-approve"))
    edit(calm, STORY + setting, "", "labels")
    left = calm.sandbox(*after[1:], "--auto-approve")
    succeeds(left)
    assert "will be forgotten, and stays in the service" in left.out
    assert "github_issue_label.story" not in calm.sandbox("state", "list").out
    assert "story" in [label["name"] for label in world(calm, "github", "labels")]
    succeeds(calm.sandbox("rollback", "--auto-approve"))
    assert "github_issue_label.story" in calm.sandbox("state", "list").out


def test_what_leaves_the_yaml_without_that_run_is_deleted(calm: CommandLine) -> None:
    edit(calm, STORY, "", "labels")
    succeeds(calm.sandbox("apply", "--auto-approve"))
    assert "story" not in [label["name"] for label in world(calm, "github", "labels")]
