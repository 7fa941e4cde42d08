"""``state pull`` and ``state push``: the whole state as a document, and back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from reconciler import codes
from reconciler.address import Address
from reconciler.diagnostics import Diagnostic
from reconciler.errors import Refused
from reconciler.graph import find_circle, in_order
from reconciler.operations.json_text import read_json
from reconciler.operations.state_checks import checked, contradictions, misnamed
from reconciler.operations.unsettled import unsettled
from reconciler.operations.workspace import Workspace
from reconciler.operations.writing import new_run
from reconciler.plan.world import Types
from reconciler.state.books import Pushed
from reconciler.state.document import StateDocument, same, write_document
from reconciler.state.ledger import Ledger
from reconciler.state.model import Committed, Run, RunOutcome, SnapshotName, StateObject
from reconciler.values import Digest, Sealer, Value, holds, leaves

ACTION = "push"
_REMOVAL = "forget"


def pull(workspace: Workspace) -> dict[str, Any]:
    """The whole state, without its history, as ``schemas/state-file.schema.json`` describes it."""
    ledger, sealer = workspace.ledger, workspace.ledger.sealer
    objects = tuple(_sealed(known, workspace.registry, sealer) for known in ledger.objects().values())
    return write_document(_document(workspace, objects))


def push(workspace: Workspace, content: bytes, called: str) -> Pushed:
    """Make the state what a document says, as one run; the history stays.

    ``called`` is what messages call the document. Raises Refused, StateTooNew and StateError; the state then
    stays as it is.
    """
    asked = checked(read_json(content, called), called)
    ledger = workspace.ledger
    known = ledger.objects()
    is_new = not (ledger.serial or ledger.runs())
    problems = [
        *_of_another_state(asked, workspace, is_new=is_new),
        *unsettled(ledger.open_intents()),
        *contradictions(asked, known, workspace.registry),
        *misnamed(asked, ledger, is_new=is_new),
    ]
    if problems:
        raise Refused(problems)
    wanted = {one.address: one for one in _dependencies_first({one.address: one for one in asked.objects})}
    if is_new and asked.lineage not in ("", ledger.lineage):
        return _recover(workspace, asked, wanted)
    return _change(workspace, asked, known, wanted)


def _change(
    workspace: Workspace,
    asked: StateDocument,
    known: Mapping[Address, StateObject],
    wanted: Mapping[Address, StateObject],
) -> Pushed:
    ledger = workspace.ledger
    added = tuple(address for address in wanted if address not in known)
    changed = tuple(
        address for address in wanted if address in known and not same(known[address], wanted[address])
    )
    gone = [one.address for one in _dependencies_first(known) if one.address not in wanted]
    removed = tuple(reversed(gone))
    other_outputs = dict(asked.outputs) != ledger.outputs()
    if not (added or changed or removed or other_outputs or _differs_around(asked, ledger)):
        return Pushed(None, ledger.serial)
    kept = [(address, wanted[address], ACTION) for address in (*added, *changed)]
    dropped = [(address, None, _REMOVAL) for address in removed]
    run = new_run(workspace, "push")
    ledger.begin(run)
    serial = ledger.record(
        results=[
            Committed(run.id, step, address, after, action)
            for step, (address, after, action) in enumerate([*kept, *dropped])
        ]
    )
    _finish(workspace, run, asked)
    ours = {digest for one in known.values() for digest in _digests(one)}
    strange = [address for address in (*added, *changed) if not ours.issuperset(_digests(wanted[address]))]
    return Pushed(run.id, serial, added, changed, removed, other_outputs, secrets_unknown=tuple(strange))


def _recover(workspace: Workspace, asked: StateDocument, wanted: Mapping[Address, StateObject]) -> Pushed:
    """Take up a lost state in this new one, at the serial where it was."""
    start = max(asked.serial - len(wanted), 0)
    run = replace(new_run(workspace, "push"), from_serial=start)
    serial = workspace.ledger.restore(run, asked.lineage, list(wanted.values()))
    kept = tuple(one for one in asked.names or () if one.serial == serial)
    _finish(workspace, run, replace(asked, names=kept))
    return Pushed(
        run.id,
        serial,
        tuple(wanted),
        outputs_changed=bool(asked.outputs),
        has_recovered=True,
        secrets_unknown=tuple(address for address, one in wanted.items() if _digests(one)),
        names_lost=tuple(one.name for one in asked.names or () if one not in kept),
    )


def _finish(workspace: Workspace, run: Run, asked: StateDocument) -> None:
    ledger = workspace.ledger
    for key, account in asked.accounts.items():
        ledger.remember_account(key, account)
    wanted = {hold.configuration: hold for hold in asked.holds}
    for hold in ledger.holds():
        if hold.configuration not in wanted:
            ledger.release(hold.configuration)
    for hold in wanted.values():
        ledger.hold(hold)
    if asked.names is not None:
        _rename(ledger, asked.names)
    ledger.end(run.id, RunOutcome.DONE, workspace.clock.now(), asked.outputs)


def _rename(ledger: Ledger, names: Sequence[SnapshotName]) -> None:
    """Give snapshots the names that a document says, and no others."""
    there = ledger.names()
    wanted = {one.name: one for one in names}
    for name, one in there.items():
        if wanted.get(name) != one:
            ledger.unname(name)
    for name, one in wanted.items():
        if there.get(name) != one:
            ledger.name(name, one.serial, one.when, one.who)


def _differs_around(asked: StateDocument, ledger: Ledger) -> bool:
    """Whether accounts, holds or names of snapshots differ."""
    accounts = {**ledger.accounts(), **asked.accounts}
    holds_asked = sorted(asked.holds, key=lambda hold: hold.configuration)
    holds_there = sorted(ledger.holds(), key=lambda hold: hold.configuration)
    there = ledger.names()
    other_names = asked.names is not None and {one.name: one for one in asked.names} != there
    return other_names or accounts != dict(ledger.accounts()) or holds_asked != holds_there


def _of_another_state(asked: StateDocument, workspace: Workspace, *, is_new: bool) -> Iterator[Diagnostic]:
    """Why a document is not of this state, or not of what it is now."""
    ledger = workspace.ledger
    here = _document(workspace, ())
    for word in ("stack", "environment", "realm"):
        theirs, ours = getattr(asked, word), getattr(here, word)
        if theirs != ours:
            yield Diagnostic(
                f"the document is of the {word} {theirs!r}, and this is {ours!r}",
                "push it where it was pulled from",
                code=codes.OTHER_STATE,
            )
    for key, account in asked.accounts.items():
        bound = ledger.accounts().get(key)
        if bound is not None and bound.id != account.id:
            yield Diagnostic(
                f"{key}: the document speaks of the account {account.name} ({account.id}), and the state of "
                f"{bound.name} ({bound.id})",
                "push it where it was pulled from",
                code=codes.OTHER_STATE,
            )
    if is_new:
        return
    if asked.lineage != ledger.lineage:
        theirs = asked.lineage or "none"
        yield Diagnostic(
            f"the document has another lineage ({theirs}) than this state ({ledger.lineage})",
            "push it where it was pulled from; only a new, empty state takes over another lineage",
            code=codes.OTHER_STATE,
        )
    elif asked.serial < ledger.serial:
        yield Diagnostic(
            f"the document is of serial {asked.serial}, and the state has come to {ledger.serial} since",
            "pull again, make your change in that document, and push it",
            code=codes.OTHER_STATE,
        )


def _document(workspace: Workspace, objects: tuple[StateObject, ...]) -> StateDocument:
    ledger, setting = workspace.ledger, workspace.setting
    return StateDocument(
        stack=workspace.stack.name,
        environment=workspace.stack.environment,
        realm=setting.realm,
        lineage=ledger.lineage,
        serial=ledger.serial,
        accounts=ledger.accounts(),
        objects=objects,
        outputs=ledger.outputs(),
        holds=tuple(ledger.holds()),
        names=tuple(ledger.names().values()),
    )


def _dependencies_first(objects: Mapping[Address, StateObject]) -> list[StateObject]:
    edges = {address: known.depends_on for address, known in objects.items()}
    # Objects that were imported from one declaration each may wait for each other in what is there already.
    return list(objects.values()) if find_circle(edges) else [objects[address] for address in in_order(edges)]


def _digests(known: StateObject) -> set[Digest]:
    parts = (*leaves(dict(known.attributes)), *leaves(dict(known.declared)))
    return {part for part in parts if isinstance(part, Digest)}


def _sealed(known: StateObject, types: Types, sealer: Sealer) -> StateObject:
    """An object with all sealed that its type says is sensitive; a provider may have learnt that later."""
    resource_type = types.type(known.type)
    names = (
        [name for name, one in resource_type.attributes.items() if one.is_sensitive] if resource_type else []
    )

    def sealed(values: Mapping[str, Value]) -> dict[str, Value]:
        return {
            name: sealer.digest(value)
            if name in names and value is not None and not holds(value, Digest)
            else value
            for name, value in values.items()
        }

    return replace(known, attributes=sealed(known.attributes), declared=sealed(known.declared))
