"""Services in sequence: nothing is written before what it waits for is ready."""

from collections.abc import Mapping

from reconciler import codes
from reconciler.config.stack import ProviderConfiguration
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused
from reconciler.graph import in_order
from reconciler.health.checks import check
from reconciler.health.report import ProviderHealth
from reconciler.operations.planning import Prospect
from reconciler.operations.workspace import Workspace

SEQUENCE = "INTEGRATION_SEQUENCE_ENABLED"
"""``false`` in the environment: a provider waits for no other, resources only for what they refer to."""


def check_ready(workspace: Workspace, prospect: Prospect) -> None:
    """Make sure that every provider that a plan writes to is ready, and those that it waits for before it.

    Raises Refused, naming each that is not, why, what to do, and what it holds back.
    """
    needed = sequence(_written(prospect), _configured(workspace))
    known = {found.provider: found for found in prospect.health}
    missing = [key for key in needed if key not in known]
    known |= {found.provider: found for found in check(workspace.connections.open(missing))}
    problems = [_problem(known[key], prospect, needed) for key in needed if not _is_ready(known[key])]
    if problems:
        raise Refused(problems)


def sequence(keys: set[str], configured: Mapping[str, ProviderConfiguration]) -> dict[str, frozenset[str]]:
    """The providers with these keys and all that they wait for, in order, each with what it waits for."""
    waits: dict[str, tuple[str, ...]] = {}
    left = sorted(keys)
    while left:
        key = left.pop()
        if key not in waits:
            waits[key] = configured[key].depends_on if key in configured else ()
            left.extend(waits[key])
    reached: dict[str, frozenset[str]] = {}
    for key in in_order(waits):
        reached[key] = frozenset(waits[key]).union(*(reached[other] for other in waits[key]))
    return reached


def _configured(workspace: Workspace) -> Mapping[str, ProviderConfiguration]:
    is_off = workspace.setting.environ.get(SEQUENCE, "true").strip().lower() in ("false", "0", "no", "off")
    return {} if is_off else workspace.stack.providers


def _written(prospect: Prospect) -> set[str]:
    return {change.provider for change in prospect.plan.visible}


def _is_ready(found: ProviderHealth) -> bool:
    """Scopes that are missing do not count: which of them a stack needs, its calls will tell."""
    health = found.health
    return health.is_reachable and health.is_authenticated and health.error is None


def _problem(found: ProviderHealth, prospect: Prospect, needed: Mapping[str, frozenset[str]]) -> Diagnostic:
    held = [key for key, waits in needed.items() if key == found.provider or found.provider in waits]
    count = sum(change.provider in held for change in prospect.plan.visible)
    waiting = ", ".join(key for key in held if key != found.provider)
    behind = f", and {waiting} after it" if waiting else ""
    return Diagnostic(
        f"{found.provider} is not ready: {_reason(found)}",
        f"{_remedy(found)}; until then {count} changes are held back (of {found.provider}{behind})",
        code=_code(found),
    )


def _reason(found: ProviderHealth) -> str:
    health = found.health
    if health.error is not None:
        return str(health.error)
    return "its credentials are not accepted" if health.is_reachable else "it does not answer"


def _code(found: ProviderHealth) -> str:
    if found.health.error is not None:
        return found.health.error.code
    return codes.general(found.provider, "AUTH" if found.health.is_reachable else "NET")


def _remedy(found: ProviderHealth) -> str:
    error = found.health.error
    return error.remedy if error is not None and error.remedy else "`reconciler health` shows when it is back"
