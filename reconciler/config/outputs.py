"""The outputs of a stack."""

from reconciler.address import Address
from reconciler.config.digest import SecretTexts
from reconciler.config.document import Document
from reconciler.config.expressions import StackExpression
from reconciler.config.names import Names
from reconciler.config.nodes import Mapping, Scalar
from reconciler.config.scalars import resolve
from reconciler.config.shapes import ANY
from reconciler.config.stack import Output, Template
from reconciler.config.templates import TemplateBuilder
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
        secret_texts[f"output.{name}"] = builder.sensitive_sources(settings["value"], value)
        flag, text = settings.get("sensitive"), settings.get("description")
        declared_sensitive = isinstance(flag, Scalar) and resolve(flag.text) is True
        if not declared_sensitive and rests_on_sensitive(value, names):
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


def rests_on_sensitive(value: Template, names: Names) -> bool:
    """Whether a value is sensitive, or will be as far as the types' schemas tell."""
    for part in leaves(value):
        if isinstance(part, StackExpression):
            if any(_is_sensitive_use(use.address, use.steps, names) for use in part.uses):
                return True
            if any(rests_on_sensitive(known, names) for known in part.known_values()):
                return True
        elif is_sensitive(part):
            return True
    return False


def _is_sensitive_use(address: Address | None, steps: tuple[str | int, ...], names: Names) -> bool:
    if address is None:
        return False
    resource_type = names.resource_type(address.type, address.is_data)
    if resource_type is None:
        return False
    if not steps:
        return any(attribute.is_sensitive for attribute in resource_type.attributes.values())
    attribute = resource_type.attributes.get(str(steps[0]))
    return attribute is not None and attribute.is_sensitive
