"""Worlds that were made by hand, and the stacks that are written for them."""

from pathlib import Path
from typing import Any

import yaml

from tests.command_line import CommandLine
from tests.functional.documented import succeeds

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


def adopt_what_is_written(line: CommandLine, file: Path) -> None:
    """Let the stack include a file and adopt its objects; the plan says that nothing else is to be done."""
    succeeds(line("fmt", "--check", str(file)))
    line.write(f"{STACK}include: [{file.name}]\n")
    expected = len(yaml.safe_load(file.read_text(encoding="utf-8"))["imports"])
    changes = unchanged(line, file)
    assert sum("importing" in one["change"] for one in changes) == expected
    succeeds(line.sandbox("apply", "--auto-approve"))


def unchanged(line: CommandLine, file: Path) -> list[Any]:
    """What the plan says of each resource, once it is sure that none is changed."""
    planned = line.sandbox("plan", "--json")
    assert planned.code == 0, planned.out + planned.err
    changes: list[Any] = planned.document["resource_changes"]
    assert [one for one in changes if one["change"]["actions"] != ["no-op"]] == [], file.read_text("utf-8")
    return changes


def changes_nothing(line: CommandLine, file: Path) -> None:
    """Make sure that the plan is empty, before an apply and after it."""
    unchanged(line, file)
    succeeds(line.sandbox("apply", "--auto-approve"))
    again = line.sandbox("plan", "--detailed-exitcode")
    assert again.code == 0, again.out + again.err
