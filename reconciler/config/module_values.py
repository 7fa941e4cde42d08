"""What goes into a module and what comes out of it."""

from collections.abc import Mapping

from reconciler import codes
from reconciler.config.derived import Hidden
from reconciler.config.document import Document, Entry
from reconciler.config.names import Names
from reconciler.config.nodes import Mapping as MappingNode
from reconciler.config.nodes import Scalar
from reconciler.config.scalars import resolve
from reconciler.config.shapes import ANY
from reconciler.config.stack import Template
from reconciler.config.templates import TemplateBuilder
from reconciler.config.validation import holds_open
from reconciler.config.variables import Variables, type_of
from reconciler.diagnostics import Diagnostics, did_you_mean
from reconciler.values import Sensitive, reveal


def _inside(entry: Entry, key: str) -> MappingNode | None:
    node = entry.node.values.get(key) if isinstance(entry.node, MappingNode) else None
    return node if isinstance(node, MappingNode) else None


def input_values(
    entry: Entry, document: Document, outside: TemplateBuilder, inside: TemplateBuilder, found: Diagnostics,
    called: str,
) -> dict[str, Template]:  # fmt: skip
    """The variables of one use of a module: its inputs, and defaults.

    ``outside`` builds values as the part sees them that uses the module, ``inside`` as the module does.
    """
    declared = document.sections["variables"]
    given: dict[str, tuple[Template, Entry]] = {}
    inputs = _inside(entry, "inputs")
    for name, node in inputs.values.items() if inputs else ():
        at = inputs.key_position(name) if inputs else 0
        if name not in declared:
            found.error(
                f"the module has no variable {name!r}",
                advice=did_you_mean(name, declared) or "declare it under variables: of the module",
                place=entry.source.place(at),
                address=called,
                code=codes.VARIABLE,
            )
            continue
        value = outside.build(node, type_of(declared[name]).shape)
        given[name] = value, Entry(entry.source, node.position, node)
    return Variables(declared, inside, found).inputs(given, called, entry)


def output_values(document: Document, builder: TemplateBuilder) -> dict[str, Template]:
    """The outputs of one use of a module. One that is declared sensitive is so wherever it flows."""
    outputs: dict[str, Template] = {}
    for name, entry in document.sections["outputs"].items():
        if not isinstance(entry.node, MappingNode) or "value" not in entry.node.values:
            continue  # reported with the file
        builder.begin(entry.source, f"output.{name}")
        node = entry.node.values["value"]
        value = builder.build(node, ANY)
        flag = entry.node.values.get("sensitive")
        if isinstance(flag, Scalar) and resolve(flag.text) is True:
            place = entry.source.place(node.position)
            value = Hidden(value, f"output.{name}", place) if holds_open(value) else Sensitive(reveal(value))
        outputs[name] = value
    return outputs


def provider_keys(entry: Entry, names: Names) -> Mapping[str, str]:
    """By provider: the configuration that a module uses for it, where that is not the plain one."""
    node = _inside(entry, "providers")
    chosen = {
        name: part.text for name, part in (node.values.items() if node else ()) if isinstance(part, Scalar)
    }
    inherited = names.provider_keys
    return {**inherited, **{name: inherited.get(key, key) for name, key in chosen.items()}}
