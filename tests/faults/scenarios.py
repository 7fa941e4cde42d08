"""What is being done when a fault comes: a stack on its way from one version to the next, or back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from tests.faults import stacks
from tests.faults.stacks import Document, Edits

Version = Callable[[Document], Document]
"""Makes a version of the stack of thirty resources."""


def _same(document: Document) -> Document:
    return document


def _with(edits: Edits) -> Version:
    return partial(stacks.edited, edits=edits)


_MIXED = _with(stacks.MIXED)


@dataclass(frozen=True)
class Scenario:
    """Versions that were applied ``earlier``, the one that is declared now, and the command that is hit."""

    name: str
    earlier: tuple[Version, ...]
    declared: Version
    touched: tuple[str, ...]
    """The addresses that the command changes."""
    command: str = "apply"


@dataclass(frozen=True)
class Recovery:
    """The command that comes after a fault, and the version that must hold after it."""

    name: str
    arguments: tuple[str, ...]
    version: Version
    keeps_history: bool = True
    """Whether it leaves as many traces as the story without a fault."""


_ALL = tuple(stacks.addresses(stacks.thirty()))

SCENARIOS: Mapping[str, Scenario] = {
    each.name: each
    for each in (
        Scenario("create", (), _same, _ALL),
        Scenario("update", (_same,), _with(stacks.UPDATES), tuple(stacks.UPDATES)),
        Scenario("replace", (_same,), _with(stacks.REPLACEMENTS), tuple(stacks.REPLACEMENTS)),
        Scenario("delete", (_same,), _with(stacks.REMOVALS), tuple(stacks.REMOVALS)),
        Scenario("group", (_same,), _with(stacks.STAFF), tuple(stacks.STAFF)),
        Scenario("rollback", (_same, _MIXED), _MIXED, tuple(stacks.MIXED), "rollback"),
        Scenario("empty", (_same,), stacks.emptied, _ALL),
    )
}  # fmt: skip


def recoveries(scenario: Scenario) -> tuple[Recovery, ...]:
    """The commands that each must mend what a fault left; one of them is enough."""
    if scenario.command == "apply":
        return (Recovery("apply", ("apply", "--auto-approve"), scenario.declared),)
    return (
        Recovery("rollback", ("rollback", "--auto-approve"), scenario.earlier[0]),
        Recovery(
            "apply --again", ("apply", "--auto-approve", "--again"), scenario.declared, keeps_history=False
        ),
    )
