"""No secret is in anything that a command prints or leaves behind, whatever place it was given in."""

from tests.functional.canaries import Watched, shown
from tests.functional.canary_stack import SECRET_NAMES, give_secrets


def test_no_command_shows_or_keeps_a_secret(watched: Watched) -> None:
    watched.write(SECRET_NAMES)
    look(watched)
    assert watched("-v", "--sandbox", "apply", "--auto-approve", *watched.given).code == 0
    assert watched("--sandbox", "plan", "--detailed-exitcode", *watched.given).code == 0
    look(watched)
    look_at_records(watched)
    assert not watched.leaks, shown(watched.leaks)


def test_no_secret_is_shown_when_others_take_its_place_and_on_the_way_back(watched: Watched) -> None:
    assert watched("--sandbox", "apply", "--auto-approve", *watched.given).code == 0
    give_secrets(watched, turn=2)
    look(watched)
    assert watched("--json", "--sandbox", "apply", "--auto-approve", *watched.given).code == 0
    assert watched("--sandbox", "plan", "--detailed-exitcode", *watched.given).code == 0
    look_at_records(watched)
    give_secrets(watched, turn=1)
    assert watched("-v", "--sandbox", "rollback", "--auto-approve", *watched.given).code == 0
    part = ("--to", "20", "--target", "slack_channel.main")
    watched("-v", "--sandbox", "rollback", "--auto-approve", *part, *watched.given)
    watched("--json", "--sandbox", "rollback", "--auto-approve", "--to", "3", *watched.given)
    watched("-v", "--log-format", "json", "--sandbox", "destroy", "--auto-approve", *watched.given)
    look_at_records(watched)
    assert not watched.leaks, shown(watched.leaks)


def look(watched: Watched) -> None:
    """Every command that looks at what is declared, or at the services."""
    watched.each_way("--sandbox", "validate", *watched.given)
    for form in ("text", "json", "markdown", "html"):
        watched("-v", "--sandbox", "plan", "--format", form, *watched.given)
    watched("--sandbox", "plan", "--destroy", *watched.given)
    watched.each_way("--sandbox", "drift", "--unmanaged", *watched.given)
    watched.each_way("--sandbox", "health", *watched.given)
    for form in ("dot", "mermaid", "svg"):
        watched("--sandbox", "graph", "--format", form, *watched.given)
    watched("--json", "--sandbox", "graph", *watched.given)
    for expression in ("var", "local", "var | tojson", "github_repository", "notion_page", "slack_channel"):
        watched.each_way("--sandbox", "console", "--eval", expression, *watched.given)


def look_at_records(watched: Watched) -> None:
    """Every command that shows what is recorded."""
    watched.command.environ |= watched.given_by_environment
    for arguments in (("state", "list"), ("output",), ("snapshot", "list"), ("snapshot", "show", "12"),
                      ("snapshot", "diff", "1", "20"), ("snapshot", "diff"),
                      ("snapshot", "diff", "9", "--live")):  # fmt: skip
        watched.each_way("--sandbox", *arguments)
    addresses = watched("--sandbox", "state", "list").out.split()
    for number, address in enumerate(addresses):
        form = ("--json",) if number % 2 else ()
        assert watched("--sandbox", *form, "state", "show", address).code == 0
    if addresses:
        assert watched("--sandbox", "output", "homepage").out.strip() == "(sensitive)"


def test_no_secret_is_in_a_saved_plan_nor_in_what_is_told_of_it(watched: Watched) -> None:
    file = str(watched.command.directory / "saved.plan")
    assert watched("-v", "--sandbox", "plan", "--out", file, *watched.given).code == 0
    assert watched("--sandbox", "apply", file, *watched.given).code == 0
    assert watched("--sandbox", "plan", "--detailed-exitcode", *watched.given).code == 0
    give_secrets(watched, turn=2)
    assert watched("--json", "--sandbox", "plan", "--out", file, *watched.given).code == 0
    for form in ("text", "json", "markdown"):
        assert watched("-v", "--sandbox", "show", file, "--format", form, *watched.given).code == 0
    watched.each_way("--sandbox", "show")
    give_secrets(watched, turn=3)
    watched("-v", "--log-format", "json", "--sandbox", "apply", file, *watched.given)
    assert watched("--json", "--sandbox", "apply", file, *watched.given).code == 1
    give_secrets(watched, turn=2)
    assert watched("-v", "--sandbox", "apply", file, *watched.given).code == 0
    give_secrets(watched, turn=1)
    assert watched("-v", "--sandbox", "rollback", "--out", file, *watched.given).code == 0
    assert watched("--json", "--sandbox", "apply", file, *watched.given).code == 0
    assert watched("--sandbox", "plan", "--refresh-only", "--out", file, *watched.given).code == 0
    assert watched("--sandbox", "plan", "--destroy", "--out", file, *watched.given).code == 0
    assert not watched.leaks, shown(watched.leaks)
