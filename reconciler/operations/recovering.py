"""Before anything else: what cut-off runs of ours have left open is looked up, and recorded."""

from reconciler.apply.recovery import Recovery, recover
from reconciler.errors import Refused
from reconciler.operations.connections import accounts_of, check_accounts
from reconciler.operations.workspace import Workspace


def settle(workspace: Workspace) -> Recovery:
    """Settle every open intent; one that only reads the state records nothing, and has to apply the result.

    Raises Refused where nobody can tell what became of a call, with the candidates and a command for each,
    and WrongAccount, ProviderError.
    """
    ledger = workspace.ledger
    intents = ledger.open_intents()
    if not intents:
        return Recovery()
    providers = workspace.connections.open({intent.provider for intent in intents})
    check_accounts(accounts_of(providers), ledger.accounts())
    recovery = recover(intents, ledger.objects(), workspace.registry, providers, ledger.sealer)
    if not ledger.is_read_only and recovery.settled:
        ledger.record(results=recovery.results())
    if recovery.problems:
        raise Refused(recovery.problems)
    return recovery
