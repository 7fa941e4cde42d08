"""How each service is, and what to do about one that is not well."""

from collections.abc import Iterator, Sequence

from reconciler.health.report import ProviderHealth
from reconciler.provider.objects import Health, Quota
from reconciler.views.explanation import explanation_lines
from reconciler.views.line import Line, Span, columns, line, wrapped
from reconciler.views.plan_summary import duration


def health_lines(found: Sequence[ProviderHealth], *, width: int = 100) -> Iterator[Line]:
    """A table with a line for each provider, and below a sick one what is wrong and what to do."""
    if not found:
        yield line("No provider is configured that has a service behind it.")
        return
    rows = columns([("provider", "status", "account", "latency", "calls left"), *map(_row, found)])
    yield line(f"  {next(rows)}", "quiet")
    for each, row in zip(found, rows, strict=True):
        yield Line((Span("● ", "good" if each.health.is_healthy else "warning"), Span(row)))
        for detail in trouble_lines(each, width - 6):
            yield detail.indented(6)
    sick = sum(not each.health.is_healthy for each in found)
    verdict = f"{sick} of {len(found)} not well." if sick else "All services are well."
    yield line(verdict, "warning" if sick else "good")


def status(health: Health) -> str:
    """One word, or a few, for how a service is."""
    if not health.is_reachable:
        return "unreachable"
    if not health.is_authenticated:
        return "not authenticated"
    return "scopes missing" if health.missing_scopes else "healthy"


def remedy(health: Health) -> str:
    """What to do about missing scopes; errors know their own remedy."""
    if not health.missing_scopes:
        return ""
    return f"give the credentials these scopes too: {', '.join(health.missing_scopes)}"


def trouble_lines(found: ProviderHealth, width: int) -> Iterator[Line]:
    """What is wrong with a service, and what to do; nothing for one that is well."""
    health = found.health
    if health.error is not None:
        yield from explanation_lines(health.error, width)
    if advice := remedy(health):
        yield from (line(row) for row in wrapped(advice, width, first="→ "))
    if not health.is_healthy:
        yield from (line(f"{name}: {text}", "quiet") for name, text in health.details.items())


def _row(found: ProviderHealth) -> tuple[str, ...]:
    health = found.health
    account = health.account.name if health.account else "-"
    latency = "-" if health.latency is None else f"{round(health.latency * 1000):,} ms"
    return (found.provider, status(health), account, latency, _quotas(health.quotas))


def _quotas(quotas: Sequence[Quota]) -> str:
    texts = (
        f"{quota.name} {quota.remaining:,} of {quota.limit:,}, anew in {duration(quota.resets_in)}"
        for quota in quotas
    )
    return "; ".join(texts) or "-"
