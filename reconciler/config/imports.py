"""Reads ``imports``, and says what is wrong with them."""

from collections.abc import Iterator, Mapping

from reconciler import codes
from reconciler.address import Address, AddressSyntaxError, ModuleStep
from reconciler.config.document import Document, Entry
from reconciler.config.nodes import Mapping as MappingNode
from reconciler.config.nodes import Node, Scalar
from reconciler.config.sections import Import
from reconciler.config.shapes import Shape
from reconciler.config.stack import Declaration
from reconciler.config.templates import TemplateBuilder
from reconciler.diagnostics import Diagnostic, Diagnostics, Place, did_you_mean
from reconciler.values import Unknown, is_sensitive

_TEXT = Shape({"type": "string"})


def build_imports(
    document: Document, builder: TemplateBuilder, found: Diagnostics, module: tuple[ModuleStep, ...]
) -> dict[Address, Import]:
    """The entries of ``imports`` that can be read, by the address that takes the object over."""
    imports: dict[Address, Import] = {}
    for entry in document.lists["imports"]:
        if not isinstance(entry.node, MappingNode):
            continue  # reported with the file
        to, import_id = entry.node.values.get("to"), entry.node.values.get("id")
        if not isinstance(to, Scalar) or import_id is None:
            continue
        place, id_place = (entry.source.place(part.position) for part in (to, import_id))
        address = _address(to, place, found, module)
        text = _id(import_id, entry, id_place, builder, found)
        if address is None or text is None:
            continue
        one = Import(address, text, place, id_place)
        if (first := imports.setdefault(address, one)) is not one:
            found.add(
                Diagnostic(
                    f"{address} cannot take over two objects",
                    "keep one of the two entries",
                    place,
                    related=(("the other entry", first.place),),
                    code=codes.REFACTORING,
                )
            )
    return imports


def not_importable(
    imports: Mapping[Address, Import], resources: Mapping[Address, Declaration]
) -> Iterator[Diagnostic]:
    """Imports into what is not declared, and of one object into two resources."""
    taken: dict[tuple[str, str, str], Import] = {}
    for address, one in imports.items():
        declaration = resources.get(address)
        if declaration is None:
            advice = did_you_mean(str(address), map(str, resources)) or "declare it under resources:"
            yield Diagnostic(
                f"there is no {address} to import into", advice, one.place, code=codes.REFACTORING
            )
            continue
        which = (declaration.provider, address.type, one.id)
        if (first := taken.setdefault(which, one)) is not one:
            yield Diagnostic(
                f"{first.to} and {address} cannot both take over {one.id!r}",
                "keep one of the two entries",
                one.id_place,
                related=(("the other entry", first.id_place),),
                code=codes.REFACTORING,
            )


def _address(
    node: Scalar, place: Place, found: Diagnostics, module: tuple[ModuleStep, ...]
) -> Address | None:
    try:
        address = Address.parse(node.text)
    except AddressSyntaxError as error:
        advice = "write the address alone, without ${ }" if "${" in node.text else ""
        found.error(str(error), advice=advice, place=place, code=codes.REFACTORING)
        return None
    if address.is_data:
        found.error(
            f"{address} is looked up and never managed, so it takes nothing over",
            advice="name an address under resources:",
            place=place,
            code=codes.REFACTORING,
        )
        return None
    return Address(address.type, address.name, address.key, (*module, *address.module))


def _id(node: Node, entry: Entry, place: Place, builder: TemplateBuilder, found: Diagnostics) -> str | None:
    problems = len(found)
    builder.begin(entry.source, None)
    value = builder.build(node, _TEXT)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # a variable that is a number
    if isinstance(value, str) and value:
        return value
    if len(found) > problems or isinstance(value, Unknown):
        return None  # what has no value has been said
    if is_sensitive(value):
        reason, advice = "cannot be secret: state knows the object by it", "give it in the clear"
    elif builder.references:
        reason, advice = (
            "must be known when the stack is read",
            "use variables and locals that rest on no resource",
        )
    else:
        reason, advice = "must be text", "write it in quotes"
    found.error(f"the id of what is imported {reason}", advice=advice, place=place, code=codes.REFACTORING)
    return None
