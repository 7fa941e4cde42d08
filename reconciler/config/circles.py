"""Circles among resources: each is printed whole, with the place of every reference along it."""

from collections.abc import Iterable, Iterator

from reconciler import codes
from reconciler.address import Address
from reconciler.config.expressions import StackExpression
from reconciler.config.stack import Declaration
from reconciler.diagnostics import Diagnostic, Place
from reconciler.graph import find_circle
from reconciler.values import leaves


def circles(declarations: Iterable[Declaration]) -> Iterator[Diagnostic]:
    """A diagnostic for each circle; of circles that share a resource, for one."""
    by_address = {one.address: one for one in declarations}
    waits = {
        one.address: one.references | one.depends_on if one.depends_on else one.references
        for one in by_address.values()
    }
    while circle := find_circle(waits):
        following = [*circle[1:], circle[0]]
        steps = [
            (f"{here} waits for {there}", _reference_place(by_address[here], there))
            for here, there in zip(circle, following, strict=True)
        ]
        text = " -> ".join(map(str, [*circle, circle[0]]))
        yield Diagnostic(
            f"{text}: these wait for each other" if len(circle) > 1 else f"{circle[0]} waits for itself",
            "remove one of the references, or of the entries under depends_on",
            steps[0][1],
            str(circle[0]),
            related=tuple(steps[1:]),
            code=codes.CIRCLE,
        )
        for one in circle:
            del waits[one]


def _reference_place(declaration: Declaration, target: Address) -> Place:
    """Where a declaration refers to another."""
    for part in leaves(declaration.attributes):
        if isinstance(part, StackExpression) and target in part.references:
            return part.place
    return declaration.place_of(("depends_on",) if target in declaration.depends_on else ())
