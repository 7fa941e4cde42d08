"""Before anything else: what cut-off runs of ours have left open is looked up, and recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from reconciler import codes
from reconciler.apply.recovery import Pending, Recovery, recover, unread
from reconciler.builtin import BuiltinProvider
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Call, ProviderError, Refused, Unreachable
from reconciler.operations.connections import answers_of, check_accounts
from reconciler.operations.unsettled import unsettled
from reconciler.operations.workspace import Workspace
from reconciler.plan.world import PlanState
from reconciler.provider.protocol import Provider
from reconciler.state.model import Intent


def settle(workspace: Workspace, *, in_part: bool = False) -> Recovery:
    """Settle every open intent; one that only reads the state records nothing, and has to apply the result.

    With ``in_part`` those of services that do not answer stay open, and are ``pending``; else that is a
    problem. Raises Refused where nobody can tell what became of a call, with the candidates and a command
    for each, and WrongAccount.
    """
    ledger = workspace.ledger
    intents = ledger.open_intents()
    if not intents:
        return Recovery()
    providers = _providers(workspace, intents)
    accounts, silent = answers_of(providers)
    if workspace.setting.is_offline:  # how things were before such a step tells nothing of it
        silent = {key: _not_asked(key) for key in providers}
    check_accounts(accounts, ledger.accounts())
    # What one service says settles an address as a whole, so that of the other nothing would be known.
    lost = {intent.address: silent[intent.provider] for intent in intents if intent.provider in silent}
    askable = [intent for intent in intents if intent.address not in lost]
    recovery = recover(askable, ledger.objects(), workspace.registry, providers, ledger.sealer)
    unasked = (Pending(intent, lost[intent.address]) for intent in intents if intent.address in lost)
    recovery = replace(recovery, pending=(*recovery.pending, *unasked))
    if not ledger.is_read_only and recovery.settled:
        ledger.record(results=recovery.results())
    problems = [*recovery.problems, *(() if in_part else map(unread, recovery.pending))]
    if problems:
        raise Refused(problems)
    return recovery


def check_moves(state: PlanState, recovery: Recovery) -> None:
    """Refuse to move what an open intent is about: it would be looked for at an address that is no more.

    Raises Refused.
    """
    moving = {*state.moved_from, *state.moved_from.values()}
    if found := [one.intent for one in recovery.pending if one.intent.address in moving]:
        raise Refused(unsettled(found))


def _providers(workspace: Workspace, intents: Sequence[Intent]) -> Mapping[str, Provider]:
    """The providers to ask; raises Refused, with a command each, for intents whose provider is not there."""
    known = {*workspace.stack.providers, BuiltinProvider.name}
    if lost := [intent for intent in intents if intent.provider not in known]:
        raise Refused(map(_not_configured, lost))
    return workspace.connections.open({intent.provider for intent in intents})


def _not_asked(key: str) -> ProviderError:
    return Unreachable(
        "only the service can tell what became of it, and nothing is asked with --offline",
        call=Call(key, "recovery"),
        remedy="run the command without --offline once the service can be asked",
    )


def _not_configured(intent: Intent) -> Diagnostic:
    return Diagnostic(
        f"run {intent.run} was cut off while it was to {intent.action} it, and nobody can look what became "
        f"of that: the provider {intent.provider} is not configured any more",
        "put its configuration back under providers:, or look in the service yourself, and then: "
        f"reconciler state rm '{intent.address}'",
        address=str(intent.address),
        code=codes.UNDECIDED,
    )
