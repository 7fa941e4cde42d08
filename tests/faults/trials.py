"""One trial: a fault in the middle of a command, one command that mends it, and what is wrong after that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.faults.census import Comparison, compare
from tests.faults.ground import Ground, Reference, Situation
from tests.faults.nursery import Ended
from tests.faults.scenarios import Recovery, Scenario
from tests.faults.victim import Fault

_TAIL = 1500
"""Characters of output that are shown of each command of a failed trial."""


@dataclass(frozen=True)
class Trial:
    """What is tried. ``again`` is a second fault, which hits the command that mends."""

    scenario: Scenario
    recovery: Recovery
    fault: Fault
    parallelism: int = 1
    again: Fault | None = None

    def __str__(self) -> str:
        twice = f", then {self.again} in `{self.recovery.name}`" if self.again else ""
        return (
            f"{self.scenario.name} with --parallelism {self.parallelism}: {self.fault}{twice}, "
            f"mended with `{self.recovery.name}`"
        )


@dataclass
class Verdict:
    """What came of trials: counts, and a text for each that failed."""

    kills: int = 0
    orphans: int = 0
    duplicates: int = 0
    lost: int = 0
    failures: list[str] = field(default_factory=list)


def carry_out(ground: Ground, trial: Trial, reference: Reference, verdict: Verdict) -> bool:
    """Carry a trial out, and add to the verdict; False when the command ended before its fault came."""
    ground.begin(trial.scenario)
    hit = ground.run(
        trial.scenario.command,
        "--auto-approve",
        "--parallelism",
        str(trial.parallelism),
        fault=trial.fault,
    )
    if trial.fault.fate == "killed":
        if not hit.was_killed:
            assert hit.code == 0, hit.out
            return False
        verdict.kills += 1
    elif hit.code != 0:
        verdict.failures.append(f"{trial}\n  the run did not get over it: code {hit.code}\n{_tails([hit])}")
    outputs = [hit]
    ground.declare(trial.scenario.declared)
    if trial.again is not None:
        outputs.append(ground.run(*trial.recovery.arguments, fault=trial.again))
        verdict.kills += outputs[-1].was_killed
    if len(outputs) == 1 or outputs[-1].was_killed:
        outputs.append(ground.run(*trial.recovery.arguments))
    ground.declare(trial.recovery.version)
    outputs.append(ground.run("plan", "--detailed-exitcode"))
    expected = reference.situations[trial.recovery.name]
    found = ground.situation()
    problems = list(_problems(outputs[1:], found, expected))
    if outputs[-2].code == 0:  # what was not mended at all is not lost yet
        compared = _compared(trial, found, expected)
        verdict.duplicates += compared.duplicates.total()
        verdict.lost += compared.lost.total() + len(found.addresses - expected.addresses)
        verdict.orphans += compared.orphans.total() + len(expected.addresses - found.addresses)
        problems += compared.lines()
    if problems:
        told = "\n".join(f"  {problem}" for problem in problems)
        verdict.failures.append(f"{trial}\n{told}\n{_tails(outputs)}")
    return True


def _compared(trial: Trial, found: Situation, expected: Situation) -> Comparison:
    if trial.recovery.keeps_history:
        return compare(found.counted, expected.counted)
    return compare(found.living, expected.living)


def _problems(outputs: Sequence[Ended], found: Situation, expected: Situation) -> Iterator[str]:
    *mended, planned = outputs
    if mended[-1].code != 0:
        yield f"the command that mends ended with {mended[-1].code}"
    if planned.code != 0:
        yield f"the plan after it ended with {planned.code}"
    for address in sorted(expected.addresses - found.addresses):
        yield f"orphan: the state does not know {address}"
    for address in sorted(found.addresses - expected.addresses):
        yield f"lost: the state names {address}, which should not be there"
    for intent in found.open_intents:
        yield f"an intent is open: {intent.action} {intent.address}"


def _tails(outputs: Sequence[Ended]) -> str:
    return "\n".join(
        f"--- command {number}, code {ended.code}\n{ended.out[-_TAIL:]}"
        for number, ended in enumerate(outputs)
    )
