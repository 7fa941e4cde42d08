"""What a run came to: what was done, what failed and why, what was not reached, and what to do next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.address import Address
from reconciler.apply.outcome import NotReached, Outcome
from reconciler.errors import Refused
from reconciler.health.report import ProviderHealth
from reconciler.plan.change import CheckResult, Drift, Held, Unread
from reconciler.plan.cost import Cost
from reconciler.state.model import Deferred, RunOutcome
from reconciler.views.check_text import check_lines
from reconciler.views.explanation import explanation_lines, unread_lines
from reconciler.views.health_text import trouble_lines
from reconciler.views.held_text import held_lines
from reconciler.views.line import BLANK, Line, Span, line, wrapped
from reconciler.views.listing import listed
from reconciler.views.plan_summary import calls_text, counts, duration, held_text, number
from reconciler.views.queue_text import deferred_lines, dropped_lines
from reconciler.views.step_words import doing, done_word


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look at the services after the run found: objects looked at, and those not as planned."""

    objects: int
    differing: Sequence[Drift] = ()
    unread: Sequence[Unread] = ()
    held: Sequence[Held] = ()
    """What the run held back."""
    health: Sequence[ProviderHealth] = ()
    """The providers that it wrote to, asked after it."""
    deferred: Sequence[Deferred] = ()
    """What of its plan waits in the queue now."""
    dropped: Sequence[Address] = ()
    """What it took out of the queue."""
    checks: Sequence[CheckResult] = ()
    """The stack's checks that nobody could answer before it."""


def outcome_lines(
    outcome: Outcome,
    *,
    command: str = "apply",
    checked: Checked | None = None,
    width: int = 100,
    is_undone: bool = False,
    again: str = "",
) -> Iterator[Line]:
    """The whole summary of a run.

    ``again`` is the command that goes on, ``command`` if nothing is said; none is named if the run
    ``is_undone`` next.
    """
    yield BLANK
    if outcome.failed:
        yield line("Failed:", "warning")
        for failure in outcome.failed:
            where = str(failure.change.address)
            yield Line(
                (Span("  ✗ ", "delete"), Span(where, "title"), Span(f" while {doing(failure.change)}"))
            )
            for row in explanation_lines(failure.error, width - 6):
                yield row.indented(6)
        yield BLANK
    if outcome.not_reached:
        yield line("Not reached:", "title")
        yield from _not_reached(outcome.not_reached, width)
        yield BLANK
    held = checked.held if checked is not None else ()
    deferred = checked.deferred if checked is not None else ()
    yield from held_lines(held, width)
    yield from deferred_lines(deferred, width)
    if checked is not None:
        yield from dropped_lines(checked.dropped, width)
        yield from _checked(checked, width)
        yield from check_lines(checked.checks, width)
    has_failed = checked is not None and any(one.is_refusal for one in checked.checks)
    is_all = outcome.is_complete and not (held or deferred or has_failed)
    yield line(headline(outcome, command, held, deferred), "good" if is_all else "title")
    if is_undone:
        yield line("Undoing what was done, as --on-failure rollback asks.")
        return
    for sentence in _next(outcome, command, again or command, checked):
        yield from (line(row) for row in wrapped(sentence, width))


def headline(
    outcome: Outcome,
    command: str = "apply",
    held: Sequence[Held] = (),
    deferred: Sequence[Deferred] = (),
) -> str:
    """``Apply complete: 3 created, 1 updated · 9 API calls (github 6, slack 3) · 4 s · serial 45``."""
    parts = [", ".join(_counts(outcome, command)) or "nothing was done"]
    if held:
        parts.append(held_text(held))
    if deferred:
        parts.append(f"{len(deferred):,} deferred")
    if outcome.calls:
        parts.append(calls_text(Cost(outcome.calls)))
    if outcome.retries:
        parts.append(number(sum(outcome.retries.values()), "retry", "retries"))
    parts += [duration(outcome.seconds), f"serial {outcome.serial:,}", f"run {outcome.run}"]
    return f"{command.capitalize()} {_ending(outcome, bool(held or deferred))}: {' · '.join(parts)}"


def _counts(outcome: Outcome, command: str) -> Iterator[str]:
    if command == "refresh" and (recorded := sum(not change.is_visible for change in outcome.done)):
        yield f"{recorded:,} recorded"
    for group, count in counts(outcome.done).items():
        if count:
            yield f"{count:,} {done_word(group)}"
    if outcome.failed:
        yield f"{len(outcome.failed):,} failed"
    if outcome.not_reached:
        yield f"{len(outcome.not_reached):,} not reached"


def _ending(outcome: Outcome, is_part: bool) -> str:
    if outcome.outcome is RunOutcome.INTERRUPTED:
        return "interrupted"
    if not outcome.is_complete:
        return "failed part-way"
    return "done in part" if is_part else "complete"


def _not_reached(steps: Sequence[NotReached], width: int) -> Iterator[Line]:
    """Grouped by what they waited for, which is what a reader has to mend."""
    groups: dict[Address | None, list[str]] = {}
    for step in steps:
        groups.setdefault(step.because, []).append(str(step.change.address))
    for because, addresses in groups.items():
        reason = "not begun when the run stopped" if because is None else f"waiting for {because}"
        yield line(f"  {len(addresses):,} {reason}:")
        yield from (line(row, "quiet") for row in wrapped(listed(addresses), width, first="      "))


def _checked(checked: Checked, width: int) -> Iterator[Line]:
    for found in checked.differing:
        what = "is missing" if found.is_missing else f"differs in {', '.join(found.attributes)}"
        sentence = f"{found.address} {what}, though it was just written"
        yield from (line(row, "warning") for row in wrapped(sentence, width, first="! "))
    yield from unread_lines(checked.unread, width)
    sick = [found for found in checked.health if not found.is_ready]
    for provider in sick:
        yield line(f"! {provider.provider} is {provider.state}", "warning")
        yield from (row.indented(4) for row in trouble_lines(provider, width - 4))
    doubtful = len({one.address for one in checked.differing} | {one.address for one in checked.unread})
    if doubtful or sick:
        yield BLANK
    if checked.objects:
        looked = number(checked.objects, "object")
        rest = f", {checked.objects - doubtful:,}" if doubtful else ""
        yield line(f"Looked again: {looked}{rest} as planned.", "quiet")
    if ready := ", ".join(found.provider for found in checked.health if found.is_ready):
        yield line(f"Asked again, and ready: {ready}.", "quiet")


def _next(outcome: Outcome, command: str, again: str, checked: Checked | None) -> Iterator[str]:
    again = f"`reconciler {again}`"
    if outcome.outcome is RunOutcome.INTERRUPTED:
        yield f"No step was cut off: what was done is recorded. Run {again} again to go on from here."
    elif outcome.failed:
        yield "What was done stands and is recorded."
        yield f"Mend the cause, then run {again} again: it goes on from here."
        if outcome.done and command == "apply":
            yield "To undo what was done instead: `reconciler rollback`."
    elif checked is not None and checked.deferred and all(found.can_wait for found in checked.held):
        yield "Once the services are back, run `reconciler sync`: it does what was deferred."
    elif checked is not None and any(isinstance(found.error, Refused) for found in checked.held):
        yield "What was refused is left as it is. Run `reconciler plan` to see what is left to do."
    elif checked is not None and checked.held:
        also = ", and what was deferred" if checked.deferred else ""
        yield f"Once the services are ready, run {again} again: it does what was held back{also}."
    elif checked is not None and (checked.differing or checked.unread):
        yield "Run `reconciler plan` to see what is left to do."
