"""All that a stack makes secret, gathered once it has been read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from reconciler.config.expressions import StackExpression
from reconciler.config.names import Names
from reconciler.config.sections import Sections
from reconciler.config.stack import Declaration, Output, ProviderConfiguration, Template
from reconciler.values import Sensitive, Value, leaves, reveal


def secret_values(
    every: Sequence[Names],
    providers: Iterable[ProviderConfiguration],
    declarations: Iterable[Declaration],
    outputs: Iterable[Output],
    sections: Sections,
) -> Iterator[Value]:
    """Every value that must not be shown, as far as it is known before a plan; revealed, some of them twice.

    ``every`` are the names of the stack, first, and of each use of a module.

    They are what ``secret`` and ``env`` were asked for, or will be, sensitive variables, what was made of
    them, and literals where a schema says that they are sensitive.
    """
    names = every[0]
    yield from names.told
    templates: Iterable[Template] = chain(
        (value for part in every for value in part.variables.values()),
        (value for part in every for value in part.locals.values()),
        (output.value for output in outputs),
        (setting for one in providers for setting in one.settings.values()),
        (part for check in sections.checks for part in (check.condition.assertion, check.condition.message)),
    )
    yield from _secrets_in(templates)
    for one in providers:
        factory = names.types.factory(one.name)
        yield from _literals(one.settings, factory.settings_schema.get("properties", {}) if factory else {})
    for declared in declarations:
        conditions = ((one.assertion, one.message) for one in declared.lifecycle.conditions)
        yield from _secrets_in(chain(declared.attributes.values(), declared.expect.values(), *conditions))
        resource_type = names.resource_type(declared.address.type, declared.address.is_data)
        yield from _literals(declared.attributes, resource_type.schema["properties"] if resource_type else {})


def _secrets_in(templates: Iterable[Template]) -> Iterator[Value]:
    for template in templates:
        for part in leaves(template):
            if isinstance(part, Sensitive):
                yield reveal(part.value)
            elif isinstance(part, StackExpression):
                yield from _used_by(part)


def _used_by(expression: StackExpression) -> Iterator[Value]:
    for part in expression.known_values():
        if isinstance(part, Sensitive):
            yield reveal(part.value)


def _literals(
    values: Mapping[str, Template], properties: Mapping[str, Mapping[str, object]]
) -> Iterator[Value]:
    for name, value in values.items():
        if properties.get(name, {}).get("x-sensitive") is True:
            yield from (part for part in leaves(value) if isinstance(part, str))
