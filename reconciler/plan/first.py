"""What is made anew before the old object goes: ``create_before_destroy``, and all that this needs."""

from collections.abc import Iterable, Mapping

from reconciler.address import Address
from reconciler.config.stack import Declaration
from reconciler.values import Value, is_known


def made_first(declarations: Mapping[Address, Declaration]) -> Mapping[Address, Address]:
    """What must be made before its old object is removed, if it is replaced: each with what wants that.

    That is what says so, and all that it depends on: its new object needs theirs, and its old one, which is
    still there, needs the old ones of these.
    """
    wanted: dict[Address, Address] = {}
    for start, declaration in declarations.items():
        if declaration.lifecycle.create_before_destroy:
            wanted[start] = start  # what says so itself is its own reason
    waiting = list(wanted)
    for address in waiting:
        declaration = declarations[address]
        for other in sorted(declaration.references | declaration.depends_on, key=str):
            if other not in wanted and other in declarations:
                wanted[other] = wanted[address]
                waiting.append(other)
    return wanted


def has_same_name(
    natural_key: Iterable[str],
    asked: Mapping[str, Value],
    before: Mapping[str, Value],
    changed: Iterable[str],
) -> bool:
    """Whether the new object would be called what the old one is, as far as that is known."""
    names = tuple(natural_key)
    if not names or not set(names).isdisjoint(changed):
        return False
    return all(name in before and is_known(asked.get(name)) for name in names)
