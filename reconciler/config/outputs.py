"""The outputs of a stack."""

from reconciler.config.dependencies import absences
from reconciler.config.derived import Element, Hidden, Input
from reconciler.config.digest import SecretTexts
from reconciler.config.document import Document
from reconciler.config.expressions import StackExpression
from reconciler.config.names import Names
from reconciler.config.nodes import Mapping, Scalar
from reconciler.config.scalars import resolve
from reconciler.config.shapes import ANY
from reconciler.config.stack import Output, Template
from reconciler.config.templates import TemplateBuilder
from reconciler.config.uses import Use
from reconciler.diagnostics import Diagnostics
from reconciler.values import is_sensitive, leaves


def build_outputs(
    document: Document, names: Names, builder: TemplateBuilder, found: Diagnostics, secret_texts: SecretTexts
) -> dict[str, Output]:
    """Every output; one that rests on something sensitive must say so."""
    outputs: dict[str, Output] = {}
    for name, entry in document.sections["outputs"].items():
        if not isinstance(entry.node, Mapping) or "value" not in entry.node.values:
            continue  # reported with the file
        settings = entry.node.values
        builder.begin(entry.source, f"output.{name}")
        value = builder.build(settings["value"], ANY)
        absent = list(absences(builder.expressions))
        found.extend(absent)
        secret_texts[f"output.{name}"] = builder.sensitive_sources(settings["value"], value)
        flag, text = settings.get("sensitive"), settings.get("description")
        declared_sensitive = isinstance(flag, Scalar) and resolve(flag.text) is True
        if not (declared_sensitive or absent) and rests_on_sensitive(value, names):
            found.error(
                f"the output {name} rests on a sensitive value",
                advice="add sensitive: true, so that it is masked",
                place=entry.source.place(settings["value"].position),
                address=f"output.{name}",
            )
        outputs[name] = Output(
            value,
            builder.references,
            declared_sensitive,
            entry.place,
            text.text if isinstance(text, Scalar) else "",
        )
    return outputs


def rests_on_sensitive(value: Template, names: Names, seen: set[int] | None = None) -> bool:
    """Whether a value is sensitive, or will be as far as the types' schemas tell.

    ``seen`` are the expressions on the way: what modules give each other may lead in a circle.
    """
    seen = set() if seen is None else seen
    for part in leaves(value):
        if isinstance(part, StackExpression):
            if id(part) in seen:
                continue
            seen.add(id(part))
            if any(_is_sensitive_target(part, use, names) for use in part.uses):
                return True
            if any(rests_on_sensitive(known, names, seen) for known in part.known_values()):
                return True
        elif is_sensitive(part) or _is_derived_of_sensitive(part, names, seen):
            return True
    return False


def _is_derived_of_sensitive(part: Template, names: Names, seen: set[int]) -> bool:
    """Whether a part is made of something sensitive by a module or a for_each (see ``derived``)."""
    if not isinstance(part, Element | Hidden | Input):
        return False
    return getattr(part, "is_hidden", False) or rests_on_sensitive(part.inner, names, seen)


def _is_sensitive_target(expression: StackExpression, use: Use, names: Names) -> bool:
    if use.address is None:
        return False
    resource_type = names.resource_type(use.address.type, use.address.is_data)
    if resource_type is None:
        return False
    steps = expression.steps_of(use)
    if not steps:
        return any(attribute.is_sensitive for attribute in resource_type.attributes.values())
    attribute = resource_type.attributes.get(str(steps[0]))
    return attribute is not None and attribute.is_sensitive
