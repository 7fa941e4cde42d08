"""What goes into a module and what comes out of it."""

from collections.abc import Iterable, Iterator, Mapping

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
from reconciler.diagnostics import Diagnostic, Diagnostics, did_you_mean
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
    inherited = names.provider_keys
    chosen = {name: part.text for name, part in _configurations(entry) if _is_of(name, part)}
    return {**inherited, **{name: inherited.get(key, key) for name, key in chosen.items()}}


def provider_problems(entry: Entry, known: Iterable[str], called: str) -> Iterator[Diagnostic]:
    """What is wrong with the ``providers`` of a module; whether they are configured is asked where one is
    needed. ``known`` are the providers that there are."""
    known = tuple(known)
    for name, part in _configurations(entry):
        place = entry.source.place(part.position)
        if name not in known:
            advice = did_you_mean(name, known)
            yield Diagnostic(
                f"there is no provider {name!r}", advice, place, called, code=codes.PROVIDER_SETTINGS
            )
        elif not _is_of(name, part):
            advice = f"use {name}, or a second configuration of it such as {name}.second"
            summary = f"{part.text!r} is no configuration of the provider {name}"
            yield Diagnostic(summary, advice, place, called, code=codes.PROVIDER_SETTINGS)


def _configurations(entry: Entry) -> Iterator[tuple[str, Scalar]]:
    node = _inside(entry, "providers")
    for name, part in node.values.items() if node else ():
        if isinstance(part, Scalar):
            yield name, part


def _is_of(name: str, part: Scalar) -> bool:
    return part.text.partition(".")[0] == name
