"""The last line of a plan: what would happen, and what it costs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from reconciler.plan.action import Action, Mode
from reconciler.plan.change import Change, Held, Plan
from reconciler.plan.cost import Cost, Pacing
from reconciler.provider.objects import Quota

NO_CHANGES = "No changes. Everything is as declared."
NOTHING_NEW = "No changes. The state says what the services say."


def kind(change: Change) -> str:
    """The group of a change, as a verb: an update of what is taken over counts as taking over."""
    if change.import_id:
        return "import"
    if change.takes_over and change.action in (Action.NO_OP, Action.UPDATE):
        return "take over"
    if change.moved_from is not None and change.action is Action.NO_OP:
        return "move"
    return "destroy" if change.action is Action.DELETE else str(change.action)


def counts(changes: Iterable[Change]) -> dict[str, int]:
    """How many of each group; creations, updates and deletions are there even when there are none."""
    found = Counter(kind(change) for change in changes if change.is_visible)
    always = ("create", "update", "destroy")
    order = ("import", "create", "update", "replace", "destroy", "take over", "move", "forget", "read")
    return {name: found[name] for name in order if found[name] or name in always}


def summary(plan: Plan, cost: Cost | None = None) -> str:
    """``Plan: 4 to create, 1 to update, 1 to destroy · 9 API calls (github 6, slack 3) · about 4 s``."""
    if not plan.has_changes:
        repeated = f" {_retries_text(cost).capitalize()}." if cost is not None and cost.retries else ""
        return _nothing(plan) + repeated
    if plan.mode is Mode.REFRESH_ONLY:
        return f"Plan: {', '.join(_taken_over(plan))} · no API calls"
    parts = [", ".join(f"{count} to {name}" for name, count in counts(plan).items())]
    outputs = sum(output.is_changed for output in plan.outputs)
    if outputs and not plan.visible:
        parts.append(f"{number(outputs, 'output')} to change")
    if plan.held:
        parts.append(held_text(plan.held))
    if cost is not None:
        parts += cost_parts(cost)
    return f"Plan: {' · '.join(parts)}"


def _taken_over(plan: Plan) -> Iterator[str]:
    """What the state takes over, where nothing else happens."""
    changed = sum(not found.is_missing for found in plan.drift)
    gone = sum(change.action is Action.FORGET for change in plan)
    outputs = sum(output.is_changed for output in plan.outputs)
    if changed or not (gone or outputs):
        yield f"{number(changed, 'object')} to record as changed"
    if gone:
        yield f"{number(gone, 'object')} to forget"
    if outputs:
        yield f"{number(outputs, 'output')} to change"
    if plan.held:
        yield held_text(plan.held)


def _nothing(plan: Plan) -> str:
    doubts = []
    if plan.held:
        put_off = sum(found.deferral is not None for found in plan.held)
        for count, what in ((len(plan.held) - put_off, "held back"), (put_off, "to be deferred")):
            if count:
                doubts.append(f"{number(count, 'resource')} {'is' if count == 1 else 'are'} {what}")
    elif plan.unread:
        doubts.append(f"{number(len(plan.unread), 'object')} could not be read")
    if plan.failed_expectations:
        doubts.append(f"{number(len(plan.failed_expectations), 'expectation')} failed")
    if failed := sum(one.has_failed for one in plan.checks):
        doubts.append(f"{number(failed, 'check')} failed")
    if doubts:
        return f"No changes planned, but {' and '.join(doubts)}."
    return NOTHING_NEW if plan.mode is Mode.REFRESH_ONLY else NO_CHANGES


def held_text(held: Sequence[Held]) -> str:
    """``3 resources held back``, ``1 resource held back, 2 to be deferred``."""
    put_off = sum(found.deferral is not None for found in held)
    parts = [f"{number(len(held) - put_off, 'resource')} held back"] if len(held) > put_off else []
    if put_off:
        parts.append(f"{number(put_off, 'resource')} to be deferred")
    return ", ".join(parts)


def cost_parts(cost: Cost) -> Iterator[str]:
    """Calls, time, and what is left of the services' limits."""
    yield calls_text(cost)
    if cost.total:
        yield f"about {duration(cost.seconds)}"
    yield from (pacing_text(pacing) for pacing in cost.pacing)
    yield from (quota_text(quota) for quota in cost.quotas.values())
    if cost.retries:
        yield _retries_text(cost)


def calls_text(cost: Cost) -> str:
    """``9 API calls (github 6, slack 3)``."""
    if not cost.total:
        return "no API calls"
    each = ", ".join(f"{provider} {count:,}" for provider, count in cost.calls.items() if count)
    return f"{number(cost.total, 'API call')} ({each})"


def _retries_text(cost: Cost) -> str:
    return f"{number(sum(cost.retries.values()), 'retry', 'retries')} to find this out"


def pacing_text(pacing: Pacing) -> str:
    """``github allows 80 calls a minute: the 200 of this plan take 2 min 43 s or more``."""
    limit = pacing.limit
    aside, takes = ("", "take") if limit.is_kept else (" (not kept here)", "would take")
    return (
        f"{pacing.provider} allows {limit.count:,} {limit.what}{aside}: "
        f"the {pacing.units:,} of this plan {takes} {duration(pacing.seconds)} or more"
    )


def quota_text(quota: Quota) -> str:
    """``4,991 of 5,000 GitHub calls left this hour``."""
    return f"{quota.remaining:,} of {quota.limit:,} {quota.name} calls left {_period(quota.resets_in)}"


def duration(seconds: float) -> str:
    """A length of time, as exactly as anybody wants to know: ``0.4 s``, ``4 s``, ``2 min 10 s``."""
    if seconds < 0.95:
        return f"{max(seconds, 0.1):.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest and minutes < 10 else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def _period(resets_in: float) -> str:
    if resets_in <= 60:
        return "this minute"
    return "this hour" if resets_in <= 3600 else f"for the next {duration(resets_in)}"


def number(count: int, noun: str, plural: str = "") -> str:
    """A count with its noun, in the plural where it should be."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {plural or noun + 's'}"
