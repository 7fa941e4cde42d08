"""Asking the services of a stack how they are, as its settings and the environment want it."""

from collections.abc import Iterable
from dataclasses import replace
from ipaddress import ip_address
from urllib.parse import urlsplit

from reconciler.builtin import BuiltinProvider
from reconciler.health.checks import check
from reconciler.health.demands import Demand
from reconciler.health.history import History
from reconciler.health.report import ProviderHealth
from reconciler.health.states import Standing
from reconciler.operations import switches
from reconciler.operations.workspace import Workspace, path_of
from reconciler.values import reveal

BUILT_IN = BuiltinProvider.name

_URL = "_HEALTH_CHECK_URL"
"""``SLACK_HEALTH_CHECK_URL``, ``NOTION_HEALTH_CHECK_URL``, ``GITHUB_HEALTH_CHECK_URL`` and
``ANYKROWD_HEALTH_CHECK_URL``; any other provider has one too."""


def ask(
    workspace: Workspace, keys: Iterable[str], *, is_fresh: bool = True, makes_room: bool = False
) -> tuple[ProviderHealth, ...]:
    """The health of the providers with these keys that have a service behind them, side by side.

    Without ``is_fresh`` a good answer that is young enough is used again. What is found is kept where there
    is room for it already, or with ``makes_room``: a plan writes nothing into a fresh directory. Raises
    Refused for what the environment says and nobody can understand.
    """
    if workspace.setting.is_offline:
        return _not_asked(workspace, [key for key in keys if key != BUILT_IN])
    demands = {key: demand_of(workspace, key) for key in keys if key != BUILT_IN}
    opened = workspace.connections.open(demands)
    providers = {key: opened[key] for key in demands}
    history = history_of(workspace, makes_room=makes_room)
    breakers = workspace.connections.breakers
    return check(providers, demands, history, workspace.clock, breakers=breakers, is_fresh=is_fresh)


def _not_asked(workspace: Workspace, keys: Iterable[str]) -> tuple[ProviderHealth, ...]:
    """Unknown, every one: with ``--offline`` nobody is asked, and what was found earlier is no answer."""
    moment = workspace.clock.now()
    opened = workspace.connections.open(keys)
    return tuple(
        ProviderHealth(key, provider.health(), Standing(), moment) for key, provider in opened.items()
    )


def history_of(workspace: Workspace, *, makes_room: bool = False) -> History:
    """What checks have found of the stack's services, in this environment and realm."""
    state = path_of(workspace.setting, workspace.stack)
    return History(state.parent.parent / "health" / state.name, makes_room=makes_room)


def demand_of(workspace: Workspace, key: str) -> Demand:
    """What is asked of one provider. Raises Refused."""
    configuration = workspace.stack.providers.get(key)
    settings = reveal(dict(configuration.settings)) if configuration else {}
    declared = settings.get("health", {})
    demand = Demand.of(declared)
    is_sandbox = workspace.setting.is_sandbox
    named = switches.url(workspace.setting.environ, f"{key.upper()}{_URL}")
    url = demand.url if is_sandbox else named or demand.url
    if is_sandbox and not is_loopback(url):
        url = ""  # what is rehearsed asks nobody outside
    cache = demand.cache if "cache" in declared or not is_sandbox else 0.0
    return replace(
        demand,
        url=url,
        cache=cache,
        origin=settings.get("base_url") or settings.get("tenant_url") or "",
        scopes=_scopes(workspace, key),
        key=workspace.ledger.sealer.digest([settings, url]).hexadecimal,
    )


def is_loopback(url: str) -> bool:
    """Whether an address leads to this machine alone."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _scopes(workspace: Workspace, key: str) -> frozenset[str] | None:
    """The scopes that the types in use need; None when one of them does not say."""
    stack = workspace.stack
    names = {f"data.{one.address.type}" for one in stack.data.values() if one.provider == key}
    names |= {one.address.type for one in stack.resources.values() if one.provider == key}
    names |= {one.type for one in workspace.ledger.objects().values() if one.provider == key}
    needed: set[str] = set()
    for name in names:
        bare = name.removeprefix("data.")
        found = (workspace.registry.data_type if bare != name else workspace.registry.type)(bare)
        if found is None or found.scopes is None:
            return None
        needed |= set(found.scopes)
    return frozenset(needed)
