"""Before anything else: what cut-off runs of ours have left open is looked up, and recorded."""

from collections.abc import Mapping, Sequence

from reconciler.apply.recovery import Recovery, recover
from reconciler.builtin import BuiltinProvider
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused
from reconciler.operations.connections import accounts_of, check_accounts
from reconciler.operations.workspace import Workspace
from reconciler.provider.protocol import Provider
from reconciler.state.model import Intent


def settle(workspace: Workspace) -> Recovery:
    """Settle every open intent; one that only reads the state records nothing, and has to apply the result.

    Raises Refused where nobody can tell what became of a call, with the candidates and a command for each,
    and WrongAccount, ProviderError.
    """
    ledger = workspace.ledger
    intents = ledger.open_intents()
    if not intents:
        return Recovery()
    if workspace.setting.is_offline:
        raise Refused(map(_not_asked, intents))
    providers = _providers(workspace, intents)
    check_accounts(accounts_of(providers), ledger.accounts())
    recovery = recover(intents, ledger.objects(), workspace.registry, providers, ledger.sealer)
    if not ledger.is_read_only and recovery.settled:
        ledger.record(results=recovery.results())
    if recovery.problems:
        raise Refused(recovery.problems)
    return recovery


def _providers(workspace: Workspace, intents: Sequence[Intent]) -> Mapping[str, Provider]:
    """The providers to ask; raises Refused, with a command each, for intents whose provider is not there."""
    known = {*workspace.stack.providers, BuiltinProvider.name}
    if lost := [intent for intent in intents if intent.provider not in known]:
        raise Refused(map(_not_configured, lost))
    return workspace.connections.open({intent.provider for intent in intents})


def _not_asked(intent: Intent) -> Diagnostic:
    return Diagnostic(
        f"run {intent.run} was cut off while it was to {intent.action} it, and only the service can tell "
        "what became of that",
        "run the command without --offline once the service can be asked",
        address=str(intent.address),
    )


def _not_configured(intent: Intent) -> Diagnostic:
    return Diagnostic(
        f"run {intent.run} was cut off while it was to {intent.action} it, and nobody can look what became "
        f"of that: the provider {intent.provider} is not configured any more",
        "put its configuration back under providers:, or look in the service yourself, and then: "
        f"reconciler state rm '{intent.address}'",
        address=str(intent.address),
    )
