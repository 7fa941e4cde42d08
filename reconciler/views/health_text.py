"""How each service is, since when, and what to do about one that is not ready."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from reconciler.health.report import ProviderHealth
from reconciler.health.rows import Figures
from reconciler.health.states import State
from reconciler.provider.breaker import State as CircuitState
from reconciler.provider.objects import Quota
from reconciler.views.explanation import explanation_lines
from reconciler.views.line import Line, Meaning, Span, columns, line, wrapped
from reconciler.views.plan_summary import duration

_HEADINGS = (
    "provider",
    "state",
    "since",
    "circuit",
    "account",
    "latency",
    "p50 / p95 / p99",
    "up",
    "calls left",
)

_MEANINGS: dict[State, Meaning] = {
    State.READY: "good",
    State.DOWN: "delete",
    State.UNAUTHORIZED: "delete",
}


def health_lines(
    found: Sequence[ProviderHealth], *, moment: datetime | None = None, width: int = 100
) -> Iterator[Line]:
    """A table with a line for each provider, and below one that is not ready what is wrong and what to do.

    ``moment`` is now, for the age of answers that were not asked for again.
    """
    if not found:
        yield line("No provider is configured that has a service behind it.")
        return
    rows = columns([_HEADINGS, *map(_row, found)])
    yield line(f"  {next(rows)}", "quiet")
    for each, row in zip(found, rows, strict=True):
        yield Line((Span("● ", meaning(each.state)), Span(row)))
        for detail in trouble_lines(each, width - 6):
            yield detail.indented(6)
    ages = [age for each in found if moment and (age := (moment - each.asked).total_seconds()) >= 1]
    if ages:
        yield line(f"Asked up to {duration(max(ages))} ago; --fresh asks again.", "quiet")
    yield line("Percentiles and uptime are those of the last 24 hours' checks.", "quiet")
    sick = sum(not each.is_ready for each in found)
    verdict = f"{sick} of {len(found)} not ready." if sick else "All services are ready."
    yield line(verdict, "warning" if sick else "good")


def meaning(state: State) -> Meaning:
    """The colour of a state."""
    return _MEANINGS.get(state, "warning")


def remedy(found: ProviderHealth) -> str:
    """What to do about what no error tells; errors know their own remedy."""
    if found.lacking:
        return f"give the credentials these scopes too: {', '.join(found.lacking)}"
    if found.state is State.LIMITED and found.health.error is None:
        return "wait until the limit starts anew, or let fewer programs use these credentials"
    if found.state is State.DEGRADED:
        return "nothing has to be done; runs take longer"
    return ""


def reason(found: ProviderHealth) -> str:
    """Why it is not ready, where no error says so; empty otherwise."""
    if found.health.error is not None:
        return ""
    if found.lacking:
        return f"the credentials lack scopes that the stack needs: {', '.join(found.lacking)}"
    if found.scarce:
        return f"few calls are left: {_quotas(found.scarce)}"
    if found.state is State.DEGRADED:
        slow = _milliseconds(found.health.latency)
        return f"it answers slowly: {slow}, more than {_milliseconds(found.thresholds.latency)}"
    return ""


def trouble_lines(found: ProviderHealth, width: int) -> Iterator[Line]:
    """What is wrong with a service, and what to do; nothing for one that is ready."""
    if found.is_ready:
        return
    health = found.health
    if health.error is not None:
        yield from explanation_lines(health.error, width)
    elif why := reason(found):
        yield from (line(row) for row in wrapped(why, width))
    if (circuit := found.circuit) is not None and circuit.state is not CircuitState.CLOSED:
        since = f"{circuit.since:%Y-%m-%d %H:%M:%S}"
        told = f"circuit {circuit.state} since {since}: of all calls only a probe is made now and then"
        yield from (line(row, "quiet") for row in wrapped(told, width))
    if advice := remedy(found):
        yield from (line(row) for row in wrapped(advice, width, first="→ "))
    yield from (line(f"{name}: {text}", "quiet") for name, text in health.details.items())


def _row(found: ProviderHealth) -> tuple[str, ...]:
    health, since = found.health, found.standing.since
    return (
        found.provider,
        str(found.state),
        "-" if since is None else f"{since:%Y-%m-%d %H:%M}",
        "-" if found.circuit is None else str(found.circuit.state),
        health.account.name if health.account else "-",
        _milliseconds(health.latency),
        _percentiles(found.figures),
        _uptime(found.figures),
        _quotas(health.quotas),
    )


def _percentiles(figures: Figures | None) -> str:
    if figures is None or figures.p50 is None or figures.p95 is None or figures.p99 is None:
        return "-"
    return " / ".join(f"{round(each * 1000):,}" for each in (figures.p50, figures.p95, figures.p99)) + " ms"


def _uptime(figures: Figures | None) -> str:
    return "-" if figures is None or figures.uptime is None else f"{figures.uptime * 100:.4g}%"


def _milliseconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{round(seconds * 1000):,} ms"


def _quotas(quotas: Sequence[Quota]) -> str:
    texts = (
        f"{quota.name} {quota.remaining:,} of {quota.limit:,}, anew in {duration(quota.resets_in)}"
        for quota in quotas
    )
    return "; ".join(texts) or "-"
