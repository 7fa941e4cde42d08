"""What is being done when a fault comes: a stack on its way from one version to the next, or back."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.faults import stacks
from tests.faults.versions import Version, broken, having, renamed, same, without
from tests.faults.victim import Phase


@dataclass(frozen=True)
class Scenario:
    """Versions that were applied ``earlier``, the one that is declared now, and the command that is hit.

    ``phase`` is when it is hit; ``code`` is what the command ends with when it is not. ``onwards`` is a
    version that somebody may go on to before they mend what the fault left.
    """

    name: str
    earlier: tuple[Version, ...]
    declared: Version
    touched: tuple[str, ...]
    """The addresses that the command changes."""
    arguments: tuple[str, ...] = ("apply",)
    phase: Phase = "run"
    code: int = 0
    onwards: Version = stacks.emptied


@dataclass(frozen=True)
class Recovery:
    """The command that comes after a fault, what the stack declares then, and what must hold after it."""

    name: str
    arguments: tuple[str, ...]
    declared: Version
    holds: Version
    goes_on: bool = False
    """Whether it goes on with what was hit, so that there is nothing to do once that is complete."""
    keeps_history: bool = True
    """Whether it leaves as many traces as the story without a fault."""


_APPLY = ("apply", "--auto-approve")
_ALL = tuple(stacks.addresses(stacks.thirty()))
_MIXED = having(stacks.MIXED)
_UNDO = ("apply", "--on-failure", "rollback")
_DONE_BEFORE_IT_FAILS = tuple(address for address, edit in stacks.MIXED.items() if edit is not None)
"""Removals come last, and so after the step that fails."""

SCENARIOS: Mapping[str, Scenario] = {
    each.name: each
    for each in (
        Scenario("create", (), same, _ALL, onwards=having(stacks.UPDATES)),
        Scenario("update", (same,), having(stacks.UPDATES), tuple(stacks.UPDATES),
                 onwards=having(stacks.UPDATES_AGAIN)),
        Scenario("replace", (same,), having(stacks.REPLACEMENTS), tuple(stacks.REPLACEMENTS),
                 onwards=having(stacks.REPLACEMENTS_AGAIN)),
        Scenario("delete", (same,), having(stacks.REMOVALS), tuple(stacks.REMOVALS)),
        Scenario("group", (same,), having(stacks.STAFF), tuple(stacks.STAFF),
                 onwards=having(stacks.STAFF, stacks.STAFF_AGAIN)),
        Scenario("rollback", (same, _MIXED), _MIXED, tuple(stacks.MIXED), ("rollback",)),
        Scenario("undo", (same,), broken(_MIXED), _DONE_BEFORE_IT_FAILS, _UNDO, "undo", 4),
        Scenario("empty", (same,), stacks.emptied, _ALL),
    )
}  # fmt: skip


def recoveries(scenario: Scenario) -> tuple[Recovery, ...]:
    """The commands that each must mend what a fault left; one of them is enough."""
    if scenario.arguments == ("apply",):
        return (Recovery("apply", _APPLY, scenario.declared, scenario.declared),)
    back = Recovery("rollback", ("rollback", "--auto-approve"), scenario.declared, scenario.earlier[0], True)
    if scenario.phase == "undo":
        return (back,)
    again = (*_APPLY, "--again")
    return (
        back,
        Recovery("apply --again", again, scenario.declared, scenario.declared, keeps_history=False),
    )


def edits(scenario: Scenario) -> tuple[Recovery, ...]:
    """Mended with an ``apply`` of something else: the files were changed between the fault and it."""
    assert scenario.arguments == ("apply",)
    versions = {
        "back": scenario.earlier[-1] if scenario.earlier else stacks.emptied,
        "onwards": scenario.onwards,
        "removed": without(scenario.declared),
        "renamed": renamed(scenario.declared),
    }
    return tuple(
        Recovery(f"apply, edited: {name}", _APPLY, version, version, keeps_history=False)
        for name, version in versions.items()
    )


EDITED = ("create", "update", "replace", "delete", "group")
"""The scenarios that are tried with edits."""
