"""What was done to the state alone, and how it is taken back."""

from collections.abc import Iterable, Iterator

from reconciler.address import Address
from reconciler.state.books import Moved, Pushed, Removal
from reconciler.views.line import Line, Span, line, wrapped
from reconciler.views.plan_summary import number

_UNTOUCHED = "No service was called."


def moved_lines(moved: Moved, *, width: int = 100) -> Iterator[Line]:
    """An object got another address."""
    yield line(f"{moved.old} is {moved.after.address} now (id {moved.after.id}).", "title")
    if moved.rewritten:
        yield from _paragraph(f"Rewritten, for they refer to it: {_listed(moved.rewritten)}.", width)
    yield from _paragraph(
        f"Serial {moved.serial:,}. {_UNTOUCHED} Give it the same name in the stack's files, or the next plan "
        "takes the old address for it, or makes the object anew.",
        width,
    )


def removal_lines(removal: Removal, *, width: int = 100) -> Iterator[Line]:
    """What was forgotten, and how it is taken back."""
    yield line("Forgotten:", "title")
    for one in removal.forgotten:
        known = "a step that was cut off" if one.id is None else f"id {one.id}"
        yield Line((Span("  ", ""), Span(str(one.address)), Span(f" ({known})", "quiet")))
        if one.import_command is not None:
            yield line(f"    take it back with: {one.import_command}", "quiet")
    if removal.rewritten:
        yield Line((Span("Warning: ", "warning"), Span("these depended on it, and stay:")))
        yield from (line(f"  {address}") for address in sorted(map(str, removal.rewritten)))
    yield from _paragraph(
        f"Serial {removal.serial:,}. {_UNTOUCHED} The objects stay as they are in the services.", width
    )
    if any(one.id is not None for one in removal.forgotten):
        yield from _paragraph(
            "While the stack's files declare such an object, the next apply takes it back, if its name tells "
            "for certain which it is; remove it from the files to leave it alone.",
            width,
        )
    if any(one.id is None for one in removal.forgotten):
        yield from _paragraph(
            "Whether a step that was cut off made its object, nobody asks any more: if it did, adopt the "
            "object with `reconciler import`.",
            width,
        )


def pushed_lines(pushed: Pushed, *, width: int = 100) -> Iterator[Line]:
    """What a push changed."""
    if pushed.run is None:
        yield line(f"The state is what the document says already (serial {pushed.serial:,}).")
        return
    if pushed.has_recovered:
        found = number(len(pushed.added), "object")
        yield line(f"The state has been recovered at serial {pushed.serial:,}: {found}.", "title")
        named = f", {', '.join(pushed.names_lost)} among them" if pushed.names_lost else ""
        yield from _paragraph(f"Earlier snapshots are lost{named}; a rollback reaches back to here.", width)
    else:
        yield line(f"The state is what the document says (serial {pushed.serial:,}).", "title")
        for sign, meaning, addresses in (
            ("+", "create", pushed.added),
            ("~", "update", pushed.changed),
            ("-", "delete", pushed.removed),
        ):
            for text in sorted(map(str, addresses)):
                yield Line((Span(f"  {sign} ", meaning), Span(text)))  # type: ignore[arg-type]  # of the above
        if pushed.outputs_changed:
            yield line("  ~ outputs")
        yield from _paragraph(f"{_UNTOUCHED} `reconciler rollback` takes the push back.", width)
    if pushed.secrets_unknown:
        yield from _paragraph(
            "The key that these objects' secrets are compared by is another one now, so the next apply "
            f"writes them again where the service does not tell them: {_listed(pushed.secrets_unknown)}.",
            width,
        )


def unlocked_lines(*, width: int = 100) -> Iterator[Line]:
    """Nobody holds the lock."""
    yield line("Nobody holds the lock of this state.", "title")
    yield from _paragraph(
        "There is nothing to break: the lock is the operating system's, and it ends with the process that "
        "holds it, however that ends.",
        width,
    )


def _listed(addresses: Iterable[Address]) -> str:
    return ", ".join(sorted(map(str, addresses)))


def _paragraph(text: str, width: int) -> Iterator[Line]:
    return (line(row) for row in wrapped(text, width))
