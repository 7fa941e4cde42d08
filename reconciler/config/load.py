"""From a directory to a stack."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import reconciler
from reconciler import codes
from reconciler.address import Address
from reconciler.config.circles import circles
from reconciler.config.collector import collector_paused
from reconciler.config.declarations import DeclarationBuilder
from reconciler.config.dependencies import absences
from reconciler.config.derived import Input
from reconciler.config.digest import stack_digest
from reconciler.config.document import Document, Entry, Section, read_document
from reconciler.config.environment import Secrets
from reconciler.config.expressions import StackExpression, no_scope
from reconciler.config.module_values import provider_problems
from reconciler.config.modules import ModuleReader
from reconciler.config.names import Names, Types
from reconciler.config.nodes import Mapping as MappingNode
from reconciler.config.nodes import Scalar
from reconciler.config.outputs import build_outputs
from reconciler.config.owners import double_owners
from reconciler.config.parts import Assembly, Part, parts_in
from reconciler.config.plain_values import plain_value
from reconciler.config.providers import ProviderBuilder
from reconciler.config.reader import Reader, Texts
from reconciler.config.reading_sections import misplaced, sections_of
from reconciler.config.requirement import check_requirement
from reconciler.config.secret_values import secret_values
from reconciler.config.shapes import ANY
from reconciler.config.source import Source
from reconciler.config.stack import ApplySettings, Declaration, OnFailure, Stack, Template
from reconciler.config.variables import Variables
from reconciler.diagnostics import Diagnostic, Diagnostics, Place, did_you_mean
from reconciler.errors import DiagnosedError, InvalidConfiguration
from reconciler.values import leaves

DEFAULT_ENVIRONMENT = "default"

_POLICIES: tuple[OnFailure, ...] = get_args(OnFailure)


def load(
    directory: Path,
    *,
    environment: str | None,
    types: Types,
    environ: Mapping[str, str],
    variables: Mapping[str, str] | None = None,
    sandbox: bool = False,
) -> Stack:
    """Read the stack in a directory, for one of its environments.

    ``environ`` holds the environment's variables, ``variables`` what ``--var`` gave, as text. In the sandbox
    a secret that is not set has a stand-in. Raises InvalidConfiguration with everything that is wrong.
    """
    found = Diagnostics()
    document = Document(directory)
    stack = None
    with collector_paused(), _telling(found):
        stack = _load(directory, environment or DEFAULT_ENVIRONMENT, types, environ, variables or {}, sandbox,
                      document, found)  # fmt: skip
    if stack is None or found.has_errors:
        raise InvalidConfiguration(_in_order(found, document))
    return stack


@contextmanager
def _telling(found: Diagnostics) -> Iterator[None]:
    """Takes in what is wrong with an installed provider, which the registry raises when it is asked for."""
    try:
        yield
    except DiagnosedError as error:
        found.extend(error.diagnostics)


def _load(
    directory: Path, chosen: str, types: Types, environ: Mapping[str, str], flags: Mapping[str, str],
    sandbox: bool, document: Document, found: Diagnostics,
) -> Stack:  # fmt: skip
    read_document(document, found)
    ModuleReader(directory, document, found).read_all(document)
    chosen_variables, overrides = _environment(document, chosen, found)
    secrets = Secrets(directory, environ, sandbox, found)
    names = Names(_stack_name(document), chosen, directory, types, environ, secrets)
    assembly = Assembly(found, Texts(names))
    root = assembly.part(
        document,
        names,
        lambda part: Variables(document.sections["variables"], part.builder(), found).values(
            flags, environ, chosen_variables
        ),
    )
    provider_builder = ProviderBuilder(types, root.builder(), found)
    providers = provider_builder.all_of(document)
    secret_texts = provider_builder.secret_texts
    resources: dict[Address, Declaration] = {}
    data: dict[Address, Declaration] = {}
    for part in parts_in(root):
        declarations = DeclarationBuilder(part, providers, found)
        resources.update(declarations.all_of("resources"))
        data.update(declarations.all_of("data"))
        found.extend(absences(_expressions_of(part)))
        for call in part.calls.values():
            found.extend(provider_problems(call.entry, types.provider_names(), call.called))
        found.extend(check_requirement(part.document.single.get("requires"), reconciler.__version__))
    outputs = build_outputs(document, names, root.builder(), found, secret_texts)
    every = [*resources.values(), *data.values()]
    sections = sections_of(parts_in(root), found)
    found.extend(misplaced(sections, resources))
    found.extend(circles(every))
    found.extend(double_owners(resources.values(), names))
    apply = _apply(document.single.get("apply"), overrides)
    known = list(assembly.parts.values())
    return Stack(
        name=names.stack,
        environment=chosen,
        directory=directory,
        providers=providers,
        resources=resources,
        data=data,
        outputs=outputs,
        apply=apply,
        variables=names.variables,
        digest=lambda: stack_digest(
            names.stack, chosen, names.variables, providers, every, outputs, apply, secret_texts, sections
        ),
        secrets=lambda: secret_values(
            [part.names for part in known], providers.values(), every, outputs.values(), sections
        ),
        expression=lambda text, address=None: _read_again(text, assembly.recorded_names(address)),
        sections=sections,
    )


def _expressions_of(part: Part) -> Iterator[StackExpression]:
    """What is given to a module; its variables may be used for nothing that is looked at otherwise."""
    for value in part.names.variables.values():
        for given in leaves(value.inner if isinstance(value, Input) else value):
            if isinstance(given, StackExpression):
                yield given


def _in_order(found: Diagnostics, document: Document) -> list[Diagnostic]:
    """The problems by file and line, those without a place first; secrets in their lines hidden."""
    files = {name: number for number, name in enumerate(document.files)}

    def shown(place: Place) -> Place:
        source = document.files.get(place.file)
        return source.shown_again(place) if source is not None and place.source else place

    def key(one: Diagnostic) -> tuple[int, int, int]:
        return (files.get(one.place.file, -1), one.place.line, one.place.column) if one.place else (-1, 0, 0)

    return [
        replace(
            one,
            place=shown(one.place) if one.place else None,
            related=tuple((what, shown(place)) for what, place in one.related),
        )
        for one in sorted(_once(found), key=key)
    ]


def _once(found: Iterable[Diagnostic]) -> Iterable[Diagnostic]:
    """What is wrong, told once for all turns of a for_each and all uses of a module."""
    first: dict[object, Diagnostic] = {}
    for one in found:
        first.setdefault((one.summary, one.place) if one.place else id(one), one)
    return first.values()


def _stack_name(document: Document) -> str:
    entry = document.single.get("stack")
    return entry.node.text if entry is not None and isinstance(entry.node, Scalar) else ""


def _environment(document: Document, chosen: str, found: Diagnostics) -> tuple[Section, MappingNode | None]:
    """The chosen environment's variables, and its settings for apply."""
    declared = document.sections["environments"]
    if chosen not in declared:
        if chosen != DEFAULT_ENVIRONMENT:
            advice = did_you_mean(chosen, declared) or f"declare it under environments: {chosen}: {{}}"
            found.error(f"there is no environment {chosen!r}", advice=advice, code=codes.NO_ENVIRONMENT)
        return {}, None
    entry = declared[chosen]
    if not isinstance(entry.node, MappingNode):
        return {}, None
    section: Section = {}
    variables = entry.node.values.get("variables")
    if isinstance(variables, MappingNode):
        for (key, node), at in zip(variables.values.items(), variables.key_positions, strict=True):
            section[key] = Entry(entry.source, at, node)
    apply = entry.node.values.get("apply")
    return section, apply if isinstance(apply, MappingNode) else None


def _apply(entry: Entry | None, overrides: MappingNode | None) -> ApplySettings:
    settings: dict[str, Any] = {}
    for node in (entry.node if entry else None, overrides):
        if isinstance(node, MappingNode):
            settings.update(plain_value(node, ANY))
    parallelism = settings.get("parallelism")
    max_deletes = settings.get("max_deletes")
    chosen = [policy for policy in _POLICIES if policy == settings.get("on_failure")]
    usual = ApplySettings()
    return ApplySettings(
        parallelism if type(parallelism) is int else usual.parallelism,
        max_deletes if type(max_deletes) is int else usual.max_deletes,
        chosen[0] if chosen else usual.on_failure,
    )


def _read_again(text: str, names: Names) -> Template:
    """A recorded ``${…}``, which may refer to what the stack declares no more."""
    found = Diagnostics()
    reader = Reader(names, found, is_checking=False)
    value = reader.read(text, Source("recorded expression", text), 0, None)
    if found.has_errors:
        raise InvalidConfiguration(found)
    if isinstance(value, StackExpression) and not value.references:
        value = value.evaluate(no_scope)  # of a module: it refers to nothing after all, or says why not
    return value
