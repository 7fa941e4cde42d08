"""What state should remember of an object once a step is done."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from reconciler.address import Address
from reconciler.config.stack import Declaration, Template
from reconciler.plan.compare import matches
from reconciler.plan.evaluate import marked_like, masked
from reconciler.provider.facts import ResourceType
from reconciler.provider.objects import Object, ObjectKey
from reconciler.state.model import StateObject
from reconciler.values import Digest, Sealer, Value, holds, leaves


def record(
    declaration: Declaration,
    resource_type: ResourceType,
    found: Object,
    asked: Mapping[str, Value],
    sealer: Sealer,
    earlier: StateObject | None = None,
) -> StateObject:
    """The state of an object: what was asked for, what the service told, and how to ask again."""
    meant = intended(declaration, resource_type, asked, sealer)
    return observed(meant, resource_type, found, asked, sealer, earlier)


def as_it_is(
    declaration: Declaration,
    resource_type: ResourceType,
    found: Object,
    asked: Mapping[str, Template],
    sealer: Sealer,
) -> StateObject:
    """The state of an object that is taken over, before any change: a rollback brings back just that.

    Of what is ``asked`` (or declared, where nothing is evaluated) it has the names, with the object's values.
    """
    there = {
        name: _marked(found.attributes[name], template, sealer)
        for name, template in asked.items()
        if name in found.attributes and not resource_type.attributes[name].is_write_only
    }
    return replace(record(declaration, resource_type, found, there, sealer), expressions={})


def intended(
    declaration: Declaration, resource_type: ResourceType, asked: Mapping[str, Value], sealer: Sealer
) -> StateObject:
    """What is known of an object's state before the call that brings it about: no id, no attributes yet."""
    lifecycle = declaration.lifecycle
    ignored = lifecycle.ignore_changes
    declared = {} if "*" in ignored else {name: asked[name] for name in asked if name not in ignored}
    return StateObject(
        address=declaration.address,
        provider=declaration.provider,
        id="",
        attributes={},
        declared=sealer.seal({**declared, **declaration.left_alone}),
        expressions=_recorded_expressions(declaration),
        depends_on=tuple(found for found in dependencies(declaration) if not found.is_data),
        schema_version=resource_type.version,
        prevent_destroy=lifecycle.prevent_destroy,
        on_destroy=lifecycle.on_destroy,
    )


def observed(
    meant: StateObject,
    resource_type: ResourceType,
    found: Object,
    asked: Mapping[str, Value],
    sealer: Sealer,
    earlier: StateObject | None = None,
) -> StateObject:
    """The same with what the service told: its id and attributes, with all secret parts sealed."""
    attributes = {**found.attributes}
    for name in meant.declared:
        if resource_type.attributes[name].is_write_only:
            attributes.pop(name, None)
    told = sealer.seal(masked(resource_type, attributes, asked, known_secrets(asked, earlier), sealer=sealer))
    declared = {name: asked.get(name, value) for name, value in meant.declared.items()}
    return replace(
        meant,
        id=found.id,
        attributes=_still_true(found, declared, earlier, sealer) | told,
        side_effects=(
            tuple(sealed_key(key, sealer) for key in found.side_effects)
            or (earlier.side_effects if earlier else ())
        ),
    )


def still_asked(after: StateObject, meant: Mapping[str, Value], earlier: StateObject | None) -> StateObject:
    """The same, with what had been asked for before, was asked for again, and is not there yet.

    Somebody has changed it, and the step that was to put it right did not get so far: it is drift, as it was
    before the step, and would be forgotten otherwise.
    """
    if earlier is None:
        return after
    left = {
        name: value
        for name, value in earlier.declared.items()
        if name in meant and meant[name] == value and name not in after.declared
    }
    known = {name: earlier.attributes[name] for name in left if name in earlier.attributes}
    return replace(after, declared={**after.declared, **left}, attributes={**after.attributes, **known})


def sealed_key(key: ObjectKey, sealer: Sealer) -> ObjectKey:
    """A natural key as state keeps it: a part that shows a secret is its digest."""
    return ObjectKey(key.type, tuple(sealer.seal(sealer.hide(value)) for value in key.values))


def _marked(value: Value, template: Template, sealer: Sealer) -> Value:
    """What is there, secret where what is asked for is: a secret's own value may be what it has already."""
    rests_on_others = any(hasattr(part, "evaluate") for part in leaves(template))
    return marked_like(sealer.hide(value) if rests_on_others else value, template)


def _still_true(
    found: Object, declared: dict[str, Value], earlier: StateObject | None, sealer: Sealer
) -> dict[str, Value]:
    """What is sealed and was not told this time, as long as the same is asked for: it cannot have changed."""
    if earlier is None or not holds(earlier.attributes, Digest):
        return {}
    if not matches(declared, dict(earlier.declared), {}, sealer):
        return {}
    return {
        name: value
        for name, value in earlier.attributes.items()
        if name not in found.attributes and holds(value, Digest)
    }


def known_secrets(asked: Mapping[str, Value], recorded: StateObject | None) -> Mapping[str, Value]:
    """The recorded attributes that are sealed and not asked for (any more): they stay secret."""
    if recorded is None or not holds(recorded.attributes, Digest):
        return {}
    return {
        name: value
        for name, value in recorded.attributes.items()
        if name not in asked and holds(value, Digest)
    }


def dependencies(declaration: Declaration) -> tuple[Address, ...]:
    """The resources and data that a declared one waits for, in a fixed order."""
    if not declaration.references and not declaration.depends_on:
        return ()
    return tuple(sorted(declaration.references | declaration.depends_on, key=str))


def _recorded_expressions(declaration: Declaration) -> dict[str, str]:
    """By JSON pointer: what refers to another resource, and what is secret, in the author's words."""
    found = dict(_expressions(declaration.attributes)) if declaration.references else {}
    for path, source in declaration.sources.items():
        found["".join(f"/{_escaped(str(step))}" for step in path)] = source
    return found


def _expressions(template: Template, pointer: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(template, Mapping):
        for key, part in template.items():
            yield from _expressions(part, f"{pointer}/{_escaped(key)}")
    elif isinstance(template, list | tuple):
        for index, part in enumerate(template):
            yield from _expressions(part, f"{pointer}/{index}")
    elif source := getattr(template, "recorded", None):
        yield pointer, source


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
