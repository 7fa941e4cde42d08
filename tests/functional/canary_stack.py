"""A stack with a canary in every place where a secret can be, in all four services."""

import json

from tests.functional.canaries import Watched, dot_env

FROM_ENVIRONMENT = ("CHANNEL", "TOPIC", "LINK", "HANDLE", "REPOSITORY", "PASSWORD", "LABEL", "LABEL_TEXT",
                    "TEAM", "PATTERN", "CONTENT", "PROPERTY", "OPTION", "FIRST_NAME", "QR_CODE", "MIXED",
                    "UPPER", "SPLIT", "DEEP", "KEY", "QUERY", "LOCAL", "SLACK_BOT_TOKEN", "SLACK_USER_TOKEN",
                    "NOTION_TOKEN", "GITHUB_TOKEN", "ANYKROWD_API_KEY")  # fmt: skip
FROM_DOT_ENV = ("PAGE", "STORED", "TOPICS")
FROM_ENV = ("PURPOSE", "DATABASE")

STACK = """
stack: canary
variables:
  flagged: {type: string, sensitive: true}
  filed: {type: object, sensitive: true}
  set: {type: string, sensitive: true}
  parent: {type: string, default: 7995d621-7352-56d2-a5f3-e3b6236aaf06}
locals:
  hidden: local ${secret.LOCAL}
  group: {inner: ["${local.hidden}", plain]}
providers:
  slack: {token: "${secret.SLACK_BOT_TOKEN}", user_token: "${secret.SLACK_USER_TOKEN}"}
  notion: {token: "${secret.NOTION_TOKEN}"}
  github: {owner: acme, token: "${secret.GITHUB_TOKEN}"}
  anykrowd: {tenant_url: "https://krowd-dev.anykrowd.dev", api_key: "${secret.ANYKROWD_API_KEY}"}
resources:
  slack_channel:
    main:
      name: ${secret.CHANNEL | lower}
      topic: prefix-${secret.TOPIC}-suffix
      purpose: ${env.PURPOSE}
  slack_bookmark:
    main:
      channel: ${slack_channel.main.id}
      title: ${var.flagged}
      link: https://example.com/${secret.LINK | urlencode}?query=${secret.QUERY}
  slack_usergroup:
    main:
      handle: ${secret.HANDLE}
      name: Group ${var.set}
      description: ${local.group.inner | join(' ')}
      users: [alice@example.com]
  notion_page:
    main: {parent: "${var.parent}", title: "${secret.PAGE}", content: "Read ${secret.CONTENT} first."}
  notion_database:
    main:
      parent: ${notion_page.main.id}
      title: About ${env.DATABASE}
      properties: {Name: title}
  github_repository:
    main:
      name: ${secret.REPOSITORY}
      description: ${var.filed.text}
      homepage: https://user:${secret.PASSWORD}@example.com/
      topics: [qa, "${secret.TOPICS}"]
      auto_init: true
  github_issue_label:
    bug:
      repository: ${github_repository.main.name}
      name: bug
      color: d73a4a
      description: ${secret.LABEL_TEXT}
    main: {repository: "${github_repository.main.name}", name: "${secret.LABEL}", color: d73a4a}
  github_actions_secret:
    main:
      repository: ${github_repository.main.name}
      secret_name: PLAIN
      plaintext_value: ${secret.STORED}
  github_branch:
    dev: {repository: "${github_repository.main.name}", branch: dev}
  github_branch_protection:
    main: {repository: "${github_repository.main.name}", pattern: "${secret.PATTERN}", enforce_admins: true}
  github_team:
    main: {name: "${secret.TEAM}"}
  github_team_repository:
    main: {team: "${github_team.main.slug}", repository: "${github_repository.main.name}", permission: push}
  anykrowd_staff_member:
    main:
      external_id: canary-1
      external_qr_code: ${secret.QR_CODE}
      first_name: ${secret.FIRST_NAME}
      last_name: Last
  reconciler_value:
    mixed: {input: "prefix-${secret.MIXED}-suffix"}
    derived:
      input:
        - ${secret.UPPER | upper}
        - ${secret.UPPER | urlencode}
        - ${secret.UPPER | tojson}
        - ${secret.SPLIT.split('-')}
        - ${secret.SPLIT[:9]}
    deep: {input: {list: [{text: "${secret.DEEP}", plain: seen}], keys: "${{secret.KEY: 1}}", flag: true}}
    again: {input: "${reconciler_value.deep.output.list[0].text} and ${slack_channel.main.topic}"}
data:
  slack_channel:
    main: {id: "${slack_channel.main.id}"}
  github_repository:
    main: {name: "${github_repository.main.name}"}
outputs:
  address: {value: "${github_repository.main.html_url}"}
  topic: {value: "${data.slack_channel.main.topic}"}
  homepage: {value: "${data.github_repository.main.homepage}"}
  derived: {value: "${reconciler_value.derived.output}", sensitive: true}
  hidden: {value: "${local.hidden}", sensitive: true, description: a local}
"""

_PROPERTIES = (
    "{'Name': 'title', secret.PROPERTY: 'number', 'Kind': {'type': 'select', 'options': [secret.OPTION]}}"
)
SECRET_NAMES = STACK.replace("{Name: title}", f'"${{{_PROPERTIES}}}"')
"""The same with a mapping whose names are secret. What Notion makes of them has another digest than what was
written, so that this one cannot be rolled back."""


def give_secrets(watched: Watched, turn: int = 1) -> None:
    """A canary for each secret of the stack, in all ways in which one can be given; others at each turn."""
    canaries = watched.canaries
    watched.command.environ = {
        **canaries.environment(*FROM_ENVIRONMENT, *FROM_ENV, turn=turn),
        "RECONCILER_VAR_set": canaries(f"var.set, turn {turn}", "\"'<é&>/"),
    }
    watched.write(dot_env(canaries.environment(*FROM_DOT_ENV, turn=turn)), ".env")
    filed = {"filed": {"text": canaries(f"var.filed, turn {turn}", " \"é' ")}}
    file = watched.write(json.dumps(filed), "given.json")
    flagged = canaries(f"var.flagged, turn {turn}", ' "é ')
    watched.given_by_environment = {
        "RECONCILER_VAR_flagged": flagged,
        "RECONCILER_VAR_filed": json.dumps(filed["filed"]),
    }
    watched.given = ("--var", f"flagged={flagged}", "--var-file", str(file))
