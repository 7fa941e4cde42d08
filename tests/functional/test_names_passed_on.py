"""A name that one resource gives up and another takes, in the services as they are."""

from reconciler.sandbox.host import Host
from tests.command_line import CommandLine
from tests.functional.documented import succeeds

STACK = """
stack: names
providers: {github: {owner: acme, token: "${secret.GITHUB_TOKEN}"}}
resources:
  github_repository: {r: {name: r}}
  github_issue_label:
"""


def labels(**names: str) -> str:
    """The stack with a label for each address."""
    lines = [
        f'    {address}: {{repository: "${{github_repository.r.name}}", name: {name}, color: d73a4a}}\n'
        for address, name in names.items()
    ]
    return STACK + "".join(lines)


def told(command: CommandLine) -> dict[str, str]:
    """Names of labels that we made, with their ids."""
    shown = command.sandbox("state", "pull").document["objects"]
    return {
        one["attributes"]["name"]: one["id"]
        for one in shown
        if one["address"].startswith("github_issue_label")
    }


def test_a_label_takes_the_name_of_one_that_is_removed(command: CommandLine, open_world: Host) -> None:
    command.write(labels(a="x", b="y"))
    succeeds(command.sandbox("apply", "--auto-approve"))
    before = told(command)
    command.write(labels(a="y"))
    succeeds(command.sandbox("apply", "--auto-approve"))
    assert told(command) == {"y": before["x"]}
    assert command.sandbox("plan", "--detailed-exitcode").code == 0


def test_labels_pass_names_on_also_where_only_capitals_differ(command: CommandLine, open_world: Host) -> None:
    command.write(labels(a="x", b="y"))
    succeeds(command.sandbox("apply", "--auto-approve"))
    before = told(command)
    command.write(labels(a="Y", b="z"))
    succeeds(command.sandbox("apply", "--auto-approve"))
    assert told(command) == {"Y": before["x"], "z": before["y"]}
    assert command.sandbox("plan", "--detailed-exitcode").code == 0


def test_labels_that_exchange_their_names_are_refused_before_anything_is_done(
    command: CommandLine, open_world: Host
) -> None:
    command.write(labels(a="x", b="y"))
    succeeds(command.sandbox("apply", "--auto-approve"))
    before = told(command)
    command.write(labels(a="y", b="x"))
    refused = command.sandbox("apply", "--auto-approve")
    assert refused.code == 1
    assert "RC-PLAN-012" in refused.err
    assert "github_issue_label.a takes 'y' from github_issue_label.b" in " ".join(refused.err.split())
    assert told(command) == before


def test_a_channel_cannot_take_the_name_of_one_that_is_only_archived(
    command: CommandLine, open_world: Host
) -> None:
    providers = "providers: {slack: {token: '${secret.SLACK_BOT_TOKEN}'}}"
    stack = f"stack: names\n{providers}\nresources: {{slack_channel: {{%s}}}}\n"
    command.write(stack % "a: {name: x}, b: {name: y}")
    succeeds(command.sandbox("apply", "--auto-approve"))
    command.write(stack % "a: {name: y}")
    refused = command.sandbox("plan")
    assert refused.code == 1
    assert "keeps this name" in " ".join(refused.err.split())


def test_a_channel_is_not_replaced_under_its_name_which_the_archived_one_keeps(
    command: CommandLine, open_world: Host
) -> None:
    command.write(
        """
stack: names
providers: {slack: {token: "${secret.SLACK_BOT_TOKEN}"}}
resources:
  slack_channel: {c: {name: results}}
  slack_bookmark: {b: {channel: "${slack_channel.c.id}", title: Code, link: "https://example.com"}}
"""
    )
    succeeds(command.sandbox("apply", "--auto-approve"))
    refused = command.sandbox("apply", "--auto-approve", "--replace", "slack_channel.c")
    assert refused.code == 1
    assert "RC-PLAN-007" in refused.err
    assert "offers only to archive the old object, which keeps its name" in " ".join(refused.err.split())
    assert "No changes" in command.sandbox("plan").out
