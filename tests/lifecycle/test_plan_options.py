"""Plans of a part, of replacements that nothing forces, and plans that only read or do not read at all."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import Unreachable
from reconciler.registry import Registry
from reconciler.testing import MemoryFactory, MemoryService
from tests.command_line import CommandLine

CHAIN = """stack: lab
resources:
  memory_thing:
    a: {name: a, text: first}
    b: {name: b, text: "${memory_thing.a.id}"}
    c: {name: c, text: "${memory_thing.b.id}"}
    d: {name: d, text: first}
outputs:
  b: {value: "${memory_thing.b.text}"}
  d: {value: "${memory_thing.d.text}"}
"""
ONE = "stack: lab\nresources:\n  memory_thing: {a: {name: a, text: first}}\n"


class Bench(CommandLine):
    """The command line on a directory, over the service in memory."""

    service: MemoryService

    def changes(self, *options: str) -> dict[str, str]:
        """By address, what a plan would do."""
        document = self("plan", "--json", *options).document
        return {
            one["address"]: "+".join(one["change"]["actions"])
            for one in document["resource_changes"]
            if one["change"]["actions"] != ["no-op"]
        }

    def plan(self, *options: str) -> Mapping[str, Any]:
        document: Mapping[str, Any] = self("plan", "--json", *options).document
        return document

    def apply(self, *options: str) -> None:
        result = self("apply", "--auto-approve", *options)
        assert result.code == 0, result.out + result.err

    def texts(self) -> dict[str, str]:
        """By name: the text of every thing."""
        things = self.service.objects("memory_thing")
        return {found.attributes["name"]: found.attributes["text"] for found in things}

    def by_hand(self, name: str, **attributes: Any) -> None:
        """Somebody changes a thing in the service."""
        (found,) = (one for one in self.service.objects("memory_thing") if one.attributes["name"] == name)
        self.service.change("memory_thing", found.id, **attributes)

    def delete_by_hand(self, name: str) -> None:
        (found,) = (one for one in self.service.objects("memory_thing") if one.attributes["name"] == name)
        self.service.remove("memory_thing", found.id)


@pytest.fixture
def bench(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Bench:
    bench = Bench(tmp_path, capsys)
    bench.service = MemoryService()
    registry = Registry({"memory": MemoryFactory(bench.service)})
    monkeypatch.setattr(Registry, "installed", lambda: registry)
    return bench


def test_a_target_is_planned_with_what_it_needs_and_nothing_else(bench: Bench) -> None:
    bench.write(CHAIN)
    assert bench.changes("--target", "memory_thing.b") == {
        "memory_thing.a": "create",
        "memory_thing.b": "create",
    }
    bench.apply("--target", "memory_thing.b")
    assert set(bench.texts()) == {"a", "b"}
    told = bench("plan", "--target", "memory_thing.c").out
    assert "Only memory_thing.c, and 2 resources that must come along." in told
    bench.apply()
    assert not bench.changes()


def test_a_targeted_object_that_is_declared_no_more_goes_alone(bench: Bench) -> None:
    bench.write(CHAIN)
    bench.apply()
    bench.write(ONE.replace("first", "second"))
    assert bench.changes("--target", "memory_thing.d") == {"memory_thing.d": "delete"}
    assert bench.changes("--target", "memory_thing.c") == {"memory_thing.c": "delete"}
    assert set(bench.changes("--target", "memory_thing.b")) == {"memory_thing.b", "memory_thing.c"}


def test_what_is_excluded_is_left_out_with_all_that_depends_on_it(bench: Bench) -> None:
    bench.write(CHAIN)
    assert set(bench.changes("--exclude", "memory_thing.b")) == {"memory_thing.a", "memory_thing.d"}
    bench.apply("--exclude", "memory_thing.b")
    assert set(bench.texts()) == {"a", "d"}
    plan = bench.plan("--exclude", "memory_thing.b")
    assert plan["reconciler"]["excluded"] == {
        "memory_thing.b": "asked for with --exclude",
        "memory_thing.c": "it depends on memory_thing.b",
    }
    text = bench("plan", "--exclude", "memory_thing.b").out
    assert (
        "Left out, and left as it is: memory_thing.b (asked for with --exclude);\n"
        "memory_thing.c (it depends on memory_thing.b).\n"
    ) in text
    markdown = bench("plan", "--exclude", "memory_thing.b", "--format", "markdown").out
    assert "asked for with --exclude" in markdown


def test_what_is_excluded_is_not_even_read(bench: Bench) -> None:
    both = ONE + "  memory_note: {n: {title: n}}\n"
    bench.write(both)
    bench.apply()
    bench.write(both.replace("first", "second"))
    bench.service.fail("read", Unreachable, type="memory_note", times=None)
    assert bench.changes("--exclude", "memory_note.n") == {"memory_thing.a": "update"}


def test_what_something_excluded_rests_on_is_not_deleted_from_under_it(bench: Bench) -> None:
    bench.write(CHAIN + "  e: {value: 1}\n")
    bench.apply()
    bench.write("stack: lab\nresources:\n  memory_thing: {d: {name: d}}\n")
    left = bench.plan("--exclude", "memory_thing.c")["reconciler"]["excluded"]
    assert left == {
        "memory_thing.c": "asked for with --exclude",
        "memory_thing.b": "memory_thing.c depends on it",
        "memory_thing.a": "memory_thing.b depends on it",
    }
    assert set(bench.changes("--destroy", "--exclude", "memory_thing.c")) == {"memory_thing.d"}
    assert bench("destroy", "--auto-approve", "--exclude", "memory_thing.c").code == 0
    assert set(bench.texts()) == {"a", "b", "c"}


def test_what_something_excluded_would_have_to_follow_is_not_replaced(bench: Bench) -> None:
    parts = ONE.replace("text: first", "kind: plain") + "  memory_part: {p: {thing: a, name: p}}\n"
    bench.write(parts + "  memory_note: {n: {title: n}}\n")
    bench.apply()
    bench.write(parts.replace("plain", "fancy") + "  memory_note: {n: {title: n, text: new}}\n")
    plan = bench.plan("--exclude", "memory_part.p")
    assert plan["reconciler"]["excluded"] == {
        "memory_part.p": "asked for with --exclude",
        "memory_thing.a": "memory_part.p would have to follow it",
    }
    assert bench.changes("--exclude", "memory_part.p") == {"memory_note.n": "update"}


def test_what_is_asked_for_is_replaced_with_what_must_follow(bench: Bench) -> None:
    bench.write(CHAIN)
    bench.apply()
    plan = bench.plan("--replace", "memory_thing.b")
    (change,) = [one for one in plan["resource_changes"] if one["address"] == "memory_thing.b"]
    assert change["change"]["actions"] == ["delete", "create"]
    assert change["action_reason"] == "replace_by_request"
    assert change["reconciler"]["reason"] == "asked for with --replace"
    assert "(asked for with --replace)" in bench("plan", "--replace", "memory_thing.b").out
    before = {found.id for found in bench.service.objects("memory_thing")}
    bench.apply("--replace", "memory_thing.b")
    assert len(before & {found.id for found in bench.service.objects("memory_thing")}) == 3
    assert not bench.changes()


def test_what_is_protected_is_not_replaced_on_request(bench: Bench) -> None:
    bench.write(ONE.replace("text: first", "lifecycle: {prevent_destroy: true}"))
    bench.apply()
    result = bench("plan", "--replace", "memory_thing.a")
    assert result.code == 1
    assert "RC-PLAN-002" in result.err


def test_only_what_is_declared_and_not_left_alone_can_be_replaced(bench: Bench) -> None:
    bench.write(CHAIN)
    bench.apply()
    result = bench("plan", "--replace", "memory_thing.aa")
    assert result.code == 1
    assert "did you mean 'memory_thing.a'?" in result.err
    result = bench("plan", "--replace", "memory_thing.d", "--target", "memory_thing.a")
    assert result.code == 1
    assert "leave one of the two out" in result.err
    assert bench("plan", "--replace", "memory_thing.b", "--exclude", "memory_thing.a").code == 1


def test_an_address_that_is_nowhere_is_refused_with_the_nearest(bench: Bench) -> None:
    bench.write(ONE)
    for option in ("--target", "--exclude"):
        result = bench("plan", option, "memory_thing.b")
        assert result.code == 1
        assert "RC-FIND-001" in result.err
    result = bench("plan", "--target", "module.qa")
    assert result.code == 1
    assert "nothing in a module of this address" in result.err
    assert bench("plan", "--target", "no address").code == 64


def test_a_refresh_only_plan_lets_the_state_say_what_somebody_has_made_of_it(bench: Bench) -> None:
    bench.write(CHAIN)
    bench.apply()
    bench.by_hand("d", text="by hand")
    bench.delete_by_hand("c")
    writes = bench.service.count("update") + bench.service.count("create")
    plan = bench.plan("--refresh-only")
    assert plan["reconciler"]["mode"] == "refresh-only"
    assert plan["applyable"] is True
    assert {one["address"] for one in plan["resource_drift"]} == {"memory_thing.c", "memory_thing.d"}
    text = bench("plan", "--refresh-only", "--detailed-exitcode")
    assert text.code == 2
    assert "Plan: 1 object to record as changed, 1 object to forget, 1 output to change" in text.out
    bench.apply("--refresh-only")
    assert bench.service.count("update") + bench.service.count("create") == writes
    assert bench("drift").code == 0
    assert bench("output", "d").out.strip() == "by hand"
    assert bench.changes() == {"memory_thing.c": "create", "memory_thing.d": "update"}
    again = bench("plan", "--refresh-only", "--detailed-exitcode")
    assert again.code == 0
    assert "No changes. The state says what the services say." in again.out


def test_what_a_refresh_took_over_is_what_a_rollback_restores(bench: Bench) -> None:
    bench.write(ONE)
    bench.apply()
    bench.by_hand("a", text="by hand")
    bench.apply("--refresh-only")
    bench.apply()
    assert bench.texts() == {"a": "first"}
    assert bench("rollback", "--auto-approve").code == 0
    assert bench.texts() == {"a": "by hand"}


def test_a_refresh_of_a_part_leaves_the_rest_of_the_record_as_it_is(bench: Bench) -> None:
    bench.write(CHAIN)
    bench.apply()
    bench.by_hand("d", text="by hand")
    bench.by_hand("a", text="by hand too")
    bench.apply("--refresh-only", "--target", "memory_thing.d")
    drift = bench("--json", "drift").document
    assert [one["address"] for one in drift["changed"]] == ["memory_thing.a"]
    bench.apply("--refresh-only", "--exclude", "memory_thing.a")
    assert bench("drift").code == 2
    bench.apply("--refresh-only")
    assert bench("drift").code == 0


def test_a_secret_that_somebody_has_changed_is_taken_over_as_a_digest(bench: Bench) -> None:
    bench.environ["TOPIC"] = "a secret topic"
    bench.write(ONE.replace("first", '"${secret.TOPIC}"'))
    bench.apply()
    bench.by_hand("a", text="another topic")
    bench.apply("--refresh-only")
    assert bench("drift").code == 0
    assert "another topic" not in bench("state", "show", "memory_thing.a").out
    assert bench.changes() == {"memory_thing.a": "update"}
    bench.apply()
    assert bench.texts() == {"a": "a secret topic"}


def test_a_plan_without_a_refresh_reads_no_object_and_says_so(bench: Bench) -> None:
    bench.write(CHAIN)
    bench.apply()
    bench.by_hand("a", text="by hand")
    bench.write(CHAIN.replace("d, text: first", "d, text: second"))
    reads = bench.service.count("read")
    result = bench("plan", "--no-refresh")
    assert bench.service.count("read") == reads
    assert "Nothing was read again (--no-refresh)" in result.out
    assert bench.plan("--no-refresh")["reconciler"]["refreshed"] is False
    assert bench.changes("--no-refresh") == {"memory_thing.d": "update"}
    bench.apply("--no-refresh")
    assert bench.texts()["d"] == "second"
    assert bench.texts()["a"] == "by hand"


def test_a_plan_without_a_refresh_knows_the_secrets_that_the_stack_tells(bench: Bench) -> None:
    bench.environ["TOKEN"] = "a secret token"
    secret = ONE.replace("text: first", 'text: first, secret: "${secret.TOKEN}"')
    bench.write(secret)
    bench.apply()
    assert bench.changes("--no-refresh") == {}
    bench.environ["TOKEN"] = "another token"
    assert bench.changes("--no-refresh") == {"memory_thing.a": "update"}
    bench.apply("--no-refresh")
    (thing,) = bench.service.objects("memory_thing")
    assert bench.service.secret_of(thing.id) == "another token"


def test_apply_with_destroy_is_destroy(bench: Bench) -> None:
    bench.write(CHAIN)
    bench.apply()
    bench.apply("--destroy", "--target", "memory_thing.b")
    assert set(bench.texts()) == {"a", "d"}
    bench.apply("--destroy")
    assert bench.texts() == {}
    assert bench("state", "history", "--json").document["runs"][-1]["command"] == "destroy"


def test_more_deletions_than_the_option_allows_are_refused(bench: Bench) -> None:
    bench.write(CHAIN + "apply: {max_deletes: 1}\n")
    bench.apply()
    bench.write(ONE + "apply: {max_deletes: 1}\n")
    assert bench("plan").code == 1
    assert bench("plan", "--max-deletes", "3").code == 0
    assert bench("plan", "--max-deletes", "2").code == 1
    bench.write(ONE)
    result = bench("plan", "--max-deletes", "0")
    assert result.code == 1
    assert "RC-PLAN-003" in result.err


@pytest.mark.parametrize(
    "options",
    [
        ("--destroy", "--refresh-only"),
        ("--destroy", "--replace", "memory_thing.a"),
        ("--refresh-only", "--replace", "memory_thing.a"),
        ("--refresh-only", "--no-refresh"),
        ("--target", "memory_thing.a", "--exclude", "memory_thing.a"),
    ],
)
@pytest.mark.parametrize("command", ["plan", "apply"])
def test_options_that_contradict_each_other_are_wrong_usage(
    bench: Bench, command: str, options: tuple[str, ...]
) -> None:
    bench.write(ONE)
    result = bench(command, *options)
    assert result.code == 64
    assert "cannot be given together" in result.err


def test_every_loss_has_its_reason_in_the_word_that_programs_know(bench: Bench) -> None:
    fancy = (
        ONE.replace("text: first", "kind: plain")
        + "    b: {name: b}\n  memory_part: {p: {thing: a, name: p}}\n"
    )
    fancy = fancy.replace("{a: {name: a, kind: plain}}", "\n    a: {name: a, kind: plain}")
    bench.write(fancy)
    bench.apply()
    bench.write(fancy.replace("plain", "fancy").replace("    b: {name: b}\n", ""))
    reasons = {
        one["address"]: one.get("action_reason")
        for one in bench.plan()["resource_changes"]
        if one["change"]["actions"] != ["no-op"]
    }
    assert reasons == {
        "memory_thing.a": "replace_because_cannot_update",
        "memory_part.p": "replace_by_triggers",
        "memory_thing.b": "delete_because_no_resource_config",
    }
    assert all("action_reason" not in one for one in bench.plan("--destroy")["resource_changes"])
