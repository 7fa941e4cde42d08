"""No secret is in what is said of a mistake, although most mistakes are told with the value."""

from pathlib import Path

import pytest

from reconciler.operations import planning
from tests.functional.canaries import Watched, dot_env, shown
from tests.functional.canary_stack import SECRET_NAMES

PROVIDERS = """
stack: canary
providers:
  github: {owner: acme, token: "${secret.GITHUB_TOKEN}"}
  slack: {token: "${secret.SLACK_BOT_TOKEN}"}
  anykrowd: {tenant_url: "https://krowd-dev.anykrowd.dev", api_key: "${secret.ANYKROWD_API_KEY}"}
"""

MISTAKES = {
    "a value that no pattern allows": """
resources:
  github_issue_label: {a: {repository: x, name: y, color: "${secret.A}"}}
  github_repository:
    a: {name: "no ${secret.B} name", topics: ["${secret.C} !"], visibility: "${env.D}"}
    b: {name: b, custom_properties: "${{secret.A: [1, secret.B]}}", has_issues: "${secret.C}"}
""",
    "a value that has no such part": """
locals: {whole: "${{secret.A: {secret.B: 1}}}"}
resources:
  reconciler_value: {a: {input: "${local.whole.missing}"}, b: {input: "${local.whole[secret.A].missing}"}}
""",
    "an expression that cannot be evaluated": """
resources:
  reconciler_value:
    a: {input: "${secret.A | int + secret.B}"}
    b: {input: "${secret.A.split('-')[7]} and ${[secret.B]}"}
    c: {input: "${(secret.C ~ 'x') | no_such_filter}"}
    d: {input: "${{'a': secret.A}[secret.B]}"}
""",
    "a literal secret beside a mistake": """
variables: {hidden: {type: number, sensitive: true, default: CANARY-LITERAL}}
resources:
  github_actions_secret: {a: {repository: x, secret_name: Y, plaintext_value: CANARY-STORED, colour: red}}
""",
    "a secret where an id is made of it": """
resources:
  github_branch: {a: {repository: x, branch: "b-${secret.A}"}}
  anykrowd_staff_member: {a: {external_id: "${secret.B}", external_qr_code: q, first_name: a, last_name: b}}
""",
    "an expectation that does not hold": """
data:
  anykrowd_role: {checkin: {name: Checkin, expect: {full_rights: false, id: "${secret.A}"}}}
  slack_user: {a: {email: alice@example.com, expect: {name: "${secret.B}"}}}
  slack_channel: {a: {name: "${secret.C}"}}
""",
    "two for one object": """
resources:
  github_repository: {a: {name: "${secret.A}"}, b: {name: "${secret.A}"}}
""",
}  # fmt: skip


@pytest.fixture
def bare(watched: Watched) -> Watched:
    """Without variables; the secrets A to C and the environment's D are canaries."""
    watched.command.environ = watched.canaries.environment("A", "B", "D")
    watched.write(dot_env(watched.canaries.environment("C")), ".env")
    watched.write(PROVIDERS)
    return watched


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_told_without_its_value(bare: Watched, mistake: str) -> None:
    text = PROVIDERS + MISTAKES[mistake]
    for literal in ("CANARY-LITERAL", "CANARY-STORED"):
        text = text.replace(literal, bare.canaries(literal))
    bare.write(text)
    codes = set()
    for arguments in (("validate",), ("plan",), ("apply", "--auto-approve"), ("drift",), ("graph",)):
        bare.each_way("--sandbox", *arguments)
        codes.add(bare("--sandbox", *arguments).code)
    assert 1 in codes
    assert not bare.leaks, shown(bare.leaks)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--var", "number=CANARY"),
        ("--var", "list=[CANARY, {"),
        ("--var", "text=CANARY"),
        ("--var-file", "FILE"),
    ],
)
def test_a_wrong_variable_is_told_without_its_value(bare: Watched, arguments: tuple[str, str]) -> None:
    canary = bare.canaries("given")
    file = bare.write(f"{{text: {canary}, text: {canary}, ", "wrong.yaml")
    bare.write(
        PROVIDERS
        + """
variables:
  number: {type: number, sensitive: true, default: 1}
  list: {type: list, sensitive: true, default: []}
  text: {type: string, sensitive: true, enum: [a, b], default: a}
"""
    )
    option, value = arguments[0], arguments[1].replace("CANARY", canary).replace("FILE", str(file))
    bare.each_way("--sandbox", "plan", option, value)
    if option == "--var":
        name, _, text = value.partition("=")
        bare.command.environ[f"RECONCILER_VAR_{name}"] = text
        bare.each_way("--sandbox", "plan")
    assert not bare.leaks, shown(bare.leaks)


@pytest.mark.parametrize(
    "address",
    [
        "https://user:CANARY@evil.example/",
        "https://api.github.com/?key=CANARY",
        "https://CANARY.example/",
        "CANARY",
    ],
)
def test_an_address_with_a_secret_is_refused_without_it(bare: Watched, address: str) -> None:
    bare.write(
        PROVIDERS.replace(
            "owner: acme", f"owner: acme, base_url: '{address.replace('CANARY', '${secret.A}')}'"
        )
        + "resources: {github_team: {a: {name: a}}}\n"
    )
    for command in ("validate", "plan", "health"):
        bare.each_way(command)
    assert bare("plan").code == 1
    assert not bare.leaks, shown(bare.leaks)


def test_what_exists_already_is_told_and_adopted_without_its_secret_name(watched: Watched) -> None:
    assert watched("--sandbox", "apply", "--auto-approve", *watched.given).code == 0
    watched.write(
        (watched.command.directory / "reconciler.yaml").read_text(encoding="utf-8")
        + "environments: {default: {}, other: {}}\n"
    )
    other = ("--environment", "other", "--sandbox")
    assert watched(*other, "plan", *watched.given).code == 1
    watched.each_way(*other, "plan", *watched.given)
    watched(*other, "apply", "--auto-approve", *watched.given)
    name = watched.canaries("REPOSITORY, turn 1")
    for address, import_id in (
        ("github_repository.main", name),
        ("github_issue_label.main", f"{name}:{watched.canaries('LABEL, turn 1')}"),
        ("github_issue_label.bug", f"{name}:nothing"),
        ("github_team.main", f"{watched.canaries('TEAM, turn 1')}:{name}"),
        ("slack_channel.main", watched.canaries("CHANNEL, turn 1")),
        ("slack_usergroup.main", watched.canaries("HANDLE, turn 1") + " wrong"),
        ("notion_page.main", watched.canaries("PAGE, turn 1")),
    ):
        watched(*other, "import", address, import_id, *watched.given)
        watched("--json", *other, "import", address, import_id, *watched.given)
    watched.command.environ |= watched.given_by_environment
    assert len(watched(*other, "state", "list").out.split()) >= 3
    watched.each_way(*other, "drift", "--unmanaged", *watched.given)
    assert not watched.leaks, shown(watched.leaks)


def test_a_mistake_of_our_own_is_kept_and_told_without_secrets(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched.write(SECRET_NAMES)
    environ, given = dict(watched.command.environ), watched.given
    secrets = {
        **environ,
        "given": " ".join(given),
        "file": _text(watched, "given.json"),
        "env": _text(watched, ".env"),
    }

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"{secrets!r} {secrets['RECONCILER_VAR_set']}")

    monkeypatch.setattr(planning, "make", broken)
    for arguments in (("plan",), ("apply", "--auto-approve"), ("rollback", "--auto-approve")):
        watched.each_way("--sandbox", *arguments, *given)
    assert list((watched.command.directory / ".reconciler").glob("crash-*.txt"))
    assert not watched.leaks, shown(watched.leaks)


def _text(watched: Watched, name: str) -> str:
    return Path(watched.command.directory / name).read_text(encoding="utf-8")
