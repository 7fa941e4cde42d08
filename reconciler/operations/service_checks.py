"""What ``doctor`` looks at of each provider: settings, reachable, authenticated, scopes, quota, account."""

from collections.abc import Iterator

from reconciler.diagnostics import Diagnostic
from reconciler.errors import DiagnosedError, ProviderError, Refused, WrongAccount
from reconciler.health.prerequisites import Prerequisite, Verdict
from reconciler.health.report import ProviderHealth
from reconciler.operations.asking import BUILT_IN, ask
from reconciler.operations.connections import check_accounts
from reconciler.operations.readiness import configured, sequence, trouble_of
from reconciler.operations.workspace import Workspace
from reconciler.values import is_sensitive


def service_checks(workspace: Workspace, *, can_ask: bool) -> Iterator[Prerequisite]:
    """Each provider with what it waits for before it; without ``can_ask`` no service is asked."""
    providers = workspace.stack.providers
    try:
        order = [key for key in sequence(providers, configured(workspace)) if key != BUILT_IN]
    except Refused as refused:
        yield from (_environment(problem) for problem in refused.diagnostics)
        return
    for key in order:
        waits = ", ".join(providers[key].depends_on) if key in providers else ""
        settings = providers[key].settings
        secret = ", ".join(name for name, value in settings.items() if is_sensitive(value))
        found = f"waits for {waits}" if waits else "waits for no other"
        yield Prerequisite(key, "settings", Verdict.FINE, f"{found}; secret: {secret or 'none'}")
        if not can_ask:
            yield Prerequisite(key, "health", Verdict.NOT_CHECKED, "it takes the secrets that are not set")
            continue
        try:
            (health,) = ask(workspace, [key], makes_room=True)
        except DiagnosedError as refused:
            yield from (_environment(problem) for problem in refused.diagnostics)
            continue
        yield from _health(key, health)
        yield from _account(workspace, health)


def _environment(problem: Diagnostic) -> Prerequisite:
    return Prerequisite(
        "environment", "variables", Verdict.WRONG, problem.summary, problem.advice, problem.code
    )


def _health(key: str, found: ProviderHealth) -> Iterator[Prerequisite]:
    """Reachable, authenticated, scopes, quota: as far as each rests on what is fine before it."""
    health = found.health
    trouble = trouble_of(found)
    if trouble is not None and not health.is_reachable:
        yield _wrong(key, "reachable", trouble)
        yield Prerequisite(key, "authenticated", Verdict.NOT_CHECKED, "it takes an answer")
        return
    taken = f"in {round(health.latency * 1000):,} ms" if health.latency is not None else "it answers"
    is_slow = health.latency is not None and health.latency > found.thresholds.latency
    yield Prerequisite(key, "reachable", Verdict.WARNING if is_slow else Verdict.FINE, taken)
    if trouble is not None and not found.lacking:
        yield _wrong(key, "authenticated", trouble)
        return
    if trouble is None and health.error is not None:
        yield Prerequisite(
            key, "quota", Verdict.WARNING, str(health.error), health.error.advice, health.error.code
        )
        return
    account = health.account.name if health.account else "an account without a name"
    yield Prerequisite(key, "authenticated", Verdict.FINE, account)
    yield _scopes(key, found)
    for quota in health.quotas:
        is_scarce = quota in found.scarce
        yield Prerequisite(
            key,
            "quota",
            Verdict.WARNING if is_scarce else Verdict.FINE,
            f"{quota.name}: {quota.remaining:,} of {quota.limit:,} calls left",
            f"wait {round(quota.resets_in):,} s until it starts anew" if is_scarce else "",
        )


def _account(workspace: Workspace, found: ProviderHealth) -> Iterator[Prerequisite]:
    """That it is the account that the state speaks of; nothing where either is not known yet."""
    account, bound = found.health.account, workspace.ledger.accounts().get(found.provider)
    if account is None or bound is None:
        return
    try:
        check_accounts({found.provider: account}, {found.provider: bound})
    except WrongAccount as error:
        yield Prerequisite(found.provider, "account", Verdict.WRONG, str(error), error.remedy, error.code)
    else:
        yield Prerequisite(found.provider, "account", Verdict.FINE, "the one that the state speaks of")


def _wrong(key: str, check: str, trouble: ProviderError) -> Prerequisite:
    return Prerequisite(key, check, Verdict.WRONG, str(trouble), trouble.advice, trouble.code)


def _scopes(key: str, found: ProviderHealth) -> Prerequisite:
    """Scopes that the stack does not need are only named."""
    if found.lacking:
        names = ", ".join(found.lacking)
        return Prerequisite(
            key,
            "scopes",
            Verdict.WRONG,
            f"missing, and needed: {names}",
            f"give the credentials these scopes too: {names}",
        )
    spare = ", ".join(found.health.missing_scopes)
    enough = f"enough for this stack; without {spare}" if spare else "enough, as far as the service tells"
    return Prerequisite(key, "scopes", Verdict.FINE, enough)
