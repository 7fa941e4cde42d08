"""From a world made by hand to a stack: what ``import --all`` writes plans to no changes."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import yaml

from reconciler.operations import adopting_all
from reconciler.sandbox.host import Host
from tests.command_line import CommandLine
from tests.functional.documented import succeeds

HAS_FOR_EACH = True
"""Whether the language has ``for_each``: until then the round trips are made without groups."""
HAS_IMPORTS = False
"""Whether the language has ``imports:``: until then each entry is imported by a command of its own."""

STACK = """stack: world
providers:
  github: {owner: acme, token: "${secret.GITHUB_TOKEN}"}
  slack: {token: "${secret.SLACK_BOT_TOKEN}"}
  notion: {token: "${secret.NOTION_TOKEN}"}
  anykrowd: {tenant_url: "https://krowd-dev.anykrowd.dev", api_key: "${secret.ANYKROWD_API_KEY}"}
"""
SEED = """
slack:
  users:
    - {name: dana, email: dana@example.org, role: admin}
  channels:
    - {name: releases, topic: "What went out: ${now}", members: [dana, reconciler]}
    - {name: "2024", members: [dana]}
    - {name: old, is_archived: true}
  usergroups:
    - {name: On call, handle: on-call, users: [dana]}
notion:
  pages:
    - {title: Handbook, markdown: How we work}
    - {title: "on"}
    - {title: 日本語}
    - {title: Handbook}
github:
  users:
    - {login: octo-dana, name: Octo Dana, email: octo-dana@example.org, role: admin}
  repositories:
    - name: shop
      visibility: private
      description: "1.10"
      topics: [shop, "on"]
      labels:
        - {name: bug, color: d73a4a}
        - {name: "on", color: "5319e7", description: "costs ${price}: # 5"}
        - {name: "good: first", color: "000000"}
      branches: [main, dev]
    - {name: old, archived: true, labels: [{name: bug, color: d73a4a}]}
    - {name: bare}
  teams:
    - {name: crew, privacy: closed, repositories: {shop: push}}
    - {name: Crew QA, privacy: closed, parent: crew, repositories: {shop: pull, bare: admin}}
"""


@pytest.fixture
def line(
    testx: CommandLine, open_world: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """An empty stack beside a world in which the example was carried out, and more was done by hand."""
    succeeds(testx.sandbox("apply", "--auto-approve", "--parallelism", "1"))  # ids follow the order of calls
    open_world.seed(yaml.safe_load(SEED))
    directory = tmp_path / "world"
    directory.mkdir()
    line = CommandLine(directory, capsys)
    line.write(STACK)
    return line


def generated(line: CommandLine, service: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that ``import --all`` writes, included by the stack, and its objects adopted."""
    if not HAS_FOR_EACH:
        monkeypatch.setattr(adopting_all, "survey", partial(adopting_all.survey, with_groups=False))
    file = line.directory / f"{service}.yaml"
    done = line.sandbox("import", "--all", service, "--generate", str(file))
    assert done.code == 0, done.out + done.err
    if not file.exists():
        return file
    succeeds(line("fmt", "--check", str(file)))
    line.write(f"{STACK}include: [{service}.yaml]\n")
    if not HAS_IMPORTS:
        text = file.read_text(encoding="utf-8")
        imports = yaml.safe_load(text)["imports"]
        file.write_text(re.sub(r"^imports:\n(?:  .*\n)*", "", text, flags=re.MULTILINE), encoding="utf-8")
        for one in imports:
            adopted = line.sandbox("import", one["to"], one["id"].replace("$${", "${"))
            assert adopted.code == 0, f"{one}: {adopted.out}{adopted.err}"
    return file


@pytest.mark.parametrize("service", ["github", "slack", "notion", "anykrowd"])
def test_what_is_written_plans_to_no_changes_and_stays_so(
    service: str, line: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = generated(line, service, monkeypatch)
    if service == "anykrowd":
        assert not file.exists()  # nothing of it can be listed
        return
    planned = line.sandbox("plan", "--json")
    assert planned.code == 0, planned.out + planned.err
    changed = [one for one in planned.document["resource_changes"] if one["change"]["actions"] != ["no-op"]]
    assert changed == [], file.read_text(encoding="utf-8")
    succeeds(line.sandbox("apply", "--auto-approve"))
    again = line.sandbox("plan", "--detailed-exitcode")
    assert again.code == 0, again.out + again.err
    nothing = line.sandbox("import", "--all", service, "--json")
    assert nothing.code == 0, nothing.err
    assert nothing.document["imports"] == []


@pytest.mark.parametrize("service", ["github", "slack", "notion", "anykrowd"])
def test_what_is_written_reads_like_what_a_person_writes(
    service: str, line: CommandLine, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    printed = line.sandbox("import", "--all", service)
    assert printed.code == 0, printed.err
    golden(f"adoption/{service}.yaml", printed.out)
    golden(f"adoption/{service}.txt", printed.err)
