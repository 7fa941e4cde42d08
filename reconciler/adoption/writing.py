"""The file: ``resources`` and ``imports`` as canonical YAML, with what people should know as comments."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from textwrap import wrap

from reconciler.adoption.found import Adopted, LeftOut, Resource
from reconciler.adoption.yaml_text import Written, entry

_WIDTH = 100


def document(
    title: Sequence[str],
    resources: Sequence[Resource],
    imports: Sequence[Adopted],
    left_out: Sequence[LeftOut],
) -> str:
    """The whole text; ``resources`` are sorted by type."""
    lines = [line for one in title for line in _comment(one, 0)]
    if resources:
        lines.append("resources:")
    for type_name, of_type in groupby(resources, key=lambda one: one.type.name):
        members = list(of_type)
        lines.append(f"  {type_name}:")
        if warning := members[0].type.irreversible.get("update"):
            lines.extend(_comment(f"Of an update: {warning}.", 2))
        for resource in members:
            lines.extend(_resource(resource))
    if imports:
        lines.append("imports:")
    for one in imports:
        to, identifier = (
            next(entry(name, value, 0)) for name, value in (("to", str(one.to)), ("id", one.id))
        )
        lines.extend((f"  - {to}", f"    {identifier}"))
    lines.extend(_left_out(left_out))
    return "\n".join(lines) + "\n"


def _resource(resource: Resource) -> Iterator[str]:
    for comment in resource.comments:
        yield from _comment(comment, 2)
    yield f"    {resource.name}:"
    if resource.for_each is not None:
        yield from entry("for_each", resource.for_each, 3)
    if resource.provider != resource.type.provider:
        yield from entry("provider", resource.provider, 3)
    for name, value in resource.attributes.items():
        if isinstance(value, Written) and value.text.startswith("${secret."):
            yield from _comment(_about_secret(name in resource.ignored), 3)
        yield from entry(name, value, 3)
    if resource.ignored:
        yield from entry("lifecycle", {"ignore_changes": list(resource.ignored)}, 3)


def _about_secret(is_untold: bool) -> str:
    if is_untold:
        return "Nobody can read it: set the secret, and take ignore_changes away to have it written."
    return "Set the secret to what it is."


def _left_out(left_out: Sequence[LeftOut]) -> Iterator[str]:
    if left_out:
        yield "# Left out:"
    for one in left_out:
        yield from _comment(f"{one}: {one.reason}", 0, hanging="  ")


def _comment(text: str, depth: int, hanging: str = "") -> Iterable[str]:
    margin = f"{'  ' * depth}# {hanging}"
    plain = " ".join(text.split()) if text else ""
    return wrap(plain, _WIDTH, initial_indent=margin, subsequent_indent=margin + hanging) or [margin.rstrip()]
