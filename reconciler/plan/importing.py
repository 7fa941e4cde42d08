"""``imports``: an object that exists already is looked up by its id, and becomes the one of its resource."""

from dataclasses import replace

from reconciler import codes
from reconciler.config.sections import Import
from reconciler.config.stack import Declaration
from reconciler.diagnostics import Diagnostic, Place
from reconciler.errors import ProviderError
from reconciler.plan.draft import Draft
from reconciler.plan.evaluate import after_create
from reconciler.plan.import_ids import NoImportId, wanted
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object, Unreadable
from reconciler.values import Value


def import_of(draft: Draft, declaration: Declaration) -> Import | None:
    """The entry that is about a resource, unless state knows that already."""
    if declaration.address in draft.world.state.objects:
        return None
    return draft.desired.sections.imports.get(declaration.address)


def imported(
    draft: Draft,
    declaration: Declaration,
    resource_type: ResourceType,
    asked: dict[str, Value],
    entry: Import,
) -> Object | None:
    """The object to take over; None while it is not known yet, or when something is wrong with it."""
    address = declaration.address
    shown = shown_id(draft, entry)
    found = draft.world.found.get(address)
    if found is None:
        provider = draft.world.providers[declaration.provider]
        try:
            question = wanted(provider, resource_type, entry.id, shown)
        except NoImportId as error:
            _problem(draft, entry, str(error), error.advice)
            return None
        except ProviderError as error:
            _problem(draft, entry, str(error), error.advice, error.code)
            return None
        draft.wanted[address] = (declaration.provider, question)
        draft.values[address] = after_create(address, resource_type, asked)
        return None
    if isinstance(found, Unreadable):
        draft.cannot_read(declaration, found)
        return None
    if not found:
        _problem(
            draft,
            entry,
            f"the service has no {resource_type.name} {shown!r}",
            "check the id, and that the credentials may see it",
            codes.NOTHING_FOUND,
        )
        return None
    if len(found) > 1:
        ids = ", ".join(one.id for one in found)
        _problem(draft, entry, f"{shown!r} names several objects: {ids}", "name one of them alone")
        return None
    return found[0] if _is_free(draft, declaration, found[0], entry) else None


def shown_id(draft: Draft, entry: Import) -> str:
    """The id as it may be shown."""
    return str(draft.world.state.sealer.hide(entry.id))


def mark(draft: Draft, entry: Import) -> None:
    """Say of the change at its address that it is an import."""
    if (change := draft.changes.get(entry.to)) is not None:
        draft.changes[entry.to] = replace(change, import_id=shown_id(draft, entry))


def _is_free(draft: Draft, declaration: Declaration, found: Object, entry: Import) -> bool:
    which = (declaration.provider, found.type, found.id)
    if (owner := draft.world.owners.get(which)) is not None:
        _problem(
            draft,
            entry,
            f"{owner} stands for this object already",
            f"if it has got another address, write moved: [{{from: '{owner}', to: '{entry.to}'}}] instead",
            codes.EXISTS_ALREADY,
        )
        return False
    if which in draft.taken:
        _problem(draft, entry, "another resource takes over the same object", "keep one of the two")
        return False
    return True


def _problem(draft: Draft, entry: Import, summary: str, advice: str, code: str = "") -> None:
    place: Place = entry.id_place
    draft.problems.add(
        Diagnostic(summary, advice, place, address=str(entry.to), code=code or codes.REFACTORING)
    )
    draft.hold(entry.to)
