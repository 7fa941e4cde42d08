"""An outage that a run works through, and what it defers: the stories that kills of a sync are tried on."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from reconciler.sandbox.outages import outage
from tests.faults import stacks
from tests.faults.census import compare
from tests.faults.ground import Ground
from tests.faults.nursery import Ended
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.situation import Situation
from tests.faults.stacks import Document
from tests.faults.trials import Verdict
from tests.faults.versions import Version, having, same
from tests.faults.victim import Fault

_RETRY = {"attempts": 2, "base_delay": 0.01, "max_delay": 0.02}


def patient(version: Version) -> Version:
    """A version in which the writes of Slack wait while it is down."""
    return partial(_queueing, version)


def _queueing(version: Version, document: Document) -> Document:
    document = version(document)
    providers = {name: {**settings, "retry": _RETRY} for name, settings in document["providers"].items()}
    providers["slack"] = {**providers["slack"], "fallback": "queue"}
    return {**document, "providers": providers}


STORIES: Mapping[str, Scenario] = {
    "create": replace(SCENARIOS["create"], declared=patient(same)),
    "mixed": replace(SCENARIOS["rollback"], earlier=(same,), declared=patient(having(stacks.MIXED))),
}


@dataclass(frozen=True)
class Story:
    """What a sync without a kill comes to, and how many calls of each kind it makes."""

    name: str
    expected: Situation
    calls: Mapping[str, int]


def told(ground: Ground, name: str) -> Story:
    """Work through an outage, keep that point, and carry out what was deferred."""
    ground.begin(STORIES[name])
    outages = ground.services.outages
    outages.set([outage("slack", "down", begins=outages.now(), lasts=None, rate=1.0, seed=0)])
    applied = ground.run("apply", "--auto-approve")
    outages.end()
    assert applied.code == 3, applied.out
    assert "deferred" in applied.out
    ground.keep(f"deferred-{name}")
    synced = ground.run("sync", "--parallelism", "1")
    assert synced.code == 0, synced.out
    assert ground.run("plan", "--detailed-exitcode").code == 0
    before = [note for note in synced.notes if (note["phase"], note["moment"]) == ("run", "before")]
    return Story(name, ground.situation(), Counter(note["kind"] for note in before))


def carry_out(ground: Ground, story: Story, faults: tuple[Fault, ...], verdict: Verdict) -> bool:
    """Kill one sync after the other; the one after them must finish. False when a fault never came."""
    ground.go_back(f"deferred-{story.name}")
    ground.declare(STORIES[story.name].declared)
    outputs = []
    for fault in faults:
        outputs.append(ground.run("sync", "--parallelism", "4", fault=fault))
        if not outputs[-1].was_struck:
            return False
        verdict.kills += outputs[-1].was_killed
    outputs.append(ground.run("sync"))
    problems = _problems(ground, story, outputs[-1], verdict)
    if problems:
        shown = "\n".join(f"--- code {ended.code}\n{ended.out[-2500:]}" for ended in outputs)
        verdict.failures.append(f"{story.name}: {faults}\n" + "\n".join(problems) + f"\n{shown}")
    return True


def _problems(ground: Ground, story: Story, mended: Ended, verdict: Verdict) -> list[str]:
    problems = [f"the sync that mends ended with {mended.code}"] if mended.code else []
    left = ground.run("sync", "--list")
    if left.out != "Nothing is deferred.\n":
        problems.append(f"the queue is not empty:\n{left.out}")
    planned = ground.run("plan", "--detailed-exitcode")
    if planned.code:
        problems.append(f"the plan after it ended with {planned.code}:\n{planned.out}")
    found = ground.situation()
    compared = compare(found.counted, story.expected.counted)
    verdict.duplicates += compared.duplicates.total()
    verdict.lost += compared.lost.total() + len(found.addresses - story.expected.addresses)
    verdict.orphans += compared.orphans.total() + len(story.expected.addresses - found.addresses)
    problems += compared.lines()
    problems += [f"an intent is open: {each.action} {each.address}" for each in found.open_intents]
    if found.addresses != story.expected.addresses:
        problems.append(f"the state differs in {sorted(found.addresses ^ story.expected.addresses)}")
    return problems
