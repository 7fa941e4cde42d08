"""One trial: a fault in the middle of a command, one command that mends it, and what is wrong after that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.faults.census import Comparison, compare, is_in_a_channel
from tests.faults.ground import Ground
from tests.faults.nursery import Ended
from tests.faults.scenarios import Recovery, Scenario
from tests.faults.situation import Situation
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


def carry_out(ground: Ground, trial: Trial, verdict: Verdict) -> Fault | None:
    """Carry a trial out, and add to the verdict.

    Returns a fault that never came, since its command ended before: then nothing was tried.
    """
    scenario, recovery = trial.scenario, trial.recovery
    expected = ground.expected(scenario, recovery)
    ground.begin(scenario)
    parallelism = ("--parallelism", str(trial.parallelism))
    hit = ground.run(*scenario.arguments, "--auto-approve", *parallelism, fault=trial.fault)
    if not hit.was_struck:
        return trial.fault
    verdict.kills += hit.was_killed
    outputs = [hit]
    problems = []
    if not hit.was_killed and hit.code != scenario.code:
        problems.append(f"the run did not get over it: code {hit.code}")
    if not (recovery.goes_on and hit.is_over(scenario.phase)):
        ground.declare(recovery.declared)
        if trial.again is not None:
            outputs.append(ground.run(*recovery.arguments, fault=trial.again))
            if not outputs[-1].was_struck:
                verdict.kills -= hit.was_killed
                return trial.again
            verdict.kills += 1
            if recovery.goes_on and outputs[-1].is_over("run"):
                _judge(ground, trial, expected, outputs, problems, verdict)
                return None
        outputs.append(ground.run(*recovery.arguments))
    _judge(ground, trial, expected, outputs, problems, verdict)
    return None


def _judge(
    ground: Ground,
    trial: Trial,
    expected: Situation,
    outputs: list[Ended],
    problems: list[str],
    verdict: Verdict,
) -> None:
    mended = outputs[-1]
    ground.declare(trial.recovery.holds)
    outputs.append(ground.run("plan", "--detailed-exitcode"))
    found = ground.situation()
    if not mended.was_killed and len(outputs) > 2 and mended.code != 0:
        problems.append(f"the command that mends ended with {mended.code}")
        # what was not mended at all is not lost yet
    else:
        compared = _compared(trial, found, expected)
        verdict.duplicates += compared.duplicates.total()
        verdict.lost += compared.lost.total() + len(found.addresses - expected.addresses)
        verdict.orphans += compared.orphans.total() + len(expected.addresses - found.addresses)
        problems += compared.lines()
    problems += _problems(outputs[-1], found, expected)
    if problems:
        told = "\n".join(f"  {problem}" for problem in problems)
        verdict.failures.append(f"{trial}\n{told}\n{_tails(outputs)}")


def _compared(trial: Trial, found: Situation, expected: Situation) -> Comparison:
    if trial.recovery.keeps_history:
        return compare(found.counted, expected.counted)
    return compare(found.living, expected.living).without(is_in_a_channel)


def _problems(planned: Ended, found: Situation, expected: Situation) -> Iterator[str]:
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
