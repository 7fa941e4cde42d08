"""``import``: an object that exists already becomes the one that a resource stands for."""

from collections.abc import Mapping

from reconciler import codes
from reconciler.address import Address
from reconciler.config.stack import Declaration
from reconciler.diagnostics import Diagnostic, did_you_mean
from reconciler.errors import Refused
from reconciler.operations.connections import accounts_of, check_accounts
from reconciler.operations.workspace import Workspace
from reconciler.operations.writing import new_run
from reconciler.plan.import_ids import NoImportId, wanted
from reconciler.plan.record import as_it_is
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object, Unreadable
from reconciler.provider.protocol import Provider
from reconciler.state.model import Committed, RunOutcome, StateObject


def adopt(workspace: Workspace, address: Address, import_id: str) -> StateObject:
    """Record the object with this import id as the one that a declared resource stands for.

    Nothing is changed in the service. Raises Refused, WrongAccount and ProviderError.
    """
    ledger = workspace.ledger
    declaration = _declaration(workspace, address)
    resource_type = workspace.registry.type(address.type)
    if resource_type is None:
        raise _refused(
            address, f"no provider has the type {address.type}", "install its package", codes.UNKNOWN_TYPE
        )
    providers = workspace.connections.open([declaration.provider])
    accounts = accounts_of(providers)
    check_accounts(accounts, ledger.accounts())
    provider = providers[declaration.provider]
    shown = str(ledger.sealer.hide(import_id))
    found = _find(provider, resource_type, address, import_id, shown)
    _check_free(ledger.objects(), declaration, found)
    for key, account in accounts.items():
        ledger.remember_account(key, account)
    run = new_run(workspace, "import")
    ledger.begin(run)
    after = as_it_is(declaration, resource_type, found, declaration.attributes, ledger.sealer)
    ledger.record(results=[Committed(run.id, 0, address, after, "import")])
    ledger.end(run.id, RunOutcome.DONE, workspace.clock.now(), ledger.outputs())
    return after


def _declaration(workspace: Workspace, address: Address) -> Declaration:
    declared = workspace.stack.resources
    if address in workspace.ledger.objects():
        raise _refused(address, "an object is recorded for it already", "choose another address")
    if address not in declared:
        advice = did_you_mean(str(address), map(str, declared))
        raise _refused(
            address,
            "the stack declares no such resource",
            advice or "declare it, then import",
            codes.NOTHING_FOUND,
        )
    return declared[address]


def _find(
    provider: Provider, resource_type: ResourceType, address: Address, import_id: str, shown: str
) -> Object:
    try:
        question = wanted(provider, resource_type, import_id, shown)
    except NoImportId as error:
        raise _refused(address, str(error), error.advice) from None
    answer = provider.find({import_id: question})[import_id]
    if isinstance(answer, Unreadable):
        raise answer.error
    if len(answer) == 1:
        return answer[0]
    if answer:
        ids = ", ".join(found.id for found in answer)
        raise _refused(address, f"{shown!r} names several objects: {ids}", "name one of them alone")
    raise _refused(
        address,
        f"the service has no {resource_type.name} {shown!r}",
        "check the name, and that the credentials may see it",
        codes.NOTHING_FOUND,
    )


def _check_free(objects: Mapping[Address, StateObject], declaration: Declaration, found: Object) -> None:
    for other in objects.values():
        if (other.provider, other.type, other.id) == (declaration.provider, found.type, found.id):
            raise _refused(
                declaration.address, f"{other.address} stands for this object already", "import another one"
            )


def _refused(address: Address, summary: str, advice: str, code: str = "") -> Refused:
    return Refused([Diagnostic(summary, advice, address=str(address), code=code)])
